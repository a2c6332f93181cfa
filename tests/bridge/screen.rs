//! The double of the program with a screen: it does nothing and remembers what it was asked.

use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_api::Error;
use nightdesk_api::rpc::{Shell, Work};
use nightdesk_api::shell::{Ability, Notifications, ShellView, TestAlertShown, TextSaved, TextToSave};
use nightdesk_api::words::Severity;
use nightdesk_core::clock::Clock;
use nightdesk_core::ids::TicketId;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// The double.
pub struct Screen {
    clock: Arc<dyn Clock>,
    data: PathBuf,
    demo: bool,
    asked: Mutex<Vec<Value>>,
    state: Mutex<State>,
}

struct State {
    autostart: bool,
    muted_until: Option<DateTime<Utc>>,
    /// Why native alerts can't be shown, where they can't.
    silent: Option<String>,
}

impl Screen {
    pub fn new(clock: Arc<dyn Clock>, data: PathBuf, demo: bool) -> Self {
        let state = State { autostart: false, muted_until: None, silent: None };
        Self { clock, data, demo, asked: Mutex::default(), state: Mutex::new(state) }
    }

    /// Everything it was asked to do, in order, as `{"call", ...}`.
    pub fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap().clone()
    }

    /// Whether and why native alerts can't be shown from here on.
    pub fn silence(&self, why: Option<String>) {
        self.state.lock().unwrap().silent = why;
    }

    fn record(&self, what: Value) {
        self.asked.lock().unwrap().push(what);
    }

    fn seen(&self) -> ShellView {
        let state = self.state.lock().unwrap();
        let now = self.clock.now();
        ShellView {
            version: env!("CARGO_PKG_VERSION").into(),
            platform: std::env::consts::OS.into(),
            demo: self.demo,
            tray: Ability { ok: true, why: None },
            notifications: Notifications {
                ok: state.silent.is_none(),
                why: state.silent.clone(),
                server: state.silent.is_none().then(|| "the bridge's double".into()),
            },
            autostart: Some(state.autostart),
            mute_until: state.muted_until.filter(|until| *until > now),
            data_dir: self.data.display().to_string(),
            log_dir: None,
            watching_for: "browser test".into(),
        }
    }
}

fn done<T: Send + 'static>(value: T) -> Work<'static, T> {
    Box::pin(std::future::ready(Ok::<_, Error>(value)))
}

impl Shell for Screen {
    fn view(&self) -> Work<'_, ShellView> {
        done(self.seen())
    }

    fn autostart_set(&self, on: bool) -> Work<'_, ShellView> {
        self.record(json!({ "call": "autostart_set", "on": on }));
        self.state.lock().unwrap().autostart = on;
        done(self.seen())
    }

    fn mute(&self, minutes: Option<u32>) -> Work<'_, ShellView> {
        self.record(json!({ "call": "mute", "minutes": minutes }));
        let until = minutes.map(|m| self.clock.now() + TimeDelta::minutes(i64::from(m)));
        self.state.lock().unwrap().muted_until = until;
        done(self.seen())
    }

    fn test_alert(&self, severity: Severity) -> Work<'_, TestAlertShown> {
        self.record(json!({ "call": "test_alert", "severity": severity }));
        let why = self.state.lock().unwrap().silent.clone();
        done(TestAlertShown { shown: why.is_none(), why })
    }

    fn open_portal(&self, ticket: TicketId) -> Work<'_, ()> {
        self.record(json!({ "call": "open_portal", "ticket_id": ticket }));
        done(())
    }

    fn open_psa(&self, ticket: TicketId) -> Work<'_, ()> {
        self.record(json!({ "call": "open_psa", "ticket_id": ticket }));
        done(())
    }

    fn open_log_folder(&self) -> Work<'_, ()> {
        self.record(json!({ "call": "open_log_folder" }));
        done(())
    }

    fn save_text(&self, text: TextToSave) -> Work<'_, TextSaved> {
        let path = self.data.join(&text.name).display().to_string();
        self.record(json!({ "call": "save_text", "name": text.name, "text": text.text }));
        done(TextSaved { path: Some(path) })
    }

    fn demo_start(&self) -> Work<'_, ()> {
        self.record(json!({ "call": "demo_start" }));
        done(())
    }

    fn quit_confirmed(&self) -> Work<'_, ()> {
        self.record(json!({ "call": "quit_confirmed" }));
        done(())
    }
}
