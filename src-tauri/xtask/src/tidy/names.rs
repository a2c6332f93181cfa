//! Files and modules are named after the thing in them, not after the drawer they were put in.

use super::Problem;
use super::tree::TextFile;

/// Words that say nothing about what is inside.
const EMPTY_WORDS: [&str; 10] =
    ["utils", "util", "common", "types", "manager", "managers", "helper", "helpers", "service", "services"];

/// Only source is named by us; fixtures and tool configuration are named by others.
const SOURCE: [&str; 5] = ["rs", "ts", "js", "svelte", "css"];

/// Every source file, folder of sources, or inline module with an empty word in its name.
pub fn check(files: &[TextFile]) -> Vec<Problem> {
    let sources = files.iter().filter(|file| is_source(&file.path));
    sources.flat_map(|file| path_problem(&file.path).into_iter().chain(module_problems(file))).collect()
}

fn is_source(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| SOURCE.contains(&extension))
}

fn path_problem(path: &str) -> Option<Problem> {
    let word = path.split('/').find_map(empty_word)?;
    Some(Problem::new(path, format!("`{word}` in the name doesn't say what it holds")))
}

fn module_problems(file: &TextFile) -> Vec<Problem> {
    let modules = file.text.lines().enumerate().filter_map(|(index, line)| {
        let declared = line.trim_start().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        let name = declared.strip_prefix("mod ")?.strip_suffix('{')?.trim();
        let word = empty_word(name)?;
        let place = format!("{}:{}", file.path, index + 1);
        Some(Problem::new(place, format!("`{word}` in a module's name doesn't say what it holds")))
    });
    modules.collect()
}

fn empty_word(name: &str) -> Option<&str> {
    name.split(['_', '-', '.']).find(|word| EMPTY_WORDS.contains(&word.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&[TextFile { path: path.into(), text: text.into() }]).len()
    }

    #[test]
    fn empty_words_are_found_in_files_folders_and_modules() {
        assert_eq!(count("src/utils.rs", ""), 1);
        assert_eq!(count("src/ticket_helper.rs", ""), 1);
        assert_eq!(count("src/common/ticket.rs", ""), 1);
        assert_eq!(count("ui/src/types.d.ts", ""), 1);
        assert_eq!(count("src/ticket.rs", "    pub(crate) mod manager {\n"), 1);
    }

    #[test]
    fn words_that_merely_contain_one_are_fine() {
        assert_eq!(count("src/prototypes.rs", "mod commonwealth {\n"), 0);
        assert_eq!(count("packaging/nightdesk.service", ""), 0);
        assert_eq!(count("src/ticket.rs", "// mod manager is a name we avoid\n"), 0);
    }
}
