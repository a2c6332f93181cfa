//! Which parts of the suite are wanted.

use anyhow::{Result, bail};

use super::Options;
use super::npm_part::Extent;
use crate::cargo::{Metadata, Workspace};
use crate::needs::{BROWSER, COMMAND_LINE, DESKTOP, DESKTOP_TESTS, MAIL_TESTS, NODE, WEBHOOK_TESTS};
use crate::prerequisites::Need;

/// A group of tests that `--only` can name.
#[derive(Debug, PartialEq, Eq)]
pub enum Group {
    /// The tests inside the source files.
    Unit,
    /// The user interface's own.
    Ui,
    /// The user interface in a browser, over the real engine.
    Browser,
    /// One test binary of the workspace.
    Binary(String),
    /// The engine's stories once more, with AlgaPSA as the desk.
    StoriesAtAlgapsa,
}

/// What one run does.
pub struct Scope {
    /// One group, or all.
    pub group: Option<Group>,
    /// Formatting, lints, tidy rules, documentation, generated files.
    pub checks: bool,
    /// The user interface's lints, types and size.
    pub ui_checks: bool,
}

impl Scope {
    /// Reads the options.
    ///
    /// # Errors
    /// When there is no such group.
    pub fn of(options: &Options, workspace: &Workspace) -> Result<Self> {
        let group = match &options.only {
            Some(name) => Some(group(name, &workspace.metadata()?)?),
            None => None,
        };
        let checks = !options.quick && group.is_none();
        let ui_checks = !options.quick && matches!(group, None | Some(Group::Ui));
        Ok(Self { group, checks, ui_checks })
    }

    /// What the machine must have for it.
    pub fn needs(&self) -> Vec<&'static [Need]> {
        let mut needs = vec![COMMAND_LINE, NODE];
        if self.group != Some(Group::Ui) {
            needs.push(DESKTOP);
        }
        if self.runs_rust_tests() || self.runs_stories_at_algapsa() {
            needs.push(DESKTOP_TESTS);
            needs.extend([MAIL_TESTS, WEBHOOK_TESTS]);
        }
        if self.runs_browser_tests() {
            needs.push(BROWSER);
        }
        needs
    }

    /// What of npm's part.
    pub fn npm_part(&self) -> Extent {
        Extent {
            ui_checks: self.ui_checks,
            ui_tests: matches!(self.group, None | Some(Group::Ui)),
            browser_packages: self.runs_browser_tests(),
            browser_checks: self.checks,
        }
    }

    /// Whether cargo builds anything.
    pub fn builds(&self) -> bool {
        self.group != Some(Group::Ui)
    }

    /// Whether cargo's tests are run.
    pub fn runs_rust_tests(&self) -> bool {
        matches!(self.group, None | Some(Group::Unit | Group::Binary(_)))
    }

    /// Whether the engine's stories are told with AlgaPSA as the desk.
    pub fn runs_stories_at_algapsa(&self) -> bool {
        matches!(self.group, None | Some(Group::StoriesAtAlgapsa))
    }

    /// Whether a browser is driven.
    pub fn runs_browser_tests(&self) -> bool {
        matches!(self.group, None | Some(Group::Browser))
    }
}

fn group(name: &str, metadata: &Metadata) -> Result<Group> {
    match name {
        "unit" => return Ok(Group::Unit),
        "ui" => return Ok(Group::Ui),
        "e2e" => return Ok(Group::Browser),
        "story-at-algapsa" => return Ok(Group::StoriesAtAlgapsa),
        _ => {}
    }
    let targets = metadata.packages.iter().flat_map(|package| &package.targets);
    let binaries: Vec<&str> =
        targets.filter(|target| target.kind.iter().any(|kind| kind == "test")).map(|target| &*target.name).collect();
    if !binaries.contains(&name) {
        bail!("there is no group `{name}`; the groups are: unit ui e2e story-at-algapsa {}", binaries.join(" "));
    }
    Ok(Group::Binary(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_named_or_a_test_binary_of_the_workspace() {
        let metadata: Metadata = serde_json::from_str(
            r#"{"packages":[{"name":"nightdesk-tests","dependencies":[],
                "targets":[{"name":"story","kind":["test"]},{"name":"bench","kind":["bin"]}]}]}"#,
        )
        .unwrap();
        assert_eq!(group("unit", &metadata).unwrap(), Group::Unit);
        assert_eq!(group("e2e", &metadata).unwrap(), Group::Browser);
        assert_eq!(group("story-at-algapsa", &metadata).unwrap(), Group::StoriesAtAlgapsa);
        assert_eq!(group("story", &metadata).unwrap(), Group::Binary("story".into()));
        let refused = group("bench", &metadata).unwrap_err().to_string();
        assert!(refused.ends_with("the groups are: unit ui e2e story-at-algapsa story"), "{refused}");
    }

    #[test]
    fn a_group_asks_only_for_what_it_needs() {
        let names = |group| -> Vec<&str> {
            let scope = Scope { group, checks: false, ui_checks: false };
            scope.needs().concat().iter().map(|need| need.name).collect()
        };
        assert!(!names(Some(Group::Ui)).contains(&"Xvfb"));
        assert!(!names(Some(Group::Ui)).contains(&"WebKitGTK 4.1"));
        assert!(!names(Some(Group::Browser)).contains(&"Xvfb"));
        assert!(names(Some(Group::Unit)).contains(&"WebKitGTK 4.1"), "the workspace is built whole");
        assert!(names(None).contains(&"Xvfb") && names(None).contains(&"Chromium, Chrome or Edge"));
    }
}
