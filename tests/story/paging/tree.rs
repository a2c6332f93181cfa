//! The walk down the call tree, which people change while it is walked.

use super::{DANA, FIVE, KIM, contacts, critical, on_call, pages, reconfigure, states, to};
use chrono::TimeDelta;
use nightdesk_core::paging::PageState;
use nightdesk_standin::carrier::OnCall;
use nightdesk_tests::Scene;

#[tokio::test]
async fn a_voicemail_never_acknowledges_and_the_tree_is_walked_to_its_end() {
    let mut scene = on_call().await;
    for phone in [DANA, KIM] {
        scene.phones().phone(phone).on_call(OnCall::Voicemail);
    }
    scene.world().publish(critical(4, 90));
    scene.pass(TimeDelta::minutes(30)).await;
    assert_eq!(to(&scene.phones().take_texts()), [DANA, KIM, DANA, KIM], "two rounds");
    assert_eq!(scene.phones().take_calls().len(), 4);
    assert_eq!(pages(&scene)[0].state, PageState::Exhausted);
    // Its slot is given back: a second attack on the same host pages again.
    scene.world().publish(critical(4, 90));
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    scene.poll().await;
    scene.pass(FIVE).await;
    assert_eq!(to(&scene.phones().take_texts()), [DANA]);
    assert_eq!(scene.phones().take_calls().len(), 1);
    assert_eq!(pages(&scene)[0].state, PageState::Acknowledged);
    scene.stop().await;
}

#[tokio::test]
async fn the_socs_close_ends_the_page_and_hangs_up() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::NoAnswer);
    let id = scene.world().publish(critical(4, 90));
    scene.pass(FIVE + TimeDelta::seconds(1)).await;
    scene.world().set_status(id, "closed");
    scene.poll().await;
    assert_eq!(pages(&scene)[0].state, PageState::Ended);
    scene.pass(TimeDelta::hours(1)).await;
    assert_eq!(to(&scene.phones().take_texts()), [DANA]);
    assert_eq!(scene.phones().take_calls().len(), 1);
    scene.stop().await;
}

#[tokio::test]
async fn nobody_is_passed_over_when_the_tree_is_reordered_or_cut_while_a_page_runs() {
    let mut scene = on_call().await;
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::seconds(70)).await;
    assert_eq!(to(&scene.phones().take_texts()), [DANA]);
    // Kim comes first from now on, and hasn't been told.
    reconfigure(&scene, |toml| {
        let own = contacts(toml);
        let (dana, kim) = own.split_at(own.rfind("\n[[contact]]").unwrap());
        toml.replace(own, &format!("{kim}{dana}"))
    });
    scene.pass(FIVE).await;
    assert_eq!(to(&scene.phones().take_texts()), [KIM]);
    // Now she is the only one left, and is told once more in the second round.
    reconfigure(&scene, |toml| {
        let own = contacts(toml);
        let kim = &own[own.rfind("\n[[contact]]").unwrap()..];
        toml.replace(own, kim)
    });
    scene.pass(TimeDelta::minutes(20)).await;
    let texts = scene.phones().take_texts();
    assert_eq!(to(&texts), [KIM], "{texts:#?}");
    assert_eq!(scene.phones().take_calls().len(), 3);
    assert_eq!(states(&scene), [PageState::Exhausted]);
    scene.stop().await;
}

#[tokio::test]
async fn two_contacts_with_one_number_are_two_steps_and_one_line() {
    let mut scene = Scene::on_call(&[("Dana", DANA), ("Office", DANA)]).await;
    scene.phones().phone(DANA).next_calls([OnCall::NoAnswer, OnCall::acknowledges('1')]);
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::minutes(10)).await;
    assert_eq!(to(&scene.phones().take_texts()), [DANA, DANA], "nobody hears of themselves");
    assert_eq!(scene.phones().take_calls().len(), 2);
    assert_eq!(pages(&scene)[0].acknowledged_by.as_deref(), Some("Office"));
    scene.stop().await;
}
