//! The tray's menu.

use super::model::Model;
use crate::alerts::mute::Span;
use std::sync::atomic::{AtomicBool, Ordering};
use tauri::AppHandle;
use tauri::menu::{IsMenuItem, MenuItem, PredefinedMenuItem, Submenu};

/// Something in the menu was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// Poll now.
    Poll,
    /// Show the triage board.
    Triage,
    /// Show what can be acknowledged.
    Acknowledge,
    /// Mute for so long.
    Mute(Span),
    /// End the mute.
    Unmute,
    /// Show the folder of the logs.
    Logs,
    /// End the program.
    Quit,
}

const POLL: &str = "poll";
const TRIAGE: &str = "triage";
const ACKNOWLEDGE: &str = "acknowledge";
const MUTE: &str = "mute:";
const UNMUTE: &str = "unmute";
const LOGS: &str = "logs";
const QUIT: &str = "quit";

impl Chosen {
    /// Reads an item's name.
    pub fn read(id: &str) -> Option<Self> {
        if let Some(number) = id.strip_prefix(MUTE) {
            let number: usize = number.parse().ok()?;
            return Span::OFFERED.get(number).map(|(span, _)| Self::Mute(*span));
        }
        Some(match id {
            POLL => Self::Poll,
            TRIAGE => Self::Triage,
            ACKNOWLEDGE => Self::Acknowledge,
            UNMUTE => Self::Unmute,
            LOGS => Self::Logs,
            QUIT => Self::Quit,
            _ => return None,
        })
    }
}

/// The menu and those of its items that change.
pub struct Menu {
    whole: tauri::menu::Menu<tauri::Wry>,
    status: MenuItem<tauri::Wry>,
    triage: MenuItem<tauri::Wry>,
    acknowledge: MenuItem<tauri::Wry>,
    unmute: MenuItem<tauri::Wry>,
    is_muted: AtomicBool,
}

/// Where the item that ends a mute stands, while there is one: below the one that begins it.
const UNMUTE_AT: usize = 6;

impl Menu {
    /// The menu before anything is known.
    pub fn new(app: &AppHandle) -> tauri::Result<Self> {
        let item = |id: &str, text: &str, enabled: bool| MenuItem::with_id(app, id, text, enabled, None::<&str>);
        let status = item("status", "Starting", false)?;
        let poll = item(POLL, "Poll now", true)?;
        let triage = item(TRIAGE, "Open triage board", true)?;
        let acknowledge = item(ACKNOWLEDGE, "Acknowledge…", false)?;
        let spans: Vec<MenuItem<tauri::Wry>> = Span::OFFERED
            .iter()
            .enumerate()
            .map(|(n, (_, words))| item(&format!("{MUTE}{n}"), words, true))
            .collect::<Result<_, _>>()?;
        let spans: Vec<&dyn IsMenuItem<tauri::Wry>> = spans.iter().map(|s| s as &dyn IsMenuItem<tauri::Wry>).collect();
        let mute = Submenu::with_id_and_items(app, "mute", "Mute desk alerts for…", true, &spans)?;
        let unmute = item(UNMUTE, "Unmute desk alerts", true)?;
        let logs = item(LOGS, "Open log folder", true)?;
        let quit = item(QUIT, "Quit", true)?;
        let line = || PredefinedMenuItem::separator(app);
        let whole = tauri::menu::Menu::with_items(
            app,
            &[&status, &line()?, &poll, &triage, &acknowledge, &mute, &line()?, &logs, &quit],
        )?;
        Ok(Self { whole, status, triage, acknowledge, unmute, is_muted: AtomicBool::new(false) })
    }

    /// All of it.
    pub fn whole(&self) -> &tauri::menu::Menu<tauri::Wry> {
        &self.whole
    }

    /// Shows what has changed since `before`.
    pub fn show(&self, before: Option<&Model>, now: &Model) -> tauri::Result<()> {
        if before.map(|b| &b.status) != Some(&now.status) {
            self.status.set_text(&now.status)?;
        }
        if before.map(|b| &b.triage) != Some(&now.triage) {
            self.triage.set_text(&now.triage)?;
        }
        if before.map(|b| b.can_acknowledge) != Some(now.can_acknowledge) {
            self.acknowledge.set_enabled(now.can_acknowledge)?;
        }
        if before.map(|b| &b.muted) != Some(&now.muted) {
            self.show_mute(now.muted.as_deref())?;
        }
        Ok(())
    }

    fn show_mute(&self, until: Option<&str>) -> tauri::Result<()> {
        let was_muted = self.is_muted.swap(until.is_some(), Ordering::SeqCst);
        match until {
            Some(until) => {
                self.unmute.set_text(format!("Unmute desk alerts (muted until {until})"))?;
                if was_muted { Ok(()) } else { self.whole.insert(&self.unmute, UNMUTE_AT) }
            }
            None if was_muted => self.whole.remove(&self.unmute),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_that_acts_is_read_back() {
        for (id, chosen) in [
            (POLL, Chosen::Poll),
            (TRIAGE, Chosen::Triage),
            (ACKNOWLEDGE, Chosen::Acknowledge),
            (UNMUTE, Chosen::Unmute),
            (LOGS, Chosen::Logs),
            (QUIT, Chosen::Quit),
            ("mute:3", Chosen::Mute(Span::Morning)),
        ] {
            assert_eq!(Chosen::read(id), Some(chosen));
        }
        assert_eq!((Chosen::read("status"), Chosen::read("mute:9"), Chosen::read("mute:x")), (None, None, None));
    }
}
