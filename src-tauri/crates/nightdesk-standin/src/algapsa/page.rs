//! Pages by number, over the order of the moment.

use serde_json::{Value, json};

use super::query::Query;
use super::refusal::Reply;

const UNLESS_GIVEN: usize = 25;
const LARGEST: usize = 100;

/// Which part of a list is asked for. Nothing is remembered between two pages: a row that moves is seen twice or never.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    start: usize,
    limit: usize,
}

impl Page {
    /// `page` from 1 and `limit` to 100.
    pub(crate) fn numbered(query: &mut Query) -> Self {
        let page = query.number("page", 1, usize::MAX, 1);
        let limit = query.number("limit", 1, LARGEST, UNLESS_GIVEN);
        Self { start: (page - 1).saturating_mul(limit), limit }
    }

    /// `offset` and `limit`; `page` is checked and has no effect, as in the vendor's list of ticket categories.
    pub(crate) fn by_offset(query: &mut Query) -> Self {
        query.number("page", 1, usize::MAX, 1);
        let limit = query.number("limit", 1, LARGEST, UNLESS_GIVEN);
        Self { start: query.number("offset", 0, usize::MAX, 0), limit }
    }

    /// The rows of this page with the block that tells where it lies; only those are turned into JSON.
    pub(crate) fn reply<T>(self, rows: &[T], show: impl Fn(&T) -> Value) -> Reply {
        let data: Vec<Value> = rows.iter().skip(self.start).take(self.limit).map(show).collect();
        let (page, total) = (self.start / self.limit + 1, rows.len());
        let pages = total.div_ceil(self.limit);
        let pagination = json!({
            "page": page,
            "limit": self.limit,
            "total": total,
            "totalPages": pages,
            "hasNext": self.start.saturating_add(self.limit) < total,
            "hasPrev": self.start > 0,
        });
        Reply { status: 200, body: Some(json!({ "data": data, "pagination": pagination })) }
    }
}
