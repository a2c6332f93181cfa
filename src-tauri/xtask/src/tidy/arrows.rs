//! Dependencies between members follow the design's arrows, and core stays free of I/O.

use super::Problem;
use crate::cargo::{Dependency, Metadata, Package};

/// What each member may use, dependencies of tests included. `*` is every member.
const ARROWS: [(&str, &[&str]); 14] = [
    ("nightdesk-core", &[]),
    ("nightdesk-http", &["nightdesk-core"]),
    ("nightdesk-store", &["nightdesk-core"]),
    ("nightdesk-standin", &["nightdesk-core"]),
    ("nightdesk-huntress", &["nightdesk-core", "nightdesk-http"]),
    ("nightdesk-psa", &["nightdesk-core", "nightdesk-http"]),
    ("nightdesk-senders", &["nightdesk-core", "nightdesk-http"]),
    ("nightdesk-engine", &["nightdesk-core", "nightdesk-store"]),
    ("nightdesk-api", &["nightdesk-core", "nightdesk-engine", "nightdesk-store"]),
    (
        "nightdesk-host",
        &[
            "nightdesk-core",
            "nightdesk-api",
            "nightdesk-engine",
            "nightdesk-store",
            "nightdesk-huntress",
            "nightdesk-psa",
            "nightdesk-senders",
        ],
    ),
    ("nightdesk-cli", &["nightdesk-core", "nightdesk-host", "nightdesk-api", "nightdesk-standin"]),
    ("nightdesk-desktop", &["nightdesk-core", "nightdesk-host", "nightdesk-api", "nightdesk-standin"]),
    ("nightdesk-tests", &["*"]),
    ("xtask", &["*"]),
];

/// Edges that only a member's own tests may have: a stand-in is tried with the real way to make a request,
/// a connector with its stand-in, and whatever waits with the clock that is moved by hand.
const IN_TESTS: [(&str, &str); 5] = [
    ("nightdesk-standin", "nightdesk-http"),
    ("nightdesk-huntress", "nightdesk-standin"),
    ("nightdesk-psa", "nightdesk-standin"),
    ("nightdesk-senders", "nightdesk-standin"),
    ("nightdesk-engine", "nightdesk-standin"),
];

/// What core may use of the registry: vocabulary, never anything that reads, writes or waits.
/// `rlibphonenumber` has its tables built in; `linkify` and `email_address` look at text, and `minijinja` makes text of it,
/// without the feature that loads files.
const CORE_MAY_USE: [&str; 15] = [
    "chrono",
    "email_address",
    "hex",
    "linkify",
    "minijinja",
    "rlibphonenumber",
    "secrecy",
    "serde",
    "serde_json",
    "sha2",
    "strsim",
    "subtle",
    "thiserror",
    "unicode-normalization",
    "uuid",
];

/// Every dependency that the design doesn't have.
pub fn check(metadata: &Metadata) -> Vec<Problem> {
    metadata.packages.iter().flat_map(package_problems).collect()
}

fn package_problems(package: &Package) -> Vec<Problem> {
    let name = package.name.as_str();
    let Some((_, allowed)) = ARROWS.iter().find(|(member, _)| *member == name) else {
        return vec![Problem::new(name, "is not in the design's arrows: say in tidy/arrows.rs what it may use")];
    };
    package.dependencies.iter().filter_map(|used| problem(name, allowed, used)).collect()
}

fn problem(name: &str, allowed: &[&str], used: &Dependency) -> Option<Problem> {
    let for_tests = used.kind.as_deref() == Some("dev");
    let target = used.name.as_str();
    if used.path.is_some() {
        let drawn = allowed.contains(&"*") || allowed.contains(&target);
        let drawn = drawn || (for_tests && IN_TESTS.contains(&(name, target)));
        return (!drawn).then(|| Problem::new(name, format!("must not use {target}: the design has no such arrow")));
    }
    let foreign = name == "nightdesk-core" && !for_tests && !CORE_MAY_USE.contains(&target);
    foreign.then(|| Problem::new(name, format!("must not use {target}: core does nothing that could be I/O")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(package: &str, dependencies: &str) -> Metadata {
        let text = format!(r#"{{"packages":[{{"name":"{package}","targets":[],"dependencies":[{dependencies}]}}]}}"#);
        serde_json::from_str(&text).unwrap()
    }

    fn words(package: &str, dependencies: &str) -> Vec<String> {
        check(&metadata(package, dependencies)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_arrow_of_the_design_is_fine_and_any_other_is_not() {
        let store = r#"{"name":"nightdesk-store","kind":null,"path":"s"}"#;
        assert!(words("nightdesk-engine", store).is_empty());
        let huntress = r#"{"name":"nightdesk-huntress","kind":null,"path":"h"}"#;
        let found = words("nightdesk-engine", huntress);
        assert_eq!(found, ["nightdesk-engine: must not use nightdesk-huntress: the design has no such arrow"]);
        assert!(words("nightdesk-tests", huntress).is_empty());
        assert!(words("xtask", huntress).is_empty());
    }

    #[test]
    fn the_stand_in_meets_http_in_its_tests_alone() {
        let edge = |kind: &str| format!(r#"{{"name":"nightdesk-http","kind":{kind},"path":"h"}}"#);
        assert!(words("nightdesk-standin", &edge(r#""dev""#)).is_empty());
        assert_eq!(words("nightdesk-standin", &edge("null")).len(), 1);
        assert_eq!(words("nightdesk-store", &edge(r#""dev""#)).len(), 1);
    }

    #[test]
    fn core_uses_vocabulary_crates_and_its_tests_what_they_like() {
        assert!(words("nightdesk-core", r#"{"name":"serde","kind":null,"path":null}"#).is_empty());
        assert_eq!(words("nightdesk-core", r#"{"name":"tokio","kind":null,"path":null}"#).len(), 1);
        assert_eq!(words("nightdesk-core", r#"{"name":"cc","kind":"build","path":null}"#).len(), 1);
        assert!(words("nightdesk-core", r#"{"name":"proptest","kind":"dev","path":null}"#).is_empty());
    }

    #[test]
    fn a_member_nobody_drew_is_a_problem() {
        assert_eq!(words("nightdesk-misc", "").len(), 1);
    }
}
