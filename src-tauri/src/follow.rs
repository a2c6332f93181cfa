//! Follows the desk: tells windows what changed, keeps the tray true, and ends mutes.

use crate::alerts::alert::{Alert, Rank};
use crate::program::{Program, zone};
use crate::running::Standing;
use crate::tray::model::{Known, Model, Work};
use crate::window;
use chrono::{DateTime, Utc};
use nightdesk_api as api;
use nightdesk_api::Status;
use nightdesk_api::preferences::{Preferences, preferences};
use nightdesk_api::shell::Changed;
use nightdesk_core::ids::DeliveryId;
use nightdesk_host::Tx;
use std::sync::Arc;
use std::time::Duration;
use tauri::{AppHandle, Emitter as _, Manager as _};

/// A desk becomes late and blind by mere passing of minutes, which nobody tells: so it is looked at this often at least.
const LOOK: Duration = Duration::from_secs(60);

/// What a look found.
struct Seen {
    status: Status,
    work: Work,
    answered: Vec<DeliveryId>,
    preferences: Preferences,
}

/// Follows until the program ends.
pub async fn follow(app: AppHandle, program: Arc<Program>) {
    let mut changes = program.desk.changes();
    let mut standing = program.running.follow();
    let mut tray_host = program.tray_host.clone();
    let mut told = Told::default();
    loop {
        if program.running.standing() == Standing::Ended {
            return;
        }
        look(&app, &program, &mut told).await;
        let rest = until_next(&program);
        tokio::select! {
            changed = changes.next() => match changed {
                Some(topics) => tell(&app, topics),
                None => return,
            },
            _ = standing.changed() => {}
            () = tray_host.changes() => {}
            () = program.look.notified() => {}
            () = tokio::time::sleep(rest) => {}
        }
    }
}

/// Until the next look that nobody asks for: soon after a mute's end, else by mere time.
fn until_next(program: &Program) -> Duration {
    let until = program.bell.muted_until().map(|until| until - program.desk.clock().now());
    let until = until.and_then(|left| left.to_std().ok()).map(|left| left + Duration::from_millis(20));
    until.map_or(LOOK, |left| left.min(LOOK))
}

fn tell(app: &AppHandle, topics: std::collections::BTreeMap<String, i64>) {
    if app.webview_windows().is_empty() {
        return;
    }
    if let Err(error) = app.emit("changed", Changed { topics }) {
        tracing::warn!(%error, "the windows could not be told what changed");
    }
}

/// What was said before and isn't said again.
#[derive(Default)]
struct Told {
    was_muted: Option<DateTime<Utc>>,
    began: bool,
    alarmed: bool,
    notes: usize,
}

async fn look(app: &AppHandle, program: &Arc<Program>, told: &mut Told) {
    let standing = program.running.standing();
    let seen = match standing {
        Standing::Running(_) => read(program).await,
        Standing::Starting | Standing::Failed(_) | Standing::Refused(_) | Standing::Ended => None,
    };
    if let Standing::Running(notes) = &standing
        && notes.len() > told.notes
    {
        told.notes = notes.len();
        let body = notes.first().cloned().unwrap_or_default();
        ring(program, "Nightdesk had to recover its database", body).await;
    }
    let muted_until = program.bell.muted_until();
    let trouble = program.running.trouble();
    let service = program.bell.service();
    let known = Known {
        status: seen.as_ref().map(|s| &s.status),
        work: seen.as_ref().map(|s| s.work).unwrap_or_default(),
        engine: trouble.as_deref(),
        alerts: service.trouble(),
        muted_until,
        zone: zone(program.desk.clock().now()),
    };
    if let Some(tray) = program.tray() {
        tray.show(Model::of(&known));
    }
    if let Some(seen) = seen {
        program.prefer(seen.preferences);
        program.bell.clear(&seen.answered).await;
        if seen.work.unacknowledged == 0 {
            if told.alarmed {
                window::end_alarm(app);
            }
            told.alarmed = false;
        } else {
            told.alarmed = true;
        }
        // At the start too: what was held back when the program ended is shown now.
        if (told.was_muted.is_some() && muted_until.is_none()) || !told.began {
            told.began = true;
            program.bell.replay().await;
        }
        told.was_muted = muted_until;
    }
    if app.webview_windows().is_empty() {
        program.desk.release();
    }
}

async fn read(program: &Program) -> Option<Seen> {
    let on_screen = program.bell.on_screen().await;
    let seen = program.desk.ask(move |tx, at| {
        let card = api::status_card::card(tx, at)?;
        let alerts = api::alerts_to_acknowledge(tx, at.now)?;
        Ok(Seen {
            work: Work {
                triage: card.counts.triage,
                critical: card.counts.critical_open,
                unacknowledged: i64::try_from(alerts.len()).unwrap_or(i64::MAX),
            },
            status: card.status,
            answered: answered(tx, on_screen)?,
            preferences: preferences(tx)?,
        })
    });
    seen.await.inspect_err(|error| tracing::warn!(%error, "the desk could not be looked at")).ok()
}

/// Those of the deliveries on the screen that want no answer any more: acknowledged, or their ticket is closed.
fn answered(tx: &Tx<'_>, on_screen: Vec<DeliveryId>) -> Result<Vec<DeliveryId>, api::Error> {
    let mut out = Vec::new();
    for id in on_screen {
        if api::alert_is_answered(tx, id)? {
            out.push(id);
        }
    }
    Ok(out)
}

async fn ring(program: &Program, summary: &str, body: String) {
    let alert = Alert { delivery: None, ticket: None, rank: Rank::Critical, summary: summary.to_owned(), body };
    program.bell.ring_plainly(&alert, false).await;
}
