//! Cargo, as the tasks use it.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

/// The checkout these tasks work on.
pub struct Workspace {
    root: PathBuf,
}

/// What `cargo metadata --no-deps` says, as far as the tasks read it.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    /// The workspace's members.
    pub packages: Vec<Package>,
}

/// One member of the workspace.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Its name in Cargo.toml.
    pub name: String,
    /// What its Cargo.toml declares, all kinds together.
    pub dependencies: Vec<Dependency>,
    /// Its libraries, programs and test binaries.
    pub targets: Vec<Target>,
}

/// One declared dependency.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// The package's name, also when it is renamed on import.
    pub name: String,
    /// `None` for an ordinary one, else `dev` or `build`.
    pub kind: Option<String>,
    /// Set when it lies in this tree, which is how a member is told from a crate of the registry.
    pub path: Option<String>,
}

/// One thing cargo builds.
#[derive(Debug, Deserialize)]
pub struct Target {
    /// The name used with `--bin` or `--test`.
    pub name: String,
    /// `lib`, `bin`, `test`, …
    pub kind: Vec<String>,
}

impl Workspace {
    /// The workspace that this program was started from by cargo.
    ///
    /// # Errors
    /// When it wasn't started through `cargo xtask`.
    pub fn locate() -> Result<Self> {
        let package = env::var_os("CARGO_MANIFEST_DIR").context("start this with `cargo xtask`")?;
        let root = Path::new(&package).ancestors().nth(2).context("xtask is not where the workspace keeps it")?;
        Ok(Self { root: root.to_owned() })
    }

    /// The directory of the top Cargo.toml.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A cargo command at the root.
    ///
    /// Cargo gives the program it runs variables about that program's package. Passed on, they would count as a
    /// changed environment for the build scripts that watch them, and every second build would start over.
    pub fn cargo<S: Into<OsString>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root).args(args.into_iter().map(Into::into));
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(describes_the_running_package) {
                command.env_remove(&name);
            }
        }
        command
    }

    /// Whether `cargo NAME` is on this machine.
    pub fn has(&self, name: &str) -> bool {
        let mut probe = self.cargo([name, "--version"]);
        probe.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        probe.status().is_ok_and(|status| status.success())
    }

    /// Builds the program `name` and says where it lies. Cargo's progress goes to stderr.
    ///
    /// # Errors
    /// When the build fails, or brings no such program.
    pub fn build_program(&self, name: &str, args: &[&str]) -> Result<PathBuf> {
        let mut build = self.cargo(["build", "--message-format=json-render-diagnostics"]);
        let output = build.args(args).stderr(Stdio::inherit()).output().context("cargo could not be started")?;
        if !output.status.success() {
            bail!("the build failed");
        }
        program_in(&String::from_utf8_lossy(&output.stdout), name).with_context(|| format!("cargo built no `{name}`"))
    }

    /// The members, with what each declares.
    ///
    /// # Errors
    /// When cargo can't read the workspace.
    pub fn metadata(&self) -> Result<Metadata> {
        let mut query = self.cargo(["metadata", "--no-deps", "--format-version", "1"]);
        let output = query.stderr(Stdio::inherit()).output().context("cargo could not be started")?;
        if !output.status.success() {
            bail!("cargo metadata failed");
        }
        serde_json::from_slice(&output.stdout).context("cargo metadata answered in a form that is not known here")
    }
}

fn describes_the_running_package(variable: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| variable.starts_with(prefix))
        || matches!(variable, "CARGO_PRIMARY_PACKAGE" | "CARGO_CRATE_NAME" | "OUT_DIR")
}

fn program_in(messages: &str, name: &str) -> Option<PathBuf> {
    messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).find_map(|message| {
        let built = message["reason"] == "compiler-artifact" && message["target"]["name"] == name;
        message["executable"].as_str().filter(|_| built).map(PathBuf::from)
    })
}

/// Gives the terminal over to `program` and ends with its exit code.
///
/// On Unix it takes this process's place, so that Ctrl-C and signals reach it alone and nothing is left in between.
///
/// # Errors
/// When the program can't be started.
pub fn hand_over(mut program: Command) -> Result<bool> {
    let shown = program.get_program().to_string_lossy().into_owned();
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        Err(program.exec()).with_context(|| format!("{shown} could not be started"))
    }
    #[cfg(not(unix))]
    {
        let status = program.status().with_context(|| format!("{shown} could not be started"))?;
        std::process::exit(status.code().unwrap_or(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_among_cargos_messages() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"nightdesk"},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"bench"},"executable":"t/bench"}"#,
            "\nnot json\n",
            r#"{"reason":"compiler-artifact","target":{"name":"nightdesk"},"executable":"t/nightdesk"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        assert_eq!(program_in(messages, "nightdesk"), Some(PathBuf::from("t/nightdesk")));
        assert_eq!(program_in(messages, "other"), None);
    }

    #[test]
    fn variables_of_the_running_package_are_not_passed_on() {
        for variable in ["CARGO_PKG_NAME", "CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "OUT_DIR"] {
            assert!(describes_the_running_package(variable), "{variable}");
        }
        for variable in ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_TERM_COLOR", "CARGO", "PATH"] {
            assert!(!describes_the_running_package(variable), "{variable}");
        }
    }
}
