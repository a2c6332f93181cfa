//! Windows and macOS. Both always show tray icons and notifications, tell the web view their theme themselves, and wake
//! a sleeping program's timers at once: the engine's own watch sees the lapse of time and polls.

use super::Happened;
use tauri::WebviewWindow;
use tokio::sync::watch;

/// The system in words.
pub fn name() -> String {
    let name = if cfg!(target_os = "macos") { "macOS" } else { "Windows" };
    format!("{name} ({})", std::env::consts::ARCH)
}

/// What kind of place this is.
pub fn kind() -> &'static str {
    if cfg!(target_os = "macos") { "Mac" } else { "Windows desktop" }
}

/// The web view follows the system by itself.
pub fn preferred_theme() -> Option<tauri::Theme> {
    None
}

/// Memory that is free goes back by itself.
pub fn keep_little_memory() {}

/// Nothing to save here.
pub fn tune(_window: &WebviewWindow) {}

/// There is always one.
pub fn watch_tray_host(tell: watch::Sender<Option<bool>>) {
    tell.send_replace(Some(true));
}

/// The service never comes or goes.
pub fn watch_notifications(_changed: impl Fn() + Send + Sync + 'static) {}

/// Seen by the engine's clock.
pub fn watch_machine(_happened: impl Fn(Happened) + Send + Sync + 'static) {}

/// Told to the web view.
pub fn watch_theme(_changed: impl Fn() + Send + Sync + 'static) {}
