//! The status card: what the desk sees, what it has done with it, and since when.

use crate::alarm;
use crate::email_status::{EmailStatus, email_status};
use crate::error::Error;
use crate::psa_status::{self, PsaStatus};
use crate::sight;
use chrono::{DateTime, Utc};
use nightdesk_core::delivery;
use nightdesk_core::health::State;
use nightdesk_core::ids::AccountId;
use nightdesk_engine::context::Context;
use nightdesk_store::{Setting, Tally, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How many gaps the card shows.
const GAPS: u32 = 20;

/// The card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Status {
    /// What may be claimed (ND-17).
    #[ts(as = "crate::words::Sight")]
    pub state: State,
    /// Since when; late and blind date from the last proven read.
    pub since: Option<DateTime<Utc>>,
    /// Why polling is paused, where it is.
    pub reason: Option<String>,
    /// The watched Huntress account.
    pub account: Account,
    /// How many organizations are known.
    pub organizations: i64,
    /// Those without a client that aren't ignored: their tickets go to triage.
    pub unmapped_organizations: i64,
    /// Incidents that the SOC has open.
    pub open_incidents: i64,
    /// The last poll, whatever came of it.
    pub last_poll: LastPoll,
    /// When the engine polls next.
    pub next_poll_at: Option<DateTime<Utc>>,
    /// Whether tickets can be filed.
    pub routing: Routing,
    /// Where every incident went.
    pub ledger: Accounts,
    /// What is to leave and what could not.
    pub outbox: Outbox,
    /// Whether there is a fallback.
    pub email: EmailStatus,
    /// The PSA that holds the tickets; `None` for the built-in desk.
    pub psa: Option<PsaStatus>,
    /// Posts from Huntress.
    pub webhooks: Webhooks,
    /// Time not watched, newest first.
    pub gaps: Vec<Gap>,
    /// What a person should know at once, in sentences.
    pub alarms: Vec<String>,
    /// Our clock against Huntress's; positive when ours is ahead.
    pub clock_skew_seconds: Option<i64>,
}

/// `account`; both `None` until Huntress has named it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Account {
    /// Its number.
    #[ts(type = "number | null")]
    pub id: Option<AccountId>,
    /// The MSP's name.
    pub name: Option<String>,
}

/// `last_poll`; all `None` before the first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LastPoll {
    /// When it ended.
    pub at: Option<DateTime<Utc>>,
    /// Whether its walk reached its boundary.
    pub ok: Option<bool>,
    /// Why not.
    pub error: Option<String>,
}

/// `routing`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "RoutingState")]
pub struct Routing {
    /// Whether polling may begin.
    pub complete: bool,
    /// The keys that it waits for, as the file has them.
    pub missing: Vec<String>,
}

/// `ledger`: every incident ever seen, by its one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "LedgerAccounts")]
pub struct Accounts {
    /// All.
    pub seen: i64,
    /// With a ticket.
    pub ticketed: i64,
    /// Without one, for a reason on record.
    pub record_only: i64,
    /// Of ignored organizations.
    pub withheld: i64,
    /// Not readable in full, with a bare ticket.
    pub quarantined: i64,
    /// Listed as open by the last whole sweep, and in no class. `None` before the first sweep: nothing is proven yet.
    pub unaccounted: Option<i64>,
}

/// `outbox`: counts by what a person has to do about them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Outbox {
    /// Waiting or on their way: nothing to do.
    pub queued: i64,
    /// Failed for now.
    pub retrying: i64,
    /// Nobody knows whether they arrived.
    pub in_doubt: i64,
    /// A person must decide.
    pub needs_human: i64,
    /// Dead-lettered or rejected.
    pub dead: i64,
}

/// `webhooks`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Webhooks {
    /// Accepted posts.
    pub received: i64,
    /// Refused posts.
    pub refused: i64,
    /// When the last one came.
    pub last_at: Option<DateTime<Utc>>,
}

/// A stretch of time that nobody watched (ND-14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "StatusGap")]
pub struct Gap {
    /// From the last proof.
    pub from: DateTime<Utc>,
    /// To the next; `None` while it lasts.
    pub to: Option<DateTime<Utc>>,
    /// Why.
    pub why: String,
}

/// Reads the card. Its cost doesn't grow with the number of incidents or tickets: classes are counted as they change.
///
/// # Errors
/// The store's.
pub fn status(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Status, Error> {
    let context = Context::load(tx)?;
    let sight = sight::sight(tx, &context, now)?;
    let organizations = tx.organizations(context.account_id())?;
    let unmapped = organizations.iter().filter(|o| o.client.is_none() && !o.ignored).count();
    let gaps = tx.gaps(GAPS)?.into_iter().map(|g| Gap { from: g.from, to: g.to, why: g.why }).collect();
    let clock_skew_ms = tx.setting(Setting::ClockSkewMs)?.and_then(|v| v.parse::<i64>().ok());
    Ok(Status {
        state: sight.state,
        since: sight.since,
        reason: sight.reason,
        account: Account {
            id: context.account.as_ref().map(|a| a.id),
            name: context.account.as_ref().map(|a| a.name.clone()),
        },
        organizations: count(organizations.len()),
        unmapped_organizations: count(unmapped),
        open_incidents: tx.tally(Tally::OpenIncidents)?,
        last_poll: last_poll(tx)?,
        next_poll_at: tx.mark(Setting::NextPollAt)?,
        routing: routing(&context),
        ledger: accounts(tx, context.account_id())?,
        outbox: outbox(tx)?,
        email: email_status(tx, &context.config)?,
        psa: psa_status::of(tx, &context)?,
        webhooks: Webhooks {
            received: tx.tally(Tally::WebhooksReceived)?,
            refused: tx.tally(Tally::WebhooksRefused)?,
            last_at: tx.mark(Setting::WebhookInLastAt)?,
        },
        gaps,
        alarms: alarm::alarms(tx, &context, now)?,
        clock_skew_seconds: clock_skew_ms.map(|ms| ms / 1000),
    })
}

/// Routing's completeness: by its bound numbers once there are some, since a rename in the PSA must not undo it.
pub(crate) fn routing(context: &Context) -> Routing {
    if context.bound.is_some() {
        return Routing { complete: true, missing: Vec::new() };
    }
    let missing = match nightdesk_core::routing::bind(&context.config.routing, &context.catalogue) {
        // Complete but for the binding, which the next apply or engine start makes.
        Ok(_) => Vec::new(),
        Err(keys) => keys.into_iter().map(str::to_owned).collect(),
    };
    Routing { complete: missing.is_empty(), missing }
}

fn last_poll(tx: &Tx<'_>) -> Result<LastPoll, Error> {
    let Some(poll) = tx.polls(1)?.into_iter().next() else { return Ok(LastPoll::default()) };
    // The report's shape is the engine's; only its words for the failure are of interest here.
    let report: serde_json::Value = serde_json::from_str(&poll.body).unwrap_or_default();
    let error = report.get("error").and_then(|e| e.as_str()).map(str::to_owned);
    Ok(LastPoll { at: Some(poll.ended_at), ok: Some(poll.ok), error })
}

fn accounts(tx: &Tx<'_>, account: AccountId) -> Result<Accounts, Error> {
    let sweep = tx.setting(Setting::SweepNumber)?.and_then(|v| v.parse::<i64>().ok());
    Ok(Accounts {
        seen: tx.tally(Tally::Seen)?,
        ticketed: tx.tally(Tally::Ticketed)?,
        record_only: tx.tally(Tally::RecordOnly)?,
        withheld: tx.tally(Tally::Withheld)?,
        quarantined: tx.tally(Tally::Quarantined)?,
        unaccounted: sweep.map(|sweep| tx.unaccounted(account, sweep)).transpose()?,
    })
}

fn outbox(tx: &Tx<'_>) -> Result<Outbox, Error> {
    use delivery::State as S;
    let mut out = Outbox::default();
    for (state, n) in tx.outbox_counts()? {
        match state {
            S::Queued | S::Claimed | S::Sending => out.queued += n,
            S::Retrying => out.retrying += n,
            S::InDoubt => out.in_doubt += n,
            S::NeedsHuman => out.needs_human += n,
            S::DeadLettered | S::Rejected => out.dead += n,
            S::Accepted | S::Delivered | S::Acknowledged | S::Superseded | S::Cancelled | S::Expired => {}
        }
    }
    Ok(out)
}

pub(crate) fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
