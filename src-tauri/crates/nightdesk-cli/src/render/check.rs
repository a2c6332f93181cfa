//! What `doctor` found.

use super::words::{block, count};
use nightdesk_host::Finding;
use std::fmt::Write as _;

/// The list, a remedy under each finding that needs one.
pub fn list(findings: &[Finding]) -> String {
    let mut out = String::new();
    for f in findings {
        let detail = block(&f.detail).replace('\n', "\n         ");
        let _never_fails = writeln!(out, "{:<7}  {}: {detail}", if f.ok { "ok" } else { "PROBLEM" }, f.check);
        if let Some(fix) = &f.fix {
            let _never_fails = writeln!(out, "         -> {}", block(fix));
        }
    }
    let problems = findings.iter().filter(|f| !f.ok).count();
    let verdict = match problems {
        0 => "Everything is as a shift needs it.".to_owned(),
        n => format!("{} to see to.", count(n, "problem", "problems")),
    };
    format!("{out}\n{verdict}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_comes_with_its_remedy() {
        let good = Finding { check: "disk", ok: true, detail: "900 MiB free".into(), fix: None };
        let bad = Finding { check: "routing", ok: false, detail: "paused".into(), fix: Some("apply one".into()) };
        let text = list(&[good, bad]);
        assert!(text.contains("PROBLEM  routing: paused\n         -> apply one\n"), "{text}");
        assert!(text.contains("1 problem to see to."));
    }
}
