//! Many incidents at once are a few calls, and nothing is lost.

use super::{DANA, KIM, code, critical, on_call, page_anyway, pages, states, to, told};
use chrono::TimeDelta;
use nightdesk_core::paging::PageState;
use nightdesk_standin::Account;
use nightdesk_standin::carrier::{OnCall, Text};
use nightdesk_tests::Scene;
use std::collections::BTreeSet;
use std::time::Duration;

#[tokio::test]
async fn two_hundred_at_once_are_two_calls_and_one_text_for_each_client() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    for n in 0..200 {
        scene.world().publish(critical(4 + n % 4, 1_000 + n));
    }
    scene.pass(TimeDelta::minutes(10)).await;
    let (texts, calls) = (scene.phones().take_texts(), scene.phones().take_calls());
    assert_eq!(calls.len(), 2, "the first page dials at once, the others in one call");
    assert_eq!(texts.len(), 1 + 4);
    let all = scene.read(|tx| tx.pages(500).unwrap());
    assert_eq!(all.len(), 200);
    assert!(all.iter().all(|p| p.state == PageState::Acknowledged), "the key takes what was read out");
    scene.stop().await;
}

#[tokio::test]
async fn two_hundred_of_unknown_severity_are_bundled_like_any_other() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    for n in 0..40 {
        scene.world().publish(critical(4 + n % 4, 1_000 + n).field("severity", serde_json::Value::Null));
    }
    scene.pass(TimeDelta::minutes(10)).await;
    assert_eq!(scene.phones().take_calls().len(), 2, "the first page dials at once, the others in one call");
    assert_eq!(scene.phones().take_texts().len(), 1 + 4);
    assert_eq!(pages(&scene).len(), 40);
    assert!(states(&scene).iter().all(|s| *s == PageState::Acknowledged));
    scene.stop().await;
}

#[tokio::test]
async fn an_unknown_severity_that_turns_out_low_wakes_nobody() {
    let mut scene = on_call().await;
    let id = scene.world().publish(critical(4, 90).field("severity", serde_json::Value::Null));
    scene.poll().await;
    assert!(scene.phones().take_texts().len() <= 1);
    scene.world().set_severity(id, "low");
    scene.poll().await;
    scene.pass(TimeDelta::hours(1)).await;
    scene.phones().take_calls();
    let texts = to(&scene.phones().take_texts());
    assert_eq!((texts, states(&scene)), (Vec::<String>::new(), vec![PageState::Ended]));
    scene.stop().await;
}

/// An account with so many organizations, numbered from 10.
fn account(organizations: i64) -> Account {
    let name = |n: i64| format!("Client {}{}", char::from(b'A' + (n / 26) as u8), char::from(b'A' + (n % 26) as u8));
    (0..organizations).fold(Scene::account(), |account, n| account.organization(10 + n, &name(n)))
}

/// No two texts left within a second of one another.
fn assert_paced(texts: &[Text]) {
    for pair in texts.windows(2) {
        assert!(pair[1].at - pair[0].at >= TimeDelta::seconds(1), "{} and {}", pair[0].at, pair[1].at);
    }
}

#[tokio::test]
async fn two_waves_over_forty_clients_are_two_calls_a_wave_and_one_text_a_client() {
    let mut scene = Scene::on_call_at(account(40), &[("Dana", DANA)]).await;
    // Each bundle's call rings for so long that all its texts have left before the key.
    let slow = || OnCall::Answers { after: Duration::from_secs(38), presses: vec![(Duration::from_secs(9), '1')] };
    scene.phones().phone(DANA).next_calls([OnCall::acknowledges('1'), slow(), OnCall::acknowledges('1'), slow()]);
    let began = scene.world().now();
    for n in 0..200 {
        scene.world().publish(critical(10 + n % 40, 1_000 + n));
    }
    scene.poll().await;
    scene.pass(TimeDelta::seconds(2)).await;
    assert_eq!((scene.phones().calls().len(), scene.phones().texts().len()), (1, 1), "the first dials at once");
    scene.pass(TimeDelta::minutes(3)).await;
    for n in 0..100 {
        scene.world().publish(critical(10 + n % 40, 5_000 + n));
    }
    scene.poll().await;
    scene.pass(TimeDelta::minutes(10)).await;
    let (texts, calls) = (scene.phones().take_texts(), scene.phones().take_calls());
    assert_eq!((calls.len(), texts.len()), (4, 1 + 40 + 1 + 40), "never three hundred");
    assert_paced(&texts);
    let last = (texts[40].at - began).num_seconds();
    assert!(last <= 30 + 60, "no first text is held for more than a minute, by the bundle or by the pace: {last}");
    for (call, said) in [(1, "199"), (3, "99")] {
        let figures: String = calls[call].words().chars().filter(char::is_ascii_digit).collect();
        assert!(figures.contains(said), "{}", calls[call].words());
    }
    // Each is on record, with its ticket, its page and whoever has it.
    assert_eq!(scene.tickets().len(), 1 + 300);
    let pages = pages(&scene);
    assert_eq!(pages.len(), 300);
    let entities: BTreeSet<_> = pages.iter().map(|p| p.entity.clone()).collect();
    assert_eq!(entities.len(), 300);
    assert!(pages.iter().all(|p| p.acknowledged_by.as_deref() == Some("Dana")));
    assert!(scene.read(|tx| tx.suppressions(10).unwrap()).is_empty());
    scene.stop().await;
}

#[tokio::test]
async fn a_key_takes_exactly_what_was_read_out_and_a_code_one_clients_pages() {
    let mut scene = on_call().await;
    // Dana takes the first call and sleeps through the second.
    scene.phones().phone(DANA).next_calls([OnCall::acknowledges('1')]);
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(2)).await;
    let rest = [(4, 91), (4, 92), (5, 93), (5, 94), (5, 95)];
    for (organization, agent) in rest {
        scene.world().publish(critical(organization, agent));
    }
    scene.poll().await;
    scene.pass(TimeDelta::minutes(2)).await;
    let taken = |scene: &Scene| {
        let of = |p: &nightdesk_store::PageRow| (p.entity.0.clone(), p.acknowledged_by.clone());
        let mut all: Vec<_> = pages(scene).iter().map(of).collect();
        all.sort();
        all.into_iter().filter_map(|(entity, who)| who.map(|who| format!("{entity} {who}"))).collect::<Vec<_>>()
    };
    assert_eq!(taken(&scene), ["agent:5:90 Dana"], "the key takes the page that was read out");
    let texts = scene.phones().take_texts();
    assert_eq!(to(&texts), [DANA, DANA, DANA], "the first page, then one for each client");
    assert_eq!(scene.phones().take_calls().len(), 2);
    let acme = texts.iter().rfind(|t| t.body.contains("Acme")).unwrap();
    scene.phones().phone(DANA).reply(&code(acme));
    scene.pass(TimeDelta::seconds(10)).await;
    assert_eq!(taken(&scene), ["agent:5:90 Dana", "agent:5:91 Dana", "agent:5:92 Dana"]);
    // The others go on to Kim, who hears of those alone.
    scene.phones().phone(KIM).on_call(OnCall::acknowledges('1'));
    scene.pass(TimeDelta::minutes(5)).await;
    assert_eq!(taken(&scene).iter().filter(|t| t.ends_with("Kim")).count(), 3);
    let (texts, calls) = (scene.phones().take_texts(), scene.phones().take_calls());
    assert_eq!(to(&texts), [KIM, DANA]);
    assert!(!texts[0].body.contains("Acme") && texts[0].body.contains('3'), "{}", texts[0].body);
    assert!(!calls[0].words().contains("Acme"), "{}", calls[0].words());
    scene.pass(TimeDelta::hours(1)).await;
    assert_eq!(told(&scene), (vec![], 0));
    scene.stop().await;
}

#[tokio::test]
async fn nothing_of_a_storm_is_lost_when_nobody_answers() {
    let mut scene = Scene::on_call_at(account(12), &[("Dana", DANA)]).await;
    for n in 0..60 {
        scene.world().publish(critical(10 + n % 12, 1_000 + n));
    }
    scene.pass(TimeDelta::minutes(45)).await;
    assert_eq!(pages(&scene).len(), 60);
    assert!(states(&scene).iter().all(|s| *s == PageState::Exhausted));
    let (texts, calls) = (scene.phones().take_texts(), scene.phones().take_calls());
    assert_eq!((texts.len(), calls.len()), (2 * (1 + 12), 4), "two rounds of two runs");
    assert_paced(&texts);
    assert!(!scene.status().alarms.is_empty());
    scene.stop().await;
}

#[tokio::test]
async fn what_comes_after_a_page_is_over_and_what_a_person_asks_for_are_no_part_of_its_storm() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).next_calls([OnCall::acknowledges('1'), OnCall::acknowledges('1')]);
    let first = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(20)).await;
    assert_eq!((told(&scene), states(&scene)), ((vec![DANA.to_owned()], 1), vec![PageState::Acknowledged]));
    scene.world().publish(critical(4, 91));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(2)).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1), "nobody waits for the end of a storm that is over");
    scene.pass(TimeDelta::seconds(18)).await;
    assert_eq!(states(&scene), [PageState::Acknowledged; 2]);
    page_anyway(&scene, first);
    scene.pass(TimeDelta::seconds(2)).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    // While that phone rings what is new is bundled as ever, and what a person asks for waits for the line alone.
    scene.world().publish(critical(4, 92));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(10)).await;
    assert_eq!(told(&scene), (vec![], 0));
    scene.pass(TimeDelta::minutes(1)).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    scene.stop().await;
}

#[tokio::test]
async fn what_a_person_asks_for_does_not_wait_with_a_bundle() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).next_calls([OnCall::acknowledges('1')]);
    let first = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(2)).await;
    scene.world().publish(critical(4, 91));
    scene.poll().await;
    // The first page is over, and the bundle is still held for what else may come.
    scene.pass(TimeDelta::seconds(18)).await;
    assert_eq!(states(&scene), [PageState::Waiting, PageState::Acknowledged]);
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    page_anyway(&scene, first);
    scene.pass(TimeDelta::seconds(2)).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
    assert_eq!(states(&scene), [PageState::Running, PageState::Waiting, PageState::Acknowledged]);
    scene.pass(TimeDelta::minutes(1)).await;
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 1), "and the bundle begins within its minute");
    scene.stop().await;
}
