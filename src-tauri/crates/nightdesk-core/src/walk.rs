//! The arithmetic of a poll's walk: where it ends, how its pages grow, and what the cursor may become (ND-3).

use chrono::{DateTime, Duration, Utc};

/// How far behind the cursor a walk goes, so that rows committed late at Huntress or sharing a timestamp are seen again.
pub const OVERLAP_SECONDS: i64 = 60;

/// On the first run, closed incidents are recorded this far back. Open ones are taken whatever their age (the sweep).
pub const FIRST_RUN_DAYS: i64 = 7;

/// Rows on the first page of a walk: an idle poll transfers no more than this.
pub const FIRST_PAGE: u32 = 50;

/// The most rows that Huntress gives on one page.
pub const FULL_PAGE: u32 = 500;

/// The time that a walk must reach before it may end.
pub fn boundary(cursor: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
    match cursor {
        Some(c) => c - Duration::seconds(OVERLAP_SECONDS),
        None => now - Duration::days(FIRST_RUN_DAYS),
    }
}

/// The size of a walk's page, counted from 0. With no cursor much is expected, so pages are full from the start.
pub fn page_limit(page: u32, cursor: Option<DateTime<Utc>>) -> u32 {
    match (cursor, page) {
        (None, _) => FULL_PAGE,
        (Some(_), 0) => FIRST_PAGE,
        (Some(_), 1) => FIRST_PAGE * 5,
        _ => FULL_PAGE,
    }
}

/// Follows one walk from page to page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    boundary: DateTime<Utc>,
    newest_on_first_page: Option<DateTime<Utc>>,
    server_date: Option<DateTime<Utc>>,
    last: Option<DateTime<Utc>>,
    sorted: bool,
    pages: u32,
}

impl Walk {
    /// A walk that must reach `boundary`.
    pub fn new(boundary: DateTime<Utc>) -> Self {
        Self { boundary, newest_on_first_page: None, server_date: None, last: None, sorted: true, pages: 0 }
    }

    /// Takes in a page's dates, in the order listed, and says whether the walk has reached its boundary. A date that
    /// can't be read says nothing, and a listing out of order is walked to its end, because then an old row doesn't
    /// prove that only older ones follow.
    pub fn page(&mut self, dates: &[Option<DateTime<Utc>>], server_date: Option<DateTime<Utc>>) -> bool {
        if self.pages == 0 {
            self.newest_on_first_page = dates.iter().flatten().max().copied();
            self.server_date = server_date;
        }
        self.pages += 1;
        let mut reached = false;
        for date in dates.iter().flatten() {
            // Rows may move to the front while we walk; a step up between pages is normal, within one it isn't.
            if self.last.is_some_and(|last| *date > last) {
                self.sorted = false;
            }
            self.last = Some(*date);
            reached |= *date < self.boundary;
        }
        self.last = None;
        reached && self.sorted
    }

    /// What the cursor may become once the walk has ended: the lesser of the newest change on the first page and the
    /// server's own time, so that a date in the future can't poison it; never earlier than it was.
    pub fn cursor(&self, before: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        let newest = self.newest_on_first_page.map(|n| self.server_date.map_or(n, |d| n.min(d)));
        match (before, newest) {
            (Some(b), Some(n)) => Some(b.max(n)),
            (b, n) => n.or(b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_767_000_000, 0).unwrap() + Duration::minutes(minute)
    }

    #[test]
    fn a_walk_ends_at_the_first_row_older_than_cursor_and_overlap() {
        let mut walk = Walk::new(boundary(Some(t(0)), t(100)));
        assert!(!walk.page(&[Some(t(120)), Some(t(60))], None));
        assert!(!walk.page(&[Some(t(0) - Duration::seconds(30))], None), "still within the overlap");
        assert!(walk.page(&[Some(t(-60))], None));
        assert_eq!(walk.cursor(Some(t(0))), Some(t(120)));
    }

    #[test]
    fn nd_3_an_unreadable_date_neither_ends_a_walk_nor_moves_the_cursor() {
        let mut walk = Walk::new(t(0));
        assert!(!walk.page(&[None, Some(t(5)), None], None));
        assert_eq!(walk.cursor(None), Some(t(5)));
        let mut blank = Walk::new(t(0));
        assert!(!blank.page(&[None], None));
        assert_eq!(blank.cursor(Some(t(3))), Some(t(3)));
    }

    #[test]
    fn nd_3_a_date_in_the_future_cannot_poison_the_cursor() {
        let mut walk = Walk::new(t(0));
        walk.page(&[Some(t(1_000_000)), Some(t(4))], Some(t(10)));
        assert_eq!(walk.cursor(None), Some(t(10)));
        assert_eq!(walk.cursor(Some(t(20))), Some(t(20)), "nor does it go back");
    }

    #[test]
    fn a_listing_out_of_order_is_walked_to_its_end() {
        let mut walk = Walk::new(t(0));
        assert!(!walk.page(&[Some(t(-10)), Some(t(5))], None));
        assert!(!walk.page(&[Some(t(-20))], None));
    }

    #[test]
    fn pages_grow() {
        assert_eq!([0, 1, 2, 9].map(|p| page_limit(p, Some(t(0)))), [50, 250, 500, 500]);
        assert_eq!(page_limit(0, None), 500);
    }
}
