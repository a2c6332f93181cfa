//! Trying whether mail of a type arrives: a message to each of its addresses, whose outcomes can be watched.

use super::delivery;
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::Email;
use nightdesk_core::delivery::{Event, State};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::ledger::{Draft, Kind as Entry};
use nightdesk_core::mail::{Kind, MailOut, Thread, Values, is_same_address};
use nightdesk_core::notice::NotificationType;
use nightdesk_store::{DeliveryRow, Error, NewDelivery, Tx};

/// What the markers of these messages begin with.
const MARKER: &str = "mail-test:";

/// Whoever tries has turned away by then.
const PATIENCE: Duration = Duration::minutes(5);

/// Whether a delivery only tries something out: whoever does watches its outcome, which is no trouble of the desk's.
pub(crate) fn is_trial(marker: &str) -> bool {
    marker.starts_with(MARKER)
}

/// How far a trial is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Its number.
    pub id: i64,
    /// The type whose addresses are tried.
    pub category: NotificationType,
    /// When it began.
    pub begun_at: DateTime<Utc>,
    /// Each address.
    pub lines: Vec<TrialLine>,
}

/// How far a trial is with one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialLine {
    /// The address.
    pub address: String,
    /// Its delivery.
    pub delivery: DeliveryId,
    /// How far that is.
    pub state: State,
    /// How its last attempt ended: what the server did stays known when the trial is over.
    pub outcome: Option<State>,
    /// Why it isn't there, or not yet, in words.
    pub error: Option<String>,
    /// When it is tried again, where it is.
    pub next_at: Option<DateTime<Utc>>,
}

impl TrialLine {
    /// Whether the server has taken it.
    pub fn is_taken(&self) -> bool {
        matches!(self.state, State::Accepted | State::Delivered | State::Acknowledged)
    }

    /// Whether an outcome is known: one that is tried again has one, too.
    pub fn is_known(&self) -> bool {
        !matches!(self.state, State::Queued | State::Claimed | State::Sending | State::InDoubt)
    }
}

impl Trial {
    /// Whether the outcome is known for each address.
    pub fn is_over(&self) -> bool {
        self.lines.iter().all(TrialLine::is_known)
    }

    /// Whether the server has taken all.
    pub fn is_good(&self) -> bool {
        self.lines.iter().all(TrialLine::is_taken)
    }
}

/// Queues a message to each address of a type; answers the trial's number, or `None` where no mail is configured.
/// `cause` is the command that asked, where it delivers itself what it caused.
///
/// # Errors
/// The store's.
pub fn begin(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    actor: &str,
    category: NotificationType,
    cause: Option<&str>,
) -> Result<Option<i64>, Error> {
    let Some(email) = &ctx.config.email else { return Ok(None) };
    let id = tx.newest_delivery()? + 1;
    let own = email.overrides.of(category);
    for address in email.trial(category) {
        let own = own.iter().any(|o| is_same_address(o, address));
        let marker = format!("{MARKER}{id}:{}", address.to_lowercase());
        let values = values(email, category, own);
        let mail = MailOut::new(email, Kind::Test, Some(category), &Thread::Alone, &marker, now, &values);
        let new = delivery(address, marker, serde_json::to_value(mail)?, now);
        let expires_at = Some(now + PATIENCE);
        tx.queue(now, &NewDelivery { expires_at, cause: cause.map(str::to_owned), ..new })?;
    }
    tx.append(now, &Draft::new(Entry::Configured, format!("mail tried: {}", category.word())).text(actor))?;
    Ok(Some(id))
}

fn values(email: &Email, category: NotificationType, own: bool) -> Values {
    let name = category.word().replace('_', " ");
    let whose = if own { "by addresses of its own" } else { "by the default addresses" };
    Values { what: "Test".to_owned(), title: format!("{name}, {whose}"), server: email.server(), ..Values::default() }
}

/// How far a trial is; `None` for a number that there isn't.
///
/// # Errors
/// The store's.
pub fn report(tx: &Tx<'_>, id: i64) -> Result<Option<Trial>, Error> {
    let rows = tx.marked(&format!("{MARKER}{id}:"))?;
    let Some(first) = rows.first() else { return Ok(None) };
    let mail: MailOut = serde_json::from_str(&first.payload)?;
    Ok(Some(Trial {
        id,
        category: mail.category.unwrap_or(NotificationType::Incidents),
        begun_at: first.created_at,
        lines: rows.into_iter().map(|row| line(tx, row)).collect::<Result<_, _>>()?,
    }))
}

/// Takes back what a trial has not handed over yet, where nobody goes on with it: sent later, by other settings perhaps, it
/// would try nothing.
///
/// # Errors
/// The store's.
pub fn end(tx: &Tx<'_>, now: DateTime<Utc>, id: i64) -> Result<(), Error> {
    for row in tx.marked(&format!("{MARKER}{id}:"))? {
        if row.state == State::InDoubt {
            tx.change_delivery(row.id, Event::Refer, now)?;
        }
        if matches!(row.state, State::Queued | State::Retrying | State::InDoubt) {
            tx.change_delivery(row.id, Event::Cancel, now)?;
        }
    }
    Ok(())
}

fn line(tx: &Tx<'_>, row: DeliveryRow) -> Result<TrialLine, Error> {
    let outcome = tx.attempts(row.id)?.pop().and_then(|attempt| State::parse(attempt.outcome.as_deref()?));
    let taken = matches!(row.state, State::Accepted | State::Delivered | State::Acknowledged);
    let error = match row.state {
        _ if taken => None,
        State::Expired => row.last_error.or_else(|| Some("it could not be sent in time".to_owned())),
        _ => row.last_error,
    };
    Ok(TrialLine {
        outcome,
        address: row.destination,
        delivery: row.id,
        state: row.state,
        error,
        next_at: (row.state == State::Retrying).then_some(row.due_at),
    })
}
