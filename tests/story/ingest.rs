//! From Huntress's listing to tickets.

use chrono::TimeDelta;
use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::Scene;

#[tokio::test]
async fn nd_1_every_incident_ever_seen_is_accounted_for() {
    let mut scene = Scene::open(Scene::account()).await;
    let mapped = scene.world().publish(IncidentBuilder::critical().organization(4));
    let unmapped = scene.world().publish(IncidentBuilder::high().organization(6));
    let orphan = scene.world().publish(IncidentBuilder::low().field("organization_id", serde_json::Value::Null));
    let stranger = scene.world().publish(IncidentBuilder::low().organization(4).field("organization_id", 999));
    let closed = scene.world().publish(IncidentBuilder::low().organization(4).status("closed"));
    let odd = scene.world().publish(IncidentBuilder::low().organization(4).field("status", "simmering"));
    scene.start().await;

    let report = scene.poll().await;
    assert!(report.ok, "{report:?}");
    let ticket = scene.ticket_of(mapped);
    assert_eq!((ticket.client.as_str(), ticket.board.as_str()), ("Acme", "Security"));
    assert_eq!(ticket.priority.as_deref(), Some("Critical"));
    for id in [unmapped, orphan, stranger] {
        let ticket = scene.ticket_of(id);
        assert_eq!((ticket.client.as_str(), ticket.board.as_str()), ("Security Triage", "Triage"), "incident {id}");
        assert!(ticket.unmapped);
    }
    assert!(scene.ticket_of(odd).is_open, "an unknown status counts as open");
    assert!(scene.tickets().iter().all(|t| t.incident_id.map(|i| i.0) != Some(closed)));
    scene.assert_accounted();
    assert_eq!(scene.status().ledger.record_only, 1);
    scene.stop().await;
}

#[tokio::test]
async fn nd_4_one_bad_record_never_holds_back_another() {
    let mut scene = Scene::open(Scene::account()).await;
    let good = scene.world().publish(IncidentBuilder::high().organization(4));
    let bad = scene.world().publish(IncidentBuilder::high().organization(4).field("severity", 3));
    let later = scene.world().publish(IncidentBuilder::high().organization(4));
    scene.start().await;
    let report = scene.poll().await;
    assert!(report.ok);
    scene.ticket_of(good);
    scene.ticket_of(later);
    assert_eq!(scene.ticket_of(bad).priority.as_deref(), Some("Critical"), "what can't be read counts as critical");
    assert_eq!(scene.status().ledger.quarantined, 1);
    scene.assert_accounted();

    scene.world().update(bad, |r| {
        r.insert("severity".into(), "low".into());
    });
    scene.pass(TimeDelta::minutes(5)).await;
    assert_eq!(scene.status().ledger.quarantined, 0);
    assert_eq!(scene.ticket_of(bad).priority.as_deref(), Some("Low"), "the first known severity counts, downwards too");
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn an_idle_poll_is_one_small_request() {
    let mut scene = Scene::open(Scene::account()).await;
    for _ in 0..80 {
        scene.world().publish(IncidentBuilder::low().organization(4));
    }
    scene.start().await;
    scene.pass(TimeDelta::seconds(30)).await;
    scene.requests();
    let report = scene.poll().await;
    assert_eq!((report.new, report.changed), (0, 0));
    let listed: Vec<_> = scene.asked().into_iter().filter(|r| r.path.ends_with("/incident_reports")).collect();
    assert_eq!(listed.len(), 2, "80 incidents of one minute overlap the first page");
    assert_eq!(listed[0].param("limit"), Some("50"));
    scene.stop().await;
}
