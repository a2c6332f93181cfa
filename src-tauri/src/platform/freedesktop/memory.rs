//! How much memory the C library keeps for itself.

use std::env;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// With its usual settings glibc gives each thread a heap of its own and keeps what a poll of a thousand reports needed
/// for a moment: measured, tens of MiB in a tray. It reads these only while a program is being started.
const FRUGAL: [(&str, &str); 3] =
    [("MALLOC_ARENA_MAX", "1"), ("MALLOC_TRIM_THRESHOLD_", "131072"), ("MALLOC_MMAP_THRESHOLD_", "131072")];

/// Starts this program anew in the same process with the frugal settings, unless somebody has set them already; goes on
/// without them where that can't be done.
pub fn keep_little_memory() {
    if !cfg!(target_env = "gnu") || FRUGAL.iter().any(|(name, _)| env::var_os(name).is_some()) {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let failed = Command::new(program).args(env::args_os().skip(1)).envs(FRUGAL).exec();
    eprintln!("nightdesk-desktop: it needs more memory than it could, since it cannot start itself anew: {failed}");
}
