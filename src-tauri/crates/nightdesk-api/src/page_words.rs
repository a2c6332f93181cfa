//! What happens with a page just now, in a few words.

use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::Channel;
use nightdesk_core::paging::{PageState, Rung, StepState, Tree};
use nightdesk_store::{PageRow, RunRow, StepRow};

/// What the words are made from.
pub(crate) struct Now<'a> {
    pub now: DateTime<Utc>,
    pub tree: &'a Tree,
    pub page: &'a PageRow,
    pub run: &'a RunRow,
    pub steps: &'a [StepRow],
}

/// In words such as "calling Dana (round 1)" or "texted Kim, next: Lee in 3 min"; `None` once the page is over.
pub(crate) fn doing(at: &Now<'_>) -> Option<String> {
    if !at.page.state.is_open() {
        return None;
    }
    let Some(newest) = at.steps.iter().map(|s| s.at).max() else {
        return Some(held(at));
    };
    let told: Vec<&StepRow> = at.steps.iter().filter(|s| s.at == newest).collect();
    let who = told.first().map_or("", |s| s.contact.as_str());
    let call = told.iter().find(|s| s.channel == Channel::Call).map(|s| s.state);
    let round = newest.round + 1;
    Some(match call {
        Some(StepState::Queued | StepState::Sent) => format!("calling {who} (round {round})"),
        Some(StepState::Ringing) => format!("{who}'s phone rings (round {round})"),
        Some(StepState::Answered) => format!("{who} has answered the phone (round {round})"),
        _ => format!("{}{}", said(who, &told), then(at)),
    })
}

fn held(at: &Now<'_>) -> String {
    let Some(until) = at.run.next_at.filter(|until| *until > at.now) else { return "about to begin".to_owned() };
    // Nothing is bundled with what a person asked for: it only doesn't ring into another page's call.
    if at.page.forced {
        return format!("waits for a free line, {} at most", span(until - at.now));
    }
    let why = if at.page.matter.is_unsure { "its severity is being asked for" } else { "bundled with others" };
    format!("held for {}: {why}", span(until - at.now))
}

/// What came of the contact who was told last, where no phone of theirs rings.
fn said(who: &str, told: &[&StepRow]) -> String {
    let text = told.iter().any(|s| s.channel == Channel::Sms && (s.state.was_told() || s.state == StepState::Queued));
    let call = told.iter().find(|s| s.channel == Channel::Call).map(|s| s.state);
    let call = match call {
        Some(StepState::Voicemail) => Some("reached voicemail"),
        Some(StepState::NoAnswer) => Some("no answer"),
        Some(StepState::Busy) => Some("busy"),
        Some(StepState::NoKey) => Some("no key pressed"),
        Some(StepState::PassedOn) => Some("passed on"),
        Some(StepState::Failed) => Some("the call failed"),
        _ => None,
    };
    match (text, call) {
        (_, Some("passed on")) => format!("{who} passed it on"),
        (true, Some(call)) => format!("texted {who} ({call})"),
        (true, None) => format!("texted {who}"),
        (false, Some(call)) => format!("called {who} ({call})"),
        (false, None) => format!("{who} could not be told"),
    }
}

/// Who is next, and when.
fn then(at: &Now<'_>) -> String {
    let Some(when) = at.run.next_at else { return String::new() };
    let when = if when > at.now { format!("in {}", span(when - at.now)) } else { "now".to_owned() };
    let was_told = |round: u32, rung: &Rung| {
        at.steps.iter().any(|s| s.at.round == round && s.contact == rung.contact && s.phone == rung.phone)
    };
    if let Some((n, _)) = at.tree.upcoming(at.run.next, was_told) {
        return format!(", next: {} {when}", at.tree.rungs[n].contact);
    }
    if at.page.state == PageState::Waiting { String::new() } else { format!(", nobody is left: given up {when}") }
}

fn span(length: Duration) -> String {
    match length.num_seconds().max(0) {
        seconds @ 0..90 => format!("{seconds} s"),
        seconds => format!("{} min", (seconds + 30) / 60),
    }
}
