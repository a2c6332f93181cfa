//! How much memory the C library keeps for itself.

use std::env;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// With its usual settings glibc gives each thread a heap of its own and keeps what a poll of a thousand reports needed
/// for a moment: measured, tens of MiB in a tray. It reads these only while a program is being started.
const FRUGAL: [(&str, &str); 3] =
    [("MALLOC_ARENA_MAX", "1"), ("MALLOC_TRIM_THRESHOLD_", "131072"), ("MALLOC_MMAP_THRESHOLD_", "131072")];

/// Starts this program anew in the same process with the frugal settings, unless somebody has set them already; goes on
/// without them where that can't be done. To be called while the program has no other thread.
pub fn keep_little_memory() {
    if !cfg!(target_env = "gnu") {
        return;
    }
    if FRUGAL.iter().all(|&(name, value)| env::var_os(name).is_some_and(|set| set == value)) {
        return keep_to_ourselves();
    }
    if FRUGAL.iter().any(|(name, _)| env::var_os(name).is_some()) {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let failed = Command::new(program).args(env::args_os().skip(1)).envs(FRUGAL).exec();
    eprintln!("nightdesk-desktop: it needs more memory than it could, since it cannot start itself anew: {failed}");
}

/// What is started from here, the web view's processes above all, lives briefly and is to be quick.
fn keep_to_ourselves() {
    for (name, _) in FRUGAL {
        // Safe, because nothing can read the environment meanwhile: there is no other thread yet.
        #[allow(unsafe_code)]
        unsafe {
            env::remove_var(name);
        }
    }
}
