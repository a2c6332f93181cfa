//! Changing tickets without fighting people.

use nightdesk_core::delivery::Outcome;
use nightdesk_core::psa::{Filed, GONE};
use nightdesk_standin::algapsa::{Fault, FaultKind};

use crate::desk::{Scene, reference, update};

#[tokio::test]
async fn a_re_home_is_one_request_and_repeating_it_changes_nothing() {
    let scene = Scene::new().await;
    let (id, was) = scene.opened().await;
    let wants = Filed { category: was.category.clone(), ..scene.filed("Globex", "Triage", "New", "High") };
    scene.standin.take_requests();
    let told = reference(scene.change(&update(&id, &was, &wants)).await);
    let methods: Vec<_> = scene.standin.take_requests().into_iter().map(|r| r.method).collect();
    assert_eq!(methods, ["GET", "PUT"]);
    let ticket = scene.desk().ticket(&id).unwrap();
    assert_eq!((ticket.client.as_str(), ticket.board.as_str(), ticket.priority.as_str()), ("Globex", "Triage", "High"));
    assert_eq!(told.updated_at, Some(ticket.updated_at));

    reference(scene.change(&update(&id, &was, &wants)).await);
    let methods: Vec<_> = scene.standin.take_requests().into_iter().map(|r| r.method).collect();
    assert_eq!(methods, ["GET"]);
    assert_eq!(scene.desk().ticket(&id).unwrap().updated_at, ticket.updated_at);
    assert_eq!(ticket.attributes["source_reference"], crate::desk::REFERENCE, "attributes were left alone");
    assert_eq!(scene.standin.unexpected(), []);
}

#[tokio::test]
async fn closing_goes_by_the_call_that_fires_its_events_and_mails_no_customer() {
    let scene = Scene::new().await;
    let (id, was) = scene.opened().await;
    let closed = scene.filed("Acme", "Security", "Closed", "Critical");
    scene.standin.take_requests();
    reference(scene.change(&update(&id, &was, &closed)).await);
    let put = scene.standin.take_requests().into_iter().find(|r| r.method == "PUT").unwrap();
    assert!(put.path.ends_with("/status") && put.body["suppressContactNotifications"] == true, "{put:?}");
    assert!(put.body.get("suppressInternalNotifications").is_none(), "technicians are told");
    assert_eq!((scene.desk().closings().len(), scene.desk().ticket(&id).unwrap().is_closed), (1, true));
    reference(scene.change(&update(&id, &closed, &was)).await);
    assert!(!scene.desk().ticket(&id).unwrap().is_closed);
    assert_eq!(scene.standin.unexpected(), []);
}

#[tokio::test]
async fn what_a_person_changed_stays_and_is_still_news() {
    let scene = Scene::new().await;
    let (id, was) = scene.opened().await;
    scene.desk().person_closes(&id, "Dana");
    let wants = Filed { client: scene.filed("Globex", "Security", "New", "Low").client, ..was.clone() };
    let told = reference(scene.change(&update(&id, &was, &wants)).await);
    let ticket = scene.desk().ticket(&id).unwrap();
    assert_eq!((ticket.client.as_str(), ticket.is_closed), ("Globex", true));
    assert_eq!(told.updated_at, None, "or Dana's part would pass for old news");

    let all = scene.filed("Acme", "Triage", "New", "Critical");
    scene.desk().person_sets_client(&id, "Security Triage", "Dana");
    scene.standin.take_requests();
    let told = reference(scene.change(&update(&id, &was, &all)).await);
    assert_eq!(
        (scene.standin.take_requests().len(), told.updated_at),
        (1, None),
        "looked at, and nothing left to write"
    );
}

#[tokio::test]
async fn a_lost_answer_is_in_doubt_and_repeating_it_is_harmless() {
    for kind in [FaultKind::LostAnswer, FaultKind::StatusAfter(504), FaultKind::Truncated, FaultKind::ResetBefore] {
        let scene = Scene::new().await;
        let (id, was) = scene.opened().await;
        let wants = scene.filed("Acme", "Security", "Closed", "Low");
        scene.standin.fault(Fault::new(kind.clone()).method("PUT").times(1));
        assert!(matches!(scene.change(&update(&id, &was, &wants)).await, Outcome::Unknown { .. }), "{kind:?}");
        reference(scene.change(&update(&id, &was, &wants)).await);
        let ticket = scene.desk().ticket(&id).unwrap();
        assert_eq!((ticket.is_closed, ticket.priority.as_str()), (true, "Low"));
        assert_eq!(scene.desk().closings().len(), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn a_deleted_ticket_is_left_deleted_and_a_lost_proxy_is_no_deletion() {
    let scene = Scene::new().await;
    let (id, was) = scene.opened().await;
    let wants = scene.filed("Acme", "Security", "Closed", "Critical");
    scene.standin.fault(Fault::new(FaultKind::NotJson).method("GET").times(1));
    assert!(matches!(scene.change(&update(&id, &was, &wants)).await, Outcome::Temporary { .. }));
    scene.desk().person_deletes(&id, "Dana");
    let Outcome::Permanent { error } = scene.change(&update(&id, &was, &wants)).await else { panic!("deleted") };
    assert!(error.starts_with(GONE), "{error}");
}

#[tokio::test]
async fn a_ticket_deleted_or_moved_between_look_and_write_is_noticed() {
    let scene = Scene::new().await;
    let (id, was) = scene.opened().await;
    let wants = scene.filed("Acme", "Security", "Closed", "Critical");
    let moved = id.clone();
    scene.standin.on_request(Box::new(move |request, desk| {
        if request.method == "PUT" {
            desk.person_moves(&moved, "Triage", "Dana");
        }
    }));
    assert!(matches!(scene.change(&update(&id, &was, &wants)).await, Outcome::Temporary { .. }));
    let deleted = id.clone();
    scene.standin.on_request(Box::new(move |request, desk| {
        if request.method == "PUT" {
            desk.person_deletes(&deleted, "Dana");
        }
    }));
    let is = scene.filed("Acme", "Triage", "New", "Critical");
    let is = Filed { category: was.category.clone(), ..is };
    let wants =
        Filed { priority: wants.priority, client: scene.filed("Globex", "Triage", "New", "Low").client, ..is.clone() };
    let Outcome::Permanent { error } = scene.change(&update(&id, &is, &wants)).await else { panic!("deleted") };
    assert!(error.starts_with(GONE), "{error}");
}

#[tokio::test]
async fn a_close_rule_is_told_with_its_words() {
    let scene = Scene::new().await;
    let (id, was) = scene.opened().await;
    scene.desk().set_close_rule("Security", "Time must be entered");
    let wants = scene.filed("Acme", "Security", "Closed", "Critical");
    let Outcome::Permanent { error } = scene.change(&update(&id, &was, &wants)).await else { panic!("a rule") };
    assert!(error.contains("Time must be entered") && error.contains("close rules"), "{error}");
    scene.desk().clear_close_rules("Security");
    reference(scene.change(&update(&id, &was, &wants)).await);
}
