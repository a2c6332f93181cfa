use super::fixture::{ACCOUNT, Desk, config};
use super::*;
use crate::{configure, mapping};
use nightdesk_core::ids::{MoveId, OrganizationId};
use nightdesk_store::How;

fn move_to(desk: &mut Desk, ids: &[TicketId], client: &str, map_org: bool) -> Result<Rehomed, Error> {
    desk.write(|tx, ctx, now| rehome(tx, ctx, now, "dana", ids, client, map_org))
}

fn take_back(desk: &mut Desk, id: MoveId) -> Result<Undone, Error> {
    desk.write(|tx, ctx, now| undo(tx, ctx, now, "dana", id))
}

const TRIAGE: [&str; 3] = ["Security Triage", "Triage", "New"];
const ACME: [&str; 3] = ["Acme", "Security", "New"];

#[test]
fn a_triage_ticket_goes_to_its_client_on_the_security_board() {
    let mut desk = Desk::new();
    let t = desk.ticket_for(1, Some(4));
    assert_eq!(desk.place(t), TRIAGE);
    assert!(desk.ticket(t).title.contains("[Unmapped Org]"));
    let done = move_to(&mut desk, &[t, t], "acme", false).unwrap();
    assert_eq!((done.moved, done.mapped_organization), (vec![t], None));
    assert_eq!(desk.place(t), ACME);
    let row = desk.ticket(t);
    assert!(row.moved && !row.unmapped && row.category.is_some());
    assert!(!row.title.contains("Unmapped"), "{}", row.title);
    assert_eq!(desk.client_of(4), None);
    let line = desk.read(|tx, _| tx.timeline(t).unwrap().pop().unwrap());
    assert_eq!((line.kind.as_str(), line.actor.as_deref()), ("rehomed", Some("dana")));
    assert!(desk.ledger().last().unwrap().contains("rehomed"));
    assert!(!desk.ledger().concat().contains("dana"), "the actor stays outside the chain");
}

#[test]
fn map_org_takes_the_other_waiting_tickets_along_and_undo_restores_all() {
    let mut desk = Desk::new();
    let a = desk.ticket_for(1, Some(4));
    let b = desk.ticket_for(2, Some(4));
    let other = desk.ticket_for(3, Some(5));
    let done = move_to(&mut desk, &[b], "Acme", true).unwrap();
    assert_eq!(done.moved, [b, a], "the named one first");
    assert_eq!(done.mapped_organization, Some(OrganizationId(4)));
    assert_eq!((desk.place(a), desk.client_of(4).as_deref()), (ACME.map(String::from), Some("Acme")));
    assert_eq!(desk.place(other), TRIAGE);
    let late = desk.ticket_for(9, Some(4));
    assert_eq!(desk.place(late), ACME, "through the learned mapping");

    let undone = take_back(&mut desk, done.undo).unwrap();
    assert_eq!((undone.restored.clone(), undone.stay.clone()), (vec![b, a], vec![late]));
    assert_eq!(
        (desk.place(a), desk.place(b), desk.place(late)),
        (TRIAGE.map(String::from), TRIAGE.map(String::from), ACME.map(String::from))
    );
    assert!(desk.ticket(a).unmapped && !desk.ticket(a).moved && desk.ticket(a).title.contains("[Unmapped Org]"));
    let row = desk.read(|tx, _| tx.organization(ACCOUNT, OrganizationId(4)).unwrap().unwrap());
    assert!(row.client.is_none() && row.sticky && row.how == How::None);
    assert!(matches!(take_back(&mut desk, done.undo), Err(Error::AlreadyUndone { .. })));

    let redone = take_back(&mut desk, undone.undo).unwrap();
    assert_eq!(redone.restored, [b, a]);
    assert_eq!((desk.place(b), desk.client_of(4).as_deref()), (ACME.map(String::from), Some("Acme")));
    assert!(!desk.ticket(b).unmapped && desk.ticket(b).moved);
    take_back(&mut desk, redone.undo).unwrap();
    assert_eq!((desk.place(b), desk.client_of(4)), (TRIAGE.map(String::from), None));
}

#[test]
fn undo_is_not_blocked_by_closing_but_by_another_move() {
    let mut desk = Desk::new();
    let t = desk.ticket_for(1, Some(4));
    let done = move_to(&mut desk, &[t], "Acme", false).unwrap();
    desk.incident(1, Some(4), "closed");
    assert_eq!(desk.place(t)[2], "Closed");
    take_back(&mut desk, done.undo).unwrap();
    assert_eq!(desk.place(t), ["Security Triage", "Triage", "Done"], "the old board's own closed status");
    // A closed ticket that moves gets the new board's.
    let again = move_to(&mut desk, &[t], "Acme", false).unwrap();
    assert_eq!(desk.place(t), ["Acme", "Security", "Closed"]);
    move_to(&mut desk, &[t], "Globex", false).unwrap();
    let error = take_back(&mut desk, again.undo).unwrap_err().to_string();
    assert!(error.contains("T-1001") && error.contains("Globex") && error.contains("by dana"), "{error}");
    assert_eq!(desk.place(t)[0], "Globex", "nothing was restored");
}

#[test]
fn undo_is_blocked_by_another_mapping() {
    let mut desk = Desk::new();
    let t = desk.ticket_for(1, Some(4));
    let done = move_to(&mut desk, &[t], "Acme", true).unwrap();
    desk.write(|tx, ctx, now| mapping::map(tx, ctx, now, "kim", OrganizationId(4), "Globex", false, How::Manual))
        .unwrap();
    let error = take_back(&mut desk, done.undo).unwrap_err();
    assert!(matches!(&error, Error::ChangedMeanwhile { field: "mapping", .. }), "{error}");
    assert_eq!(desk.place(t), ACME);
}

#[test]
fn all_or_nothing_and_every_refusal_names_what_is_wrong() {
    let mut desk = Desk::new();
    let a = desk.ticket_for(1, Some(4));
    let b = desk.ticket_for(2, Some(5));
    let c = desk.ticket_for(3, None);
    let refusals = [
        (move_to(&mut desk, &[a, TicketId(99), TicketId(98)], "Acme", false), "99, 98"),
        (move_to(&mut desk, &[], "Acme", false), "no ticket was named"),
        (move_to(&mut desk, &[a], "Globx", false), "\"Globex\""),
        (move_to(&mut desk, &[a, b], "Acme", true), "4, 5"),
        (move_to(&mut desk, &[a, c], "Acme", true), "T-1003"),
        (move_to(&mut desk, &[a], "Security Triage", false), "nothing to move"),
    ];
    for (refused, word) in refusals {
        let error = refused.unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
    assert_eq!(desk.place(a), TRIAGE);
    move_to(&mut desk, &[a], "Acme", false).unwrap();
    assert!(matches!(move_to(&mut desk, &[a], "Acme", false), Err(Error::NothingToDo { .. })));
    let both = move_to(&mut desk, &[a, b], "Acme", false).unwrap();
    assert_eq!(both.moved, [b], "what is there already isn't moved again");
    assert!(matches!(take_back(&mut desk, MoveId(77)), Err(Error::UnknownMove(_))));
}

#[test]
fn the_fallback_client_means_back_to_triage_unless_it_is_mapped() {
    let mut desk = Desk::new();
    let t = desk.ticket_for(1, Some(4));
    move_to(&mut desk, &[t], "Acme", false).unwrap();
    move_to(&mut desk, &[t], "Security Triage", false).unwrap();
    assert_eq!(desk.place(t), TRIAGE);
    assert!(desk.ticket(t).unmapped);
    move_to(&mut desk, &[t], "Security Triage", true).unwrap();
    assert_eq!(desk.place(t), ["Security Triage", "Security", "New"]);
}

#[test]
fn re_homing_with_the_mapping_ends_ignoring_and_undo_ignores_again() {
    let mut desk = Desk::new();
    let t = desk.ticket_for(1, Some(4));
    desk.write(|tx, ctx, now| mapping::ignore(tx, ctx, now, "dana", OrganizationId(4))).unwrap();
    assert_eq!(desk.incident(2, Some(4), "sent"), None);
    let done = move_to(&mut desk, &[t], "Acme", true).unwrap();
    assert_eq!((done.moved.clone(), done.opened.len()), (vec![t], 1));
    assert_eq!(desk.place(done.opened[0]), ACME);
    let undone = take_back(&mut desk, done.undo).unwrap();
    assert_eq!(undone.stay, done.opened);
    assert!(desk.read(|tx, _| tx.organization(ACCOUNT, OrganizationId(4)).unwrap().unwrap()).ignored);
}

#[test]
fn a_board_that_is_gone_is_no_place_to_return_to() {
    let mut desk = Desk::new();
    let t = desk.ticket_for(1, Some(4));
    let done = move_to(&mut desk, &[t], "Acme", false).unwrap();
    let mut other = config();
    other.local.boards[1].name = "Intake".into();
    other.routing.triage_board = Some("Intake".into());
    desk.write(|tx, _, now| configure::apply(tx, now, "dana", &other, false, None)).unwrap();
    let error = take_back(&mut desk, done.undo).unwrap_err().to_string();
    assert!(error.contains("\"Triage\""), "{error}");
}

#[test]
fn a_persons_work_marks_the_ticket_and_keeps_to_its_board() {
    let mut desk = Desk::new();
    let t = desk.ticket_for(1, Some(4));
    let closed = desk.write(|tx, ctx, now| close(tx, ctx, now, "dana", t)).unwrap();
    assert!(closed.touched && closed.closed_at == Some(desk.now));
    assert_eq!(desk.place(t)[2], "Done");
    let error = desk.write(|tx, ctx, now| close(tx, ctx, now, "dana", t)).unwrap_err();
    assert!(error.to_string().contains("T-1001 is already closed"), "{error}");
    let open = desk.write(|tx, ctx, now| reopen(tx, ctx, now, "dana", t)).unwrap();
    assert_eq!((open.closed_at, desk.place(t)[2].as_str()), (None, "New"));
    assert!(matches!(desk.write(|tx, ctx, now| reopen(tx, ctx, now, "dana", t)), Err(Error::AlreadyOpen(_))));
    assert!(matches!(desk.write(|tx, _, now| note(tx, now, "dana", t, " \n")), Err(Error::EmptyNote)));
    desk.write(|tx, _, now| note(tx, now, "dana", t, " Called the client. ")).unwrap();
    let assigned = desk.write(|tx, _, now| assign(tx, now, "dana", t, Some("Kim"))).unwrap();
    assert_eq!(assigned.assignee.as_deref(), Some("Kim"));
    assert!(matches!(desk.write(|tx, _, now| assign(tx, now, "dana", t, Some(" "))), Err(Error::EmptyAssignee)));
    assert_eq!(desk.write(|tx, _, now| assign(tx, now, "dana", t, None)).unwrap().assignee, None);
    assert!(matches!(desk.write(|tx, _, now| note(tx, now, "dana", TicketId(9), "x")), Err(Error::UnknownTickets(_))));
    let kinds: Vec<String> = desk.read(|tx, _| tx.timeline(t).unwrap().into_iter().map(|e| e.kind).collect());
    assert_eq!(kinds[1..], ["closed", "reopened", "note", "assigned", "assigned"]);
    assert!(!desk.ledger().concat().contains("Called the client"));
}
