//! What a machine must have before anything can be built: a table, and what to do about a gap.

use std::env;
use std::io::{self, BufRead, IsTerminal, Write};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::apt;

/// One thing the build needs from the machine.
#[derive(Clone, Copy)]
pub struct Need {
    /// What it is, in words.
    name: &'static str,
    /// Why it is needed, in words.
    why: &'static str,
    /// Whether this machine has it.
    present: fn() -> bool,
    /// The Debian and Ubuntu packages that bring it.
    debian: &'static [&'static str],
    /// How to get it on macOS.
    macos: &'static str,
    /// How to get it on Windows.
    windows: &'static str,
}

/// What the command line needs, and the tests.
pub const COMMAND_LINE: &[Need] = &[Need {
    name: "a C compiler with the C library's headers",
    why: "SQLite and the cryptography are compiled with the program",
    present: c_compiler_works,
    debian: &["gcc", "libc6-dev"],
    macos: "xcode-select --install",
    windows: "the C++ build tools of Visual Studio, which Rust asks for too: https://rustup.rs",
}];

/// Whether packages may be installed.
#[derive(clap::Args, Clone, Copy, Default)]
pub struct Consent {
    /// Install missing system packages without asking (also with CI=true)
    #[arg(long, conflicts_with = "no_install")]
    yes: bool,
    /// Never install anything: say what is missing and stop
    #[arg(long)]
    no_install: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Decision {
    Install,
    Ask,
    Decline,
}

impl Consent {
    fn decide(self, ci: bool, terminal: bool) -> Decision {
        match self {
            Self { no_install: true, .. } => Decision::Decline,
            Self { yes: true, .. } => Decision::Install,
            _ if ci => Decision::Install,
            _ if terminal => Decision::Ask,
            // Nobody is there to answer, and silence isn't consent.
            _ => Decision::Decline,
        }
    }
}

/// Makes sure that everything in `needs` is there, installing it where that is possible and allowed.
///
/// # Errors
/// When something is missing and stays missing; the message says what, why, and how to get it.
pub fn ensure(needs: &[Need], consent: &Consent) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for need in &missing {
        eprintln!("missing: {} ({})", need.name, need.why);
    }
    if !apt::is_here() {
        bail!("{}", how_to_get(&missing, env::consts::OS));
    }
    let packages = packages_of(&missing);
    let command = apt::install_command(&packages);
    match consent.decide(env::var("CI").is_ok_and(|ci| is_true(&ci)), io::stdin().is_terminal()) {
        Decision::Install => {}
        Decision::Ask if agreed(&packages)? => {}
        Decision::Ask | Decision::Decline => {
            bail!("nothing was installed. To go on, run: {command}, or repeat with --yes")
        }
    }
    eprintln!("installing with apt-get: {}", packages.join(" "));
    apt::install(&packages)?;
    if let Some(need) = missing.iter().find(|need| !(need.present)()) {
        bail!("{} is still missing after: {command}", need.name);
    }
    Ok(())
}

fn is_true(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "true" | "1" | "yes")
}

fn packages_of(missing: &[&Need]) -> Vec<&'static str> {
    let mut packages: Vec<&str> = missing.iter().flat_map(|need| need.debian.iter().copied()).collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

fn how_to_get(missing: &[&Need], os: &str) -> String {
    let lines: Vec<String> = missing
        .iter()
        .map(|need| match os {
            "macos" => format!("{}: {}", need.name, need.macos),
            "windows" => format!("{}: {}", need.name, need.windows),
            _ => format!("{}: your distribution's packages (on Debian: {})", need.name, need.debian.join(" ")),
        })
        .collect();
    format!("please install\n  {}", lines.join("\n  "))
}

fn agreed(packages: &[&str]) -> Result<bool> {
    eprint!("install {} with apt-get now? [y/N] ", packages.join(" "));
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

/// Compiles one line of C rather than looking for a name: a compiler without headers is as good as none.
fn c_compiler_works() -> bool {
    if cfg!(windows) {
        // Rust's linker comes with the same build tools, and this program has been linked with it.
        return true;
    }
    let chosen = env::var("CC").unwrap_or_else(|_| "cc".into());
    let mut words = chosen.split_whitespace();
    let Some(compiler) = words.next() else { return false };
    let mut trial = Command::new(compiler);
    trial.args(words).args(["-x", "c", "-fsyntax-only", "-"]);
    trial.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = trial.spawn() else { return false };
    let written = child.stdin.take().is_some_and(|mut input| input.write_all(b"#include <stdlib.h>\n").is_ok());
    child.wait().is_ok_and(|status| status.success()) && written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_installed_unless_somebody_said_so() {
        let yes = Consent { yes: true, no_install: false };
        let no = Consent { yes: false, no_install: true };
        let silent = Consent::default();
        let cases = [
            (silent, false, true, Decision::Ask),
            (silent, false, false, Decision::Decline),
            (silent, true, false, Decision::Install),
            (silent, true, true, Decision::Install),
            (yes, false, false, Decision::Install),
            (yes, false, true, Decision::Install),
            (no, true, true, Decision::Decline),
            (no, false, true, Decision::Decline),
        ];
        for (consent, ci, terminal, expected) in cases {
            assert_eq!(consent.decide(ci, terminal), expected, "ci {ci}, terminal {terminal}");
        }
    }

    #[test]
    fn a_gap_names_packages_once_and_tells_each_platform_its_own_way() {
        let other = Need { debian: &["gcc"], ..COMMAND_LINE[0] };
        let missing = [&COMMAND_LINE[0], &other];
        assert_eq!(packages_of(&missing), ["gcc", "libc6-dev"]);
        assert!(how_to_get(&missing, "macos").contains("xcode-select"));
        assert!(how_to_get(&missing, "windows").contains("Visual Studio"));
        assert!(how_to_get(&missing, "linux").contains("libc6-dev"));
    }

    #[test]
    fn a_machine_that_built_this_has_a_c_compiler() {
        assert!(c_compiler_works());
        assert!(ensure(COMMAND_LINE, &Consent::default()).is_ok());
    }

    #[test]
    fn ci_is_true_in_its_usual_spellings() {
        assert!(["true", "1", "TRUE", "yes"].into_iter().all(is_true));
        assert!(!["", "false", "0", "no"].into_iter().any(is_true));
    }
}
