//! One program for each data directory: by what name the second start finds the first.

use nightdesk_host::DataDir;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// The usual desk's name on the system.
pub const USUAL: &str = "dev.nightdesk.desktop";

/// The name of the program on this directory. A desk of its own, as the demo is, must not raise the usual one's window.
pub fn name(dir: &DataDir, is_usual: bool) -> String {
    if is_usual {
        return USUAL.to_owned();
    }
    let mut hash = DefaultHasher::new();
    dir.path().hash(&mut hash);
    // A part of a bus name must not begin with a digit.
    format!("{USUAL}.d{:016x}", hash.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_directory_has_a_name_of_its_own_that_stays() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (one, other) = (DataDir::at(one.path()).unwrap(), DataDir::at(other.path()).unwrap());
        assert_eq!(name(&one, true), USUAL);
        assert_eq!(name(&one, false), name(&one, false));
        assert_ne!(name(&one, false), name(&other, false));
        assert!(name(&one, false).starts_with("dev.nightdesk.desktop.d"));
    }
}
