//! What became of an alert on a desk's screen, and what of it still wants an answer.

use crate::card::Card;
use crate::error::Error;
use crate::page_edit::take_if_any;
use crate::page_view::on_cards;
use crate::psa_copy::Copies;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use nightdesk_core::delivery::{Event, Kind, State};
use nightdesk_core::ids::{DeliveryId, TicketId};
use nightdesk_core::ledger::{self, Draft};
use nightdesk_engine::context::Context;
pub use nightdesk_store::DeliveryRow as StoredAlert;
use nightdesk_store::{DeliveryRow, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How far back an unanswered delivery still wants an answer, in hours; the tickets tell the rest.
const RECENT_HOURS: i64 = 24;

/// How many deliveries are looked through, so that the look costs the same in a full store.
const AMONG: u32 = 500;

/// What happened to an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertSeen {
    /// The screen shows it, in this place ("as a notification", "in the alarm window").
    Shown(String),
    /// It waits for the end of a mute.
    Held(DateTime<Utc>),
    /// Somebody followed it to its ticket.
    Opened,
    /// Somebody took it on.
    Acknowledged,
    /// Somebody wiped it away.
    Dismissed,
    /// It went away by itself.
    Expired,
    /// It could not be shown, for this reason.
    NotShown(String),
}

impl AlertSeen {
    fn words(&self) -> String {
        match self {
            Self::Shown(place) => format!("The alert was shown {place}."),
            Self::Held(until) => {
                let until = until.to_rfc3339_opts(SecondsFormat::Secs, true);
                format!("The alert is held back: desk alerts are muted until {until}.")
            }
            Self::Opened => "The alert was opened.".to_owned(),
            Self::Acknowledged => "The alert was acknowledged.".to_owned(),
            Self::Dismissed => "The alert was dismissed without an answer.".to_owned(),
            Self::Expired => "The alert went away without an answer.".to_owned(),
            Self::NotShown(why) => format!("The alert could not be shown: {why}."),
        }
    }

    /// Whether a person did it, rather than the desk.
    fn is_somebodys(&self) -> bool {
        matches!(self, Self::Opened | Self::Acknowledged | Self::Dismissed)
    }
}

/// Records what happened to a native alert on its ticket's timeline. Acknowledging ends the delivery and stands in the
/// ledger; one that was held back counts as delivered once it is shown. Answers whether the delivery's state changed.
///
/// # Errors
/// `NotFound`; `Conflict` while the delivery is still being sent, when the caller asks again in a moment.
pub fn alert_seen(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    id: DeliveryId,
    seen: &AlertSeen,
) -> Result<bool, Error> {
    let row = tx.delivery(id)?.ok_or_else(|| Error::not_found(format!("there is no delivery {id}")))?;
    if seen == &AlertSeen::Acknowledged && row.state == State::Acknowledged {
        return Ok(false);
    }
    let changed = match seen {
        AlertSeen::Acknowledged => change(tx, &row, Event::Acknowledge, now)?,
        AlertSeen::Shown(_) if row.state == State::Accepted => change(tx, &row, Event::Deliver, now)?,
        _ => false,
    };
    if seen == &AlertSeen::Acknowledged {
        let mut draft =
            Draft::new(ledger::Kind::Delivery, format!("{} {id} acknowledged", row.kind.word())).text(actor);
        if let Some(key) = row.incident {
            draft = draft.incident(key);
        }
        tx.append(now, &draft)?;
        // Whoever has the alert has the page: nobody else is woken for it.
        if let Some(key) = row.incident {
            take_if_any(tx, now, actor, key)?;
        }
    }
    if let Some(ticket) = row.ticket {
        tx.add_to_timeline(ticket, now, "alert", seen.is_somebodys().then_some(actor), &seen.words())?;
    }
    Ok(changed)
}

fn change(tx: &Tx<'_>, row: &DeliveryRow, event: Event, now: DateTime<Utc>) -> Result<bool, Error> {
    match tx.change_delivery(row.id, event, now)? {
        Some(_) => Ok(true),
        None => Err(Error::conflict(format!("delivery {} is {} just now", row.id, row.state.word()))),
    }
}

/// Native alerts that were shown or held back lately and that nobody has acknowledged, newest first.
///
/// # Errors
/// The store's.
pub fn alerts_to_acknowledge(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Vec<DeliveryRow>, Error> {
    let mut rows = unanswered(tx, &[Kind::Native], now)?;
    rows.retain(|row| matches!(row.state, State::Accepted | State::Delivered));
    Ok(rows)
}

/// Whether an alert wants no answer any more: it was acknowledged, or its ticket is closed.
///
/// # Errors
/// The store's.
pub fn alert_is_answered(tx: &Tx<'_>, id: DeliveryId) -> Result<bool, Error> {
    let Some(row) = tx.delivery(id)? else { return Ok(true) };
    let ticket = row.ticket.map(|ticket| tx.ticket(ticket)).transpose()?.flatten();
    Ok(row.state == State::Acknowledged || ticket.is_some_and(|ticket| !ticket.state.is_open()))
}

/// How many pages are open: what a quit would leave to nobody.
///
/// # Errors
/// The store's.
pub fn open_pages(tx: &Tx<'_>) -> Result<i64, Error> {
    Ok(tx.open_page_count()?)
}

fn unanswered(tx: &Tx<'_>, kinds: &[Kind], now: DateTime<Utc>) -> Result<Vec<DeliveryRow>, Error> {
    let since = now - Duration::hours(RECENT_HOURS);
    Ok(tx.unanswered(kinds, AMONG)?.into_iter().filter(|row| row.created_at >= since).collect())
}

/// Whose alerts to acknowledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Acknowledge {
    /// This ticket's; `None` for all that can be.
    #[ts(type = "number | null")]
    pub ticket_id: Option<TicketId>,
}

/// Whose alerts were acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Acknowledged {
    /// The tickets.
    #[ts(type = "Array<number>")]
    pub tickets: Vec<TicketId>,
}

/// The tickets whose alerts nobody has acknowledged, the worst first and of those the latest.
///
/// # Errors
/// The store's.
pub fn alarm(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Vec<Card>, Error> {
    let mut tickets: Vec<TicketId> = alerts_to_acknowledge(tx, now)?.into_iter().filter_map(|row| row.ticket).collect();
    tickets.sort_unstable_by(|a, b| b.cmp(a));
    tickets.dedup();
    let context = Context::load(tx)?;
    let pages = on_cards(tx, &context, now)?;
    let copies = Copies::of(tx, &context, tickets.iter().copied())?;
    let mut cards: Vec<Card> =
        tx.cards(&tickets)?.iter().map(|row| Card::of(row, &context.catalogue, &pages, &copies)).collect();
    cards.sort_by_key(|card| (card.severity_class.rank(), std::cmp::Reverse(card.ticket.id)));
    Ok(cards)
}

/// Acknowledges the alerts of one ticket, or with `None` all that can be, and takes their pages. Answers their tickets.
///
/// # Errors
/// The store's.
pub fn acknowledge_alerts(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    ticket: Option<TicketId>,
) -> Result<Vec<TicketId>, Error> {
    let mut done = Vec::new();
    // A ticket may have a page and no alert that waits, such as where nobody was at the screen.
    if let Some(key) = ticket.map(|id| tx.ticket(id)).transpose()?.flatten().and_then(|t| t.incident)
        && take_if_any(tx, now, actor, key)?
    {
        done.extend(ticket);
    }
    for row in alerts_to_acknowledge(tx, now)? {
        if ticket.is_some() && row.ticket != ticket {
            continue;
        }
        alert_seen(tx, now, actor, row.id, &AlertSeen::Acknowledged)?;
        done.extend(row.ticket);
    }
    done.sort_unstable();
    done.dedup();
    Ok(done)
}
