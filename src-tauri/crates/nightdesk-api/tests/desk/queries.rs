//! What the answers say.

use crate::fixture::{Desk, t};
use nightdesk_api as api;
use nightdesk_api::{Code, TicketsAsked};
use nightdesk_core::delivery::{Kind, State};
use nightdesk_core::health;
use nightdesk_core::ids::{DeliveryId, IncidentId, OrganizationId, TicketId};
use nightdesk_store::{NewDelivery, PollRow, Setting};

pub fn delivery(marker: &str, ticket: TicketId) -> NewDelivery {
    NewDelivery {
        kind: Kind::PsaNote,
        destination: "local".into(),
        marker: marker.into(),
        payload: serde_json::json!({}),
        due_at: t(5),
        expires_at: None,
        incident: None,
        ticket: Some(ticket),
        fallback_of: None,
        cause: None,
    }
}

fn titles(desk: &mut Desk, asked: &TicketsAsked) -> Vec<i64> {
    desk.ask(|tx| api::tickets(tx, asked)).unwrap().into_iter().filter_map(|t| t.incident_id).map(|i| i.0).collect()
}

#[test]
fn an_empty_desk_is_paused_and_says_what_is_missing() {
    let mut desk = Desk::empty();
    let status = desk.ask(|tx| api::status(tx, t(1))).unwrap();
    assert_eq!(status.state, health::State::Paused);
    assert!(status.reason.unwrap().contains("routing.security_board"));
    assert_eq!(status.routing.missing.len(), 6);
    assert_eq!(status.last_poll, api::LastPoll::default());
    assert_eq!(status.ledger.unaccounted, None, "nothing is proven before the first sweep");
}

#[test]
fn the_card_accounts_for_every_incident() {
    let mut desk = Desk::busy();
    desk.write(|tx| {
        tx.add_poll(&PollRow {
            began_at: t(1),
            ended_at: t(2),
            ok: false,
            body: r#"{"ok":false,"error":"Huntress could not be reached: reset"}"#.into(),
        })?;
        tx.set(Setting::SweepNumber, Some("1"))?;
        tx.add_to_sweep(crate::fixture::ACCOUNT, 1, &[1, 2, 3, 5, 6, 99].map(IncidentId))?;
        tx.set(Setting::ClockSkewMs, Some("-90000"))
    });
    let status = desk.ask(|tx| api::status(tx, t(2))).unwrap();
    assert_eq!(status.account.name.as_deref(), Some("Check MSP"));
    assert_eq!((status.organizations, status.unmapped_organizations), (5, 3), "an ignored one needs no client");
    assert_eq!(status.open_incidents, 5);
    let l = status.ledger;
    assert_eq!((l.seen, l.ticketed, l.record_only, l.withheld, l.quarantined), (7, 3, 1, 1, 2));
    assert_eq!(l.seen, l.ticketed + l.record_only + l.withheld + l.quarantined);
    assert_eq!(l.unaccounted, Some(1), "incident 99 is listed by Huntress and held by no class");
    assert_eq!(status.last_poll.ok, Some(false));
    assert!(status.last_poll.error.unwrap().contains("reset"));
    assert!(status.routing.complete);
    assert_eq!(status.clock_skew_seconds, Some(-90));
    assert!(status.alarms.iter().any(|a| a.contains("90 s behind")), "{:?}", status.alarms);
    assert_eq!(status.state, health::State::Blind, "no read was ever proven");
}

#[test]
fn a_vanished_board_and_another_account_raise_the_alarm_by_name() {
    let mut desk = Desk::busy();
    desk.write(|tx| {
        tx.put_catalogue(&[])?;
        tx.set(Setting::OtherAccount, Some(r#"{"id":6,"name":"Else","subdomain":null}"#))
    });
    let status = desk.ask(|tx| api::status(tx, t(2))).unwrap();
    assert!(status.alarms.iter().any(|a| a.contains("routing.triage_board") && a.contains("\"Triage\"")));
    assert!(status.alarms.iter().any(|a| a.contains("account 6 (\"Else\")")));
    assert!(status.routing.complete, "a rename in the PSA must not pause polling");
}

#[test]
fn tickets_are_found_by_the_names_people_know() {
    let mut desk = Desk::busy();
    let asked = |board: &str| TicketsAsked { board: Some(board.into()), ..TicketsAsked::default() };
    let triage = titles(&mut desk, &asked("triage"));
    assert!(triage.contains(&2) && triage.contains(&3) && !triage.contains(&1), "{triage:?}");
    let acme = TicketsAsked { client: Some("Acme".into()), open: true, ..TicketsAsked::default() };
    assert!(titles(&mut desk, &acme).contains(&1));
    let search = TicketsAsked { search: Some("host3".into()), ..TicketsAsked::default() };
    assert_eq!(titles(&mut desk, &search), [3]);
    let limit = TicketsAsked { limit: Some(2), ..TicketsAsked::default() };
    assert_eq!(desk.ask(|tx| api::tickets(tx, &limit)).unwrap().len(), 2);
    let e = desk.ask(|tx| api::tickets(tx, &asked("Triaje"))).unwrap_err();
    assert_eq!(e.code, Code::InvalidInput);
    assert_eq!(e.message, "there is no board \"Triaje\"; there are \"Triage\", \"Security\"");
}

#[test]
fn a_ticket_is_found_by_id_and_number() {
    let mut desk = Desk::busy();
    let by = |desk: &mut Desk, text: &str| desk.ask(|tx| api::ticket_id(tx, text));
    assert_eq!(by(&mut desk, "1"), Ok(TicketId(1)));
    assert_eq!(by(&mut desk, " t-1002 "), Ok(TicketId(2)));
    assert_eq!(by(&mut desk, "T-999999").unwrap_err().code, Code::NotFound);
    assert_eq!(by(&mut desk, "T-01001").unwrap_err().code, Code::NotFound);
    assert_eq!(by(&mut desk, "-9223372036854775808").unwrap_err().code, Code::NotFound);
    assert_eq!(by(&mut desk, "one").unwrap_err().code, Code::InvalidInput);
    assert_eq!(desk.ask(|tx| api::ticket(tx, TicketId(99))).unwrap_err().code, Code::NotFound);
}

#[test]
fn a_description_is_composed_of_what_is_known_now() {
    let mut desk = Desk::busy();
    let all = desk.ask(|tx| api::tickets(tx, &TicketsAsked::default())).unwrap();
    let mut text = |wanted: Option<i64>| {
        let id = all.iter().find(|t| t.incident_id == wanted.map(IncidentId)).unwrap().id;
        desk.ask(|tx| api::ticket(tx, id)).unwrap().description
    };
    let mapped = text(Some(1));
    assert!(
        mapped.contains("The whole report.") && mapped.contains("https://check.huntress.io/org/4/incident_reports/1")
    );
    assert!(
        mapped.contains("Host details are being looked up (Huntress agent 71)")
            && mapped.contains("Organization: Acme")
    );
    assert!(text(Some(2)).contains("The Huntress organization \"Globex GmbH\" is not mapped"));
    assert!(text(Some(6)).starts_with("> This record could not be read in full (severity is a list)"));
    let bare = text(None);
    assert!(bare.contains("id is missing") && bare.contains("{\"subject\":\"Odd one\"}"), "{bare}");
}

#[test]
fn organizations_come_with_suggestions() {
    let mut desk = Desk::busy();
    let orgs = desk.ask(api::orgs).unwrap();
    let of = |id| orgs.iter().find(|o| o.id == OrganizationId(id)).unwrap();
    assert_eq!((of(4).client.as_deref(), of(4).how.as_str()), (Some("Acme"), "manual"));
    assert!(of(4).suggestions.is_empty() && of(8).ignored);
    assert_eq!((of(7).suggestions[0].client.as_str(), of(7).open_tickets), ("Globex", 2));
    assert_eq!(desk.ask(|tx| api::org(tx, OrganizationId(77))).unwrap_err().code, Code::NotFound);
}

#[test]
fn deliveries_are_listed_and_redriven() {
    let mut desk = Desk::busy();
    let id = desk.write(|tx| tx.queue(t(2), &delivery("m1", TicketId(1)))).unwrap();
    assert_eq!(desk.ask(|tx| api::status(tx, t(2))).unwrap().outbox.queued, 1);
    let queued = desk.ask(|tx| api::outbox(tx, Some("queued"))).unwrap();
    assert_eq!((queued[0].id, queued[0].next_at), (id, Some(t(5))));
    let e = desk.ask(|tx| api::outbox(tx, Some("stuck"))).unwrap_err();
    assert!(e.message.contains("in_doubt"), "{e}");
    assert_eq!(desk.act(|tx| api::redrive(tx, t(3), id)).unwrap_err().code, Code::Conflict);
    assert_eq!(desk.act(|tx| api::redrive(tx, t(3), DeliveryId(77))).unwrap_err().code, Code::NotFound);
    let refused = desk.act(|tx| api::dismiss(tx, t(3), "dana", id)).unwrap_err();
    assert!(refused.code == Code::Conflict && refused.message.contains("is queued: only one that failed"), "{refused}");
    desk.write(|tx| {
        let by = nightdesk_store::Claimant { owner: "me", epoch: 1, until: t(7) };
        let claimed = tx.claim_due(Kind::PsaNote, by, t(6), 1, |_| true)?.remove(0);
        tx.begin_attempt(claimed.fence, t(6))?;
        let s = nightdesk_store::Settlement {
            event: nightdesk_core::delivery::Event::Exhaust,
            due_at: None,
            error: Some("gone"),
            remote_ref: None,
            possible_repeat: false,
        };
        tx.settle(claimed.fence, t(6), &s)
    });
    let dead = desk.ask(|tx| api::outbox(tx, Some("dead-lettered"))).unwrap();
    assert_eq!(
        (dead[0].state, dead[0].next_at, dead[0].last_error.as_deref()),
        (State::DeadLettered, None, Some("gone"))
    );
    assert_eq!(desk.ask(|tx| api::status(tx, t(7))).unwrap().outbox.dead, 1);

    let dismissed = desk.act(|tx| api::dismiss(tx, t(7), "dana", id)).unwrap();
    assert_eq!((dismissed.state, dismissed.dismissed_at), (State::DeadLettered, Some(t(7))), "it stays undelivered");
    assert_eq!(desk.ask(|tx| api::status(tx, t(7))).unwrap().outbox.dead, 0, "and troubles nobody");
    let again = desk.act(|tx| api::dismiss(tx, t(7), "dana", id)).unwrap_err();
    assert!(again.code == Code::Conflict && again.message.contains("dismissed already"), "{again}");
    assert_eq!(desk.act(|tx| api::dismiss(tx, t(7), "dana", DeliveryId(77))).unwrap_err().code, Code::NotFound);
    let line = desk.ask(|tx| api::delivery_view::view(tx, id)).unwrap().line;
    assert!(line.can_redrive && line.why.unwrap().contains("somebody dismissed it: gone"));
    let timeline = desk.ask(|tx| api::ticket(tx, TicketId(1))).unwrap().timeline;
    let last = timeline.last().unwrap();
    assert_eq!((last.actor.as_deref(), last.text.contains("was dismissed")), (Some("dana"), true), "{last:?}");

    let queued = desk.act(|tx| api::redrive(tx, t(8), id)).unwrap();
    assert_eq!((queued.state, queued.dismissed_at), (State::Queued, None), "sent again, it counts again");
}

#[test]
fn quarantined_records_are_listed_and_named() {
    let mut desk = Desk::busy();
    let rows = desk.ask(api::quarantine).unwrap();
    assert_eq!(rows.iter().map(|q| q.incident_id.map(|i| i.0)).collect::<Vec<_>>().len(), 2);
    assert!(rows.iter().all(|q| q.ticket_id.is_some()));
    assert_eq!(desk.ask(|tx| api::quarantined_incident(tx, 6)), Ok(IncidentId(6)));
    assert_eq!(desk.ask(|tx| api::quarantined_incident(tx, 1)).unwrap_err().code, Code::NotFound);
}

#[test]
fn a_watcher_outside_the_engine_hears_when_the_read_is_too_old() {
    let mut desk = Desk::busy();
    let check = |desk: &mut Desk, minute, max| desk.ask(|tx| api::watch_check(tx, t(minute), max)).unwrap();
    assert!(check(&mut desk, 2, None).too_old, "never read");
    desk.write(|tx| tx.set_mark(Setting::LastProvenRead, Some(t(2))));
    let fresh = check(&mut desk, 3, None);
    assert!(!fresh.too_old && fresh.state == health::State::Watching && fresh.last_read_at == Some(t(2)));
    assert!(check(&mut desk, 13, None).too_old);
    assert!(!check(&mut desk, 13, Some(60)).too_old);
    assert!(check(&mut desk, 6, Some(3)).too_old);
    assert!(check(&mut desk, -60, Some(10)).too_old, "the clock was set back");
}

#[test]
fn requests_meet_their_answers_in_the_database() {
    let mut desk = Desk::busy();
    let id = desk.act(|tx| api::ask(tx, &api::Request::QuarantineRetry(IncidentId(6)), t(2), t(3))).unwrap();
    assert_eq!(desk.ask(|tx| api::answer::<api::Retried>(tx, id)), Ok(None));
    desk.write(|tx| {
        let row = tx.waiting_requests()?.remove(0);
        assert_eq!((row.kind.as_str(), row.body.as_str()), ("quarantine_retry", r#"{"incident_id":6}"#));
        tx.answer_request(row.id, r#"{"ok":false,"error":"still odd"}"#)
    });
    let answer: api::Retried = desk.ask(|tx| api::answer(tx, id)).unwrap().unwrap();
    assert_eq!(answer.error.as_deref(), Some("still odd"));
    assert_eq!(desk.ask(|tx| api::answer::<api::Retried>(tx, api::RequestId(99))).unwrap_err().code, Code::NotFound);
    let before = desk.ask(api::revisions).unwrap();
    desk.act(api::secrets_changed).unwrap();
    let after = desk.ask(api::revisions).unwrap();
    assert_eq!(after["secrets"], before["secrets"] + 1);
}
