//! Developer automation for Nightdesk, started with `cargo xtask`.
//!
//! It is a Rust program and not a script so that one set of commands works on Linux, macOS and Windows, and so that
//! its rules have tests of their own.

mod apt;
mod bench;
mod bindings;
mod browser;
mod cargo;
mod desktop;
mod display;
mod icons;
mod needs;
mod nightdesk;
mod node;
mod prerequisites;
mod probe;
mod screenshots;
mod suite;
mod tally;
mod tidy;
mod ui;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Developer automation for Nightdesk")]
struct Xtask {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Set up this machine and play the demo night against a stand-in Huntress: in a window, or without a display here
    Demo(nightdesk::Options),
    /// Set up this machine and open Nightdesk from the tree
    Run(nightdesk::Options),
    /// Set up this machine and run every check and every test
    Test(suite::Options),
    /// Measure speed and size against a floor measured in the same run
    Bench(bench::Options),
    /// Write the TypeScript types of the interface between window and engine
    Bindings(bindings::Options),
    /// Make the icons' pictures from their drawings
    Icons(icons::Options),
    /// Take the README's pictures of the triage board, in both themes
    Screenshots(screenshots::Options),
    /// Check the rules of the tree: arrows, sizes, names, homes, invariants, leftovers
    Tidy,
}

fn main() -> ExitCode {
    let done = match Xtask::parse().task {
        Task::Demo(options) => desktop::demo(&options),
        Task::Run(options) => desktop::run(&options),
        Task::Test(options) => suite::run(&options),
        Task::Bench(options) => bench::run(&options),
        Task::Bindings(options) => bindings::run(&options),
        Task::Icons(options) => icons::run(&options),
        Task::Screenshots(options) => screenshots::run(&options),
        Task::Tidy => cargo::Workspace::locate().and_then(|workspace| tidy::run(&workspace)),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Xtask::command().debug_assert();
    }

    #[test]
    fn what_follows_demo_reaches_nightdesk_with_and_without_dashes() {
        for words in [&["cargo xtask", "demo", "--", "--for", "10"][..], &["cargo xtask", "demo", "--for", "10"]] {
            let Task::Demo(options) = Xtask::try_parse_from(words).unwrap().task else { panic!("not demo: {words:?}") };
            assert_eq!(options.args, ["--for", "10"]);
            assert!(!options.terminal);
        }
        let words = ["cargo xtask", "demo", "--terminal", "--for", "10"];
        let Task::Demo(options) = Xtask::try_parse_from(words).unwrap().task else { panic!("not demo") };
        assert!(options.terminal);
        assert_eq!(options.args, ["--for", "10"]);
    }
}
