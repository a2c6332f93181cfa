//! What the tray shows, decided from what is known: pure, so that it can be told in tests what nobody sees coming.
//!
//! ND-17: the picture follows from the status card's evidence. Trouble with the desk's own sight stands above work,
//! because a count of nothing means nothing while nobody looks; the work is still said in words.

use super::words::{clock, count, line};
use chrono::{DateTime, FixedOffset, Utc};
use nightdesk_api::Status;
use nightdesk_core::health::State;

/// The six pictures of the tray. Each has a shape of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    /// Huntress was read lately and nothing waits.
    Watching,
    /// Tickets wait on the triage board.
    NeedsTriage,
    /// A critical incident is open, or something failed that a person must look at.
    Critical,
    /// A read is overdue.
    Late,
    /// No proof for too long.
    Blind,
    /// Not polling, for a reason that a person must settle.
    Paused,
}

/// Work that waits for somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Open tickets on the triage board.
    pub triage: i64,
    /// Open tickets of critical incidents, on any board.
    pub critical: i64,
    /// Alerts and pages that nobody has acknowledged.
    pub unacknowledged: i64,
}

/// Everything that the tray is decided from.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    /// The status card; `None` while no engine has opened the store.
    pub status: Option<&'a Status>,
    /// What waits.
    pub work: Work,
    /// Why no engine runs, where it has failed.
    pub engine: Option<&'a str>,
    /// Why alerts can't be shown, or may not be seen.
    pub alerts: Option<&'a str>,
    /// Until when desk alerts are muted.
    pub muted_until: Option<DateTime<Utc>>,
    /// The wall clock's zone here and now.
    pub zone: FixedOffset,
}

/// What the tray shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// The picture.
    pub face: Face,
    /// One or two words beside the picture, where the platform has room for them; empty when all is well.
    pub label: String,
    /// Sentences, where the platform shows them under the pointer.
    pub tooltip: String,
    /// The menu's first line.
    pub status: String,
    /// The way to the triage board.
    pub triage: String,
    /// Whether anything can be acknowledged.
    pub can_acknowledge: bool,
    /// Until when alerts are muted, as the menu says it.
    pub muted: Option<String>,
}

impl Model {
    /// Decides.
    pub fn of(known: &Known<'_>) -> Self {
        let face = face(known);
        let status = sight(known);
        let work = work(known);
        let mut lines = vec![status.clone()];
        lines.extend(work.iter().cloned());
        lines.extend(known.status.iter().flat_map(|s| s.alarms.iter().map(|a| line(a))));
        lines.extend(known.alerts.map(line));
        let alone = known.status.filter(|s| !s.email.fallback);
        lines.extend(
            alone.map(|s| format!("No fallback: {}", line(s.email.why.as_deref().unwrap_or("mail isn't set up")))),
        );
        let muted = known.muted_until.map(|until| clock(until, known.zone));
        lines.extend(
            muted.as_ref().map(|until| format!("Desk alerts are muted until {until}; critical ones come through")),
        );
        Self {
            face,
            label: label(face, known),
            tooltip: lines.join("\n"),
            status: std::iter::once(status)
                .chain(work)
                .chain(alone.map(|_| "no fallback".to_owned()))
                .collect::<Vec<_>>()
                .join(" · "),
            triage: match known.work.triage {
                0 => "Open triage board".to_owned(),
                n => format!("Open triage board ({n})"),
            },
            can_acknowledge: known.work.unacknowledged > 0,
            muted,
        }
    }
}

fn face(known: &Known<'_>) -> Face {
    if known.engine.is_some() {
        return Face::Blind;
    }
    let Some(status) = known.status else { return Face::Late };
    match status.state {
        State::Paused => Face::Paused,
        State::Blind => Face::Blind,
        State::Late => Face::Late,
        State::Watching if known.work.critical > 0 || failed(status) > 0 || !status.alarms.is_empty() => Face::Critical,
        State::Watching if known.work.triage > 0 => Face::NeedsTriage,
        State::Watching => Face::Watching,
    }
}

/// Deliveries that ended badly or that nobody can tell about (ND-8).
fn failed(status: &Status) -> i64 {
    status.outbox.dead + status.outbox.needs_human + status.outbox.in_doubt
}

fn label(face: Face, known: &Known<'_>) -> String {
    match face {
        Face::Watching => String::new(),
        Face::NeedsTriage => format!("{} to triage", known.work.triage),
        Face::Critical if known.work.critical > 0 => format!("{} critical", known.work.critical),
        Face::Critical => "Alarm".to_owned(),
        Face::Late => "Late".to_owned(),
        Face::Blind => "Blind".to_owned(),
        Face::Paused => "Paused".to_owned(),
    }
}

/// What the desk can see, with its evidence.
fn sight(known: &Known<'_>) -> String {
    if let Some(why) = known.engine {
        return format!("Not watching: {}", line(why));
    }
    let Some(status) = known.status else { return "Starting".to_owned() };
    let at = |at: Option<DateTime<Utc>>| at.map(|at| clock(at, known.zone));
    let since = at(status.since);
    match status.state {
        State::Watching => {
            let organizations = count(status.organizations, "organization", "organizations");
            match at(status.last_poll.at) {
                Some(poll) => format!("Watching {organizations}, last poll {poll}"),
                None => format!("Watching {organizations}"),
            }
        }
        State::Late => format!("Late: last read {}{}", since.as_deref().unwrap_or("never"), because(status)),
        State::Blind => match since {
            Some(since) => format!("Blind since {since}{}", because(status)),
            None => format!("Blind: nothing was read yet{}", because(status)),
        },
        State::Paused => {
            let why = status.reason.as_deref().map_or_else(|| "a person must decide".to_owned(), line);
            format!("Paused: {why}")
        }
    }
}

fn because(status: &Status) -> String {
    match (&status.last_poll.ok, &status.last_poll.error) {
        (Some(false), Some(error)) => format!(", {}", line(error)),
        _ => String::new(),
    }
}

fn work(known: &Known<'_>) -> Vec<String> {
    let mut out = Vec::new();
    if known.work.critical > 0 {
        out.push(count(known.work.critical, "critical incident open", "critical incidents open"));
    }
    if known.work.triage > 0 {
        out.push(format!("{} to triage", known.work.triage));
    }
    let failed = known.status.map_or(0, failed);
    if failed > 0 {
        out.push(count(failed, "delivery needs you", "deliveries need you"));
    }
    out
}

#[cfg(test)]
mod tests;
