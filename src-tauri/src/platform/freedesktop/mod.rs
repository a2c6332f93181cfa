//! Linux and its relatives: what the desktop's and the machine's buses tell.

mod bus;
mod machine;
mod memory;
mod theme;

pub use bus::{session, watch_notifications, watch_tray_host};
pub use machine::watch_machine;
pub use memory::keep_little_memory;
pub use theme::{preferred_theme, watch_theme};

use tauri::WebviewWindow;
use webkit2gtk::{CacheModel, SettingsExt as _, WebContextExt as _, WebViewExt};

/// The system in words, as it names itself.
pub fn name() -> String {
    let named = std::fs::read_to_string("/etc/os-release").ok().and_then(|text| pretty_name(&text));
    named.unwrap_or_else(|| format!("{} ({})", std::env::consts::OS, std::env::consts::ARCH))
}

/// What kind of place this is.
pub fn kind() -> &'static str {
    "Linux desktop"
}

fn pretty_name(text: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    let name = line.trim().trim_matches(['"', '\'']).trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Turns off in the web view what a board of tickets never uses and pays for in memory.
pub fn tune(window: &WebviewWindow) {
    let tuned = window.with_webview(|view| {
        let view = view.inner();
        if let Some(context) = view.context() {
            // No page is ever gone back to, so none is kept.
            context.set_cache_model(CacheModel::DocumentViewer);
            context.set_spell_checking_enabled(false);
        }
        if let Some(settings) = WebViewExt::settings(&view) {
            settings.set_enable_page_cache(false);
            settings.set_enable_html5_database(false);
            settings.set_enable_html5_local_storage(false);
            settings.set_enable_media(false);
            settings.set_enable_mediasource(false);
            settings.set_enable_webaudio(false);
            settings.set_enable_webgl(false);
            settings.set_enable_dns_prefetching(false);
            settings.set_enable_smooth_scrolling(true);
        }
    });
    if let Err(error) = tuned {
        tracing::warn!(%error, "the web view kept its usual settings");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_names_itself() {
        assert_eq!(pretty_name("ID=x\nPRETTY_NAME=\"Debian 12\"\n").as_deref(), Some("Debian 12"));
        assert_eq!(pretty_name("PRETTY_NAME=\n"), None);
        assert_eq!(pretty_name(""), None);
    }
}
