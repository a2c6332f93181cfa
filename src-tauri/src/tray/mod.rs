//! The tray: picture, words and menu. Everything is in the menu, because clicks on the picture don't arrive everywhere.

mod host;
mod menu;
pub mod model;
mod picture;
mod words;

pub use host::TrayHost;
pub use menu::Chosen;

use menu::Menu;
use model::Model;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use tauri::AppHandle;
use tauri::tray::{TrayIcon, TrayIconBuilder};

/// The tray's icon, where the platform lets there be one.
pub struct Tray(Result<Icon, String>);

struct Icon {
    icon: TrayIcon,
    menu: Menu,
    shown: Mutex<Option<Model>>,
}

impl Tray {
    /// Makes the icon. Called on the main thread. Without one the program goes on: its window says why.
    pub fn new(app: &AppHandle, act: impl Fn(&AppHandle, Chosen) + Send + Sync + 'static) -> Self {
        // On Linux the icon's library is opened at this moment, and its absence is told by a panic.
        let made = catch_unwind(AssertUnwindSafe(|| Icon::new(app, act)));
        Self(match made {
            Ok(made) => made.map_err(|error| format!("the system gave no tray icon ({error})")),
            Err(_) => Err("the library for tray icons is missing; install libayatana-appindicator3 and start again \
                           (on Debian and Ubuntu: libayatana-appindicator3-1)"
                .to_owned()),
        })
    }

    /// Why there is no icon.
    pub fn missing(&self) -> Option<&str> {
        self.0.as_ref().err().map(String::as_str)
    }

    /// Shows what has changed, and touches nothing else.
    pub fn show(&self, model: Model) {
        let Ok(icon) = &self.0 else { return };
        let mut shown = icon.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.as_ref() == Some(&model) {
            return;
        }
        if let Err(error) = icon.show(shown.as_ref(), &model) {
            tracing::warn!(%error, "the tray could not be brought up to date");
        }
        *shown = Some(model);
    }
}

impl Icon {
    fn new(app: &AppHandle, act: impl Fn(&AppHandle, Chosen) + Send + Sync + 'static) -> tauri::Result<Self> {
        let menu = Menu::new(app)?;
        let icon = TrayIconBuilder::with_id("desk")
            .icon(picture::of(model::Face::Late))
            .tooltip("Nightdesk: starting")
            .menu(menu.whole())
            .show_menu_on_left_click(true)
            .on_menu_event(move |app, event| {
                if let Some(chosen) = Chosen::read(event.id().as_ref()) {
                    act(app, chosen);
                }
            })
            .build(app)?;
        Ok(Self { icon, menu, shown: Mutex::default() })
    }

    fn show(&self, before: Option<&Model>, now: &Model) -> tauri::Result<()> {
        if before.map(|b| b.face) != Some(now.face) {
            self.icon.set_icon(Some(picture::of(now.face)))?;
        }
        if before.map(|b| &b.tooltip) != Some(&now.tooltip) {
            // Says nothing on Linux, where the menu's first line does.
            self.icon.set_tooltip(Some(&now.tooltip))?;
        }
        if before.map(|b| &b.label) != Some(&now.label) && !cfg!(target_os = "windows") {
            self.icon.set_title(Some(&now.label))?;
        }
        self.menu.show(before, now)
    }
}
