//! Looking whether this machine has something, without starting it where that can be avoided.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How one thing is looked for.
#[derive(Clone, Copy)]
pub enum Probe {
    /// A program on the path.
    Program(&'static str),
    /// A library with what is needed to compile against it, by its pkg-config name.
    Library(&'static str),
    /// A file that is always in the same place.
    File(&'static str),
    /// Anything else.
    Check(fn() -> bool),
}

impl Probe {
    /// Whether it is here.
    pub fn finds(self) -> bool {
        match self {
            Self::Program(name) => on_path(name).is_some(),
            Self::Library(name) => succeeds(Command::new("pkg-config").args(["--exists", name])),
            Self::File(path) => Path::new(path).exists(),
            Self::Check(check) => check(),
        }
    }
}

/// Where the program `name` lies, by the order of the path.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let file = if cfg!(windows) { format!("{name}.exe") } else { name.to_owned() };
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&file)).find(|path| path.is_file())
}

/// Whether a command can be started and ends well; what it prints is nobody's concern.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_files_and_checks_are_found_or_not() {
        assert!(Probe::Program("cargo").finds());
        assert!(!Probe::Program("no-such-program-of-nightdesk").finds());
        assert!(!Probe::File("/no/such/file").finds());
        assert!(!Probe::Library("no-such-library-of-nightdesk").finds());
        assert!(Probe::Check(|| true).finds());
    }
}
