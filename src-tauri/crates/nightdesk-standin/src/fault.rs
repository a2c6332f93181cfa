//! Bad days: for which requests something goes wrong, and how often. What can go wrong is each stand-in's own.

use std::fmt;
use std::sync::Arc;

/// A request that a fault may strike.
pub trait Struck {
    /// `GET`, `POST`, …
    fn method(&self) -> &str;
    /// The path without the query.
    fn path(&self) -> &str;
}

/// Names a fault that was set, so that it can be lifted without touching others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FaultId(u64);

type Condition<R> = Arc<dyn Fn(&R) -> bool + Send + Sync>;

/// A fault and the requests it strikes: all, until it is lifted or cleared, unless narrowed. Where several match, the
/// one set first strikes.
pub struct Fault<K, R> {
    kind: K,
    skip: usize,
    left: Option<usize>,
    part: Option<String>,
    method: Option<String>,
    condition: Option<Condition<R>>,
}

impl<K: Clone, R> Clone for Fault<K, R> {
    fn clone(&self) -> Self {
        let Self { kind, skip, left, part, method, condition } = self;
        Self {
            kind: kind.clone(),
            skip: *skip,
            left: *left,
            part: part.clone(),
            method: method.clone(),
            condition: condition.clone(),
        }
    }
}

impl<K, R: Struck> Fault<K, R> {
    /// Strikes every request until lifted.
    pub fn new(kind: K) -> Self {
        Self { kind, skip: 0, left: None, part: None, method: None, condition: None }
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

    /// Only requests with this in their path.
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
    pub fn when(mut self, condition: impl Fn(&R) -> bool + Send + Sync + 'static) -> Self {
        self.condition = Some(Arc::new(condition));
        self
    }

    fn matches(&self, request: &R) -> bool {
        self.part.as_ref().is_none_or(|part| request.path().contains(part.as_str()))
            && self.method.as_ref().is_none_or(|method| request.method() == method)
            && self.condition.as_ref().is_none_or(|holds| holds(request))
    }
}

impl<K: fmt::Debug, R> fmt::Debug for Fault<K, R> {
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
pub(crate) struct FaultRules<K, R> {
    next: u64,
    rules: Vec<(FaultId, Fault<K, R>)>,
}

impl<K, R> Default for FaultRules<K, R> {
    fn default() -> Self {
        Self { next: 0, rules: Vec::new() }
    }
}

impl<K: Clone, R: Struck> FaultRules<K, R> {
    pub(crate) fn add(&mut self, fault: Fault<K, R>) -> FaultId {
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
    pub(crate) fn strike(&mut self, request: &R) -> Option<K> {
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

#[cfg(test)]
mod tests {
    use super::*;

    struct Asked(&'static str, &'static str);

    impl Struck for Asked {
        fn method(&self) -> &str {
            self.0
        }

        fn path(&self) -> &str {
            self.1
        }
    }

    #[test]
    fn a_fault_strikes_what_it_is_narrowed_to_and_as_often_as_it_says() {
        let mut rules = FaultRules::default();
        rules.add(Fault::new("late").on("/tickets").method("POST").after(1).times(2));
        let mut strike = |method, path| rules.strike(&Asked(method, path));
        assert_eq!((strike("GET", "/tickets"), strike("POST", "/boards")), (None, None));
        assert_eq!(strike("POST", "/tickets"), None, "the first is spared");
        assert_eq!((strike("POST", "/tickets/3"), strike("POST", "/tickets")), (Some("late"), Some("late")));
        assert_eq!(strike("POST", "/tickets"), None, "its times are over");
    }

    #[test]
    fn of_several_the_one_set_first_strikes_until_it_is_lifted() {
        let mut rules = FaultRules::default();
        let first = rules.add(Fault::new(1).when(|r: &Asked| r.1.len() == 1));
        rules.add(Fault::new(2));
        assert_eq!((rules.strike(&Asked("GET", "/")), rules.strike(&Asked("GET", "/x"))), (Some(1), Some(2)));
        assert!(rules.lift(first) && !rules.lift(first));
        assert_eq!(rules.strike(&Asked("GET", "/")), Some(2));
        rules.clear();
        assert_eq!(rules.strike(&Asked("GET", "/")), None);
    }
}
