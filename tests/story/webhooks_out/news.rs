//! What is told, to whom, and in what form.

use super::{desk, endpoint, events, states, toml, unstarted};
use chrono::TimeDelta;
use nightdesk_standin::{IncidentBuilder, Notice};
use nightdesk_tests::{configuration, hook_secret};
use serde_json::Value;

const SIX: TimeDelta = TimeDelta::minutes(6);
const TEN: TimeDelta = TimeDelta::minutes(10);

fn fits(body: &Value) -> Vec<String> {
    let mut schema = schema();
    let published = faults(&schema, body);
    // What is published lets fields be added; what is sent must be documented.
    close(&mut schema);
    published.into_iter().chain(faults(&schema, body)).collect()
}

fn schema() -> Value {
    serde_json::from_str(nightdesk_core::webhook::SCHEMA).unwrap()
}

fn faults(schema: &Value, body: &Value) -> Vec<String> {
    let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    validator.iter_errors(body).map(|e| e.to_string()).collect()
}

/// Takes every object that names its fields to have no others.
fn close(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    map.insert("unevaluatedProperties".into(), false.into());
    let mut objects: Vec<&mut Value> = Vec::new();
    for (name, value) in map.iter_mut() {
        if let ("$defs", Value::Object(defs)) = (name.as_str(), value) {
            let whole = ["account", "organization"];
            objects.extend(defs.iter_mut().filter(|(name, _)| whole.contains(&name.as_str())).map(|(_, d)| d));
        }
    }
    objects.into_iter().for_each(close);
}

#[tokio::test]
async fn fields_may_be_added_to_what_is_told() {
    let (mut scene, consumers) = desk(1).await;
    let id = scene.world().publish(IncidentBuilder::high().organization(4));
    scene.pass(SIX).await;
    let body = consumers[0].take_posts()[0].json();
    assert_eq!(body["data"]["id"].as_i64(), Some(id));
    assert_eq!(fits(&body), Vec::<String>::new());
    for place in ["", "/data", "/data/account", "/data/organization", "/data/ticket"] {
        let mut later = body.clone();
        later.pointer_mut(place).unwrap()["brand_new"] = "in a later version".into();
        assert_eq!(faults(&schema(), &later), Vec::<String>::new(), "{place}");
    }
    let mut less = body.clone();
    less["data"].as_object_mut().unwrap().remove("severity");
    assert!(!faults(&schema(), &less).is_empty(), "what there is stays");
    scene.stop().await;
}

#[tokio::test]
async fn an_incident_that_was_over_before_it_was_seen_is_not_told() {
    let (mut scene, consumers) = desk(1).await;
    let id = scene.world().publish(IncidentBuilder::high().organization(4));
    scene.world().set_status(id, "closed");
    scene.pass(SIX).await;
    assert_eq!(scene.status().ledger.record_only, 1);
    assert!(consumers[0].posts().is_empty() && states(&scene).is_empty());
    scene.stop().await;
}

#[tokio::test]
async fn an_incident_is_told_when_it_comes_and_when_it_is_closed_and_not_in_between() {
    let (mut scene, consumers) = desk(1).await;
    let siem = &consumers[0];
    assert!(siem.posts().is_empty());

    let id = scene.world().publish(IncidentBuilder::high().organization(4));
    scene.pass(SIX).await;
    assert_eq!(events(&siem.posts()), ["incident_report.created"]);
    let body = siem.take_posts()[0].json();
    assert_eq!(fits(&body), Vec::<String>::new());
    let data = &body["data"];
    assert_eq!((data["id"].as_i64(), data["severity"].as_str()), (Some(id), Some("high")));
    assert_eq!((data["account"]["id"].as_i64(), data["organization"]["id"].as_i64()), (Some(5), Some(4)));
    assert_eq!(data["ticket"]["client"], "Acme");
    assert_eq!(data["ticket"]["number"], scene.ticket_of(id).number);

    scene.world().set_severity(id, "critical");
    scene.pass(SIX).await;
    assert!(siem.posts().is_empty(), "Huntress has no event for that");

    scene.world().set_status(id, "closed");
    scene.pass(SIX).await;
    assert_eq!(events(&siem.posts()), ["incident_report.closed"]);
    assert_eq!(fits(&siem.take_posts()[0].json()), Vec::<String>::new());
    scene.pass(TimeDelta::hours(2)).await;
    assert!(siem.posts().is_empty(), "polls repeat nothing");
    assert_eq!(states(&scene), ["delivered", "delivered"]);
    scene.stop().await;
}

#[tokio::test]
async fn an_endpoint_hears_of_its_categories_alone() {
    let (mut scene, consumers) = unstarted(3).await;
    let urls: Vec<String> = consumers.iter().map(|c| c.url()).collect();
    let mut file = configuration(&scene.soc.base_url());
    file.push_str(&endpoint(&urls[0], &["incident_reports"]));
    file.push_str(&endpoint(&urls[1], &["escalations", "platform_actions"]));
    file.push_str(&endpoint(&urls[2], &[]));
    scene.apply(&file);
    scene.start().await;
    scene.world().publish(IncidentBuilder::low().organization(4));
    let asked = scene.world().add_escalation(Notice::new("Unexpected country").organization(4).severity("high"));
    scene.pass(TEN).await;
    assert!(scene.world().resolve_escalation(asked));
    scene.pass(TEN).await;

    assert_eq!(events(&consumers[0].posts()), ["incident_report.created"]);
    let posts = consumers[1].posts();
    assert_eq!(events(&posts), ["escalation.created", "escalation.closed"]);
    for post in &posts {
        assert_eq!(fits(&post.json()), Vec::<String>::new());
    }
    assert_eq!(posts[0].json()["data"]["organizations"][0]["name"], "Acme Incorporated");
    assert!(consumers[2].posts().is_empty());
    scene.stop().await;
}

#[tokio::test]
async fn what_was_open_before_is_told_singly_too() {
    let (mut scene, consumers) = unstarted(1).await;
    for _ in 0..3 {
        scene.world().publish(IncidentBuilder::low().organization(4).sent_ago(TimeDelta::days(3)));
    }
    scene.start().await;
    scene.pass(SIX).await;
    assert_eq!(events(&consumers[0].posts()), ["incident_report.created"; 3]);
    scene.stop().await;
}

#[tokio::test]
async fn each_message_has_an_id_of_its_own_at_each_endpoint() {
    let (mut scene, consumers) = desk(2).await;
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(SIX).await;
    let mut ids: Vec<String> = consumers.iter().flat_map(|c| c.posts()).map(|p| p.id).collect();
    assert_eq!(ids.len(), 4);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
    scene.stop().await;
}

#[tokio::test]
async fn a_desk_without_endpoints_queues_nothing_and_one_added_later_hears_of_what_comes_then() {
    let (mut scene, consumers) = unstarted(1).await;
    scene.apply(&toml(&scene, &[]));
    scene.start().await;
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(SIX).await;
    assert!(states(&scene).is_empty());
    let url = consumers[0].url();
    scene.apply(&toml(&scene, std::slice::from_ref(&url)));
    // It was configured and deleted once before: the secret is another one.
    consumers[0].trust([hook_secret(&url, 2)]);
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(SIX).await;
    assert_eq!(events(&consumers[0].posts()), ["incident_report.created"]);
    scene.stop().await;
}
