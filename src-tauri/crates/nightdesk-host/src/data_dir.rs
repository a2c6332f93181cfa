//! The data directory: where it is, what is in it, and that nobody else may read it.

use crate::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The environment variable that names the directory.
const VARIABLE: &str = "NIGHTDESK_DATA_DIR";

/// A data directory that exists and is private to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir {
    path: PathBuf,
}

impl DataDir {
    /// The directory of the flag, else of `NIGHTDESK_DATA_DIR`, else the platform's place for application data that
    /// stays on this machine. Made, private to the user, if it is missing.
    ///
    /// # Errors
    /// [`Error::NoHome`] where the platform has no such place, [`Error::Io`] if it can't be made or isn't a directory.
    pub fn resolve(flag: Option<PathBuf>) -> Result<Self, Error> {
        let from_environment = || std::env::var_os(VARIABLE).filter(|v| !v.is_empty()).map(PathBuf::from);
        let from_platform = || {
            let dirs = directories::ProjectDirs::from("", "", "Nightdesk")?;
            Some(dirs.data_local_dir().to_owned())
        };
        let path = flag.or_else(from_environment).or_else(from_platform).ok_or(Error::NoHome)?;
        Self::at(&path)
    }

    /// This directory, made if it is missing.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn at(path: &Path) -> Result<Self, Error> {
        let new = !path.exists();
        make_private(path)?;
        let path = fs::canonicalize(path).map_err(|e| Error::io(path, &e))?;
        let dir = Self { path };
        if new || dir.is_ours() {
            restrict(&dir.path)?;
        }
        Ok(dir)
    }

    /// Where it is, absolute.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.path.join("nightdesk.db")
    }

    /// The applied configuration as a file, for recovery.
    pub fn configuration(&self) -> PathBuf {
        self.path.join("configuration.toml")
    }

    /// The ledger's head, so that a cut tail shows.
    pub fn head(&self) -> PathBuf {
        self.path.join("ledger.head")
    }

    /// The encrypted file of secrets, which is there only where the user chose it for want of a keychain.
    pub fn secrets(&self) -> PathBuf {
        self.path.join("secrets.enc")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.path.join("engine.lock")
    }

    pub(crate) fn holder(&self) -> PathBuf {
        self.path.join("engine.holder")
    }

    /// A directory that holds other things isn't ours to close to others; the files in it are private all the same.
    fn is_ours(&self) -> bool {
        self.database().exists()
            || self.lock().exists()
            || fs::read_dir(&self.path).is_ok_and(|mut entries| entries.next().is_none())
    }

    /// Makes the database's file and the backups' folder before SQLite does, which would leave them readable to all.
    pub(crate) fn prepare_store(&self) -> Result<(), Error> {
        let path = self.database();
        private().create(true).append(true).open(&path).map_err(|e| Error::io(&path, &e))?;
        for suffix in ["", "-wal", "-shm"] {
            let file = self.path.join(format!("nightdesk.db{suffix}"));
            if file.exists() {
                restrict(&file)?;
            }
        }
        make_private(&self.path.join("backups"))
    }
}

/// Writes a whole file, readable to the user alone, so that a reader sees the old or the new text and never half of it.
pub(crate) fn write_whole(path: &Path, text: &str) -> Result<(), Error> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    // Its writer's own: an engine and a command beside it write the same file when a configuration is applied.
    let own = format!("{}-{}.partial", std::process::id(), WRITTEN.fetch_add(1, Ordering::Relaxed));
    let partial = path.with_extension(own);
    let written = private().create(true).truncate(true).write(true).open(&partial).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&partial, path)).map_err(|e| {
        let _gone = fs::remove_file(&partial);
        Error::io(path, &e)
    })
}

/// How files of the directory are opened.
pub(crate) fn private() -> fs::OpenOptions {
    #[cfg_attr(not(unix), allow(unused_mut))]
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn make_private(path: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|e| Error::io(path, &e))
}

/// Takes group's and others' rights away. On Windows the profile's own access list does this.
fn restrict(path: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let found = fs::metadata(path).map_err(|e| Error::io(path, &e))?.permissions();
        let wanted = found.mode() & 0o700;
        if found.mode() & 0o777 != wanted {
            fs::set_permissions(path, fs::Permissions::from_mode(wanted)).map_err(|e| Error::io(path, &e))?;
        }
    }
    #[cfg(not(unix))]
    let _whole_profile_is_private = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777
    }

    #[cfg(unix)]
    #[test]
    fn the_directory_and_its_files_are_private() {
        let outside = tempfile::tempdir().unwrap();
        let dir = DataDir::resolve(Some(outside.path().join("deep/er"))).unwrap();
        dir.prepare_store().unwrap();
        write_whole(&dir.configuration(), "[desk]").unwrap();
        assert_eq!(mode(dir.path()), 0o700);
        assert_eq!(mode(&dir.database()), 0o600);
        assert_eq!(mode(&dir.configuration()), 0o600);
        assert_eq!(mode(&dir.path().join("backups")), 0o700);
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_of_other_things_stays_open_to_others() {
        use std::os::unix::fs::PermissionsExt;
        let shared = tempfile::tempdir().unwrap();
        fs::write(shared.path().join("readme"), "").unwrap();
        fs::set_permissions(shared.path(), fs::Permissions::from_mode(0o755)).unwrap();
        DataDir::at(shared.path()).unwrap();
        assert_eq!(mode(shared.path()), 0o755);
    }

    #[test]
    fn many_writers_of_one_file_leave_a_whole_text_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("configuration.toml");
        let text = |n: usize| format!("{n}\n").repeat(2_000);
        std::thread::scope(|scope| {
            for n in 1..=8 {
                let path = &path;
                scope.spawn(move || (0..40).for_each(|_| write_whole(path, &text(n)).unwrap()));
            }
        });
        let left = fs::read_to_string(&path).unwrap();
        assert!((1..=8).any(|n| left == text(n)));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        fs::create_dir(dir.path().join("taken")).unwrap();
        assert!(write_whole(&dir.path().join("taken"), "x").is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "what failed leaves nothing behind");
    }

    #[test]
    fn a_file_in_its_place_is_an_error_that_names_it() {
        let outside = tempfile::tempdir().unwrap();
        let file = outside.path().join("data");
        fs::write(&file, "").unwrap();
        assert!(DataDir::at(&file).unwrap_err().to_string().contains("data"));
    }
}
