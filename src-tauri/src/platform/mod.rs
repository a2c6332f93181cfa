//! What differs from one operating system to the next, each in a module of its own behind the same few functions.

#[cfg(all(unix, not(target_os = "macos")))]
mod freedesktop;
#[cfg(target_os = "linux")]
mod network_process;
#[cfg(not(all(unix, not(target_os = "macos"))))]
mod others;
#[cfg(target_os = "linux")]
mod resident;

#[cfg(all(unix, not(target_os = "macos")))]
pub use freedesktop::{
    keep_little_memory, kind, name, preferred_theme, session, tune, watch_machine, watch_notifications, watch_theme,
    watch_tray_host,
};
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub use others::{
    keep_little_memory, kind, name, preferred_theme, tune, watch_machine, watch_notifications, watch_theme,
    watch_tray_host,
};

#[cfg(target_os = "linux")]
pub use network_process::end_network_process;
#[cfg(target_os = "linux")]
pub use resident::hand_back;

/// Hands back memory that isn't needed any more; elsewhere the system takes it by itself.
#[cfg(not(target_os = "linux"))]
pub fn hand_back() {}

/// Ends what the web view leaves running without a window, and answers whether there was anything; elsewhere it leaves
/// nothing.
#[cfg(not(target_os = "linux"))]
pub fn end_network_process() -> bool {
    false
}

/// What the machine did that the desk must know of.
// Only where a bus tells of it.
#[cfg_attr(not(all(unix, not(target_os = "macos"))), allow(dead_code))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// It slept and is awake again.
    Woke,
    /// Its user came back to a locked screen.
    Unlocked,
    /// It has a network again, or another one.
    Connected,
}
