//! Pages as they are shown, asked for and taken; drills; wordings.

use crate::fixture::{Desk, t};
use nightdesk_api as api;
use nightdesk_api::wording::{WordingAsked, wording_preview, wordings};
use nightdesk_api::{Code, PagesToTake};
use nightdesk_core::config::Channel;
use nightdesk_core::delivery::Kind;
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
fn a_page_that_waits_says_what_for() {
    let mut desk = armed();
    let tickets = desk.ask(|tx| api::tickets(tx, &api::TicketsAsked::default())).unwrap();
    let mut ids = tickets.into_iter().filter_map(|t| t.incident_id);
    let (first, second) = (ids.next().unwrap(), ids.next().unwrap());
    desk.act(|tx| api::page(tx, t(3), "sam", first, true)).unwrap();
    let asked_for = desk.act(|tx| api::page(tx, t(3), "sam", second, true)).unwrap();
    assert_eq!(asked_for.state, PageState::Waiting);
    assert_eq!(asked_for.doing.as_deref(), Some("waits for a free line, 60 s at most"), "nothing is bundled with it");
}

#[test]
fn a_page_is_taken_by_its_number_too_and_the_desks_own_by_its_name() {
    let mut desk = armed();
    let (id, _) = an_incident(&mut desk);
    let page = desk.act(|tx| api::page(tx, t(3), "sam", id, true)).unwrap();
    let asked = |incident_id, page_id| PagesToTake { incident_id, page_id };
    for wrong in [asked(None, None), asked(Some(id), Some(page.id))] {
        let refused = desk.act(|tx| api::pages_take(tx, t(4), "kim", wrong, How::App)).unwrap_err();
        assert_eq!(refused.code, Code::InvalidInput);
    }
    let missing = desk.act(|tx| api::pages_take(tx, t(4), "kim", asked(None, Some(77)), How::App)).unwrap_err();
    assert_eq!(missing.code, Code::NotFound);
    let taken = desk.act(|tx| api::pages_take(tx, t(4), "kim", asked(None, Some(page.id)), How::App)).unwrap();
    assert_eq!((taken.id, taken.acknowledged_by.as_deref()), (page.id, Some("kim")));
    let over = desk.act(|tx| api::page_take_one(tx, t(5), "sam", page.id, How::App)).unwrap_err();
    assert_eq!(over.code, Code::Conflict);

    let sees = desk.act(|tx| api::page_take_desk(tx, t(5), "kim", How::Command)).unwrap_err();
    assert!(sees.message.contains("desk itself"), "{sees}");
    let check = desk.ask(|tx| api::watch_check(tx, t(60), None)).unwrap();
    assert!(check.too_old && desk.act(|tx| api::watch_alarm(tx, t(60), &check, false)).unwrap());
    assert!(!desk.act(|tx| api::watch_alarm(tx, t(61), &check, false)).unwrap(), "once for each blindness");
    let own = desk.ask(|tx| api::open_desk_page(tx, t(61))).unwrap().unwrap();
    assert_eq!((own.entity.as_str(), own.incident_id), ("desk", None));
    let taken = desk.act(|tx| api::page_take_desk(tx, t(62), "kim", How::Command)).unwrap();
    assert_eq!((taken.id, taken.state), (own.id, PageState::Acknowledged));
    assert_eq!(desk.ask(|tx| api::open_desk_page(tx, t(63))).unwrap(), None);
}

#[test]
fn what_tells_of_a_page_that_is_over_is_not_sent_again() {
    let mut desk = armed();
    let (id, _) = an_incident(&mut desk);
    desk.act(|tx| api::page(tx, t(3), "sam", id, true)).unwrap();
    let text = desk.ask(|tx| api::outbox(tx, None)).unwrap().into_iter().find(|d| d.kind == Kind::Sms).unwrap().id;
    desk.write(|tx| {
        let by = nightdesk_store::Claimant { owner: "test", epoch: 0, until: t(5) };
        let claimed = tx.claim_due(Kind::Sms, by, t(3), 1, |_| true)?.remove(0);
        tx.begin_attempt(claimed.fence, t(3))?;
        let event = nightdesk_core::delivery::Event::Refer;
        let s =
            nightdesk_store::Settlement { event, due_at: None, error: None, remote_ref: None, possible_repeat: false };
        tx.settle(claimed.fence, t(3), &s)
    });
    let asked = api::delivery_view::DeliveriesAsked { state: None, limit: 50 };
    let line = |desk: &mut Desk| {
        let all = desk.ask(|tx| api::delivery_view::deliveries(tx, &asked)).unwrap();
        all.into_iter().find(|line| line.delivery.id == text).unwrap()
    };
    assert!(line(&mut desk).can_redrive, "the page still runs");
    desk.act(|tx| api::page_take(tx, t(4), "kim", id, How::App)).unwrap();
    assert!(!line(&mut desk).can_redrive);
    let refused = desk.act(|tx| api::redrive(tx, t(5), text)).unwrap_err();
    assert!(refused.message.contains("is over"), "{refused}");
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
