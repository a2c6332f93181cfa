//! The catalogue, and what people did.

use std::sync::atomic::{AtomicBool, Ordering};

use nightdesk_core::catalogue::{Kind, StatusRole};
use nightdesk_core::port::{Psa, PsaError};
use nightdesk_standin::algapsa::{Fault, FaultKind};

use crate::desk::Scene;

async fn names(scene: &Scene, kind: Kind) -> Vec<String> {
    let listed = scene.psa.catalogue().await.unwrap();
    listed.into_iter().filter(|l| l.kind == kind).map(|l| l.name).collect()
}

#[tokio::test]
async fn the_catalogue_in_the_psas_order_without_what_is_out_of_use() {
    let scene = Scene::new().await;
    scene.desk().add_subcategory("Security", "Security incident", "Ransomware");
    scene.desk().add_board("Old");
    scene.desk().add_status("Old", "New", false);
    scene.desk().deactivate("Old");
    scene.desk().deactivate("Globex");
    let listed = scene.psa.catalogue().await.unwrap();
    let of = |kind: Kind| listed.iter().filter(|l| l.kind == kind).map(|l| l.name.as_str()).collect::<Vec<_>>();
    assert_eq!(of(Kind::Board), ["Security", "Triage"]);
    assert_eq!(of(Kind::Client), ["Acme", "Security Triage"]);
    assert_eq!(of(Kind::Priority), ["Critical", "High", "Medium", "Low"]);
    assert_eq!(of(Kind::Category), ["Security incident"]);
    let roles: Vec<_> = listed.iter().filter(|l| l.kind == Kind::Status).map(|l| (l.name.as_str(), l.role)).collect();
    let board = [("New", StatusRole::Opening), ("In Progress", StatusRole::Open), ("Closed", StatusRole::Closing)];
    let board = board.map(|(name, role)| (name, Some(role)));
    assert_eq!(roles, [board, board].concat());
    assert_eq!(scene.standin.unexpected(), []);
}

#[tokio::test]
async fn a_long_list_is_read_whole_or_not_at_all() {
    let scene = Scene::new().await;
    for n in 0..250 {
        scene.desk().add_client(&format!("Client {n:03}"));
        scene.desk().add_category("Triage", &format!("Category {n:03}"));
    }
    assert_eq!(names(&scene, Kind::Client).await.len(), 253);
    assert_eq!(names(&scene, Kind::Category).await.len(), 251);
    scene.standin.fault(Fault::status(500).on("/clients").after(2));
    assert!(matches!(scene.psa.catalogue().await, Err(PsaError::BadAnswer(_))), "the third page failed, twice");
}

#[tokio::test]
async fn rows_that_move_between_pages_are_neither_lost_nor_doubled() {
    let scene = Scene::new().await;
    for n in 0..150 {
        scene.desk().add_client(&format!("Client {n:03}"));
    }
    let done = AtomicBool::new(false);
    scene.standin.on_request(Box::new(move |request, desk| {
        let is_second = request.path.ends_with("/clients") && request.param("page") == Some("2");
        if is_second && !done.swap(true, Ordering::SeqCst) {
            desk.deactivate("Acme");
        }
    }));
    let clients = names(&scene, Kind::Client).await;
    assert_eq!(clients.len(), 152, "153 without Acme, and with the one that slipped onto the page before");
    assert!(clients.contains(&"Client 098".to_owned()) && clients.contains(&"Client 099".to_owned()));
}

#[tokio::test]
async fn categories_need_a_right_of_their_own_and_priorities_have_a_second_list() {
    let scene = Scene::new().await;
    scene.desk().deny("ticket_settings:read");
    assert!(names(&scene, Kind::Category).await.is_empty());
    scene.standin.fault(Fault::status(403).when(|r| r.path == "/api/v1/priorities"));
    assert_eq!(names(&scene, Kind::Priority).await.len(), 4);
}

#[tokio::test]
async fn a_catalogue_that_cannot_be_read_says_why() {
    let scene = Scene::new().await;
    let why = || async { scene.psa.catalogue().await.unwrap_err() };
    for kind in [FaultKind::NotJson, FaultKind::WrongShape, FaultKind::Truncated, FaultKind::Status(500, None)] {
        scene.standin.fault(Fault::new(kind.clone()));
        assert!(matches!(why().await, PsaError::BadAnswer(_)), "{kind:?}");
        scene.standin.clear_faults();
    }
    scene.desk().deny("client:read");
    assert!(why().await.to_string().contains("client:read"));
    scene.desk().expire_key();
    assert!(matches!(why().await, PsaError::Refused(_)));
    scene.keychain.set(None);
    assert_eq!(why().await, PsaError::NoCredentials("ALGAPSA_API_KEY"));
    scene.keychain.set(Some("x"));
    scene.standin.stop();
    assert!(matches!(why().await, PsaError::Unreachable(_)));
}

#[tokio::test]
async fn what_changed_is_told_oldest_first_with_who_did_it() {
    let scene = Scene::new().await;
    let (id, was) = scene.opened().await;
    let since = scene.desk().ticket(&id).unwrap().updated_at;
    scene.clock.advance(60);
    let dana = scene.desk().person_opens("Dana's own", "Triage", "Globex", "Dana").unwrap();
    scene.desk().person_closes(&id, "Dana");
    let changes = scene.psa.changes(since, 1).await.unwrap();
    let told: Vec<_> = changes.tickets.iter().map(|t| t.id.as_str()).collect();
    assert_eq!((told, changes.has_more), (vec![dana.as_str(), id.as_str()], false));
    let seen = changes.tickets[1].clone();
    assert_eq!((seen.by.as_deref(), seen.is_closed), (Some("Dana"), true), "her name stood in the row before");
    assert_ne!(seen.filed.status, was.status);
    assert_eq!(scene.psa.ticket(&id).await.unwrap(), Some(seen));
    assert_eq!(scene.psa.open_tickets(1).await.unwrap(), (vec![dana.clone()], false));
    scene.desk().person_deletes(&id, "Dana");
    assert_eq!(scene.psa.ticket(&id).await.unwrap(), None);
    assert_eq!(scene.psa.ticket("Triage\u{1f}New").await.unwrap(), None, "a local desk's");
    assert_eq!(scene.standin.unexpected(), []);
}

#[tokio::test]
async fn our_own_changes_bear_no_persons_name() {
    let scene = Scene::new().await;
    let (id, was) = scene.opened().await;
    let wants = scene.filed("Acme", "Security", "Closed", "Critical");
    scene.change(&crate::desk::update(&id, &was, &wants)).await;
    let seen = scene.psa.ticket(&id).await.unwrap().unwrap();
    assert_eq!(seen.by.as_deref(), Some("the API key's user"));
}

#[tokio::test]
async fn pages_of_changes_and_of_open_tickets_go_on() {
    let scene = Scene::new().await;
    let since = scene.desk().now();
    for n in 0..130 {
        scene.desk().person_opens(&format!("Ticket {n}"), "Triage", "Acme", "Dana");
    }
    let (first, second) = (scene.psa.changes(since, 1).await.unwrap(), scene.psa.changes(since, 2).await.unwrap());
    assert_eq!((first.tickets.len(), first.has_more, second.tickets.len(), second.has_more), (100, true, 30, false));
    let (open, more) = scene.psa.open_tickets(2).await.unwrap();
    assert_eq!((open.len(), more), (30, false));
    assert_eq!(scene.standin.unexpected(), []);
}

#[tokio::test]
async fn a_proxy_that_has_lost_its_way_deletes_nothing() {
    let scene = Scene::new().await;
    let (id, _) = scene.opened().await;
    for kind in [FaultKind::NotJson, FaultKind::WrongShape, FaultKind::Status(502, None)] {
        scene.standin.fault(Fault::new(kind.clone()));
        assert!(scene.psa.ticket(&id).await.is_err(), "{kind:?}");
        scene.standin.clear_faults();
    }
}
