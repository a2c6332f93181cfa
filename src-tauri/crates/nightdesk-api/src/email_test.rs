//! Trying whether mail of a type arrives.
//!
//! The messages go through the outbox like all others: begin with [`email_test`], then ask [`email_tested`] whenever the
//! outbox changes.

use crate::email::MailType;
use crate::error::Error;
use crate::words::DeliveryState;
use chrono::{DateTime, Utc};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::notice::NotificationType;
use nightdesk_engine::context::Context;
use nightdesk_engine::mail;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A type whose addresses are to be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EmailTest {
    /// The type.
    #[serde(rename = "type")]
    pub kind: MailType,
}

/// A test that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EmailTestAsked {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
}

/// How far a test is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EmailTested {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// The type that is tried.
    #[serde(rename = "type")]
    pub kind: MailType,
    /// When it began.
    pub begun_at: DateTime<Utc>,
    /// Whether the outcome is known for each address.
    pub over: bool,
    /// Whether the server has taken all of it. That it reaches the mailbox, the server doesn't tell: look there.
    pub ok: bool,
    /// Each address.
    pub addresses: Vec<EmailTestedAddress>,
}

/// How far a test is with one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EmailTestedAddress {
    /// The address.
    pub address: String,
    /// Its delivery.
    #[ts(type = "number")]
    pub delivery_id: DeliveryId,
    /// How far that is.
    #[ts(as = "DeliveryState")]
    pub state: nightdesk_core::delivery::State,
    /// Whether the server has taken it.
    pub ok: bool,
    /// How the last attempt ended, which stays known when the test is over and its delivery cancelled.
    #[ts(as = "Option<DeliveryState>")]
    pub outcome: Option<nightdesk_core::delivery::State>,
    /// Why it isn't there, or not yet, with the server's own words.
    pub error: Option<String>,
    /// When it is tried again, where it is.
    pub next_at: Option<DateTime<Utc>>,
}

/// Queues a test to each address of a type. `cause` is the command that asked, where it delivers itself what it caused.
///
/// # Errors
/// `Conflict` where no mail is configured.
pub fn email_test(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    kind: NotificationType,
    cause: Option<&str>,
) -> Result<EmailTested, Error> {
    let begun = mail::begin_trial(tx, &Context::load(tx)?, now, actor, kind, cause)?;
    let id =
        begun.ok_or_else(|| Error::conflict("mail isn't set up: enter [email] in the configuration, then try it"))?;
    email_tested(tx, id)
}

/// Ends a test that nobody goes on with: what was not handed over is cancelled.
///
/// # Errors
/// `NotFound`.
pub fn email_test_end(tx: &Tx<'_>, now: DateTime<Utc>, id: i64) -> Result<EmailTested, Error> {
    mail::end_trial(tx, now, id)?;
    email_tested(tx, id)
}

/// How far a test is.
///
/// # Errors
/// `NotFound`.
pub fn email_tested(tx: &Tx<'_>, id: i64) -> Result<EmailTested, Error> {
    let trial = mail::trial(tx, id)?.ok_or_else(|| Error::not_found(format!("there is no mail test {id}")))?;
    let (over, ok) = (trial.is_over(), trial.is_good());
    let address = |line: mail::TrialLine| EmailTestedAddress {
        ok: line.is_taken(),
        address: line.address,
        delivery_id: line.delivery,
        state: line.state,
        outcome: line.outcome,
        error: line.error,
        next_at: line.next_at,
    };
    Ok(EmailTested {
        id: trial.id,
        kind: trial.category.into(),
        begun_at: trial.begun_at,
        over,
        ok,
        addresses: trial.lines.into_iter().map(address).collect(),
    })
}
