//! Bad days: what can be made to go wrong, for which requests and how often.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::reply::http_date;
use super::request::Request;

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultKind {
    /// An error status, with or without a `Retry-After`.
    Status(u16, Option<RetryAfter>),
    /// The request is read and never answered.
    Hang,
    /// The answer comes late. The only fault that waits in real time.
    Delay(Duration),
    /// The connection is reset before a byte of the answer.
    ResetBefore,
    /// The head and half the body arrive, then the connection is reset.
    ResetMidBody,
    /// A whole answer whose JSON stops halfway.
    TruncatedJson,
    /// 200 with a body that isn't JSON.
    NotJson,
    /// 200 with this JSON instead of the answer (`null`, a bare list, …).
    Body(Value),
    /// Every list at the top of the answer becomes an object keyed by position.
    ListAsObject,
    /// 302 to this address.
    Redirect(String),
    /// The next page's token is the one this page was asked with (a first page is answered as usual).
    RepeatPageToken,
    /// The right body under another content type.
    ContentType(String),
    /// 200 with a JSON body of at least so many bytes.
    HugeBody(usize),
}

/// A `Retry-After` header in one of its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// Whole seconds.
    Seconds(u64),
    /// An HTTP-date so far from the stand-in's `Date`.
    DateIn(TimeDelta),
    /// Anything, such as nonsense.
    Text(String),
}

impl RetryAfter {
    pub(crate) fn header(&self, date: DateTime<Utc>) -> String {
        match self {
            Self::Seconds(seconds) => seconds.to_string(),
            Self::DateIn(delta) => http_date(date + *delta),
            Self::Text(text) => text.clone(),
        }
    }
}

/// Names a fault that was set, so that it can be lifted without touching others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FaultId(u64);

type Condition = Arc<dyn Fn(&Request) -> bool + Send + Sync>;

/// A fault and the requests it strikes: all, until it is lifted or cleared, unless narrowed. Where several match, the
/// one set first strikes.
#[derive(Clone)]
pub struct Fault {
    kind: FaultKind,
    skip: usize,
    left: Option<usize>,
    prefix: Option<String>,
    condition: Option<Condition>,
}

impl Fault {
    /// Strikes every request until lifted.
    pub fn new(kind: FaultKind) -> Self {
        Self { kind, skip: 0, left: None, prefix: None, condition: None }
    }

    /// An error status without `Retry-After`.
    pub fn status(code: u16) -> Self {
        Self::new(FaultKind::Status(code, None))
    }

    /// An error status with `Retry-After`.
    pub fn status_with(code: u16, retry_after: RetryAfter) -> Self {
        Self::new(FaultKind::Status(code, Some(retry_after)))
    }

    /// Only the next `n` matching requests.
    #[must_use]
    pub fn times(mut self, n: usize) -> Self {
        self.left = Some(n);
        self
    }

    /// Spares the first `n` matching requests (`after(1)`: from the second page on).
    #[must_use]
    pub fn after(mut self, n: usize) -> Self {
        self.skip = n;
        self
    }

    /// Only requests whose path starts so.
    #[must_use]
    pub fn on(mut self, path_prefix: &str) -> Self {
        self.prefix = Some(path_prefix.to_owned());
        self
    }

    /// Only requests for which this holds.
    #[must_use]
    pub fn when(mut self, condition: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Self {
        self.condition = Some(Arc::new(condition));
        self
    }

    fn matches(&self, request: &Request) -> bool {
        self.prefix.as_ref().is_none_or(|prefix| request.path.starts_with(prefix))
            && self.condition.as_ref().is_none_or(|holds| holds(request))
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault")
            .field("kind", &self.kind)
            .field("skip", &self.skip)
            .field("left", &self.left)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// The faults in force.
#[derive(Default)]
pub(crate) struct FaultRules {
    next: u64,
    rules: Vec<(FaultId, Fault)>,
}

impl FaultRules {
    pub(crate) fn add(&mut self, fault: Fault) -> FaultId {
        self.next += 1;
        let id = FaultId(self.next);
        self.rules.push((id, fault));
        id
    }

    pub(crate) fn lift(&mut self, id: FaultId) -> bool {
        let before = self.rules.len();
        self.rules.retain(|(at, _)| *at != id);
        self.rules.len() != before
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// The fault that strikes this request, counted down.
    pub(crate) fn strike(&mut self, request: &Request) -> Option<FaultKind> {
        let mut struck = None;
        for (_, fault) in &mut self.rules {
            if fault.left == Some(0) || !fault.matches(request) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            fault.left = fault.left.map(|left| left - 1);
            struck = Some(fault.kind.clone());
            break;
        }
        self.rules.retain(|(_, fault)| fault.left != Some(0));
        struck
    }
}
