//! The user interface, built for the desktop application to carry inside it.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cargo::Workspace;
use crate::node::Project;

/// What is in the folder and doesn't go into the build.
const LEFT_OUT: [&str; 4] = ["node_modules", "dist", "coverage", "screenshots"];

/// The folder `ui` and what it was last built from.
pub struct Ui {
    /// Its npm project.
    pub project: Project,
    stamp: PathBuf,
}

impl Ui {
    /// The user interface of the workspace.
    ///
    /// # Errors
    /// When it isn't there.
    pub fn of(workspace: &Workspace) -> Result<Self> {
        let project = Project::new(workspace, "ui");
        if !project.folder().join("package-lock.json").is_file() {
            bail!("there is no user interface to build: ui/package-lock.json is missing");
        }
        Ok(Self { project, stamp: workspace.root().join("target/xtask/ui-built-from") })
    }

    /// Installs its packages and builds it, each only when something changed.
    ///
    /// # Errors
    /// When npm fails.
    pub fn bring_up_to_date(&self) -> Result<()> {
        self.project.install()?;
        if self.is_built()? {
            return Ok(());
        }
        eprintln!("building the user interface");
        // Its table of files would come between the person and the program they asked for, unless something is wrong.
        let output = self.project.npm(&["run", "build"]).output().context("npm could not be started")?;
        if !output.status.success() {
            let words = [output.stdout, output.stderr].concat();
            bail!("the user interface could not be built:\n{}", String::from_utf8_lossy(&words).trim());
        }
        self.note_built()
    }

    /// Whether what is built was made from the sources as they are.
    ///
    /// # Errors
    /// When a source can't be read.
    pub fn is_built(&self) -> Result<bool> {
        if !self.project.folder().join("dist/index.html").is_file() {
            return Ok(false);
        }
        let digests = self.digests()?;
        Ok(fs::read_to_string(&self.stamp).is_ok_and(|stamp| stamp == digests))
    }

    /// Remembers what has just been built.
    ///
    /// # Errors
    /// When a source can't be read, or the stamp not be written.
    pub fn note_built(&self) -> Result<()> {
        if let Some(folder) = self.stamp.parent() {
            fs::create_dir_all(folder).context("no folder for the stamp could be made")?;
        }
        fs::write(&self.stamp, self.digests()?).context("the stamp could not be written")
    }

    /// Of the sources and of what was built: somebody may have built it by hand since.
    fn digests(&self) -> Result<String> {
        let folder = self.project.folder();
        Ok(format!("{} {}", digest(folder)?, digest(&folder.join("dist"))?))
    }
}

/// A digest of names and contents. Not of times: a checkout gives every file a new one.
///
/// The hasher may change with the toolchain, which costs one build too many and can't miss one.
fn digest(folder: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    add(folder, true, &mut hasher)?;
    Ok(format!("{:016x}", hasher.finish()))
}

fn add(folder: &Path, top: bool, hasher: &mut DefaultHasher) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default();
        if top && LEFT_OUT.iter().any(|left_out| name == *left_out) {
            continue;
        }
        name.hash(hasher);
        if path.is_dir() {
            add(&path, false, hasher)?;
        } else {
            fs::read(&path).with_context(|| path.display().to_string())?.hash(hasher);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_follows_sources_and_not_what_tools_made() {
        let root = std::env::temp_dir().join(format!("xtask-ui-{}", std::process::id()));
        fs::create_dir_all(root.join("src")).unwrap();
        fs::create_dir_all(root.join("dist")).unwrap();
        fs::write(root.join("src/main.ts"), "one").unwrap();
        let first = digest(&root).unwrap();
        fs::write(root.join("dist/index.html"), "made").unwrap();
        assert_eq!(digest(&root).unwrap(), first);
        fs::write(root.join("src/main.ts"), "two").unwrap();
        let second = digest(&root).unwrap();
        assert_ne!(second, first);
        fs::rename(root.join("src/main.ts"), root.join("src/start.ts")).unwrap();
        assert_ne!(digest(&root).unwrap(), second);
        fs::remove_dir_all(&root).unwrap();
    }
}
