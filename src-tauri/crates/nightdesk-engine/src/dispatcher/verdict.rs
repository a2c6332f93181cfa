//! What an outcome means for its delivery, and what a bad end brings with it (ND-8).

use crate::hooks;
use crate::mail;
use crate::paging;
use crate::psa;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::delivery::{
    Doubt, Event, Kind, LOOK_UPS, Outcome, State, doubt_unresolved, max_attempts, retry_at,
};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::ledger::{self, Draft};
use nightdesk_core::port::{Found, Obstacle};
use nightdesk_store::{DeliveryRow, Error, Tx};

/// The longest wait between two questions to a provider that can't be asked.
const LONGEST_ASKING: i64 = 300;

/// What becomes of a claimed delivery: a settlement that owns its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub event: Event,
    pub due_at: Option<DateTime<Utc>>,
    pub error: Option<String>,
    pub remote_ref: Option<String>,
    pub possible_repeat: bool,
    /// Why nothing more of the kind gets to the destination.
    pub obstacle: Option<Obstacle>,
}

impl Verdict {
    pub fn new(event: Event) -> Self {
        Self { event, due_at: None, error: None, remote_ref: None, possible_repeat: false, obstacle: None }
    }

    fn because(mut self, error: impl Into<String>) -> Self {
        self.error = Some(error.into());
        self
    }

    fn due(mut self, at: DateTime<Utc>) -> Self {
        self.due_at = Some(at);
        self
    }

    fn known_as(mut self, remote_ref: Option<String>) -> Self {
        self.remote_ref = remote_ref;
        self
    }

    fn maybe_repeated(mut self) -> Self {
        self.possible_repeat = true;
        self
    }
}

/// An attempt's place in its row of tries. A redriven dead letter's attempts are numbered on, and it has a new row.
fn try_number(kind: Kind, attempt: u32) -> u32 {
    (attempt.max(1) - 1) % max_attempts(kind) + 1
}

/// What an attempt's outcome means.
pub(super) fn of_outcome(kind: Kind, outcome: Outcome, attempt: u32, now: DateTime<Utc>, jitter: f64) -> Verdict {
    match outcome {
        Outcome::Accepted { remote_ref } => Verdict::new(Event::Accept).known_as(remote_ref),
        Outcome::Delivered { remote_ref } => Verdict::new(Event::Deliver).known_as(remote_ref),
        Outcome::Temporary { error, retry_after } => {
            match retry_at(kind, try_number(kind, attempt), now, retry_after, jitter) {
                Some(at) => Verdict::new(Event::FailForNow).due(at).because(error),
                None => Verdict::new(Event::Exhaust).because(error),
            }
        }
        Outcome::Permanent { error } => Verdict::new(Event::Reject).because(error),
        Outcome::OutOfReach { error, obstacle } => {
            Verdict { obstacle: Some(obstacle), ..Verdict::new(Event::Reject).because(error) }
        }
        Outcome::NeedsHuman { error } => Verdict::new(Event::Refer).because(error),
        Outcome::Unknown { error } => Verdict::new(Event::LoseSight).due(now).because(error),
    }
}

/// What a rule about doubt means for a delivery of so many attempts.
pub(super) fn of_doubt(kind: Kind, decided: Doubt, attempts: u32, now: DateTime<Utc>, jitter: f64) -> Verdict {
    match decided {
        // Marked too: whoever sends it again by hand must know that it may have arrived.
        Doubt::Person => Verdict::new(Event::Refer)
            .because("nobody can tell whether it arrived; look there, then send it again or let it be")
            .maybe_repeated(),
        Doubt::Repeat | Doubt::RepeatMarked | Doubt::Ask
            if attempts > 0 && try_number(kind, attempts) == max_attempts(kind) =>
        {
            let spent = Verdict::new(Event::Exhaust);
            // What a PSA said last tells more than that it said nothing for certain.
            let is_psa = kind.is_for_psa();
            if is_psa { spent } else { spent.because("the last try was left without an answer") }
        }
        // Silence is how a webhook mostly fails, and a PSA behind a proxy that is being restarted: the schedule is kept, so
        // that nobody is hammered and the tries aren't used up within minutes.
        Doubt::Repeat => {
            let at = retry_at(kind, try_number(kind, attempts), now, None, jitter);
            Verdict::new(Event::FoundAbsent).due(at.unwrap_or(now))
        }
        // A server that loses its answers each time would otherwise hand somebody dozens of copies at once.
        Doubt::RepeatMarked if kind == Kind::Email => {
            let at = retry_at(kind, try_number(kind, attempts), now, None, jitter);
            Verdict::new(Event::FoundAbsent).due(at.unwrap_or(now)).maybe_repeated()
        }
        Doubt::RepeatMarked | Doubt::Ask => Verdict::new(Event::FoundAbsent).due(now).maybe_repeated(),
    }
}

/// What a look-up means, made at `now` for the time `due_at`, when so many were made before it.
pub(super) fn of_look_up(
    found: Found,
    kind: Kind,
    attempts: u32,
    doubts: u32,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Verdict {
    match found {
        Found::Yes { remote_ref } => Verdict::new(Event::Accept).known_as(remote_ref),
        Found::No if doubts as usize + 1 >= LOOK_UPS.len() => {
            of_doubt(kind, doubt_unresolved(kind), attempts, now, 0.5)
        }
        // Counted from the moment of doubt, not from this answer; never in the past, or all would be asked at once.
        Found::No => Verdict::new(Event::LoseSight).due((due_at + asking_delay(doubts)).max(now)),
        // Never sent again blindly: as long as the provider can't be asked, it is asked again.
        Found::Unknown(error) => Verdict::new(Event::LoseSight).due(now + asking_delay(doubts)).because(error),
    }
}

/// From one look-up to the next: by the schedule, then ever longer.
fn asking_delay(doubts: u32) -> Duration {
    let n = doubts as usize;
    let seconds = match (LOOK_UPS.get(n), LOOK_UPS.get(n + 1)) {
        (Some(this), Some(next)) => next - this,
        _ => (LOOK_UPS[LOOK_UPS.len() - 1] << (n + 1 - LOOK_UPS.len()).min(8)).min(LONGEST_ASKING),
    };
    Duration::seconds(seconds)
}

/// Whether a delivery in this state got where it should.
pub(super) fn is_well(state: State) -> bool {
    matches!(state, State::Accepted | State::Delivered | State::Acknowledged)
}

/// Ends what is too late to be of use, and says so.
pub(super) fn expire(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<bool, Error> {
    let expired = tx.expire_deliveries(now)?;
    for &id in &expired {
        if let Some(row) = tx.delivery(id)?.filter(|row| !mail::is_trial(&row.marker)) {
            let reason = row.last_error.clone().unwrap_or_else(|| "its time was over before it could leave".to_owned());
            record(tx, &row, now, &reason)?;
        }
    }
    Ok(!expired.is_empty())
}

/// ND-8: a delivery that ended badly is written down where people look, and its news takes another way. The alarm
/// itself follows from the outbox's counts, so that it lasts until somebody deals with the delivery.
pub(crate) fn conclude(tx: &Tx<'_>, id: DeliveryId, state: State, now: DateTime<Utc>) -> Result<(), Error> {
    if !matches!(state, State::Rejected | State::DeadLettered | State::NeedsHuman) {
        return Ok(());
    }
    let Some(row) = tx.delivery(id)? else { return Ok(()) };
    // A drill's own report says what failed; people see it at once, because they wait for it.
    if hooks::is_test(&row) || (state == State::Rejected && paging::is_tried_out(tx, id)?) {
        return Ok(());
    }
    if mail::is_trial(&row.marker) {
        // Whoever tries is told by the trial's own report; it is no trouble that anybody has to deal with.
        tx.change_delivery(id, Event::Cancel, now)?;
        return Ok(());
    }
    let mut reason = row.last_error.clone().unwrap_or_else(|| "no reason was given".to_owned());
    if let Some(comfort) = paging::comfort(&row.marker) {
        reason = format!("{comfort}: {reason}");
        tx.set_delivery_error(id, &reason)?;
    }
    record(tx, &row, now, &reason)?;
    // Somebody has what it tells of: that a second message of it came to nothing needs nobody's eyes at night.
    if state == State::Rejected && paging::is_answered(tx, id)? {
        return Ok(());
    }
    // One cause, one mail: the alarm that its endpoint was disabled names it, or counts it with what was under way then.
    if hooks::is_closed(tx, &row)? {
        return Ok(());
    }
    if psa::is_told(tx, &row, &reason)? {
        return Ok(());
    }
    mail::fall_back(tx, now, &row, row.kind.noun(), &reason)
}

fn record(tx: &Tx<'_>, row: &DeliveryRow, now: DateTime<Utc>, reason: &str) -> Result<(), Error> {
    let text = format!("The {} to {} could not be delivered: {reason}", row.kind.noun(), row.destination);
    tracing::error!(delivery = %row.id, kind = row.kind.word(), state = row.state.word(), "a delivery ended badly");
    // The number and the state are the fact; where it went and why may be personal, and stay outside the chain.
    let fact = format!("{} {} {}", row.kind.word(), row.id, row.state.word());
    let mut draft = Draft::new(ledger::Kind::Delivery, fact).text(&text);
    if let Some(key) = row.incident {
        draft = draft.incident(key);
    }
    if let Some(ticket) = row.ticket {
        draft = draft.ticket(ticket);
        tx.add_to_timeline(ticket, now, "delivery", None, &text)?;
    }
    tx.append(now, &draft)?;
    Ok(())
}
