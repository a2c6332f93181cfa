//! Re-home, undo, and a person's work.

use chrono::TimeDelta;
use nightdesk_api::{self as api, Code};
use nightdesk_core::ids::{MoveId, OrganizationId, TicketId};
use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::Scene;

const FIVE: TimeDelta = TimeDelta::minutes(5);

async fn night() -> Scene {
    let mut scene = Scene::open(Scene::account()).await;
    scene.start().await;
    scene
}

async fn publish<const N: usize>(scene: &Scene, organization: i64) -> [i64; N] {
    let ids = [(); N].map(|()| scene.world().publish(IncidentBuilder::high().organization(organization)));
    scene.pass(FIVE).await;
    ids
}

fn tickets(scene: &Scene, incidents: &[i64]) -> Vec<TicketId> {
    incidents.iter().map(|id| scene.ticket_of(*id).id).collect()
}

fn rehome(scene: &Scene, incidents: &[i64], client: &str, map_org: bool) -> Result<api::Rehomed, api::Error> {
    let ids = tickets(scene, incidents);
    scene.act(|tx, now| api::rehome(tx, now, "dana", &ids, client, map_org))
}

fn undo(scene: &Scene, id: MoveId) -> Result<api::Undone, api::Error> {
    scene.act(|tx, now| api::undo(tx, now, "dana", id))
}

/// Board, client, status, and whether its organization still waits to be mapped.
fn place(scene: &Scene, incident: i64) -> (String, String, String, bool) {
    let t = scene.ticket_of(incident);
    (t.board, t.client, t.status.unwrap_or_default(), t.unmapped)
}

fn at(board: &str, client: &str, status: &str, unmapped: bool) -> (String, String, String, bool) {
    (board.into(), client.into(), status.into(), unmapped)
}

fn on_triage() -> (String, String, String, bool) {
    at("Triage", "Security Triage", "To sort", true)
}

fn organization(scene: &Scene, id: i64) -> api::Organization {
    scene.read(|tx| api::org(tx, OrganizationId(id)).unwrap())
}

#[tokio::test]
async fn one_ticket_goes_home_and_back() {
    let mut scene = night().await;
    let [a, b] = publish(&scene, 6).await;
    let before = scene.ticket_of(a);
    let done = rehome(&scene, &[a], "Globex", false).unwrap();
    assert_eq!((done.moved.clone(), done.mapped_organization), (tickets(&scene, &[a]), None));
    assert_eq!(place(&scene, a), at("Security", "Globex", "New", false));
    assert_eq!(scene.ticket_of(a).category.as_deref(), Some("Security incident"));
    assert_eq!(place(&scene, b), on_triage(), "only what was named");
    assert_eq!(organization(&scene, 6).client, None);
    let [later] = publish(&scene, 6).await;
    assert_eq!(place(&scene, later), on_triage(), "nothing was learned");

    let undone = undo(&scene, done.undo_id).unwrap();
    assert_eq!((undone.restored, undone.stay), (done.moved, vec![]));
    scene.settle().await;
    let after = scene.ticket_of(a);
    assert_eq!(after, before, "exactly as it was");
    assert_eq!(scene.kinds_of(a), "opened rehomed undone");
    scene.stop().await;
}

#[tokio::test]
async fn map_org_takes_the_other_waiting_tickets_along_in_one_act() {
    let mut scene = night().await;
    let [a, b, c, d] = publish(&scene, 6).await;
    let [elsewhere] = publish(&scene, 8).await;
    let closed = tickets(&scene, &[d])[0];
    scene.act(|tx, now| api::close(tx, now, "dana", closed)).unwrap();
    let done = rehome(&scene, &[b], "Globex", true).unwrap();
    assert_eq!(done.mapped_organization, Some(OrganizationId(6)));
    assert_eq!(done.moved, tickets(&scene, &[b, a, c]), "the named one first, then its open siblings");
    for id in [a, b, c] {
        assert_eq!(place(&scene, id), at("Security", "Globex", "New", false));
    }
    assert_eq!(place(&scene, d).0, "Triage", "a closed one stays");
    assert_eq!(place(&scene, elsewhere), on_triage());
    let org = organization(&scene, 6);
    assert_eq!((org.client.as_deref(), org.how.as_str()), (Some("Globex"), "rehome"));
    let [later] = publish(&scene, 6).await;
    assert_eq!(place(&scene, later), at("Security", "Globex", "New", false), "learned");

    let undone = undo(&scene, done.undo_id).unwrap();
    assert_eq!(undone.restored, done.moved);
    assert_eq!(undone.stay, tickets(&scene, &[later]), "opened through what was learned: named, and left");
    for id in [a, b, c] {
        assert_eq!(place(&scene, id), on_triage());
    }
    assert_eq!(place(&scene, later), at("Security", "Globex", "New", false));
    let org = organization(&scene, 6);
    assert_eq!((org.client, org.how.as_str()), (None, "none"));
    let [again] = publish(&scene, 6).await;
    assert_eq!(place(&scene, again), on_triage(), "unlearned");
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn several_at_once_are_all_or_none() {
    let mut scene = night().await;
    let [a, b] = publish(&scene, 6).await;
    let [c] = publish(&scene, 8).await;
    let mut ids = tickets(&scene, &[a, b]);
    ids.push(TicketId(4711));
    let refused = scene.act(|tx, now| api::rehome(tx, now, "dana", &ids, "Globex", false)).unwrap_err();
    assert_eq!(refused.code, Code::NotFound);
    assert!(refused.message.contains("4711"), "{refused}");
    let refused = rehome(&scene, &[a, b, c], "Globex", true).unwrap_err();
    assert!(refused.message.contains("6, 8"), "two organizations can't be learned at once: {refused}");
    let refused = rehome(&scene, &[a], "Globax", false).unwrap_err();
    assert!(refused.message.contains("Globex"), "{refused}");
    for id in [a, b, c] {
        assert_eq!((place(&scene, id), scene.kinds_of(id).as_str()), (on_triage(), "opened"));
    }
    let done = rehome(&scene, &[a, b, c], "Globex", false).unwrap();
    assert_eq!(done.moved.len(), 3);
    undo(&scene, done.undo_id).unwrap();
    assert!([a, b, c].iter().all(|id| place(&scene, *id) == on_triage()));
    scene.stop().await;
}

#[tokio::test]
async fn somebody_elses_change_of_the_same_fields_blocks_the_undo_and_says_who() {
    let mut scene = night().await;
    let [a, b] = publish(&scene, 6).await;
    let first = rehome(&scene, &[a, b], "Globex", false).unwrap();
    let ids = tickets(&scene, &[b]);
    scene.pass(FIVE).await;
    scene.act(|tx, now| api::rehome(tx, now, "lee", &ids, "Initech", false)).unwrap();
    let refused = undo(&scene, first.undo_id).unwrap_err();
    assert_eq!(refused.code, Code::Conflict);
    let number = scene.ticket_of(b).number;
    for part in [number.as_str(), "\"Initech\"", "by lee", "nothing was changed"] {
        assert!(refused.message.contains(part), "{part}: {refused}");
    }
    assert_eq!(place(&scene, a), at("Security", "Globex", "New", false), "nor half of it");
    assert_eq!(place(&scene, b), at("Security", "Initech", "New", false));
    scene.stop().await;
}

#[tokio::test]
async fn another_mapping_blocks_the_undo_too() {
    let mut scene = night().await;
    let [a] = publish(&scene, 6).await;
    let done = rehome(&scene, &[a], "Globex", true).unwrap();
    scene.act(|tx, now| api::orgs_map(tx, now, "lee", OrganizationId(6), "Initech", false)).unwrap();
    let refused = undo(&scene, done.undo_id).unwrap_err();
    assert_eq!(refused.code, Code::Conflict);
    assert!(refused.message.contains("Umbrella") && refused.message.contains("Initech"), "{refused}");
    assert_eq!(place(&scene, a), at("Security", "Globex", "New", false));
    assert_eq!(organization(&scene, 6).client.as_deref(), Some("Initech"));
    scene.stop().await;
}

#[tokio::test]
async fn what_the_soc_does_meanwhile_blocks_no_undo_and_is_kept() {
    let mut scene = night().await;
    let [raised, closed, noted] = publish(&scene, 6).await;
    let done = rehome(&scene, &[raised, closed, noted], "Globex", false).unwrap();
    scene.world().set_severity(raised, "critical");
    scene.world().set_status(closed, "closed");
    scene.world().update(noted, |r| drop(r.insert("summary".into(), "More.".into())));
    scene.pass(FIVE).await;
    assert_eq!(place(&scene, closed), at("Security", "Globex", "Closed", false));
    undo(&scene, done.undo_id).unwrap();
    assert_eq!(place(&scene, raised), on_triage());
    assert_eq!(scene.ticket_of(raised).priority.as_deref(), Some("Critical"), "stays raised");
    assert_eq!(place(&scene, closed), at("Triage", "Security Triage", "Done", true), "the old board's closed status");
    assert!(!scene.ticket_of(closed).is_open);
    assert_eq!(scene.kinds_of(noted), "opened rehomed note undone");
    scene.world().set_status(closed, "sent");
    scene.pass(FIVE).await;
    assert_eq!(place(&scene, closed), on_triage(), "and its own opening status again");
    scene.stop().await;
}

#[tokio::test]
async fn the_undo_has_its_own_undo() {
    let mut scene = night().await;
    let [a, b] = publish(&scene, 6).await;
    let done = rehome(&scene, &[a], "Globex", true).unwrap();
    let undone = undo(&scene, done.undo_id).unwrap();
    let refused = undo(&scene, done.undo_id).unwrap_err();
    assert_eq!(refused.code, Code::Conflict, "once is enough: {refused}");
    assert!(refused.message.contains("already taken back"), "{refused}");

    let redone = undo(&scene, undone.undo_id).unwrap();
    assert_eq!(redone.restored.len(), 2);
    for id in [a, b] {
        assert_eq!(place(&scene, id), at("Security", "Globex", "New", false));
    }
    assert_eq!(organization(&scene, 6).client.as_deref(), Some("Globex"));
    let [later] = publish(&scene, 6).await;
    assert_eq!(place(&scene, later), at("Security", "Globex", "New", false));
    undo(&scene, redone.undo_id).unwrap();
    assert_eq!((place(&scene, a), organization(&scene, 6).client), (on_triage(), None));
    scene.stop().await;
}

#[tokio::test]
async fn an_undone_organization_is_not_linked_by_name_again() {
    let mut scene = night().await;
    let [a] = publish(&scene, 6).await;
    let done = rehome(&scene, &[a], "Globex", true).unwrap();
    undo(&scene, done.undo_id).unwrap();
    scene.world().rename_organization(6, "Globex");
    scene.pass(TimeDelta::minutes(61)).await;
    let org = organization(&scene, 6);
    assert_eq!((org.name.as_deref(), org.client), (Some("Globex"), None), "a person said no");
    let [b] = publish(&scene, 6).await;
    assert_eq!(place(&scene, b), on_triage());
    scene.stop().await;
}

#[tokio::test]
async fn a_persons_work_is_on_the_timeline_with_their_name() {
    let mut scene = night().await;
    let [a] = publish(&scene, 4).await;
    let id = tickets(&scene, &[a])[0];
    scene.act(|tx, now| api::assign(tx, now, "dana", id, Some("Lee"))).unwrap();
    scene.act(|tx, now| api::note(tx, now, "dana", id, "Host is isolated.")).unwrap();
    scene.act(|tx, now| api::close(tx, now, "lee", id)).unwrap();
    assert_eq!(place(&scene, a), at("Security", "Acme", "Closed", false));
    assert_eq!(scene.act(|tx, now| api::close(tx, now, "lee", id)).unwrap_err().code, Code::Conflict);
    scene.act(|tx, now| api::reopen(tx, now, "lee", id)).unwrap();
    assert_eq!(scene.act(|tx, now| api::reopen(tx, now, "lee", id)).unwrap_err().code, Code::Conflict);
    assert_eq!(scene.act(|tx, now| api::note(tx, now, "lee", id, " \n")).unwrap_err().code, Code::InvalidInput);
    assert_eq!(scene.act(|tx, now| api::close(tx, now, "lee", TicketId(99))).unwrap_err().code, Code::NotFound);
    scene.act(|tx, now| api::assign(tx, now, "dana", id, None)).unwrap();
    let full = scene.read(|tx| api::ticket(tx, id).unwrap());
    let lines = scene.lines_of(id);
    let line: Vec<_> = lines.iter().map(|l| (l.kind.as_str(), l.actor.as_deref())).collect();
    let (dana, lee) = (Some("dana"), Some("lee"));
    let expected =
        [("opened", None), ("assigned", dana), ("note", dana), ("closed", lee), ("reopened", lee), ("assigned", dana)];
    assert_eq!(line, expected);
    assert_eq!(lines[2].text, "Host is isolated.");
    assert_eq!((full.ticket.assignee, full.ticket.is_open, full.ticket.closed_at), (None, true, None));
    scene.stop().await;
}
