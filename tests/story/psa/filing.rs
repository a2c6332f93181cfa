//! Opening tickets there.

use super::{FIVE, deliveries, night, publish, rehome, states, written};
use crate::webhooks_in::Posted;
use chrono::TimeDelta;
use nightdesk_core::delivery::{Kind, State};
use nightdesk_core::psa::GONE;
use nightdesk_standin::algapsa::{Fault, FaultKind};
use nightdesk_standin::mail::MailServer;
use nightdesk_standin::{Agent, IncidentBuilder};
use nightdesk_tests::Scene;
use std::sync::Arc;

#[tokio::test]
async fn an_incident_is_on_the_desk_at_once_and_in_algapsa_as_soon_as_it_answers() {
    let mut scene = night().await;
    scene.alga().fault(Fault::new(FaultKind::ResetBefore));
    let id = publish(&scene, IncidentBuilder::critical().organization(6)).await;
    let here = scene.ticket_of(id);
    assert_eq!((here.board.as_str(), here.remote_id), ("Triage", None));
    assert_eq!(scene.alga().tickets().len(), 0);
    scene.alga().clear_faults();
    scene.pass(FIVE).await;
    let (here, there) = (scene.ticket_of(id), scene.filed(id));
    assert_eq!(here.remote_id.as_ref(), Some(&there.id));
    assert!(there.title.starts_with("[Huntress] [Unmapped Org] ") && there.title.ends_with(&format!(" (HR-{id})")));
    assert_eq!(
        (there.board.as_str(), there.client.as_str(), there.status.as_str()),
        ("Triage", "Security Triage", "To sort")
    );
    assert_eq!((there.priority.as_str(), there.source), ("Critical", "api"));
    assert!(there.description_html.contains("<h2>"), "rich text that renders: {}", there.description_html);
    assert_eq!(scene.alga().tags(&there.id), ["huntress", "critical"]);
    assert!(scene.timeline_of(id).contains(&format!("psa: In AlgaPSA as {}.", there.number)));
    scene.stop().await;
}

#[tokio::test]
async fn a_mapped_incident_stands_under_its_client_with_its_category() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::low().organization(4)).await;
    let there = scene.filed(id);
    assert_eq!((there.board.as_str(), there.client.as_str()), ("Security", "Acme"));
    assert_eq!((there.priority.as_str(), there.category.as_deref()), ("Low", Some("Security incident")));
    assert_eq!(written(&scene), ["POST /tickets", "POST /tags/entity/ticket/ID"]);
    scene.stop().await;
}

#[tokio::test]
async fn what_is_learned_of_the_host_later_is_a_note_and_said_once() {
    let account = Scene::account().agent(Agent::new(31, 4, "SRV-ACME-01"));
    let mut scene = Scene::at_algapsa(account).await;
    scene.start().await;
    let [known, gone] = [31, 32].map(|n| scene.world().publish(IncidentBuilder::high().organization(4).agent(n)));
    scene.pass(FIVE).await;
    let notes = |id: i64| scene.alga().comments(&scene.filed(id).id);
    assert!(!scene.filed(known).description_html.contains("Hostname"), "the ticket waited for nothing");
    let told = notes(known);
    assert!(told.len() == 1 && told[0].is_internal && told[0].text.contains("Hostname: SRV-ACME-01"), "{told:?}");
    assert_eq!(notes(gone).len(), 0, "that Huntress knows nothing is no news");
    // By now the host is known from the beginning.
    let again = scene.world().publish(IncidentBuilder::low().organization(4).agent(31));
    scene.pass(FIVE).await;
    assert!(scene.filed(again).description_html.contains("SRV-ACME-01"));
    assert_eq!(notes(again).len(), 0);
    assert_eq!(notes(known).len(), 1);
    scene.stop().await;
}

#[tokio::test]
async fn a_webhooks_ticket_is_completed_by_a_note_once_the_report_is_fetched() {
    let mut posted = Posted::over(Scene::at_algapsa(Scene::account()).await);
    posted.start().await;
    let report = format!("All of the report.\n{}The end of it.", "So it went on.\n".repeat(700));
    let id = posted.scene.world().publish(IncidentBuilder::critical().organization(4).field("body", report));
    let mut payload = posted.scene.world().incident_event(id, "incident_report.created").unwrap();
    assert!(payload["body"].take().is_string(), "what it says comes with the fetch alone");
    posted.tell(&payload).await;
    posted.minutes(5).await;
    let there = posted.scene.filed(id);
    let notes = posted.scene.alga().comments(&there.id);
    let mut told = there.description_html.clone();
    told.extend(notes.iter().map(|n| n.text.as_str()));
    let times = ["All of the report.", "So it went on.", "The end of it."].map(|words| told.matches(words).count());
    assert_eq!((times, notes.len()), ([1, 700, 1], 3), "in notes that AlgaPSA takes whole: {notes:?}");
    posted.scene.stop().await;
}

#[tokio::test]
async fn a_title_of_any_length_fits_and_keeps_its_marker() {
    let mut scene = night().await;
    let long = "Überlanger Titel 🙂 ".repeat(40);
    let id = publish(&scene, IncidentBuilder::high().organization(4).field("subject", long)).await;
    let there = scene.filed(id);
    assert!(
        there.title.encode_utf16().count() <= 255 && there.title.ends_with(&format!("… (HR-{id})")),
        "{}",
        there.title
    );
    scene.stop().await;
}

#[tokio::test]
async fn one_bad_ticket_is_a_dead_letter_with_its_reason_and_holds_up_nobody() {
    let mut scene = Scene::at_algapsa(Scene::account()).await;
    scene.mail = Some(MailServer::start(Arc::new(scene.clock.clone())).await.unwrap());
    scene.apply(&scene.mail_server().toml(&["soc@example.com"]));
    scene.start().await;
    // Somebody takes away the triage board's only open status; what is mapped has nothing to do with it.
    let status = scene.alga().status("Triage", "To sort").unwrap().id;
    assert!(scene.alga().delete(&status));
    let stray = scene.world().publish(IncidentBuilder::high().organization(6));
    let fine = publish(&scene, IncidentBuilder::high().organization(4)).await;
    assert_eq!(scene.filed(fine).board, "Security");
    let bad = deliveries(&scene).into_iter().find(|d| d.incident.is_some_and(|k| k.id.0 == stray)).unwrap();
    let why = bad.last_error.unwrap();
    assert!(matches!(bad.state, State::Rejected | State::NeedsHuman), "{:?} {why}", bad.state);
    assert!(why.to_lowercase().contains("status"), "{why}");
    let mail = scene.mailed().await;
    assert!(
        mail.iter().any(|m| m.subject().contains("Undelivered | ticket to")),
        "{:?}",
        mail.iter().map(|m| m.subject()).collect::<Vec<_>>()
    );
    // It is mended there: the catalogue is read within the hour, and the ticket goes out.
    scene.alga().add_status("Triage", "To sort", false);
    scene.pass(TimeDelta::hours(1)).await;
    assert_eq!(scene.filed(stray).status, "To sort");
    scene.alga().take_unexpected();
    scene.mailed().await;
    scene.stop().await;
}

#[tokio::test]
async fn a_missing_permission_waits_for_a_person_and_goes_on_once_it_is_granted() {
    let mut scene = night().await;
    scene.alga().deny("ticket:create");
    let id = publish(&scene, IncidentBuilder::high().organization(4)).await;
    assert_eq!(states(&scene, Kind::PsaTicket), [State::NeedsHuman]);
    let why = deliveries(&scene)[0].last_error.clone().unwrap();
    assert!(why.contains("ticket:create"), "{why}");
    scene.alga().allow("ticket:create");
    let waiting = deliveries(&scene)[0].id;
    scene.act(|tx, now| nightdesk_api::redrive(tx, now, waiting)).unwrap();
    scene.pass(TimeDelta::seconds(10)).await;
    assert_eq!(scene.filed(id).client, "Acme");
    scene.alga().take_unexpected();
    scene.stop().await;
}

#[tokio::test]
async fn what_is_re_homed_before_it_left_is_opened_in_its_new_place() {
    let mut scene = night().await;
    scene.alga().fault(Fault::new(FaultKind::Status(429, None)));
    let id = publish(&scene, IncidentBuilder::high().organization(6)).await;
    rehome(&scene, id, "Globex");
    scene.alga().clear_faults();
    scene.pass(FIVE).await;
    let there = scene.filed(id);
    assert_eq!((there.board.as_str(), there.client.as_str()), ("Security", "Globex"));
    assert!(!there.title.contains("[Unmapped Org]"));
    assert_eq!(states(&scene, Kind::PsaUpdate), [], "no update was needed");
    scene.stop().await;
}

#[tokio::test]
async fn a_record_that_cannot_be_read_has_its_bare_ticket_there_too() {
    let mut scene = night().await;
    scene.world().put_raw(
        900,
        serde_json::json!({"id": 900, "severity": {"odd": true}, "status": ["sent"], "organization_id": 4}),
    );
    scene.pass(FIVE).await;
    assert_eq!(scene.alga().tickets().len(), 1);
    assert!(!deliveries(&scene).iter().any(|d| d.last_error.as_deref().is_some_and(|e| e.starts_with(GONE))));
    scene.stop().await;
}
