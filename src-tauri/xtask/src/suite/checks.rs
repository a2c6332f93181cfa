//! The checks before the tests.

use anyhow::Result;

use super::output::{heading, passes};
use super::report::{Outcome, Report};
use crate::cargo::Workspace;
use crate::tidy;

/// What needs nothing compiled but this program.
pub fn before_building(workspace: &Workspace, report: &Report) {
    component(workspace, report, "fmt", &["fmt", "--all", "--check"]);
    heading("tidy");
    report.step("tidy", || Ok(Outcome::of(tidy::run(workspace)?)));
}

/// What compiles the workspace.
pub fn of_the_whole_workspace(workspace: &Workspace, report: &Report) {
    component(workspace, report, "clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    heading("doc");
    report.step("doc", || {
        let mut doc = workspace.cargo(["doc", "--no-deps", "--workspace"]);
        Ok(Outcome::of(passes(doc.env("RUSTDOCFLAGS", "-D warnings"))?))
    });
}

/// Runs a tool that a minimal toolchain comes without. That isn't a reason to run no test, but it is said.
fn component(workspace: &Workspace, report: &Report, name: &'static str, args: &[&str]) {
    heading(name);
    report.step(name, || run_component(workspace, name, args));
}

fn run_component(workspace: &Workspace, name: &'static str, args: &[&str]) -> Result<Outcome> {
    if workspace.has(name) {
        return Ok(Outcome::of(passes(&mut workspace.cargo(args.iter().copied()))?));
    }
    let package = if name == "fmt" { "rustfmt" } else { name };
    Ok(Outcome::Skipped(format!("cargo {name} is not installed (rustup component add {package})")))
}
