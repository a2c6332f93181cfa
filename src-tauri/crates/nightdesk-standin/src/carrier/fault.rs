//! Bad days: what can be made to go wrong, for which requests and how often.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::request::Request;

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Not done; this HTTP status, with the vendor's error code when it gives one.
    Status(u16, Option<u32>),
    /// Not done and never answered.
    Hang,
    /// **Done** and never answered.
    HangAfter,
    /// Done at once, but the answer comes so much later. The only fault that waits in real time.
    Slow(Duration),
    /// Not done; the connection is reset.
    CutBefore,
    /// **Done**; the connection is reset before a byte of the answer.
    ResponseLost,
    /// **Done**; the answer's JSON stops halfway.
    MalformedJson,
    /// Not done; the credentials are refused (401, 20003).
    AuthRefused,
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
    part: Option<String>,
    method: Option<String>,
    condition: Option<Condition>,
}

impl Fault {
    /// Strikes every request until lifted.
    pub fn new(kind: FaultKind) -> Self {
        Self { kind, skip: 0, left: None, part: None, method: None, condition: None }
    }

    /// 429 with 20429: too many requests at a time.
    pub fn throttled() -> Self {
        Self::new(FaultKind::Status(429, Some(20_429)))
    }

    /// A status such as 500 or 503 with the vendor's code for it (20500, 20503).
    pub fn status(status: u16) -> Self {
        Self::new(FaultKind::Status(status, Some(20_000 + u32::from(status))))
    }

    /// The request is done, but its answer is lost.
    pub fn response_lost() -> Self {
        Self::new(FaultKind::ResponseLost)
    }

    /// Only the next `n` matching requests.
    #[must_use]
    pub fn times(mut self, n: usize) -> Self {
        self.left = Some(n);
        self
    }

    /// Spares the first `n` matching requests.
    #[must_use]
    pub fn after(mut self, n: usize) -> Self {
        self.skip = n;
        self
    }

    /// Only requests with this in their path, such as `/Messages.json` or `/Executions`.
    #[must_use]
    pub fn on(mut self, part_of_path: &str) -> Self {
        self.part = Some(part_of_path.to_owned());
        self
    }

    /// Only requests with this method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Only requests for which this holds.
    #[must_use]
    pub fn when(mut self, condition: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Self {
        self.condition = Some(Arc::new(condition));
        self
    }

    fn matches(&self, request: &Request) -> bool {
        self.part.as_ref().is_none_or(|part| request.path.contains(part.as_str()))
            && self.method.as_ref().is_none_or(|method| request.method == *method)
            && self.condition.as_ref().is_none_or(|holds| holds(request))
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault")
            .field("kind", &self.kind)
            .field("skip", &self.skip)
            .field("left", &self.left)
            .field("part", &self.part)
            .field("method", &self.method)
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
