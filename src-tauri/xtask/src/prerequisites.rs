//! What a machine must have before anything can be built: a table, and what to do about a gap.

use std::env;
use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, Result, bail};

use crate::apt;
use crate::probe::Probe;

/// One thing that a task needs from the machine.
#[derive(Clone, Copy)]
pub struct Need {
    /// What it is, in words.
    pub name: &'static str,
    /// Why it is needed, in words.
    pub why: &'static str,
    /// How it is looked for.
    pub present: Probe,
    /// The Debian and Ubuntu packages that bring it; none where Linux doesn't need it.
    pub debian: &'static [&'static str],
    /// How to get it on macOS; empty where it isn't needed there.
    pub macos: &'static str,
    /// How to get it on Windows; empty where it isn't needed there.
    pub windows: &'static str,
    /// What else it takes on Debian and Ubuntu when the packages alone are not enough, such as being too old.
    pub then: Option<fn() -> Result<()>>,
}

impl Need {
    /// The remedy of one platform, or nothing if that platform does without.
    fn remedy(&self, os: &str) -> Option<String> {
        let words = match os {
            "macos" => self.macos.to_owned(),
            "windows" => self.windows.to_owned(),
            _ if self.debian.is_empty() => String::new(),
            _ => format!("your distribution's packages (on Debian: {})", self.debian.join(" ")),
        };
        (!words.is_empty()).then_some(words)
    }

    fn is_missing(&self) -> bool {
        self.remedy(env::consts::OS).is_some() && !self.present.finds()
    }
}

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

/// Makes sure that everything in `sets` is there, installing it where that is possible and allowed.
///
/// # Errors
/// When something is missing and stays missing; the message says what, why, and how to get it.
pub fn ensure(sets: &[&[Need]], consent: &Consent) -> Result<()> {
    let missing: Vec<&Need> = sets.iter().copied().flatten().filter(|need| need.is_missing()).collect();
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
    match consent.decide(is_ci(), io::stdin().is_terminal()) {
        Decision::Install => {}
        Decision::Ask if agreed(&packages)? => {}
        Decision::Ask | Decision::Decline => {
            bail!("nothing was installed. To go on, run: {command}, or repeat with --yes")
        }
    }
    eprintln!("installing with apt-get: {}", packages.join(" "));
    apt::install(&packages)?;
    for need in missing {
        if let Some(then) = need.then.filter(|_| !need.present.finds()) {
            then().with_context(|| format!("{} could not be set up", need.name))?;
        }
        if !need.present.finds() {
            bail!("{} is still missing after: {command}", need.name);
        }
    }
    Ok(())
}

/// Whether this runs unattended, by the variable that every CI service sets.
pub fn is_ci() -> bool {
    env::var("CI").is_ok_and(|ci| is_true(&ci))
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
    let remedies = missing.iter().filter_map(|need| Some(format!("{}: {}", need.name, need.remedy(os)?)));
    format!("please install\n  {}", remedies.collect::<Vec<_>>().join("\n  "))
}

fn agreed(packages: &[&str]) -> Result<bool> {
    eprint!("install {} with apt-get now? [y/N] ", packages.join(" "));
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::needs::{BROWSER, COMMAND_LINE, DESKTOP, DESKTOP_TESTS, NODE};

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
    fn what_one_platform_does_without_is_not_asked_of_it() {
        let webview2 = DESKTOP.iter().find(|need| need.name.contains("WebView2")).unwrap();
        assert!(webview2.remedy("linux").is_none());
        assert!(webview2.remedy("windows").is_some());
        assert!(DESKTOP_TESTS.iter().all(|need| need.remedy("macos").is_none() && need.remedy("windows").is_none()));
        assert!([NODE, BROWSER].iter().all(|set| set[0].remedy("macos").is_some()));
    }

    #[test]
    fn a_machine_that_built_this_needs_nothing_more_for_the_command_line() {
        assert!(ensure(&[COMMAND_LINE], &Consent::default()).is_ok());
    }

    #[test]
    fn ci_is_true_in_its_usual_spellings() {
        assert!(["true", "1", "TRUE", "yes"].into_iter().all(is_true));
        assert!(!["", "false", "0", "no"].into_iter().any(is_true));
    }
}
