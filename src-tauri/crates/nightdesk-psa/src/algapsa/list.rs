//! Lists, a page at a time and whole. Pages are counted by offset there, so rows move between them while others come and go.

use std::collections::HashSet;

use serde_json::Value;

use super::exchange::rows;
use super::gate::Turn;
use super::miss::Miss;
use super::refusal::Errand;
use super::{AlgaPsa, json};

/// The most rows of a page: one more is a 400, not a shorter page.
pub(super) const MOST: usize = 100;

/// Pages of one list that are read at most: at a page a second, three minutes and a half.
const PAGES: usize = 200;

/// How often a list is read that comes out shorter than it says.
const WALKS: u32 = 3;

/// How a list is told which page to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paging {
    /// `page`, from 1.
    Page,
    /// `offset`, from 0: for the lists that take `page` and ignore it.
    Offset,
    /// Not at all: the list comes in one piece.
    None,
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Page {
    pub rows: Vec<Value>,
    /// How many rows the list has in all, where it says.
    pub total: Option<usize>,
    /// Whether there are more; `None` where the list doesn't say.
    pub more: Option<bool>,
}

impl Page {
    /// Whether another page is to be asked for.
    pub fn has_more(&self) -> bool {
        self.more.unwrap_or(self.rows.len() >= MOST)
    }
}

impl AlgaPsa {
    /// One page of a list.
    pub(super) async fn page(
        &self,
        turn: Turn,
        path: &[&str],
        query: &[(&str, &str)],
        errand: Errand,
    ) -> Result<Page, Miss> {
        let mut answer = self.get(turn, self.url(path, query), errand).await?;
        let rows = rows(&mut answer)?;
        for row in &rows {
            self.inner.people.learn(row);
        }
        let pagination = answer.get("pagination").unwrap_or(&Value::Null);
        let more = pagination.get("hasNext").and_then(Value::as_bool);
        Ok(Page { rows, total: json::count(pagination, "total"), more })
    }

    /// A whole list, each row once by the id under `key`, in the list's order. Rows without one are left out and logged. Never
    /// a part of it: a page that fails fails all, and one that comes out shorter than it says is read again, until the same
    /// rows come a second time: then it counts more than it shows the key, and that is how it is.
    pub(super) async fn whole(
        &self,
        turn: impl Fn() -> Turn + Send,
        path: &[&str],
        query: &[(&str, &str)],
        paging: Paging,
        (key, errand): (&str, Errand),
    ) -> Result<Vec<Value>, Miss> {
        let mut before = None;
        for _ in 0..WALKS {
            let mut walk = Walk::new(key);
            loop {
                let (limit, page, offset) = (MOST.to_string(), (walk.pages + 1).to_string(), walk.passed.to_string());
                let at: &[(&str, &str)] = match paging {
                    Paging::Page => &[("limit", &limit), ("page", &page)],
                    Paging::Offset => &[("limit", &limit), ("offset", &offset)],
                    Paging::None => &[],
                };
                let page = self.page(turn(), path, &[query, at].concat(), errand).await?;
                if !walk.take(page) || paging == Paging::None {
                    break;
                }
                if walk.pages >= PAGES {
                    return Err(Miss::Unreadable(format!("AlgaPSA's list of {} doesn't end", path.join("/"))));
                }
            }
            if walk.unreadable > 0 {
                tracing::warn!(list = path.join("/"), rows = walk.unreadable, "rows without an id were left out");
            }
            if walk.rows.is_empty() && walk.unreadable > 0 {
                return Err(Miss::Unreadable(format!("AlgaPSA's list of {} holds no {key}", path.join("/"))));
            }
            if walk.is_whole() {
                return Ok(walk.rows);
            }
            if before.as_ref() == Some(&walk.ids) {
                tracing::warn!(list = path.join("/"), shown = walk.ids.len(), "a list counts more than it shows");
                return Ok(walk.rows);
            }
            before = Some(walk.ids);
        }
        Err(Miss::Unreadable(format!("AlgaPSA's list of {} changed while it was read; try again", path.join("/"))))
    }
}

/// A list on its way.
struct Walk<'a> {
    key: &'a str,
    rows: Vec<Value>,
    ids: HashSet<String>,
    pages: usize,
    /// Rows so far, repeated and unreadable ones included.
    passed: usize,
    unreadable: usize,
    total: Option<usize>,
}

impl<'a> Walk<'a> {
    fn new(key: &'a str) -> Self {
        Self { key, rows: Vec::new(), ids: HashSet::new(), pages: 0, passed: 0, unreadable: 0, total: None }
    }

    /// Whether to go on.
    fn take(&mut self, page: Page) -> bool {
        let (before, had) = (self.ids.len(), page.rows.len());
        // A list that says nothing of its pages may not have any: it goes on only while it brings something new.
        let (says, has_more) = (page.more.is_some(), page.has_more());
        for row in page.rows {
            match json::text(&row, self.key) {
                Some(id) if self.ids.insert(id.to_owned()) => self.rows.push(row),
                Some(_) => {}
                None => self.unreadable += 1,
            }
        }
        self.pages += 1;
        self.passed += had;
        // The most that it ever said: when a row goes, the total goes down with it, and the row that slipped onto the page before
        // would not be missed.
        self.total = self.total.max(page.total);
        has_more && had > 0 && (says || self.ids.len() > before)
    }

    /// What was added meanwhile is welcome; what is missing isn't.
    fn is_whole(&self) -> bool {
        self.total.is_none_or(|total| self.ids.len() + self.unreadable >= total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(ids: &[&str], total: Option<usize>, more: Option<bool>) -> Page {
        Page { rows: ids.iter().map(|id| json!({ "id": id })).collect(), total, more }
    }

    #[test]
    fn a_row_that_moved_to_the_next_page_counts_once_and_one_that_slipped_through_is_missed() {
        let mut walk = Walk::new("id");
        assert!(walk.take(page(&["a", "b"], Some(4), Some(true))));
        assert!(!walk.take(page(&["b", "c"], Some(4), Some(false))));
        assert_eq!((walk.rows.len(), walk.is_whole(), walk.passed), (3, false, 4));
    }

    #[test]
    fn rows_that_cannot_be_read_do_not_make_a_list_short() {
        let mut walk = Walk::new("id");
        let mut odd = page(&["a"], Some(2), Some(false));
        odd.rows.push(json!({ "id": 7 }));
        assert!(!walk.take(odd));
        assert_eq!((walk.rows.len(), walk.is_whole()), (1, true));
    }

    #[test]
    fn a_list_without_pages_ends_when_nothing_new_comes() {
        let ids: Vec<String> = (0..MOST).map(|n| n.to_string()).collect();
        let all: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut walk = Walk::new("id");
        assert!(walk.take(page(&all, None, None)), "as long as a page: there might be another");
        assert!(!walk.take(page(&all, None, None)), "the same again");
        assert_eq!((walk.rows.len(), walk.is_whole()), (MOST, true));
        assert!(!Walk::new("id").take(page(&[], Some(0), Some(true))), "an empty page that promises more");
    }
}
