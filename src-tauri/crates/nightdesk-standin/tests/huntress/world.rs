//! What editing the data does to the answers.

use crate::desk::Desk;
use chrono::{DateTime, TimeDelta};
use nightdesk_standin::{Account, Agent, IncidentBuilder, Story, SubjectForm};
use serde_json::{Value, json};

async fn desk() -> Desk {
    let account = Account::new(5, "Check MSP")
        .organization(4, "Acme (UK)")
        .agent(Agent::new(70, 4, "laptop01"))
        .incident(IncidentBuilder::low().id(9).organization(4).agent(70).sent_ago(TimeDelta::hours(2)));
    Desk::open(account).await
}

async fn report(desk: &Desk, id: i64) -> Value {
    desk.get(&format!("/v1/incident_reports/{id}")).await.json()["incident_report"].clone()
}

#[tokio::test]
async fn every_change_bumps_updated_at_to_the_clock() {
    let desk = desk().await;
    let world = desk.huntress.world();
    type Change = (&'static str, fn(&nightdesk_standin::World) -> bool);
    let changes: [Change; 5] = [
        ("status", |world| world.set_status(9, "auto_remediating")),
        ("severity", |world| world.set_severity(9, "critical")),
        ("organization", |world| world.reassign(9, None)),
        ("field", |world| world.update(9, |fields| drop(fields.insert("summary".into(), json!("new"))))),
        ("touch", |world| world.touch(9)),
    ];
    for (what, change) in changes {
        desk.time.forward(60);
        assert!(change(world));
        let now = desk.time.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        assert_eq!(report(&desk, 9).await["updated_at"], json!(now), "{what}");
    }
    let before = report(&desk, 9).await;
    desk.time.forward(60);
    world.update_quietly(9, |fields| drop(fields.insert("summary".into(), json!("quiet"))));
    assert_eq!(report(&desk, 9).await["updated_at"], before["updated_at"]);
    assert!(!world.set_status(10, "closed"), "unknown");
}

#[tokio::test]
async fn closing_and_reopening_set_their_times() {
    let desk = desk().await;
    desk.time.forward(60);
    desk.huntress.world().set_status(9, "closed");
    let closed = report(&desk, 9).await;
    assert_eq!(closed["closed_at"], closed["status_updated_at"]);
    assert_eq!(closed["closed_at"], closed["updated_at"]);
    desk.huntress.world().set_status(9, "sent");
    assert_eq!(report(&desk, 9).await["closed_at"], Value::Null);
}

#[tokio::test]
async fn subjects_have_both_forms_and_follow_the_severity() {
    let desk = desk().await;
    let world = desk.huntress.world();
    assert_eq!(report(&desk, 9).await["subject"], "LOW - Incident on laptop01 (Acme (UK))");
    world.set_severity(9, "critical");
    assert_eq!(report(&desk, 9).await["subject"], "CRITICAL - Incident on laptop01 (Acme (UK))");
    let identity = IncidentBuilder::new(Story::InboxRule).organization(4).entity("Noor Fairweather");
    let id = world.publish(identity.subject_form(SubjectForm::Now));
    let subject = "Huntress ITDR High Malicious Inbox Rule | Noor Fairweather (Acme (UK))";
    assert_eq!(report(&desk, id).await["subject"], subject);
    world.set_severity(id, "low");
    assert_eq!(report(&desk, id).await["subject"], subject.replace(" High ", " Low "));
}

#[tokio::test]
async fn updated_at_may_be_future_or_garbage() {
    let desk = desk().await;
    let world = desk.huntress.world();
    world.publish(IncidentBuilder::low().id(10));
    world.set_updated_at(9, "2099-01-01T00:00:00Z");
    let order = async || desk.walk("/v1/incident_reports?sort_field=updated_at", "incident_reports", &[1]).await;
    assert_eq!(order().await, [9, 10]);
    world.set_updated_at(10, "yesterday");
    assert_eq!(report(&desk, 10).await["updated_at"], "yesterday");
    assert_eq!(order().await, [9, 10]);
    world.publish(IncidentBuilder::low().id(11).updated_at(17));
    assert_eq!(report(&desk, 11).await["updated_at"], 17);
}

#[tokio::test]
async fn raw_records_stand_as_they_are_and_removed_ones_are_gone() {
    let desk = desk().await;
    let world = desk.huntress.world();
    world.put_raw(20, json!({ "id": 20, "status": ["sent"] }));
    world.put_raw(21, json!("not even an object"));
    assert_eq!(report(&desk, 20).await, json!({ "id": 20, "status": ["sent"] }));
    let body = desk.get("/v1/incident_reports").await.json();
    assert_eq!(body["incident_reports"].as_array().unwrap()[0], "not even an object");
    assert!(world.touch(21), "editing a record without fields does no harm");
    assert!(world.remove(9));
    assert_eq!(desk.get("/v1/incident_reports/9").await.status, 404);
}

#[tokio::test]
async fn builders_can_break_any_field() {
    let desk = desk().await;
    let id = desk.huntress.world().publish(
        IncidentBuilder::critical().field("severity", "apocalyptic").field("organization_id", "4").without("subject"),
    );
    let wire = report(&desk, id).await;
    assert_eq!((&wire["severity"], &wire["organization_id"]), (&json!("apocalyptic"), &json!("4")));
    assert!(wire.get("subject").is_none());
}

#[tokio::test]
async fn organizations_are_renamed_counted_and_removed() {
    let desk = desk().await;
    let world = desk.huntress.world();
    world.rename_organization(4, "Acme Europe");
    let organization = desk.get("/v1/organizations/4").await.json()["organization"].clone();
    assert_eq!(organization["name"], "Acme Europe");
    assert_eq!(organization["agents_count"], 1);
    assert_eq!(organization["incident_reports_count"], 1);
    world.remove_agent(70);
    assert_eq!(desk.get("/v1/agents/70").await.status, 404);
    world.remove_organization(4);
    assert_eq!(desk.get("/v1/organizations/4").await.status, 404);
}

#[tokio::test]
async fn the_key_can_come_to_belong_to_another_account() {
    let desk = desk().await;
    desk.huntress.world().become_account(Account::new(99, "Other MSP").incident(IncidentBuilder::low()));
    assert_eq!(desk.get("/v1/account").await.json()["account"]["id"], 99);
    assert_eq!(desk.get("/v1/actor").await.json()["account"]["id"], 99);
    assert_eq!(desk.get("/v1/incident_reports/9").await.status, 404);
    assert_eq!(report(&desk, 1).await["account_id"], 99);
}

#[tokio::test]
async fn wrapping_follows_the_dialect() {
    let desk = desk().await;
    let world = desk.huntress.world();
    let id = world.add_escalation(nightdesk_standin::Notice::new("A question"));
    world.dialect(|dialect| {
        dialect.account_wrapped = false;
        dialect.escalation_wrapped = false;
    });
    assert_eq!(desk.get("/v1/account").await.json()["id"], 5);
    assert_eq!(desk.get(&format!("/v1/escalations/{id}")).await.json()["id"], id);
}

#[tokio::test]
async fn text_reads_like_a_report() {
    let desk = desk().await;
    let id = desk.huntress.world().publish(IncidentBuilder::critical().organization(4).agent(70));
    let wire = report(&desk, id).await;
    let body = wire["body"].as_str().unwrap();
    assert!(body.contains("hxxps://") && body.contains("[.]"), "{body}");
    let hash = body.split("sha256: ").nth(1).unwrap().lines().next().unwrap();
    assert!(hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}");
    assert!(!body.contains('{'), "{body}");
    assert_eq!(wire["indicator_counts"]["monitored_files"], 0);
    assert_eq!(wire["indicator_types"], json!(["process_detections", "ransomware_canaries"]));
    let html = desk.huntress.world().publish(IncidentBuilder::low().html_body());
    assert!(report(&desk, html).await["body"].as_str().unwrap().contains("<br>"));
}

#[tokio::test]
async fn times_are_whole_seconds_of_the_given_clock() {
    let desk = desk().await;
    let sent = report(&desk, 9).await["sent_at"].as_str().unwrap().to_owned();
    assert!(sent.ends_with('Z') && !sent.contains('.'));
    assert_eq!(DateTime::parse_from_rfc3339(&sent).unwrap().to_utc(), desk.time.now() - TimeDelta::hours(2));
}
