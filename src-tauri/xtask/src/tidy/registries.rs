//! Dependencies come from the public registries, wherever the lock files were written.

use super::Problem;
use super::tree::TextFile;

/// Where npm's lock file may point. npm puts the reader's own registry in its place.
const NPM: &str = "https://registry.npmjs.org/";
/// What Cargo.lock calls the registry of crates.
const CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Every address in a lock file that isn't a public registry's.
pub fn check(files: &[TextFile]) -> Vec<Problem> {
    files.iter().flat_map(strange_lines).collect()
}

fn strange_lines(file: &TextFile) -> Vec<Problem> {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let (key, registry) = match name {
        "package-lock.json" => ("\"resolved\": \"", NPM),
        "Cargo.lock" => ("source = \"", CRATES),
        _ => return Vec::new(),
    };
    let lines = file.text.lines().enumerate().filter(|(_, line)| {
        let address = line.trim_start().strip_prefix(key);
        address.is_some_and(|address| !address.starts_with(registry))
    });
    let words = "comes from somewhere else than the public registry";
    lines.map(|(index, _)| Problem::new(format!("{}:{}", file.path, index + 1), words)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&[TextFile { path: path.into(), text: text.into() }]).len()
    }

    #[test]
    fn only_the_public_registries_are_named() {
        let npm = |host: &str| format!("  \"resolved\": \"https://{host}/svelte/-/svelte-5.tgz\",\n");
        assert_eq!(count("ui/package-lock.json", &npm("registry.npmjs.org")), 0);
        assert_eq!(count("ui/package-lock.json", &npm("packages.example.com")), 1);
        assert_eq!(count("Cargo.lock", &format!("source = \"{CRATES}\"\n")), 0);
        assert_eq!(count("Cargo.lock", "source = \"git+https://example.com/a\"\n"), 1);
        assert_eq!(count("ui/other.json", &npm("packages.example.com")), 0);
    }
}
