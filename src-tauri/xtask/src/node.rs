//! Node.js and npm, and the packages of the two folders that use them.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo::Workspace;

/// The oldest Node.js that Vite 8 runs on.
const OLDEST: (u32, u32) = (20, 19);

/// Where a Node.js of our own lies, for machines whose distribution has an older one.
const OWN: &str = "target/xtask/node";

/// A folder with a package.json.
pub struct Project {
    root: PathBuf,
    folder: PathBuf,
}

impl Project {
    /// The folder `name` of the workspace.
    pub fn new(workspace: &Workspace, name: &str) -> Self {
        Self { root: workspace.root().to_owned(), folder: workspace.root().join(name) }
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// An npm command in the folder.
    pub fn npm(&self, args: &[&str]) -> Command {
        let mut command = program("npm", &self.root);
        command.current_dir(&self.folder).args(args);
        // Offers to update itself, requests for donations and audits are noise in a build.
        command.env("NPM_CONFIG_FUND", "false").env("NPM_CONFIG_AUDIT", "false");
        command.env("NPM_CONFIG_UPDATE_NOTIFIER", "false");
        command
    }

    /// Whether the installed packages are those of the lock file.
    pub fn is_installed(&self) -> bool {
        let [lock, stamp] = [self.lock(), self.stamp()].map(fs::read);
        matches!((lock, stamp), (Ok(lock), Ok(stamp)) if lock == stamp)
    }

    /// Remembers which lock file `npm ci` has just installed.
    ///
    /// The lock file itself serves as the stamp: it is small, and a copy can't collide as a hash could.
    ///
    /// # Errors
    /// When the copy can't be written.
    pub fn note_installed(&self) -> Result<()> {
        fs::copy(self.lock(), self.stamp()).context("npm ci left no node_modules folder")?;
        Ok(())
    }

    /// Installs the packages of the lock file unless that has been done.
    ///
    /// # Errors
    /// When npm fails.
    pub fn install(&self) -> Result<()> {
        if self.is_installed() {
            return Ok(());
        }
        eprintln!("installing the packages of {}", self.folder.display());
        if !self.npm(&["ci"]).status().context("npm could not be started")?.success() {
            bail!("npm ci failed in {}", self.folder.display());
        }
        self.note_installed()
    }

    fn lock(&self) -> PathBuf {
        self.folder.join("package-lock.json")
    }

    fn stamp(&self) -> PathBuf {
        self.folder.join("node_modules/.nightdesk-installed.json")
    }
}

/// Whether Node.js and npm are here, and Node.js is recent enough.
pub fn is_recent_enough() -> bool {
    let Ok(workspace) = Workspace::locate() else { return false };
    let version = version_of(&mut program("node", workspace.root()));
    version.is_some_and(|version| version >= OLDEST) && version_of(&mut program("npm", workspace.root())).is_some()
}

/// Brings a recent Node.js into the target folder, with the npm that the distribution has.
///
/// Debian 12 and Ubuntu 24.04 have Node.js 18. The npm registry has the official builds as packages, so that no other
/// package source has to be added to the machine.
///
/// # Errors
/// When npm fails.
pub fn bring_up_to_date() -> Result<()> {
    let processor = match env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => bail!("there is no build of Node.js for {other} in the npm registry; see https://nodejs.org"),
    };
    let workspace = Workspace::locate()?;
    let folder = workspace.root().join(OWN);
    fs::create_dir_all(&folder).context("no folder for Node.js could be made")?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-fund", "--no-audit", "--no-update-notifier", "--prefix"]).arg(&folder);
    let status = npm.args([format!("node-linux-{processor}@22"), "npm@11".to_owned()]).status();
    if !status.context("npm could not be started")?.success() {
        bail!("npm could not install Node.js");
    }
    Ok(())
}

/// A command for `node` or `npm`, which finds our own Node.js first where there is one.
fn program(name: &str, root: &Path) -> Command {
    let own = root.join(OWN).join("node_modules/.bin");
    // On Windows npm is a script, which is started by its whole name only.
    let file = if cfg!(windows) && name != "node" { format!("{name}.cmd") } else { name.to_owned() };
    if !own.join("node").is_file() {
        return Command::new(file);
    }
    let mut command = Command::new(own.join(file));
    command.env("PATH", before_path(own, env::var_os("PATH").unwrap_or_default()));
    command
}

fn before_path(folder: PathBuf, path: OsString) -> OsString {
    let folders = std::iter::once(folder).chain(env::split_paths(&path));
    env::join_paths(folders).unwrap_or(path)
}

fn version_of(program: &mut Command) -> Option<(u32, u32)> {
    let output = program.arg("--version").stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    parse_version(&String::from_utf8_lossy(&output.stdout))
}

fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().trim_start_matches('v').split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(parse_version("v20.19.4\n"), Some((20, 19)));
        assert!(parse_version("v20.9.0").unwrap() < OLDEST);
        assert!(parse_version("v22.1.0").unwrap() > OLDEST);
        assert!(parse_version("v18.20.4").unwrap() < OLDEST);
        assert_eq!(parse_version("not found"), None);
    }

    #[test]
    fn packages_count_as_installed_only_for_the_same_lock_file() {
        let root = env::temp_dir().join(format!("xtask-node-{}", std::process::id()));
        let project = Project { root: root.clone(), folder: root.join("ui") };
        fs::create_dir_all(project.folder().join("node_modules")).unwrap();
        assert!(!project.is_installed());
        fs::write(project.lock(), "{\"a\": 1}").unwrap();
        assert!(!project.is_installed());
        project.note_installed().unwrap();
        assert!(project.is_installed());
        fs::write(project.lock(), "{\"a\": 2}").unwrap();
        assert!(!project.is_installed());
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn our_own_node_comes_first_on_the_path() {
        let both = before_path("first".into(), env::join_paths(["second", "third"]).unwrap());
        let folders: Vec<PathBuf> = env::split_paths(&both).collect();
        assert_eq!(folders, ["first", "second", "third"].map(PathBuf::from));
    }
}
