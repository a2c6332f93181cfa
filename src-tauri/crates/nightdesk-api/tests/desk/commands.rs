//! A person's acts, by what they answer and leave behind.

use crate::fixture::{Desk, incident, t, whole};
use nightdesk_api as api;
use nightdesk_api::{Code, TicketsAsked};
use nightdesk_core::ids::{MoveId, OrganizationId, TicketId};
use nightdesk_core::incident::Severity;

fn of_organization(desk: &mut Desk, id: i64) -> Vec<TicketId> {
    let all = desk.ask(|tx| api::tickets(tx, &TicketsAsked::default())).unwrap();
    let mut ids: Vec<_> =
        all.into_iter().filter(|t| t.organization_id == Some(OrganizationId(id))).map(|t| t.id).collect();
    ids.sort();
    ids
}

#[test]
fn a_rehome_moves_maps_and_is_taken_back_whole() {
    let mut desk = Desk::busy();
    let waiting = of_organization(&mut desk, 7);
    assert_eq!(waiting.len(), 2);
    let e = desk.act(|tx| api::rehome(tx, t(2), "dana", &waiting, "Globox", false)).unwrap_err();
    assert_eq!(e.code, Code::InvalidInput);
    assert!(e.message.contains("Globex"), "{e}");
    let done = desk.act(|tx| api::rehome(tx, t(2), "dana", &waiting[..1], "Globex", true)).unwrap();
    assert_eq!((done.moved.len(), done.mapped_organization), (2, Some(OrganizationId(7))));
    let moved = desk.ask(|tx| api::ticket(tx, waiting[0])).unwrap();
    assert_eq!((moved.ticket.board.as_str(), moved.ticket.client.as_str()), ("Security", "Globex"));
    assert!(moved.timeline.iter().any(|l| l.kind == "rehomed" && l.actor.as_deref() == Some("dana")));
    assert_eq!(desk.ask(api::latest_undo), Ok(done.undo_id));
    let undone = desk.act(|tx| api::undo(tx, t(3), "dana", done.undo_id)).unwrap();
    assert_eq!(undone.restored.len(), 2);
    let back = desk.ask(|tx| api::ticket(tx, waiting[0])).unwrap().ticket;
    assert_eq!((back.board.as_str(), back.unmapped), ("Triage", true));
    assert_eq!(desk.act(|tx| api::undo(tx, t(4), "dana", done.undo_id)).unwrap_err().code, Code::Conflict);
    assert_eq!(desk.act(|tx| api::undo(tx, t(4), "dana", MoveId(99))).unwrap_err().code, Code::NotFound);
}

#[test]
fn what_undo_takes_back_next_is_a_move_and_never_an_undo() {
    let mut desk = Desk::busy();
    let waiting = of_organization(&mut desk, 7);
    let first = desk.act(|tx| api::rehome(tx, t(2), "dana", &waiting[..1], "Globex", false)).unwrap().undo_id;
    let second = desk.act(|tx| api::rehome(tx, t(3), "dana", &waiting[1..], "Globex", false)).unwrap().undo_id;
    assert_eq!(desk.ask(api::latest_undo), Ok(second));
    let undone = desk.act(|tx| api::undo(tx, t(4), "dana", second)).unwrap().undo_id;
    assert_eq!(desk.ask(api::latest_undo), Ok(first), "further back, and not the same move once more");
    let redone = desk.act(|tx| api::undo(tx, t(5), "dana", undone)).unwrap().undo_id;
    assert_eq!(desk.ask(api::latest_undo), Ok(redone), "an undo that was taken back is a move again");
    desk.act(|tx| api::undo(tx, t(6), "dana", redone)).unwrap();
    desk.act(|tx| api::undo(tx, t(7), "dana", first)).unwrap();
    assert_eq!(desk.ask(api::latest_undo).unwrap_err().code, Code::NotFound, "nothing is left to take back");
}

#[test]
fn work_on_a_ticket_answers_the_ticket() {
    let mut desk = Desk::busy();
    let id = of_organization(&mut desk, 4)[0];
    let closed = desk.act(|tx| api::close(tx, t(2), "dana", id)).unwrap();
    assert_eq!((closed.ticket.is_open, closed.ticket.status.as_deref()), (false, Some("Closed")));
    assert_eq!(closed.ticket.closed_at, Some(t(2)));
    assert_eq!(desk.act(|tx| api::close(tx, t(3), "dana", id)).unwrap_err().code, Code::Conflict);
    let reopened = desk.act(|tx| api::reopen(tx, t(3), "dana", id)).unwrap();
    assert!(reopened.ticket.is_open);
    let noted = desk.act(|tx| api::note(tx, t(4), "dana", id, "called them")).unwrap();
    assert_eq!(noted.timeline.last().unwrap().text, "called them");
    assert_eq!(desk.act(|tx| api::note(tx, t(4), "dana", id, "  ")).unwrap_err().code, Code::InvalidInput);
    let assigned = desk.act(|tx| api::assign(tx, t(5), "dana", id, Some("Lee"))).unwrap();
    assert_eq!(assigned.ticket.assignee.as_deref(), Some("Lee"));
    assert_eq!(desk.act(|tx| api::assign(tx, t(6), "dana", id, None)).unwrap().ticket.assignee, None);
    assert_eq!(desk.act(|tx| api::close(tx, t(6), "dana", TicketId(99))).unwrap_err().code, Code::NotFound);
}

#[test]
fn a_refused_command_leaves_nothing_behind() {
    let mut desk = Desk::busy();
    let before = desk.ask(|tx| api::ledger(tx, true)).unwrap();
    let one = of_organization(&mut desk, 7)[0];
    desk.act(|tx| api::rehome(tx, t(2), "dana", &[one, TicketId(99)], "Globex", false)).unwrap_err();
    assert_eq!(desk.ask(|tx| api::ledger(tx, true)).unwrap(), before);
    assert_eq!(desk.ask(|tx| api::ticket(tx, one)).unwrap().ticket.board, "Triage");
}

#[test]
fn organizations_are_mapped_unmapped_and_ignored() {
    let mut desk = Desk::busy();
    let mapped = desk.act(|tx| api::orgs_map(tx, t(2), "dana", OrganizationId(7), "globex", false)).unwrap();
    assert_eq!((mapped.organization.client.as_deref(), mapped.organization.how.as_str()), (Some("Globex"), "manual"));
    assert_eq!((mapped.left_on_triage.len(), mapped.moved.len(), mapped.undo_id), (2, 0, None));
    let moved = desk.act(|tx| api::orgs_map(tx, t(3), "dana", OrganizationId(7), "Globex", true)).unwrap();
    assert_eq!(moved.moved.len(), 2);
    assert!(moved.undo_id.is_some());
    let ignored = desk.act(|tx| api::orgs_ignore(tx, t(4), "dana", OrganizationId(7))).unwrap();
    assert!(ignored.organization.ignored);
    desk.ingest(t(5), &[whole(incident(20, Some(7), "sent", Severity::High))]);
    assert_eq!(of_organization(&mut desk, 7).len(), 2, "withheld");
    let unmapped = desk.act(|tx| api::orgs_unmap(tx, t(6), "dana", OrganizationId(7))).unwrap();
    assert_eq!((unmapped.organization.client, unmapped.organization.ignored), (None, false));
    assert_eq!(unmapped.opened.len(), 1, "its open incident gets a ticket at once");
    let unknown = desk.act(|tx| api::orgs_unmap(tx, t(7), "dana", OrganizationId(77)));
    assert_eq!(unknown.unwrap_err().code, Code::NotFound);
}
