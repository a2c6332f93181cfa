//! How much of the Rust here is tests: information, not a rule.

use super::source::Source;

/// One line of words; blank lines count for neither side.
pub fn of(rust: &[Source<'_>]) -> String {
    let written = || rust.iter().flat_map(|source| &source.lines).filter(|line| !line.text.trim().is_empty());
    let all = written().count();
    let tests = written().filter(|line| line.is_test).count();
    let percent = (tests * 100).checked_div(all).unwrap_or(0);
    format!("tests are {percent} % of the Rust here ({tests} of {all} lines)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_lines_are_counted_on_both_sides() {
        let source = Source::new("src/a.rs", "fn a() {}\n\nfn b() {}\n\n#[cfg(test)]\nmod tests {\n}\n");
        let tests = Source::new("tests/b.rs", "fn c() {}\n");
        assert_eq!(of(&[source, tests]), "tests are 66 % of the Rust here (4 of 6 lines)");
        assert_eq!(of(&[]), "tests are 0 % of the Rust here (0 of 0 lines)");
    }
}
