//! Messages about several matters: while one waits for its time, what comes for the same address is put into it.

use super::delivery;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::Email;
use nightdesk_core::delivery::State;
use nightdesk_core::ids::{DeliveryId, IncidentKey, TicketId};
use nightdesk_core::mail::{Item, Kind, MailOut, Thread, Values};
use nightdesk_core::notice::NotificationType;
use nightdesk_store::{DeliveryRow, Error, NewDelivery, Tx};
use serde::{Deserialize, Serialize};

/// As many matters as a message keeps; the rest is counted.
const KEPT: usize = 50;

/// What to do about records that can't be filed.
const UNREAD: &str = "Look at their tickets and find them in the Huntress portal: what they say may not be known here.";

/// A message of this kind waits no longer than so, however much still comes.
const LONGEST: Duration = Duration::minutes(10);

/// What is bundled.
pub(super) struct Bundle {
    pub kind: Kind,
    pub category: Option<NotificationType>,
    /// What the markers of its messages to one address begin with, and how this one's would end.
    pub prefix: String,
    pub own: String,
    /// How long the first message waits for company, and one that follows closely on another.
    pub first_after: Duration,
    pub next_after: Duration,
    /// What its first matter is about.
    pub incident: Option<IncidentKey>,
    pub ticket: Option<TicketId>,
    pub fallback_of: Option<DeliveryId>,
}

/// A bundled message as it is stored: what is sent, with what it was made of.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    mail: MailOut,
    items: Vec<Item>,
    count: usize,
    /// The worst severity of all, listed or not.
    worst: String,
}

/// Puts a matter into the message that waits for this address, or queues one.
pub(super) fn add(
    tx: &Tx<'_>,
    email: &Email,
    now: DateTime<Utc>,
    address: &str,
    bundle: &Bundle,
    item: Item,
) -> Result<(), Error> {
    let newest = tx.newest_marked(&bundle.prefix)?;
    if let Some(row) = newest.as_ref().filter(|r| r.state == State::Queued && r.attempts == 0 && r.due_at > now) {
        let (mut items, count, worst) = within(row);
        let worst = worse(worst, &item);
        if items.len() < KEPT {
            items.push(item.clone());
        }
        let payload = write(email, bundle, &row.marker, now, items, count + 1, worst)?;
        if tx.reword(row.id, &payload, due_of(row, now, bundle))? {
            return Ok(());
        }
    }
    let follows = |row: &DeliveryRow| now - row.created_at < bundle.next_after && now >= row.created_at;
    let due = match newest.filter(follows) {
        Some(row) => row.created_at + bundle.next_after,
        None => now + bundle.first_after,
    };
    let marker = format!("{}{}", bundle.prefix, bundle.own);
    let worst = worse(String::new(), &item);
    let payload = write(email, bundle, &marker, now, vec![item], 1, worst)?;
    let Bundle { incident, ticket, fallback_of, .. } = *bundle;
    tx.queue(now, &NewDelivery { incident, ticket, fallback_of, ..delivery(address, marker, payload, due) })?;
    Ok(())
}

/// Old news slide on while they come; a failure's message keeps its time.
fn due_of(row: &DeliveryRow, now: DateTime<Utc>, bundle: &Bundle) -> DateTime<Utc> {
    match bundle.kind {
        Kind::Older => (now + bundle.next_after).min(row.created_at + LONGEST).max(row.due_at),
        _ => row.due_at,
    }
}

fn within(row: &DeliveryRow) -> (Vec<Item>, usize, String) {
    serde_json::from_str::<Stored>(&row.payload).map(|s| (s.items, s.count, s.worst)).unwrap_or_default()
}

fn worse(worst: String, item: &Item) -> String {
    const ORDER: [&str; 3] = ["critical", "high", "low"];
    let place = |severity: &str| ORDER.iter().position(|s| *s == severity).unwrap_or(ORDER.len());
    if place(&item.severity) < place(&worst) { item.severity.clone() } else { worst }
}

fn write(
    email: &Email,
    bundle: &Bundle,
    marker: &str,
    now: DateTime<Utc>,
    items: Vec<Item>,
    count: usize,
    worst: String,
) -> Result<serde_json::Value, Error> {
    let first = items.first().cloned().unwrap_or_default();
    let one = count == 1;
    let (what, title) = match bundle.kind {
        Kind::Older if one => ("Older news".to_owned(), first.title.clone()),
        Kind::Older => ("Older news".to_owned(), format!("{count} that were open for more than a day")),
        Kind::Desk if one => ("Desk alarm".to_owned(), first.title.clone()),
        Kind::Desk => {
            let title =
                format!("Huntress sent {count} records that can't be filed as they are; their tickets are on triage");
            ("Desk alarm".to_owned(), title)
        }
        _ if one => ("Undelivered".to_owned(), said(&first)),
        _ => ("Undelivered".to_owned(), format!("{count} deliveries")),
    };
    let values = Values {
        what,
        title,
        severity: worst.clone(),
        host: if one { first.host.clone() } else { String::new() },
        organization: if one { first.organization.clone() } else { String::new() },
        advice: if bundle.kind == Kind::Desk { UNREAD.to_owned() } else { String::new() },
        since: if bundle.kind == Kind::Desk { now.format("%Y-%m-%d %H:%M:%S UTC").to_string() } else { String::new() },
        count,
        items: items.clone(),
        ..Values::default()
    };
    let mail = MailOut::new(email, bundle.kind, bundle.category, &Thread::Alone, marker, now, &values);
    Ok(serde_json::to_value(Stored { mail, items, count, worst })?)
}

fn said(item: &Item) -> String {
    let to = if item.destination.is_empty() { String::new() } else { format!(" to {}", item.destination) };
    let title = if item.title.is_empty() { String::new() } else { format!(": {}", item.title) };
    format!("{}{to}{title}", item.what)
}
