//! The keys of every answer are those of the command line's contract, and those that are named here beside them.

use crate::fixture::{Desk, t};
use nightdesk_api as api;
use nightdesk_core::ids::{OrganizationId, TicketId};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

const TICKET: &str = "id number title board client category priority status is_open severity incident_id organization_id \
                      organization_name unmapped created_at closed_at remote_id remote_number remote_url psa psa_error assignee";

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

fn keys(value: &Value, expected: &str) {
    let found: BTreeSet<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(found, expected.split_whitespace().collect());
}

#[test]
fn status_has_its_keys_on_an_empty_desk_and_on_a_busy_one() {
    for mut desk in [Desk::empty(), Desk::busy()] {
        let status = json(&desk.ask(|tx| api::status(tx, t(2))).unwrap());
        keys(
            &status,
            "state since account organizations unmapped_organizations open_incidents last_poll next_poll_at routing ledger \
             outbox email psa webhooks gaps reason alarms clock_skew_seconds",
        );
        keys(&status["account"], "id name");
        keys(&status["last_poll"], "at ok error");
        keys(&status["routing"], "complete missing");
        keys(&status["ledger"], "seen ticketed record_only withheld quarantined unaccounted");
        keys(&status["outbox"], "queued retrying in_doubt needs_human dead");
        keys(&status["email"], "configured fallback tested_at why server");
        keys(&status["webhooks"], "received refused last_at");
    }
}

#[test]
fn gaps_and_times_are_as_promised() {
    let mut desk = Desk::busy();
    desk.write(|tx| tx.add_gap(t(-10), Some(t(-5)), "asleep"));
    let status = json(&desk.ask(|tx| api::status(tx, t(2))).unwrap());
    keys(&status["gaps"][0], "from to why");
    assert_eq!(status["gaps"][0]["from"], "2025-12-29T09:10:00Z");
}

#[test]
fn tickets_have_their_keys() {
    let mut desk = Desk::busy();
    let all = json(&desk.ask(|tx| api::tickets(tx, &api::TicketsAsked::default())).unwrap());
    assert_eq!(all.as_array().unwrap().len(), 5);
    for ticket in all.as_array().unwrap() {
        keys(ticket, TICKET);
    }
    let one = json(&desk.ask(|tx| api::ticket(tx, TicketId(1))).unwrap());
    keys(&one, &format!("{TICKET} description timeline first_seen"));
    keys(&one["timeline"][0], "at kind text actor");
    let back: api::TicketInFull = serde_json::from_value(one).unwrap();
    assert_eq!(back.ticket.id, TicketId(1));
}

#[test]
fn the_other_lists_have_their_keys() {
    let mut desk = Desk::busy();
    let orgs = json(&desk.ask(api::orgs).unwrap());
    keys(&orgs[0], "id name client ignored open_tickets suggestions how");
    let globex = orgs.as_array().unwrap().iter().find(|o| o["id"] == 7).unwrap();
    keys(&globex["suggestions"][0], "client score");
    let quarantine = json(&desk.ask(api::quarantine).unwrap());
    keys(&quarantine[0], "id incident_id reason seen_at ticket_id");
    let outbox = {
        let ticket = TicketId(1);
        desk.write(|tx| tx.queue(t(2), &crate::queries::delivery("m1", ticket)));
        json(&desk.ask(|tx| api::outbox(tx, None)).unwrap())
    };
    keys(&outbox[0], "id kind destination state attempts next_at last_error ticket_id incident_id dismissed_at");
    keys(&json(&desk.ask(|tx| api::ledger(tx, false)).unwrap()), "entries verified error head");
    keys(&json(&desk.ask(|tx| api::watch_check(tx, t(2), None)).unwrap()), "state last_read_at too_old max_minutes");
}

#[test]
fn commands_answer_in_their_shapes() {
    let mut desk = Desk::busy();
    let moved = desk.act(|tx| {
        let waiting: Vec<TicketId> = api::tickets(tx, &api::TicketsAsked::default())?
            .into_iter()
            .filter(|t| t.organization_id == Some(OrganizationId(7)))
            .map(|t| t.id)
            .collect();
        api::rehome(tx, t(3), "dana", &waiting[..1], "Globex", true)
    });
    let moved = moved.unwrap();
    keys(&json(&moved), "moved mapped_organization undo_id opened");
    let undone = desk.act(|tx| api::undo(tx, t(4), "dana", moved.undo_id)).unwrap();
    keys(&json(&undone), "restored stay undo_id opened");
}
