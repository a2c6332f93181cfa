//! Pages as they are shown, asked for and taken; drills; wordings.

use crate::fixture::{Desk, t};
use nightdesk_api as api;
use nightdesk_api::Code;
use nightdesk_api::wording::{WordingAsked, wording_preview, wordings};
use nightdesk_core::config::Channel;
use nightdesk_core::ids::IncidentId;
use nightdesk_core::paging::{How, PageState};

const DANA: &str = "+12125550102";

const FILE: &str = r#"
[[contact]]
name = "Dana"
phone = "+12125550102"
channels = ["sms", "call"]
[paging]
account_sid = "AC00000000000000000000000000000000"
from = "+12125550101"
"#;

fn configured() -> Desk {
    let mut desk = Desk::busy();
    desk.act(|tx| api::config_apply(tx, t(2), "dana", FILE, false, None)).unwrap();
    desk
}

fn armed() -> Desk {
    let mut desk = configured();
    desk.write(|tx| tx.verify_contact(DANA, t(2), Channel::Sms));
    desk
}

/// An incident with a ticket, and that ticket's number.
fn an_incident(desk: &mut Desk) -> (IncidentId, nightdesk_core::ids::TicketId) {
    let tickets = desk.ask(|tx| api::tickets(tx, &api::TicketsAsked::default())).unwrap();
    tickets.into_iter().find_map(|t| Some((t.incident_id?, t.id))).unwrap()
}

#[test]
fn the_card_says_whether_a_page_would_reach_anybody() {
    let mut desk = Desk::busy();
    let bare = desk.ask(api::paging_status).unwrap();
    assert!(!bare.is_set_up && !bare.armed && !bare.missing.is_empty());
    let mut desk = configured();
    let unverified = desk.ask(api::paging_status).unwrap();
    assert!(unverified.is_set_up && !unverified.armed);
    assert_eq!(unverified.missing, ["no contact is verified: nobody would be paged"]);
    let status = armed().ask(api::paging_status).unwrap();
    assert!(status.armed && status.missing.is_empty() && status.last_drill.is_none());
}

#[test]
fn a_page_asked_for_is_shown_everywhere_until_somebody_takes_it() {
    let mut desk = armed();
    let (id, ticket) = an_incident(&mut desk);
    let page = desk.act(|tx| api::page(tx, t(3), "sam", id, true)).unwrap();
    assert_eq!((page.state, page.forced, page.incident_id), (PageState::Running, true, Some(id)));
    assert_eq!(page.doing.as_deref(), Some("calling Dana (round 1)"));
    assert_eq!(page.steps.len(), 2);
    assert_eq!(page.steps[0].phone, "+12•••102", "the number is masked");
    let again = desk.act(|tx| api::page(tx, t(3), "sam", id, true)).unwrap_err();
    assert_eq!(again.code, Code::Conflict, "{again}");

    let view = desk.ask(|tx| api::ticket_view::view(tx, t(3), ticket)).unwrap();
    assert_eq!(view.pages.len(), 1);
    let on_card = view.card.page.unwrap();
    assert_eq!((on_card.state, on_card.doing.as_str()), (PageState::Running, "calling Dana (round 1)"));
    assert_eq!(desk.ask(api::open_pages).unwrap(), 1);

    let taken = desk.act(|tx| api::page_take(tx, t(4), "kim", id, How::App)).unwrap();
    assert_eq!((taken.state, taken.acknowledged_by.as_deref()), (PageState::Acknowledged, Some("kim")));
    assert_eq!(taken.doing, None);
    assert_eq!(desk.act(|tx| api::page_take(tx, t(4), "kim", id, How::App)).unwrap_err().code, Code::Conflict);
    let card = |desk: &mut Desk, at| desk.ask(|tx| api::ticket_view::view(tx, at, ticket)).unwrap().card.page;
    assert_eq!(card(&mut desk, t(5)).unwrap().doing, "kim has it");
    assert_eq!(card(&mut desk, t(5 + 25 * 60)), None, "a day later it is old");
    assert_eq!(desk.ask(|tx| api::pages(tx, t(5), 10)).unwrap().len(), 1);
}

#[test]
fn acknowledging_a_tickets_alerts_takes_its_page() {
    let mut desk = armed();
    let (id, ticket) = an_incident(&mut desk);
    desk.act(|tx| api::page(tx, t(3), "sam", id, true)).unwrap();
    assert_eq!(desk.act(|tx| api::acknowledge_alerts(tx, t(4), "kim", Some(ticket))).unwrap(), [ticket]);
    let pages = desk.ask(|tx| api::pages(tx, t(4), 10)).unwrap();
    assert_eq!((pages[0].state, pages[0].acknowledged_how), (PageState::Acknowledged, Some(How::App)));
}

#[test]
fn what_cannot_be_paged_says_why() {
    let mut desk = configured();
    let (id, _) = an_incident(&mut desk);
    let refused = |desk: &mut Desk, id| desk.act(|tx| api::page(tx, t(3), "sam", id, true)).unwrap_err();
    assert!(refused(&mut desk, id).message.contains("no contact of the call tree can be reached"));
    assert_eq!(refused(&mut desk, IncidentId(999)).code, Code::NotFound);
    assert!(desk.ask(|tx| api::pages(tx, t(3), 10)).unwrap().is_empty());
}

#[test]
fn a_drill_tries_every_channel() {
    let mut desk = armed();
    let drill = desk.act(|tx| api::drill(tx, t(3), "sam", None)).unwrap();
    assert_eq!((drill.purpose.as_str(), drill.state, drill.steps.len()), ("drill", PageState::Running, 2));
    let test = desk.act(|tx| api::contact_test(tx, t(4), "sam", "dana", None)).unwrap();
    assert_eq!(test.purpose, "test");
    assert_eq!(desk.act(|tx| api::contact_test(tx, t(4), "sam", "Lee", None)).unwrap_err().code, Code::NotFound);
    let listed = desk.ask(|tx| api::drills(tx, 10)).unwrap();
    assert_eq!(listed.iter().map(|d| d.run_id).collect::<Vec<_>>(), [test.run_id, drill.run_id], "newest first");
    assert_eq!(desk.ask(api::paging_status).unwrap().last_drill.unwrap().at, t(3), "a test of one is no drill");
}

#[test]
fn wordings_are_shown_and_tried_before_they_count() {
    let mut desk = armed();
    let text = format!("{FILE}[paging.templates]\ndrill_text = \"A drill. Reply {{code}}.\"\n");
    desk.act(|tx| api::config_apply(tx, t(3), "dana", &text, false, None)).unwrap();
    let all = desk.ask(wordings).unwrap();
    assert!(all.iter().all(|w| !w.preview.is_empty() && w.spoken == w.segments.is_none()));
    let drill = all.iter().find(|w| w.name == "drill_text").unwrap();
    assert_eq!((drill.preview.as_str(), drill.segments), ("A drill. Reply 4821.", Some(1)));
    assert_ne!(drill.current, drill.shipped);
    let asked = |text: &str| wording_preview(&WordingAsked { name: "drill_text".into(), text: text.into() }).unwrap();
    assert!(asked("see evil.example.com {code}").problem.unwrap().contains("holds no link"));
    assert!(asked("").preview.unwrap().contains("4821"), "none: as it comes");
    assert!(wording_preview(&WordingAsked { name: "poem".into(), text: String::new() }).is_err());
}
