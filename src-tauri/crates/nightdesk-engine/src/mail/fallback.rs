//! ND-8: what could not be delivered goes to the default addresses of the configuration in force. What mail itself can't
//! deliver raises the local alarm only.

use super::bundle::{self, Bundle};
use super::is_trial;
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::content;
use nightdesk_core::delivery::{Kind, State};
use nightdesk_core::mail::{self, Item, MailOut, is_same_address};
use nightdesk_core::notice::NotificationType;
use nightdesk_store::{DeliveryRow, Error, PIN_MARKER, Tx};

/// What fails so soon after another failure is told with it: the first leaves at once, like a storm's first page.
const BUNDLED: Duration = Duration::seconds(30);

/// Tells the default addresses of a delivery that ended badly.
pub(crate) fn fall_back(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    row: &DeliveryRow,
    what: &str,
    reason: &str,
) -> Result<(), Error> {
    // A fallback that fails has no fallback of its own; whoever asked for a PIN or a test waits for it and is told.
    if row.fallback_of.is_some() || row.marker.starts_with(PIN_MARKER) || is_trial(&row.marker) {
        return Ok(());
    }
    // A server that is out of reach or refuses the sign-in would take a second mail no better; one that refuses this
    // recipient may well take another's.
    if row.kind == Kind::Email && row.state != State::Rejected {
        return Ok(());
    }
    let ctx = Context::load(tx)?;
    let Some(email) = &ctx.config.email else { return Ok(()) };
    let ticket = row.ticket.map(|id| tx.ticket(id)).transpose()?.flatten();
    let incident = row.incident.map(|key| tx.incident(key)).transpose()?.flatten();
    let facts = incident.as_ref().and_then(|i| i.facts().ok());
    let organization = facts.as_ref().and_then(|i| i.organization).zip(row.incident);
    let organization = organization.map(|(id, key)| tx.organization(key.account, id)).transpose()?.flatten();
    let item = Item {
        what: what.to_owned(),
        title: said(row),
        severity: facts.as_ref().and_then(|i| i.severity.word()).map_or_else(|| severity(row), str::to_owned),
        host: facts.as_ref().and_then(nightdesk_core::paging::name).unwrap_or_default(),
        organization: organization.and_then(|o| o.name).unwrap_or_default(),
        ticket: ticket.map(|t| t.number).unwrap_or_default(),
        destination: row.destination.clone(),
        reason: reason.to_owned(),
        text: whole(row),
    };
    let refused = |address: &str| row.kind == Kind::Email && is_same_address(address, &row.destination);
    for address in email.addresses(None).into_iter().filter(|address| !refused(address)) {
        let bundle = Bundle {
            kind: mail::Kind::Undelivered,
            category: None,
            prefix: format!("fallback:{}:", address.to_lowercase()),
            own: row.marker.clone(),
            first_after: Duration::zero(),
            next_after: BUNDLED,
            incident: row.incident,
            ticket: row.ticket,
            fallback_of: Some(row.id),
        };
        bundle::add(tx, email, now, address, &bundle, item.clone())?;
    }
    Ok(())
}

/// How bad it is that something about no incident got nowhere. A post to a program is no call for help, and people were
/// told of its news by their own ways.
fn severity(row: &DeliveryRow) -> String {
    if row.kind == Kind::Webhook {
        return "low".to_owned();
    }
    let mail = mailed(row);
    match mail.map(|mail| (mail.severity, mail.category)) {
        Some((said, _)) if !said.is_empty() => said,
        // Somebody waits for an answer, or is told something; neither is an attack.
        Some((_, Some(NotificationType::Escalations))) => "high".to_owned(),
        Some((_, Some(NotificationType::PlatformActions | NotificationType::AccountNotices))) => "low".to_owned(),
        _ => "critical".to_owned(),
    }
}

fn mailed(row: &DeliveryRow) -> Option<MailOut> {
    serde_json::from_str(&row.payload).ok().filter(|_| row.kind == Kind::Email)
}

/// As much of an undelivered mail as is kept, in characters.
const KEPT: usize = 4_000;

/// A mail's text: its subject alone tells too little. What goes other ways is no longer than its title.
fn whole(row: &DeliveryRow) -> String {
    mailed(row).map(|mail| mail.text.chars().take(KEPT).collect()).unwrap_or_default()
}

/// What was to be said, in a line.
fn said(row: &DeliveryRow) -> String {
    let payload: serde_json::Value = serde_json::from_str(&row.payload).unwrap_or_default();
    // A post's body is for a program.
    if row.kind == Kind::Webhook {
        return content::line(payload.get("event_type").and_then(serde_json::Value::as_str).unwrap_or_default());
    }
    let words = ["title", "subject", "body", "spoken", "type"];
    let found = words.iter().find_map(|key| payload.get(key).and_then(serde_json::Value::as_str));
    content::line(found.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use nightdesk_core::ids::DeliveryId;

    #[test]
    fn a_dead_webhook_is_named_by_its_event_and_is_no_emergency() {
        let at = DateTime::from_timestamp(1_767_000_000, 0).unwrap();
        let row = DeliveryRow {
            id: DeliveryId(1),
            kind: Kind::Webhook,
            destination: "https://siem.example.com/".into(),
            state: State::DeadLettered,
            marker: "m".into(),
            payload: r#"{"id":"msg_1","event_type":"account_notice.created","body":"{\"data\":{}}"}"#.into(),
            attempts: 8,
            doubts: 0,
            possible_repeat: false,
            due_at: at,
            fence: 1,
            last_error: None,
            remote_ref: None,
            incident: None,
            ticket: None,
            fallback_of: None,
            created_at: at,
            settled_at: None,
            dismissed_at: None,
        };
        assert_eq!((said(&row).as_str(), severity(&row).as_str()), ("account_notice.created", "low"));
        let text = DeliveryRow { kind: Kind::Sms, payload: r#"{"body":"wake up"}"#.into(), ..row };
        assert_eq!((said(&text).as_str(), severity(&text).as_str()), ("wake up", "critical"));
    }
}
