//! The top level holds the parts of Nightdesk and what tools insist on finding there.

use super::Problem;

const ALLOWED: [&str; 13] = [
    "Cargo.toml",
    "Cargo.lock",
    "src-tauri",
    "ui",
    "icons",
    "tests",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "clippy.toml",
    "rustfmt.toml",
    "deny.toml",
    "typos.toml",
];

/// Every name at the top that has no business there.
pub fn check(top: &[String]) -> Vec<Problem> {
    let strange = top.iter().filter(|name| !name.starts_with('.') && !ALLOWED.contains(&name.as_str()));
    strange.map(|name| Problem::new(name, "doesn't belong at the top level")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotfiles_and_the_named_parts_belong_and_nothing_else() {
        let top = [".ci", "Cargo.toml", "tests", "LICENSE", "notes.txt", "scripts"].map(String::from);
        let found: Vec<String> = check(&top).into_iter().map(|problem| problem.place).collect();
        assert_eq!(found, ["notes.txt", "scripts"]);
    }
}
