//! Code that was needed once. Starting, and above all a window, walk through tens of MiB of this program's and the web
//! view's code that a desk in the tray never comes by again; the kernel keeps it mapped to the process for as long as
//! there is no want of memory.

use procfs::process::{MMPermissions, MemoryMap, Process};
use rustix::mm::{Advice, madvise};
use std::ffi::c_void;

/// Unmaps what can be read from its file again, page by page, when it is next needed. Only what nobody has written to:
/// code, and constants as they stand in the file. A failure costs nothing but the memory.
pub fn hand_back() {
    let maps = match Process::myself().and_then(|me| me.smaps()) {
        Ok(maps) => maps,
        Err(error) => return tracing::debug!(%error, "what is mapped could not be read"),
    };
    let handed: u64 = maps.iter().filter(|map| is_as_in_its_file(map) && is_mostly_ours(map)).map(unmap).sum();
    tracing::debug!(kib = handed / 1024, "handed back code that was needed once");
}

/// Whether the file holds all that the mapping does: it can't be written to, and no page of it was ever made the
/// process's own (as the dynamic linker does with pages that hold addresses).
fn is_as_in_its_file(map: &MemoryMap) -> bool {
    let counted = |key: &str| map.extension.map.get(key).copied();
    map.inode != 0
        && map.perms.contains(MMPermissions::READ | MMPermissions::PRIVATE)
        && !map.perms.contains(MMPermissions::WRITE)
        && counted("Anonymous") == Some(0)
        && counted("Private_Dirty") == Some(0)
        && counted("Swap") == Some(0)
}

/// Whether it is worth it: what another process maps as well, such as the web view's own ones a library, stays in memory
/// whoever lets go of it.
fn is_mostly_ours(map: &MemoryMap) -> bool {
    let counted = |key: &str| map.extension.map.get(key).copied().unwrap_or_default();
    counted("Private_Clean") > counted("Shared_Clean")
}

/// Answers how many bytes were resident.
fn unmap(map: &MemoryMap) -> u64 {
    let (from, to) = map.address;
    let (Ok(start), Ok(length)) = (usize::try_from(from), usize::try_from(to - from)) else { return 0 };
    // Safe, because the mapping is private, can't be written to and holds nothing that its file doesn't: whoever reads
    // or runs it next gets the same bytes from the file. If it was unmapped since it was read, the kernel says so; what
    // took its place would have to be a new file's mapping that is being relocated at this very moment, and libraries are
    // loaded at the start and with a window, not while the desk rests.
    #[allow(unsafe_code)]
    let advised =
        unsafe { madvise(std::ptr::with_exposed_provenance_mut::<c_void>(start), length, Advice::LinuxDontNeed) };
    match advised {
        Ok(()) => map.extension.map.get("Rss").copied().unwrap_or_default(),
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Seek as _, SeekFrom};

    /// What is as in its file, whether others map it too: beside this test other tests of the same program may run.
    fn maps() -> Vec<MemoryMap> {
        Process::myself().unwrap().smaps().unwrap().into_iter().filter(is_as_in_its_file).collect()
    }

    fn resident() -> u64 {
        maps().iter().filter_map(|m| m.extension.map.get("Rss")).sum()
    }

    /// Every page is mapped by being read, as a window's start maps many.
    fn read_all() {
        let mut memory = std::fs::File::open("/proc/self/mem").unwrap();
        for map in maps() {
            memory.seek(SeekFrom::Start(map.address.0)).unwrap();
            // The end of a mapping may lie beyond its file's.
            let _read = std::io::copy(&mut (&mut memory).take(map.address.1 - map.address.0), &mut std::io::sink());
        }
    }

    #[test]
    fn what_can_be_read_again_is_handed_back_and_the_program_goes_on() {
        read_all();
        let before = resident();
        let handed: u64 = maps().iter().map(unmap).sum();
        let after = resident();
        assert!(handed > 0 && after < before / 2, "{before} bytes before, {after} after, {handed} handed back");
        // Everything that comes after this, the harness's own words included, is read from the file again.
        assert_eq!(format!("{:?}", [1, 2, 3]), "[1, 2, 3]");
    }

    #[test]
    fn what_was_written_to_is_kept() {
        static TOUCHED: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(7);
        TOUCHED.store(8, std::sync::atomic::Ordering::Relaxed);
        hand_back();
        assert_eq!(TOUCHED.load(std::sync::atomic::Ordering::Relaxed), 8);
    }
}
