//! The programs under test and the tools around them.

use std::path::{Path, PathBuf};

/// Names the desktop program where it lies elsewhere, such as a release build.
const VARIABLE: &str = "NIGHTDESK_DESKTOP";

/// The desktop program.
///
/// # Panics
/// When it hasn't been built.
pub fn desktop() -> PathBuf {
    match std::env::var_os(VARIABLE) {
        Some(named) => {
            let named = PathBuf::from(named);
            assert!(named.is_file(), "{VARIABLE} names {}, which isn't there", named.display());
            named
        }
        None => built("nightdesk-desktop"),
    }
}

/// The command line, beside the desktop program.
///
/// # Panics
/// When it hasn't been built.
pub fn command_line() -> PathBuf {
    built("nightdesk")
}

/// Tests lie in `deps`, bench programs beside the others.
fn built(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let folders = tests.ancestors().skip(1).take(2);
    let found = folders.map(|folder| folder.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| {
        panic!("{name} isn't built beside {}: `cargo build --workspace` builds it, or set {VARIABLE}", tests.display())
    })
}

/// A program of the system.
///
/// # Panics
/// When it isn't installed; `package` is Debian's name of what has it.
pub fn tool(name: &str, package: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file: &PathBuf| Path::is_file(file));
    found.unwrap_or_else(|| panic!("the desktop suite needs {name}: install {package}"))
}
