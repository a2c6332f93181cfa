//! Files stay short enough to be read whole.

use super::Problem;
use super::source::Source;

/// Lines, tests included.
const MOST: usize = 400;

/// Every Rust file that is too long.
pub fn check(rust: &[Source<'_>]) -> Vec<Problem> {
    let long = rust.iter().filter(|source| source.lines.len() > MOST);
    long.map(|source| {
        Problem::new(source.path, format!("{} lines: more than {MOST} are two things in one file", source.lines.len()))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_hundred_lines_are_allowed_and_one_more_is_not() {
        let just = "x\n".repeat(400);
        assert!(check(&[Source::new("a.rs", &just)]).is_empty());
        let more = "x\n".repeat(401);
        let found = check(&[Source::new("a.rs", &more)]);
        assert!(found[0].to_string().starts_with("a.rs: 401 lines"), "{found:?}");
    }
}
