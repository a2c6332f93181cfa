//! A Rust file by lines, with the lines of tests told from the rest.

/// One Rust file.
pub struct Source<'a> {
    /// From the top, with `/`.
    pub path: &'a str,
    /// Its lines.
    pub lines: Vec<Line<'a>>,
}

/// One line.
pub struct Line<'a> {
    /// Counted from 1.
    pub number: usize,
    /// Without the line end.
    pub text: &'a str,
    /// In a test folder, a test file, or a module under `#[cfg(test)]`.
    pub is_test: bool,
}

impl<'a> Source<'a> {
    /// Reads a file that rustfmt has formatted: a module ends at a closing brace that is indented as its beginning.
    pub fn new(path: &'a str, text: &'a str) -> Self {
        let whole = is_test_path(path);
        let mut modules = TestModules::default();
        let lines = text.lines().enumerate().map(|(index, text)| {
            let inside = modules.contains(text);
            Line { number: index + 1, text, is_test: whole || inside }
        });
        Self { path, lines: lines.collect() }
    }
}

fn is_test_path(path: &str) -> bool {
    path.split('/').any(|part| {
        let stem = part.strip_suffix(".rs").unwrap_or(part);
        stem == "tests" || stem.ends_with("_tests")
    })
}

#[derive(Default)]
struct TestModules<'a> {
    /// An attribute `#[cfg(test)]` was read and its item has not come yet.
    announced: bool,
    /// The closing line of the module we are in.
    end: Option<String>,
    /// The end of a raw string that is open, in which braces mean nothing.
    raw: Option<&'a str>,
}

impl<'a> TestModules<'a> {
    /// Whether `line`, the next of the file, belongs to a test module.
    fn contains(&mut self, line: &'a str) -> bool {
        let text = line.trim();
        let in_raw = self.raw.is_some();
        self.follow_raw(line);
        if let Some(end) = &self.end {
            if !in_raw && line == end {
                self.end = None;
            }
            return true;
        }
        if in_raw {
            return false;
        }
        if text.starts_with("#[cfg(test)]") || text.starts_with("#[cfg(all(test") {
            self.announced = true;
            return true;
        }
        if self.announced && !text.starts_with("#[") {
            self.announced = false;
            let indent = line.split(text).next().unwrap_or_default();
            let opens = text.ends_with('{') && text.contains("mod ");
            self.end = opens.then(|| format!("{indent}}}"));
            return opens || text.contains("mod ");
        }
        self.announced
    }

    fn follow_raw(&mut self, line: &'a str) {
        let mut rest = line;
        loop {
            let (mark, next) = match self.raw {
                Some(end) => (end, None),
                None if rest.trim_start().starts_with("//") => return,
                None => {
                    let Some((open, close)) = [("r##\"", "\"##"), ("r#\"", "\"#"), ("r\"", "\"")]
                        .into_iter()
                        .find(|(open, _)| opens_raw(rest, open))
                    else {
                        return;
                    };
                    (open, Some(close))
                }
            };
            let Some((_, after)) = rest.split_once(mark) else { return };
            rest = after;
            self.raw = next;
        }
    }
}

/// An `r"` inside a word, such as the end of `"for"`, opens nothing.
fn opens_raw(line: &str, open: &str) -> bool {
    line.find(open).is_some_and(|at| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '"')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test_lines(path: &str, text: &str) -> Vec<usize> {
        Source::new(path, text).lines.iter().filter(|line| line.is_test).map(|line| line.number).collect()
    }

    #[test]
    fn a_test_module_ends_where_its_indentation_ends() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\nfn c() {}\n";
        assert_eq!(test_lines("src/a.rs", text), [2, 3, 4, 5, 6]);
        let indented = "mod m {\n    #[cfg(test)]\n    mod tests {\n        fn b() {}\n    }\n    fn c() {}\n}\n";
        assert_eq!(test_lines("src/a.rs", indented), [2, 3, 4, 5]);
    }

    #[test]
    fn a_brace_in_a_raw_string_ends_nothing() {
        let text = "#[cfg(test)]\nmod tests {\n    let x = r#\"{\n}\n\"#;\n    let y = 1;\n}\nfn c() {}\n";
        assert_eq!(test_lines("src/a.rs", text), [1, 2, 3, 4, 5, 6, 7]);
        let word = "#[cfg(test)]\nmod tests {\n    let x = \"for\";\n}\nfn c() {}\n";
        assert_eq!(test_lines("src/a.rs", word), [1, 2, 3, 4]);
    }

    #[test]
    fn test_folders_and_test_files_count_whole() {
        for path in ["tests/harness/lib.rs", "src/tests.rs", "src/page_tests.rs", "crates/a/tests/b.rs"] {
            assert_eq!(test_lines(path, "a\nb\n"), [1, 2], "{path}");
        }
        assert!(test_lines("src/contests.rs", "a\nb\n").is_empty());
    }

    #[test]
    fn an_attribute_on_something_else_opens_no_module() {
        let text = "#[cfg(test)]\nuse a::b;\nfn c() {}\n#[cfg(test)]\nmod tests;\nfn d() {}\n";
        assert_eq!(test_lines("src/a.rs", text), [1, 4, 5]);
    }
}
