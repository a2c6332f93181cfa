//! What people do there is respected here.

use super::{FIVE, deliveries, night, publish, rehome, states, written};
use chrono::TimeDelta;
use nightdesk_core::delivery::{Kind, State};
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::algapsa::{Fault, FaultKind};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Changes there are looked for every minute.
const SEEN: TimeDelta = TimeDelta::seconds(65);

#[tokio::test]
async fn a_ticket_closed_there_is_closed_here_and_the_timeline_says_who() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::high().organization(4)).await;
    let there = scene.filed(id).id;
    written(&scene);
    scene.alga().person_closes(&there, "Kim Park");
    scene.pass(SEEN).await;
    let here = scene.ticket_of(id);
    assert!(!here.is_open && here.closed_at.is_some());
    let told = scene.timeline_of(id);
    assert!(told.iter().any(|l| l.starts_with("psa: In AlgaPSA: status New -> Closed")), "{told:#?}");
    assert_eq!(written(&scene), [] as [String; 0], "nothing is written against it");
    // The SOC's later word changes nothing of it, and reopens nothing there.
    scene.world().touch(id);
    scene.pass(FIVE).await;
    assert!(scene.filed(id).is_closed);
    scene.stop().await;
}

#[tokio::test]
async fn a_ticket_moved_there_is_home_here() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::high().organization(6)).await;
    let there = scene.filed(id).id;
    scene.alga().person_sets_client(&there, "Globex", "Kim Park");
    scene.alga().person_moves(&there, "Security", "Kim Park");
    scene.pass(SEEN).await;
    let here = scene.ticket_of(id);
    assert_eq!((here.board.as_str(), here.client.as_str(), here.unmapped), ("Security", "Globex", false));
    written(&scene);
    scene.pass(FIVE).await;
    assert_eq!(written(&scene), [] as [String; 0]);
    scene.stop().await;
}

#[tokio::test]
async fn a_move_between_boards_whose_statuses_are_called_alike_tells_of_the_board_alone() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::high().organization(4)).await;
    let there = scene.filed(id);
    scene.alga().add_board("Projects");
    scene.alga().add_status("Projects", &there.status, false);
    scene.alga().person_moves(&there.id, "Projects", "Kim Park");
    scene.pass(SEEN).await;
    let told = scene.timeline_of(id);
    assert!(told.contains(&"psa: In AlgaPSA: board Security -> Projects.".to_owned()), "{told:#?}");
    scene.stop().await;
}

#[tokio::test]
async fn a_person_who_was_quicker_is_not_overruled() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::high().organization(6)).await;
    let there = scene.filed(id).id;
    scene.alga().person_closes(&there, "Kim Park");
    rehome(&scene, id, "Globex");
    scene.pass(FIVE).await;
    let filed = scene.filed(id);
    assert_eq!((filed.client.as_str(), filed.is_closed), ("Globex", true), "the client was nobody's but ours to set");
    let here = scene.ticket_of(id);
    assert_eq!((here.client.as_str(), here.is_open, here.board), ("Globex", false, filed.board));
    scene.stop().await;
}

#[tokio::test]
async fn what_a_person_changed_before_we_knew_that_it_had_arrived_is_followed() {
    let mut scene = night().await;
    // What is sent within minutes of the desk's beginning is looked for there first.
    scene.pass(TimeDelta::minutes(10)).await;
    scene.alga().fault(Fault::new(FaultKind::LostAnswer).method("POST").on("/tickets").times(1));
    scene.alga().fault(Fault::new(FaultKind::ResetBefore).on("/tickets/search"));
    let id = publish(&scene, IncidentBuilder::high().organization(4)).await;
    let there = scene.filed(id).id;
    assert!(scene.alga().person_sets_client(&there, "Globex", "Kim Park"));
    scene.pass(SEEN).await;
    // Others go on working there, so that it isn't listed again by chance.
    scene.alga().person_opens("a printer (HR-900001)", "Security", "Acme", "Kim Park");
    scene.pass(SEEN).await;
    scene.alga().clear_faults();
    scene.pass(FIVE + FIVE).await;
    assert_eq!(scene.ticket_of(id).client, "Globex", "{:#?}", scene.timeline_of(id));
    assert_eq!(scene.filed(id).client, "Globex");
    scene.stop().await;
}

#[tokio::test]
async fn a_change_of_ours_that_waits_outlives_a_persons_change_of_something_else() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::low().organization(4)).await;
    let there = scene.filed(id).id;
    scene.alga().fault(Fault::new(FaultKind::Status(503, None)).method("PUT"));
    scene.world().set_severity(id, "critical");
    scene.pass(FIVE).await;
    scene.alga().person_sets_client(&there, "Globex", "Kim Park");
    scene.pass(SEEN).await;
    scene.alga().clear_faults();
    scene.pass(TimeDelta::minutes(20)).await;
    let filed = scene.filed(id);
    assert_eq!((filed.client.as_str(), filed.priority.as_str()), ("Globex", "Critical"));
    scene.stop().await;
}

#[tokio::test]
async fn a_new_title_there_is_kept() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::low().organization(6)).await;
    let there = scene.filed(id);
    let title = format!("Zweimal anrufen! (HR-{id})");
    scene.alga().person_retitles(&there.id, &title, "Kim Park");
    scene.pass(SEEN).await;
    rehome(&scene, id, "Globex");
    scene.pass(FIVE).await;
    let filed = scene.filed(id);
    assert_eq!((filed.title, filed.client.as_str()), (title, "Globex"));
    scene.stop().await;
}

#[tokio::test]
async fn a_ticket_deleted_there_is_not_made_again_and_nobody_is_alarmed() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::low().organization(4)).await;
    let there = scene.filed(id).id;
    scene.alga().person_deletes(&there, "Kim Park");
    scene.world().set_severity(id, "critical");
    scene.pass(FIVE).await;
    assert_eq!(scene.alga().tickets().len(), 0);
    let told = scene.timeline_of(id);
    assert!(told.iter().any(|l| l.starts_with("psa: Somebody deleted it in AlgaPSA")), "{told:#?}");
    assert!(scene.ticket_of(id).is_open, "the incident is still open");
    assert_eq!(scene.status().outbox.dead, 0);
    scene.alga().take_unexpected();
    scene.stop().await;
}

#[tokio::test]
async fn one_deleted_while_nothing_changed_here_is_found_by_the_hourly_sweep() {
    let mut scene = night().await;
    let kept = scene.world().publish(IncidentBuilder::low().organization(4));
    let id = publish(&scene, IncidentBuilder::low().organization(4)).await;
    scene.alga().person_deletes(&scene.filed(id).id, "Kim Park");
    scene.pass(TimeDelta::minutes(61)).await;
    assert!(scene.timeline_of(id).iter().any(|l| l.contains("deleted it in AlgaPSA")));
    assert!(!scene.timeline_of(kept).iter().any(|l| l.contains("deleted")));
    scene.stop().await;
}

#[tokio::test]
async fn a_client_made_there_a_minute_ago_is_known_here_when_a_ticket_goes_to_it() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::low().organization(6)).await;
    scene.alga().add_client("Umbrella");
    scene.alga().person_sets_client(&scene.filed(id).id, "Umbrella", "Kim Park");
    scene.pass(SEEN).await;
    assert_eq!(scene.ticket_of(id).client, "Umbrella");
    scene.stop().await;
}

#[tokio::test]
async fn what_changed_while_the_desk_was_off_is_followed_when_it_is_on_again() {
    let mut scene = night().await;
    let id = publish(&scene, IncidentBuilder::low().organization(4)).await;
    scene.stop().await;
    scene.alga().person_closes(&scene.filed(id).id, "Kim Park");
    scene.clock.pass(std::time::Duration::from_secs(7 * 3600));
    scene.start().await;
    scene.pass(SEEN).await;
    assert!(!scene.ticket_of(id).is_open);
    assert_eq!(states(&scene, Kind::PsaUpdate), [] as [State; 0]);
    assert_eq!(deliveries(&scene).len(), 1);
    scene.stop().await;
}

#[tokio::test]
async fn a_change_that_slips_to_an_earlier_page_while_the_pages_are_read_is_seen() {
    let mut scene = night().await;
    let ours = publish(&scene, IncidentBuilder::high().organization(4)).await;
    let there = scene.filed(ours).id;
    scene.pass(SEEN).await;
    // A hundred other tickets, a page of them, change before ours does.
    let desk = scene.alga();
    let title = |n: u32| format!("a printer (HR-{})", 900_000 + n);
    let others: Vec<String> =
        (0..100).map(|n| desk.person_opens(&title(n), "Security", "Acme", "Kim Park").unwrap()).collect();
    desk.person_closes(&there, "Kim Park");
    // Between the two pages, one that stood on the first changes again: all after it move up by a place.
    let (first, pages) = (others[0].clone(), AtomicUsize::new(0));
    desk.on_request(Box::new(move |request, desk| {
        if request.param("updated_from").is_some() && pages.fetch_add(1, Ordering::SeqCst) == 1 {
            desk.person_sets_priority(&first, "Low", "Kim Park");
        }
    }));
    scene.pass(SEEN).await;
    assert!(!scene.ticket_of(ours).is_open, "{:#?}", scene.timeline_of(ours));
    scene.stop().await;
}
