//! What became of alerts on a desk's screen.

use crate::fixture::{Desk, t};
use nightdesk_api::{self as api, AlertSeen, Code};
use nightdesk_core::delivery::{Event, Kind, State};
use nightdesk_core::ids::{DeliveryId, TicketId};
use nightdesk_store::{Error, NewDelivery, Settlement};

/// A desk with one delivery for a ticket, which an engine has claimed, begun and, with `end`, settled so.
fn desk_with(kind: Kind, end: Option<Event>) -> (Desk, DeliveryId, TicketId) {
    let mut desk = Desk::busy();
    let ticket = TicketId(1);
    let id = desk.write(|tx| {
        let new = NewDelivery {
            kind,
            destination: "desk".into(),
            marker: "m".into(),
            payload: serde_json::json!({}),
            due_at: t(2),
            expires_at: None,
            incident: None,
            ticket: Some(ticket),
            fallback_of: None,
            cause: None,
        };
        let id = tx.queue(t(2), &new)?.unwrap();
        let by = nightdesk_store::Claimant { owner: "test", epoch: 0, until: t(4) };
        let claimed = tx.claim_due(kind, by, t(2), 1, |_| true)?;
        tx.begin_attempt(claimed[0].fence, t(2))?;
        if let Some(event) = end {
            let settlement = Settlement { event, due_at: None, error: None, remote_ref: None, possible_repeat: false };
            tx.settle(claimed[0].fence, t(2), &settlement)?;
        }
        Ok::<_, Error>(id)
    });
    (desk, id, ticket)
}

fn said(desk: &mut Desk, ticket: TicketId) -> Vec<(Option<String>, String)> {
    let rows = desk.store.read(|tx| tx.timeline(ticket)).unwrap();
    rows.into_iter().filter(|r| r.kind == "alert").map(|r| (r.actor, r.text)).collect()
}

#[test]
fn what_happens_to_an_alert_stands_on_the_timeline_and_acknowledging_ends_it() {
    let (mut desk, id, ticket) = desk_with(Kind::Native, Some(Event::Deliver));
    let open = desk.store.read(|tx| api::alerts_to_acknowledge(tx, t(3))).unwrap();
    assert_eq!(open.iter().map(|r| r.id).collect::<Vec<_>>(), [id]);
    assert!(desk.store.read(|tx| api::alerts_to_acknowledge(tx, t(60 * 25))).unwrap().is_empty(), "old alerts rest");

    let mut see = |seen: AlertSeen| desk.store.write(|tx| api::alert_seen(tx, t(3), "dana", id, &seen));
    assert!(!see(AlertSeen::Shown("as a notification".into())).unwrap());
    assert!(!see(AlertSeen::Opened).unwrap());
    assert!(see(AlertSeen::Acknowledged).unwrap());
    assert!(!see(AlertSeen::Acknowledged).unwrap(), "twice changes nothing");
    let row = desk.store.read(|tx| tx.delivery(id)).unwrap().unwrap();
    assert_eq!((row.state, row.settled_at), (State::Acknowledged, Some(t(3))));
    assert!(desk.store.read(|tx| api::alerts_to_acknowledge(tx, t(3))).unwrap().is_empty());
    assert_eq!(
        said(&mut desk, ticket),
        [
            (None, "The alert was shown as a notification.".to_owned()),
            (Some("dana".into()), "The alert was opened.".into()),
            (Some("dana".into()), "The alert was acknowledged.".into()),
        ]
    );
}

#[test]
fn one_that_was_held_back_is_delivered_when_it_is_shown() {
    let (mut desk, id, _) = desk_with(Kind::Native, Some(Event::Accept));
    let held = AlertSeen::Held(t(30));
    assert!(!desk.store.write(|tx| api::alert_seen(tx, t(3), "dana", id, &held)).unwrap());
    let shown = AlertSeen::Shown("as a notification".into());
    assert!(desk.store.write(|tx| api::alert_seen(tx, t(30), "dana", id, &shown)).unwrap());
    assert_eq!(desk.store.read(|tx| tx.delivery(id)).unwrap().unwrap().state, State::Delivered);
}

#[test]
fn an_answer_that_comes_before_the_sending_has_settled_is_asked_for_again() {
    let (mut desk, id, ticket) = desk_with(Kind::Native, None);
    let early = desk.store.write(|tx| api::alert_seen(tx, t(3), "dana", id, &AlertSeen::Acknowledged));
    assert_eq!(early.unwrap_err().code, Code::Conflict);
    assert!(said(&mut desk, ticket).is_empty(), "all or nothing");
}

#[test]
fn a_ticket_s_alerts_are_acknowledged_together_and_others_stay() {
    let (mut desk, _, ticket) = desk_with(Kind::Native, Some(Event::Deliver));
    let other = desk.store.write(|tx| api::acknowledge_alerts(tx, t(3), "dana", Some(TicketId(2)))).unwrap();
    assert!(other.is_empty());
    let done = desk.store.write(|tx| api::acknowledge_alerts(tx, t(3), "dana", None)).unwrap();
    assert_eq!(done, [ticket]);
}
