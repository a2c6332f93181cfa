//! One page an entity and window, whatever the clock does.

use super::{DANA, FIVE, KIM, critical, on_call, states, to};
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::clock::Clock;
use nightdesk_core::paging::PageState;
use nightdesk_standin::carrier::OnCall;

#[tokio::test]
async fn nd_8_one_text_and_call_for_an_entity_in_a_day_and_what_was_not_sent_is_on_record() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(FIVE).await;
    assert_eq!((scene.phones().take_texts().len(), scene.phones().take_calls().len()), (1, 1));
    let second = scene.world().publish(critical(4, 90));
    scene.pass(FIVE).await;
    scene.phones().assert_quiet();
    let held = scene.read(|tx| tx.suppressions(10).unwrap());
    assert_eq!((held.len(), held[0].incident.id.0, held[0].reason.word()), (1, second, "window"));
    // A person may page all the same.
    let key = held[0].incident;
    scene
        .act(|tx, now| {
            let ctx = nightdesk_engine::context::Context::load(tx)?;
            nightdesk_engine::paging::page_anyway(tx, &ctx, now, key, "dana")
                .map_err(|e| api::Error::conflict(e.to_string()))
        })
        .unwrap();
    scene.pass(FIVE).await;
    assert_eq!((scene.phones().take_texts().len(), scene.phones().take_calls().len()), (1, 1));
    scene.stop().await;
}

#[tokio::test]
async fn nd_11_a_clock_set_back_by_hours_puts_no_contact_off() {
    let mut scene = on_call().await;
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(70)).await;
    assert_eq!(to(&scene.phones().take_texts()), [DANA]);
    scene.set_clock(scene.clock.now() - TimeDelta::hours(3)).await;
    scene.phones().phone(KIM).on_call(OnCall::acknowledges('1'));
    scene.pass(FIVE + TimeDelta::minutes(1)).await;
    assert_eq!(states(&scene), [PageState::Acknowledged]);
    assert_eq!(to(&scene.phones().take_texts()), [KIM, DANA]);
    assert_eq!(scene.phones().take_calls().len(), 2);
    scene.stop().await;
}

#[tokio::test]
async fn a_machine_that_slept_goes_on_with_the_next_contact_and_the_window_outlives_a_restart() {
    let mut scene = on_call().await;
    scene.phones().phone(KIM).on_call(OnCall::acknowledges('1'));
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(70)).await;
    scene.sleep(TimeDelta::hours(3)).await;
    scene.pass(TimeDelta::minutes(1)).await;
    let texts = scene.phones().take_texts();
    assert_eq!(to(&texts), [DANA, KIM, DANA], "{texts:#?}");
    assert!(states(&scene).contains(&PageState::Acknowledged));
    assert_eq!(scene.phones().take_calls().len(), 2);
    scene.crash().await;
    scene.start().await;
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(FIVE).await;
    assert_eq!(scene.read(|tx| tx.suppressions(5).unwrap()).len(), 1);
    scene.stop().await;
}

#[tokio::test]
async fn a_clock_set_forward_by_hours_goes_on_with_the_next_contact_at_once() {
    let mut scene = on_call().await;
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(70)).await;
    assert_eq!(to(&scene.phones().take_texts()), [DANA]);
    scene.phones().phone(KIM).on_call(OnCall::acknowledges('1'));
    scene.set_clock(scene.clock.now() + TimeDelta::hours(3)).await;
    scene.pass(TimeDelta::minutes(1)).await;
    assert_eq!(to(&scene.phones().take_texts()), [KIM, DANA]);
    // The desk had seen nothing for three hours, and had read again before anybody was told of that.
    assert_eq!(states(&scene), [PageState::Ended, PageState::Acknowledged]);
    assert_eq!(scene.phones().take_calls().len(), 2);
    // Back again: the window that began in the future holds, and no longer than it ever would.
    scene.set_clock(scene.clock.now() - TimeDelta::hours(3)).await;
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(FIVE).await;
    scene.phones().assert_quiet();
    assert_eq!(scene.read(|tx| tx.suppressions(5).unwrap()).len(), 1);
    scene.stop().await;
}

#[tokio::test]
async fn nd_8_what_names_no_host_is_paged_for_each_time_and_a_host_that_is_named_once() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    let publish = |scene: &nightdesk_tests::Scene, subject: &str| {
        let subject = format!("Huntress [SIEM] Critical {subject} (Acme)");
        scene.world().publish(critical(4, 90).field("agent_id", None::<i64>).field("subject", subject.as_str()))
    };
    let mut texts = Vec::new();
    for subject in [
        "Incident | Ransomware canary",
        "Incident | Ransomware canary",
        "Ransomware Canary | SRV9",
        "Incident | Suspicious process on startup on SRV9",
    ] {
        publish(&scene, subject);
        scene.poll().await;
        scene.pass(FIVE).await;
        texts.extend(scene.phones().take_texts().into_iter().map(|t| t.body));
        scene.phones().take_calls();
    }
    let said: Vec<_> = texts.iter().map(|t| t.split(". Reply").next().unwrap()).collect();
    let canary = "Nightdesk CRITICAL Acme: Ransomware canary";
    assert_eq!(said, [canary, canary, "Nightdesk CRITICAL Acme: Ransomware Canary on SRV9"]);
    let held = scene.read(|tx| tx.suppressions(10).unwrap());
    assert_eq!((held.len(), held[0].entity.0.as_str()), (1, "name:5:4:srv9"));
    scene.stop().await;
}
