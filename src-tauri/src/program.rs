//! The program around the desk: what its parts share.

use crate::alerts::Bell;
use crate::alerts::alert::{Alert, Rank};
use crate::alerts::mute::Span;
use crate::exit::{self, Asked, Decision, Open};
use crate::first_look::FirstLook;
use crate::running::Running;
use crate::tray::{Tray, TrayHost};
use crate::window;
use chrono::{DateTime, FixedOffset, Local, TimeDelta, Utc};
use nightdesk_api as api;
use nightdesk_api::preferences::{self, Preferences, PreferencesChange};
use nightdesk_api::shell::Goto;
use nightdesk_host::Desk;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tauri::AppHandle;
use tokio::sync::Notify;

/// After the engine's own bound the process ends, whatever still hangs.
const GRACE: Duration = Duration::from_millis(750);

/// The program.
pub struct Program {
    /// The desk.
    pub desk: Desk,
    /// Its engine.
    pub running: Running,
    /// Its alerts.
    pub bell: Arc<Bell>,
    /// Whoever shows tray icons here.
    pub tray_host: TrayHost,
    /// Where the logs are, where there are any.
    pub logs: Option<PathBuf>,
    /// Whether it can be started with the user's session: not the demo, nor a desk in a directory of its own.
    pub is_usual: bool,
    /// What the newest window begins with.
    pub first_look: FirstLook,
    /// Asks for a look at everything that the tray shows.
    pub look: Notify,
    /// Tells that the boards' window was closed.
    pub closed: Notify,
    tray: OnceLock<Tray>,
    preferences: Mutex<Preferences>,
    pending: Mutex<Option<Goto>>,
    opening: Mutex<Option<DateTime<Utc>>>,
    is_ending: AtomicBool,
}

impl Program {
    /// A program whose tray isn't there yet.
    pub fn new(desk: Desk, running: Running, bell: Arc<Bell>, logs: Option<PathBuf>, is_usual: bool) -> Self {
        Self {
            desk,
            running,
            bell,
            tray_host: TrayHost::watch(),
            logs,
            is_usual,
            look: Notify::new(),
            closed: Notify::new(),
            tray: OnceLock::new(),
            preferences: Mutex::default(),
            pending: Mutex::default(),
            opening: Mutex::default(),
            first_look: FirstLook::default(),
            is_ending: AtomicBool::new(false),
        }
    }

    /// The boards' window begins to open.
    pub fn opening(&self) {
        let now = self.desk.clock().now();
        *self.opening.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// The window that began to open shows something: how long that took, once for each opening.
    pub fn painted(&self) -> Option<TimeDelta> {
        let began = self.opening.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some(self.desk.clock().now() - began)
    }

    /// Keeps the tray.
    pub fn keep_tray(&self, tray: Tray) {
        let _already = self.tray.set(tray);
    }

    /// The tray, once it was tried for.
    pub fn tray(&self) -> Option<&Tray> {
        self.tray.get()
    }

    /// Why the tray's icon isn't seen.
    pub fn tray_trouble(&self) -> Option<&str> {
        self.tray().and_then(Tray::missing).or_else(|| self.tray_host.missing())
    }

    /// How the desk looks and sounds to this user, as last read.
    pub fn preferences(&self) -> Preferences {
        self.preferences.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes in preferences; answers those before.
    pub fn prefer(&self, now: Preferences) -> Preferences {
        self.bell.sounds(now.sound);
        std::mem::replace(&mut *self.preferences.lock().unwrap_or_else(PoisonError::into_inner), now)
    }

    /// Where the web view may keep what it must: beside the data, so that nothing of it is elsewhere.
    pub fn web_data(&self) -> PathBuf {
        self.desk.dir().path().join("webview")
    }

    /// A question for the next window that listens.
    pub fn set_pending(&self, question: Option<Goto>) {
        *self.pending.lock().unwrap_or_else(PoisonError::into_inner) = question;
    }

    /// Takes the question that waits for a window.
    pub fn take_pending(&self) -> Option<Goto> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Mutes desk alerts for so long; `None` unmutes, and shows what was held back.
    pub fn mute(&self, span: Option<Span>) {
        let now = self.desk.clock().now();
        self.bell.mute(span.map(|span| span.end(now, zone(now))));
        self.look.notify_one();
    }

    /// Says once that a closed window doesn't end the desk.
    pub async fn hint_at_tray(&self) {
        let shown = PreferencesChange { keep_in_tray_hint_shown: Some(true), ..PreferencesChange::default() };
        match self.desk.change(move |tx, _| preferences::set(tx, shown)).await {
            Ok(now) => drop(self.prefer(now)),
            Err(error) => tracing::warn!(%error, "a preference could not be kept"),
        }
        let body = match self.tray_trouble() {
            None => "Nightdesk goes on watching in the tray. Its menu has everything, Quit too.",
            Some(_) => "Nightdesk goes on watching without a window. Start it again to see it.",
        };
        let hint = Alert {
            delivery: None,
            ticket: None,
            rank: Rank::Low,
            summary: "Still watching".to_owned(),
            body: body.to_owned(),
        };
        self.bell.ring_plainly(&hint, true).await;
    }

    /// Ends the program, or asks first.
    pub async fn quit(&self, app: &AppHandle, asked: Asked) {
        let pages = match asked {
            Asked::Person => self.desk.ask(|tx, _| api::open_pages(tx)).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "open pages could not be counted");
                0
            }),
            Asked::Insisting | Asked::System => 0,
        };
        match exit::decide(asked, Open { pages }) {
            Decision::Ask(reason) => {
                window::show(app, Some(Goto { reason: Some(reason), ..window::place("quit") }));
            }
            Decision::Quit(within) => self.end(app, within).await,
        }
    }

    async fn end(&self, app: &AppHandle, within: Duration) {
        if self.is_ending.swap(true, Ordering::SeqCst) {
            return;
        }
        tracing::info!("Nightdesk ends");
        // A window system that hangs mustn't keep the process: the engine has its own bound.
        std::thread::spawn(move || {
            std::thread::sleep(within + GRACE);
            std::process::exit(0);
        });
        self.running.stop(within).await;
        app.exit(0);
    }
}

/// The wall clock's zone here at a moment.
pub fn zone(at: DateTime<Utc>) -> FixedOffset {
    *at.with_timezone(&Local).offset()
}
