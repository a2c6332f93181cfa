//! In the user interface, what can be exchanged has one home: the way to the shell, and the drag library.

use super::Problem;
use super::tree::TextFile;

/// A package, by the beginning of its name, and the only file that may import it.
const HOMES: [(&str, &str); 2] =
    [("@tauri-apps/", "ui/src/ipc/tauri.ts"), ("svelte-dnd-action", "ui/src/dnd/board.ts")];

/// Every import away from home. (Which folder may import which is ESLint's to check, in ui/eslint.config.js.)
pub fn check(files: &[TextFile]) -> Vec<Problem> {
    let sources = files.iter().filter(|file| file.path.starts_with("ui/src/"));
    sources
        .flat_map(|file| file.text.lines().enumerate().filter_map(|(index, line)| problem(file, index, line)))
        .collect()
}

fn problem(file: &TextFile, index: usize, line: &str) -> Option<Problem> {
    let (package, home) = HOMES.iter().find(|(package, _)| imports(line, package))?;
    let place = format!("{}:{}", file.path, index + 1);
    (file.path != *home).then(|| Problem::new(place, format!("only {home} may import {package}")))
}

/// `import … from "x"`, `export … from "x"`, `import "x"` and `import("x")`, the last line of a long one included.
fn imports(line: &str, package: &str) -> bool {
    ["from ", "import ", "import("].iter().any(|word| {
        line.split(word).skip(1).any(|rest| {
            let quoted = rest.strip_prefix(['"', '\'']);
            quoted.is_some_and(|name| name.starts_with(package))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&[TextFile { path: path.into(), text: text.into() }]).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_package_is_imported_at_its_home_alone() {
        let line = "import { invoke } from \"@tauri-apps/api/core\";\n";
        assert!(found("ui/src/ipc/tauri.ts", line).is_empty());
        let elsewhere = found("ui/src/features/board/Board.svelte", line);
        assert_eq!(
            elsewhere,
            ["ui/src/features/board/Board.svelte:1: only ui/src/ipc/tauri.ts may import @tauri-apps/"]
        );
    }

    #[test]
    fn every_form_of_import_counts_and_a_mention_does_not() {
        for line in
            ["import 'svelte-dnd-action'", "} from \"svelte-dnd-action\";", "await import(\"svelte-dnd-action\")"]
        {
            assert_eq!(found("ui/src/a.ts", line).len(), 1, "{line}");
        }
        assert!(found("ui/src/a.ts", "// svelte-dnd-action measures on its own").is_empty());
        assert!(found("ui/tests/a.ts", "import \"svelte-dnd-action\"").is_empty());
    }
}
