//! What those who were told read once somebody has it: which it was, and what still waits for them.

use super::{DANA, KIM, code, critical, on_call, pages, states, take, to, told};
use chrono::TimeDelta;
use nightdesk_core::clock::Clock;
use nightdesk_core::paging::PageState;

#[tokio::test]
async fn nobody_is_told_to_stop_while_other_pages_of_theirs_are_open() {
    let mut scene = on_call().await;
    for n in 1..=3 {
        scene.world().publish(critical(4, 90 + n).field("subject", format!("CRITICAL - Incident on SRV{n} (Acme)")));
    }
    scene.poll().await;
    scene.pass(TimeDelta::seconds(70)).await;
    let texts = scene.phones().take_texts();
    assert_eq!(to(&texts), [DANA, DANA], "the first page, then the bundle");
    assert_eq!(states(&scene), [PageState::Running; 3]);
    let mut opened = pages(&scene);
    opened.sort_by_key(|p| p.id);
    let first_of_the_bundle = opened[1].matter.host.clone().unwrap();
    assert!(texts[1].body.contains(&format!("Incident on {first_of_the_bundle}.")), "{}", texts[1].body);
    let incident = |page: i64| scene.read(|tx| tx.incidents_of_page(page).unwrap())[0].id.0;
    let codes = [code(&texts[0]), code(&texts[1]), code(&texts[1])];
    let left = ["Still open: 2.", "Still open: 1.", "Nothing is left for you to do."];
    for ((page, code), left) in opened.iter().zip(codes).zip(left) {
        take(&scene, incident(page.id));
        scene.pass(TimeDelta::seconds(5)).await;
        let texts = scene.phones().take_texts();
        assert_eq!(to(&texts), [DANA]);
        let host = page.matter.host.as_deref().unwrap();
        let words = format!("Nightdesk: Acme, Incident on {host} ({code}): taken by sam. {left}");
        assert_eq!(texts[0].body, words);
    }
    assert_eq!(scene.phones().take_calls().len(), 2);
    let listed = scene.read(|tx| nightdesk_api::pages(tx, scene.clock.now(), 10).unwrap());
    assert!(listed.iter().all(|p| p.title.starts_with("Incident on SRV")), "a list names the host");
    scene.pass(TimeDelta::hours(1)).await;
    assert_eq!(told(&scene), (vec![], 0));
    scene.stop().await;
}

#[tokio::test]
async fn what_was_given_up_is_still_open_for_whoever_was_told_of_it() {
    let mut scene = on_call().await;
    scene.world().publish(critical(4, 91));
    scene.pass(TimeDelta::minutes(30)).await;
    assert_eq!(states(&scene), [PageState::Exhausted]);
    let id = scene.world().publish(critical(4, 92));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(5)).await;
    scene.phones().take_texts();
    take(&scene, id);
    scene.pass(TimeDelta::seconds(5)).await;
    let texts = scene.phones().take_texts();
    assert_eq!(to(&texts), [DANA]);
    assert!(texts[0].body.ends_with("taken by sam. Still open: 1."), "{}", texts[0].body);
    assert!(!to(&texts).contains(&KIM.to_owned()), "whoever was not told of it hears nothing");
    scene.phones().take_calls();
    scene.stop().await;
}
