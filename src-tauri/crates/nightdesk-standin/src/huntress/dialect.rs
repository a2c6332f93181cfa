//! What the vendor's document leaves open, or what clients of the real service have seen it do differently.

use chrono::TimeDelta;

/// How this stand-in behaves where the document is silent or reality departs from it. The default keeps to the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// `{"account": {…}}` as documented; bare when `false` (one third-party client reads it so).
    pub account_wrapped: bool,
    /// `{"escalation": {…}}` as documented; bare when `false` (older versions of the document).
    pub escalation_wrapped: bool,
    /// What `pagination` is when there is no further page.
    pub last_page: LastPage,
    /// What happens to rows that share the sort value of a page's last row.
    pub page_edge: PageEdge,
    /// Requests per sliding minute and account; the document says 60. `None`: unlimited.
    pub rate_limit: Option<u32>,
    /// Whether a refusal by the rate limit says when to come back (undocumented).
    pub retry_after: RetryAfterForm,
    /// Added to the clock for the `Date` header only: the skew between Huntress and this machine.
    pub date_skew: TimeDelta,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            account_wrapped: true,
            escalation_wrapped: true,
            last_page: LastPage::EmptyObject,
            page_edge: PageEdge::Exact,
            rate_limit: Some(60),
            retry_after: RetryAfterForm::Silent,
            date_skew: TimeDelta::zero(),
        }
    }
}

/// The three ways in which the end of a list has been seen to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastPage {
    /// `"pagination": {}`
    EmptyObject,
    /// No `pagination` at all.
    Absent,
    /// `"pagination": null`
    Null,
}

/// The documented example token is a bare timestamp, so rows with an equal one may be repeated or lost at a page's edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageEdge {
    /// The token also holds the id: each row exactly once.
    Exact,
    /// The next page starts at the last row's sort value, that row included. A walk whose pages are no longer than such
    /// a run of equal values doesn't end.
    Repeats,
    /// The next page starts past the last row's sort value: its equals are skipped.
    Misses,
}

/// The form of `Retry-After` on a refusal by the rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfterForm {
    /// No such header.
    Silent,
    /// Whole seconds.
    Seconds,
    /// An HTTP-date by the stand-in's clock with its skew.
    HttpDate,
}
