//! Files stay short enough to be read whole.

use super::Problem;
use super::tree::TextFile;

/// The most lines by extension, tests included: a component holds markup and style as well, and reads slower.
const MOST: [(&str, usize); 5] = [("rs", 400), ("svelte", 250), ("ts", 400), ("js", 400), ("css", 400)];

/// Written by a generator, and read by no person.
const GENERATED: &str = ".gen.ts";

/// Every source file that is too long.
pub fn check(files: &[TextFile]) -> Vec<Problem> {
    files.iter().filter(|file| !file.path.ends_with(GENERATED)).filter_map(problem).collect()
}

fn problem(file: &TextFile) -> Option<Problem> {
    let (_, extension) = file.path.rsplit_once('.')?;
    let (_, most) = MOST.iter().find(|(kind, _)| *kind == extension)?;
    let lines = file.text.lines().count();
    let words = format!("{lines} lines: more than {most} are two things in one file");
    (lines > *most).then(|| Problem::new(&file.path, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str, lines: usize) -> Vec<Problem> {
        check(&[TextFile { path: path.into(), text: "x\n".repeat(lines) }])
    }

    #[test]
    fn a_file_may_have_as_many_lines_as_its_kind_and_not_one_more() {
        assert!(problems("a.rs", 400).is_empty());
        let found = problems("a.rs", 401);
        assert!(found[0].to_string().starts_with("a.rs: 401 lines"), "{found:?}");
        assert!(problems("ui/src/a.svelte", 250).is_empty());
        assert_eq!(problems("ui/src/a.svelte", 251).len(), 1);
        assert_eq!(problems("ui/src/a.ts", 401).len(), 1);
    }

    #[test]
    fn what_is_generated_or_no_source_may_be_long() {
        assert!(problems("ui/src/ipc/bindings.gen.ts", 1_000).is_empty());
        assert!(problems("Cargo.lock", 5_000).is_empty());
    }
}
