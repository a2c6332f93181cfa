//! Webhook and poll of the same incident, in any order and at once.

use super::Posted;
use chrono::TimeDelta;
use nightdesk_core::clock::Clock as _;
use nightdesk_core::ids::{AccountId, IncidentId, IncidentKey};
use nightdesk_core::notice::NoticeKind;
use nightdesk_standin::{Fault, FaultKind, IncidentBuilder, Notice};
use nightdesk_store::{FirstSeen, StoredIncident};
use serde_json::{Value, json};

const CREATED: &str = "incident_report.created";
const CLOSED: &str = "incident_report.closed";

fn stored(posted: &Posted, id: i64) -> StoredIncident {
    let key = IncidentKey { account: AccountId(5), id: IncidentId(id) };
    posted.scene.read(|tx| tx.incident(key).unwrap()).expect("stored")
}

#[tokio::test]
async fn nd_1_an_incident_is_ticketed_by_its_webhook_within_the_moment() {
    let mut posted = Posted::night().await;
    let id = posted.scene.world().publish(IncidentBuilder::critical().organization(4).entity("SRV01"));
    posted.tell_of(id, CREATED).await;
    let ticket = posted.scene.ticket_of(id);
    assert_eq!((ticket.client.as_str(), ticket.priority.as_deref()), ("Acme", Some("Critical")));
    let log = posted.log();
    assert_eq!((log.len(), log[0].incident, log[0].words.as_deref()), (1, Some(id), Some("a new incident")));
    posted.scene.stop().await;
}

#[tokio::test]
async fn webhook_then_poll_is_one_ticket_and_both_times_stay() {
    let mut posted = Posted::night().await;
    let id = posted.scene.world().publish(IncidentBuilder::critical().organization(4));
    posted.tell_of(id, CREATED).await;
    let came = posted.scene.clock.now();
    posted.minutes(5).await;
    posted.scene.ticket_of(id);
    let incident = stored(&posted, id);
    assert_eq!((incident.first_seen_by, incident.posted_at), (FirstSeen::Webhook, Some(came)));
    let gap = incident.polled_at.unwrap() - came;
    assert!(gap > TimeDelta::zero() && gap <= TimeDelta::minutes(5), "{gap}");
    // Completed by the report: a webhook has no kinds of indicators.
    assert!(!incident.facts().unwrap().indicator_types.is_empty());
    assert_eq!(posted.scene.timeline_of(id).len(), 1, "{:?}", posted.scene.timeline_of(id));
    posted.scene.stop().await;
}

#[tokio::test]
async fn poll_then_webhook_changes_nothing_but_the_time() {
    let mut posted = Posted::night().await;
    let id = posted.scene.world().publish(IncidentBuilder::high().organization(4));
    posted.minutes(5).await;
    let before = posted.scene.timeline_of(id);
    posted.scene.clock.pass(std::time::Duration::from_secs(20));
    posted.tell_of(id, CREATED).await;
    posted.minutes(5).await;
    assert_eq!(posted.scene.timeline_of(id), before);
    let incident = stored(&posted, id);
    assert_eq!(incident.first_seen_by, FirstSeen::Poll);
    assert!(incident.posted_at > incident.polled_at, "{incident:?}");
    posted.scene.stop().await;
}

#[tokio::test]
async fn webhook_and_poll_at_once_never_double_and_never_miss() {
    let mut posted = Posted::night().await;
    for round in 0..6 {
        let ids: Vec<i64> =
            (0..10).map(|_| posted.scene.world().publish(IncidentBuilder::high().organization(4))).collect();
        let world = posted.scene.world().clone();
        let posts = async {
            for id in &ids {
                let payload = world.incident_event(*id, CREATED).unwrap();
                // Half of them twice: two endpoints lead here.
                assert_eq!(posted.endpoint.tell(&payload).await.status, Some(200));
                if id % 2 == 0 {
                    assert_eq!(posted.endpoint.tell(&payload).await.status, Some(200));
                }
            }
        };
        let (report, ()) = tokio::join!(posted.scene.poll(), posts);
        assert!(report.ok, "round {round}: {report:?}");
        posted.scene.settle().await;
        for id in ids {
            posted.scene.ticket_of(id);
        }
        posted.minutes(1).await;
    }
    posted.scene.stop().await;
}

#[tokio::test]
async fn closed_before_created_stays_closed() {
    let mut posted = Posted::night().await;
    let id = posted.scene.world().publish(IncidentBuilder::critical().organization(4));
    let created = posted.scene.world().incident_event(id, CREATED).unwrap();
    posted.scene.clock.pass(std::time::Duration::from_secs(30));
    posted.scene.world().set_status(id, "closed");
    posted.tell_of(id, CLOSED).await;
    assert_eq!(posted.tell(&created).await.status, Some(200));
    assert!(
        posted.scene.tickets().iter().all(|t| t.incident_id != Some(IncidentId(id))),
        "it was over before it was seen"
    );
    assert!(!stored(&posted, id).is_open);
    // The same within one second, where times can't tell.
    let id = posted.scene.world().publish(IncidentBuilder::critical().organization(4));
    let created = posted.scene.world().incident_event(id, CREATED).unwrap();
    posted.scene.world().set_status(id, "closed");
    posted.tell_of(id, CLOSED).await;
    posted.tell(&created).await;
    assert!(!stored(&posted, id).is_open);
    posted.scene.stop().await;
}

#[tokio::test]
async fn an_event_that_was_overtaken_moves_nothing_backwards() {
    let mut posted = Posted::night().await;
    let world = posted.scene.world().clone();
    let id = world.publish(IncidentBuilder::high().organization(4));
    let created = world.incident_event(id, CREATED).unwrap();
    posted.minutes(1).await;
    world.set_severity(id, "critical");
    posted.minutes(5).await;
    assert_eq!(posted.scene.ticket_of(id).priority.as_deref(), Some("Critical"));
    posted.tell(&created).await;
    assert_eq!(posted.scene.ticket_of(id).priority.as_deref(), Some("Critical"));
    posted.minutes(1).await;
    world.set_status(id, "closed");
    posted.tell_of(id, CLOSED).await;
    assert!(!posted.scene.ticket_of(id).is_open);
    posted.tell(&created).await;
    posted.minutes(10).await;
    assert!(!posted.scene.ticket_of(id).is_open);
    posted.scene.stop().await;
}

#[tokio::test]
async fn an_unknown_severity_is_asked_for_by_id_before_anyone_waits_long() {
    let mut posted = Posted::night().await;
    let world = posted.scene.world().clone();
    let id = world.publish(IncidentBuilder::low().organization(4));
    let mut payload = world.incident_event(id, CREATED).unwrap();
    payload["severity"] = Value::Null;
    posted.scene.soc.take_requests();
    posted.tell(&payload).await;
    // Ticketed at once as critical, and put right by the report.
    let ticket = posted.scene.ticket_of(id);
    assert_eq!(ticket.priority.as_deref(), Some("Low"), "{:?}", posted.scene.timeline_of(id));
    let asked = posted.scene.soc.take_requests();
    assert!(asked.iter().any(|r| r.path.ends_with(&format!("/incident_reports/{id}"))), "{asked:?}");
    posted.scene.stop().await;
}

#[tokio::test]
async fn no_ticket_waits_for_the_report_and_a_404_undoes_nothing() {
    let mut posted = Posted::night().await;
    let world = posted.scene.world().clone();
    let id = world.publish(IncidentBuilder::critical().organization(4));
    let payload = world.incident_event(id, CREATED).unwrap();
    world.remove(id);
    posted.tell(&payload).await;
    posted.minutes(4).await;
    assert!(posted.scene.ticket_of(id).is_open);
    let incident = stored(&posted, id);
    assert!(incident.is_open && incident.gone_at.is_none(), "{incident:?}");
    assert_eq!(posted.scene.timeline_of(id).len(), 1);
    // Huntress's list catches up.
    world.publish(IncidentBuilder::critical().id(id).organization(4));
    posted.minutes(10).await;
    assert!(!stored(&posted, id).facts().unwrap().indicator_types.is_empty());
    // And one that never comes there is the sweep's: a note, and the ticket stays open.
    let id = world.publish(IncidentBuilder::critical().organization(4));
    let payload = world.incident_event(id, CREATED).unwrap();
    world.remove(id);
    posted.tell(&payload).await;
    posted.minutes(130).await;
    assert!(posted.scene.ticket_of(id).is_open);
    posted.scene.stop().await;
}

#[tokio::test]
async fn a_dead_api_keeps_no_webhook_from_its_ticket() {
    let mut posted = Posted::night().await;
    posted.scene.soc.fault(Fault::new(FaultKind::Status(500, None)));
    let id = posted.scene.world().publish(IncidentBuilder::critical().organization(4));
    posted.tell_of(id, CREATED).await;
    assert!(posted.scene.ticket_of(id).is_open);
    posted.scene.soc.clear_faults();
    posted.minutes(20).await;
    assert!(!stored(&posted, id).facts().unwrap().indicator_types.is_empty());
    posted.scene.stop().await;
}

#[tokio::test]
async fn nd_4_a_bad_record_is_quarantined_and_holds_nothing_back() {
    let mut posted = Posted::night().await;
    let world = posted.scene.world().clone();
    let bad = world.publish(IncidentBuilder::critical().organization(4));
    let good = world.publish(IncidentBuilder::high().organization(4));
    let mut payload = world.incident_event(bad, CREATED).unwrap();
    payload["status"] = json!(["sent"]);
    assert_eq!(posted.tell(&payload).await.status, Some(200));
    payload["id"] = json!("?");
    assert_eq!(posted.tell(&payload).await.status, Some(200));
    posted.tell_of(good, CREATED).await;
    posted.scene.ticket_of(good);
    assert_eq!(posted.scene.status().ledger.quarantined, 2);
    assert_eq!(posted.scene.tickets().len(), 3);
    posted.minutes(5).await;
    assert_eq!(posted.scene.status().ledger.quarantined, 1, "the poll could read it");
    posted.scene.stop().await;
}

#[tokio::test]
async fn another_accounts_webhook_is_not_mixed_in() {
    let mut posted = Posted::night().await;
    let id = posted.scene.world().publish(IncidentBuilder::critical().organization(4));
    let mut payload = posted.scene.world().incident_event(id, CREATED).unwrap();
    payload["account"] = json!({ "id": 6, "name": "Elsewhere" });
    posted.tell(&payload).await;
    assert_eq!(posted.scene.status().ledger.quarantined, 1);
    assert!(posted.scene.tickets().iter().all(|t| t.incident_id.is_none()));
    posted.scene.stop().await;
}

#[tokio::test]
async fn a_comment_stands_on_the_ticket_once() {
    let mut posted = Posted::night().await;
    let world = posted.scene.world().clone();
    let id = world.publish(IncidentBuilder::high().organization(4));
    // It may come first.
    let payload = world.comment_event(id, "Please reset <b>the password</b>.").unwrap();
    posted.tell(&payload).await;
    posted.tell(&payload).await;
    let message = posted.endpoint.message(&world.comment_event(id, "Done?").unwrap());
    posted.endpoint.post(&message).await;
    posted.endpoint.post(&message).await;
    posted.scene.settle().await;
    let comments: Vec<_> =
        posted.scene.timeline_of(id).into_iter().filter(|line| line.starts_with("comment")).collect();
    assert_eq!(comments, ["comment: Please reset <b>the password</b>.", "comment: Done?"]);
    posted.scene.stop().await;
}

#[tokio::test]
async fn notices_come_by_either_way_once() {
    let mut posted = Posted::night().await;
    let world = posted.scene.world().clone();
    let id = world.add_escalation(Notice::new("Sign-in from an unexpected country").organization(4));
    posted.tell(&world.escalation_event(id, "escalation.created").unwrap()).await;
    posted.tell(&world.one_time_event(9, "account_notice.notification", "New address", "From June on")).await;
    posted.minutes(6).await;
    let notices = posted.scene.read(|tx| tx.notices(AccountId(5)).unwrap());
    let mut kinds: Vec<_> = notices.iter().map(|n| (n.notice.kind, n.first_seen)).collect();
    kinds.sort_by_key(|k| k.0);
    assert_eq!(kinds, [(NoticeKind::Escalation, FirstSeen::Webhook), (NoticeKind::AccountNotice, FirstSeen::Webhook)]);
    assert!(posted.scene.tickets().is_empty(), "notices open no tickets");
    posted.scene.stop().await;
}

#[tokio::test]
async fn an_unmapped_organization_is_known_by_the_name_in_its_webhook() {
    let mut posted = Posted::night().await;
    let world = posted.scene.world().clone();
    let id = world.publish(IncidentBuilder::high().organization(77));
    let mut payload = world.incident_event(id, CREATED).unwrap();
    payload["organization"] = json!({ "id": 77, "name": "Brand New Ltd" });
    posted.tell(&payload).await;
    let ticket = posted.scene.ticket_of(id);
    assert!(ticket.unmapped);
    assert_eq!((ticket.board.as_str(), ticket.organization_name.as_deref()), ("Triage", Some("Brand New Ltd")));
    posted.scene.stop().await;
}
