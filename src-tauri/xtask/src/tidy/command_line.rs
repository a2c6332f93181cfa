//! The command line is built and run on machines without a screen: nothing of GTK or WebKit may come into it.

use anyhow::{Context, Result, bail};

use super::Problem;
use crate::cargo::Workspace;

/// Beginnings of the names of crates that need a screen's libraries to be compiled or started.
const SCREEN: [&str; 12] = [
    "tauri",
    "wry",
    "tao",
    "gtk",
    "gdk",
    "gio",
    "glib",
    "soup",
    "webkit2gtk",
    "javascriptcore",
    "cairo",
    "libappindicator",
];

/// Every crate with a screen that the command line depends on, through whatever.
///
/// # Errors
/// When cargo can't resolve the dependencies.
pub fn check(workspace: &Workspace) -> Result<Vec<Problem>> {
    let mut query = workspace.cargo(["tree", "--package", "nightdesk-cli", "--edges", "normal,build"]);
    let output = query.args(["--prefix", "none", "--format", "{p}"]).output().context("cargo could not be started")?;
    if !output.status.success() {
        bail!("cargo tree failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(problems_in(&String::from_utf8_lossy(&output.stdout)))
}

fn problems_in(tree: &str) -> Vec<Problem> {
    let mut names: Vec<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    names.sort_unstable();
    names.dedup();
    let screens = names.into_iter().filter(|name| needs_a_screen(name));
    screens.map(|name| Problem::new("nightdesk-cli", format!("depends on {name}, which needs a screen"))).collect()
}

fn needs_a_screen(name: &str) -> bool {
    SCREEN
        .iter()
        .any(|start| name.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '3'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_is_found_however_deep_and_once() {
        let tree = "nightdesk-cli v0.1.0 (src)\nserde v1.0.0\ngtk-sys v0.18.0\ngtk-sys v0.18.0 (*)\ntao v0.37.0\n";
        let found: Vec<String> = problems_in(tree).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0], "nightdesk-cli: depends on gtk-sys, which needs a screen");
    }

    #[test]
    fn names_that_merely_begin_alike_are_fine() {
        assert!(problems_in("glibc_version v0.1.0\ntaos v1.0.0\ngiotto v1.0.0\n").is_empty());
        assert_eq!(problems_in("soup3 v0.5.0\njavascriptcore-rs v1.0.0\n").len(), 2);
    }
}
