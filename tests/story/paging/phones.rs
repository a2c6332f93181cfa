//! What phones do: menus, busy lines, keys.

use super::{DANA, FIVE, KIM, apply_exactly, code, critical, on_call, pages, reconfigure, states, told};
use chrono::TimeDelta;
use nightdesk_core::clock::Clock;
use nightdesk_core::config::Channel;
use nightdesk_core::paging::PageState;
use nightdesk_standin::carrier::{Fault, OnCall};
use nightdesk_store::CallAdvice;
use std::time::Duration;

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[tokio::test]
async fn an_extension_leads_past_a_phone_menu_to_a_person() {
    let mut scene = on_call().await;
    let toml = scene.on_call_toml(&[("Dana", DANA)]).replace("\"call\"]", "\"call\"]\nextension = \"2\"");
    apply_exactly(&scene, &toml);
    scene.phones().phone(DANA).on_call(OnCall::Menu {
        digits: "2".to_owned(),
        then: Box::new(OnCall::Answers { after: seconds(3), presses: vec![(seconds(20), '1')] }),
    });
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(FIVE).await;
    let calls = scene.phones().take_calls();
    assert!(calls[0].sent_digits.as_deref().is_some_and(|digits| digits.ends_with('2')), "{calls:#?}");
    assert_eq!(pages(&scene)[0].acknowledged_by.as_deref(), Some("Dana"));
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 0));
    scene.stop().await;
}

#[tokio::test]
async fn without_its_extension_a_menu_ends_the_call_and_the_contact_says_so() {
    let mut scene = on_call().await;
    let then = Box::new(OnCall::acknowledges('1'));
    scene.phones().phone(DANA).on_call(OnCall::Menu { digits: "2".to_owned(), then });
    scene.phones().phone(KIM).on_call(OnCall::HangsUp { after: seconds(3) });
    scene.world().publish(critical(4, 90));
    scene.pass(TimeDelta::minutes(25)).await;
    assert_eq!(states(&scene), [PageState::Exhausted]);
    assert_eq!(told(&scene).1, 4);
    let advice = |phone| scene.read(|tx| tx.contact(phone).unwrap()).and_then(|c| c.call_advice).map(|a| a.0);
    assert_eq!(advice(DANA), Some(CallAdvice::NoKey));
    assert_eq!(advice(KIM), Some(CallAdvice::NoKey), "answered, and gone within seconds");
    let now = scene.clock.now();
    let shown = scene.read(|tx| nightdesk_api::contacts(tx, now).unwrap());
    assert!(format!("{shown:?}").contains("phone menu"), "{shown:#?}");
    scene.stop().await;
}

#[tokio::test]
async fn a_call_that_asks_for_no_key_says_nothing_of_the_phone() {
    let mut scene = on_call().await;
    // The account may not use what asks for keys; a changed configuration has it asked for anew.
    scene.phones().fault(Fault::status(403).on("/Flows"));
    reconfigure(&scene, |toml| toml.replace("\n[paging]\n", "\n[paging]\nstep_wait_minutes = 4\n"));
    scene.pass(TimeDelta::seconds(5)).await;
    scene.phones().phone(DANA).on_call(OnCall::HangsUp { after: seconds(3) });
    scene.phones().phone(KIM).on_call(OnCall::listens());
    scene.world().publish(critical(4, 90));
    scene.pass(TimeDelta::minutes(25)).await;
    assert_eq!(states(&scene), [PageState::Exhausted]);
    assert_eq!(told(&scene).1, 4);
    for phone in [DANA, KIM] {
        assert_eq!(scene.read(|tx| tx.contact(phone).unwrap()).and_then(|c| c.call_advice), None);
    }
    scene.stop().await;
}

#[tokio::test]
async fn a_busy_line_is_not_redialled_and_the_text_can_still_be_answered() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::Busy);
    let id = scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::minutes(4)).await;
    assert!(scene.timeline_of(id).contains(&"page: Dana's line was busy.".to_owned()), "{:#?}", scene.timeline_of(id));
    let text = scene.phones().take_texts().remove(0);
    assert_eq!(scene.phones().take_calls().len(), 1);
    scene.phones().phone(DANA).reply(&code(&text));
    scene.pass(TimeDelta::seconds(10)).await;
    assert_eq!(states(&scene), [PageState::Acknowledged]);
    scene.pass(TimeDelta::hours(1)).await;
    scene.stop().await;
}

#[tokio::test]
async fn the_star_reads_it_out_again() {
    let mut scene = on_call().await;
    let presses = vec![(seconds(3), '*'), (seconds(3), '1')];
    scene.phones().phone(DANA).on_call(OnCall::Answers { after: seconds(4), presses });
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(FIVE).await;
    let calls = scene.phones().take_calls();
    assert_eq!((calls.len(), calls[0].digits().as_str()), (1, "*1"));
    assert!(calls[0].words().matches("Acme").count() >= 2, "{}", calls[0].words());
    assert_eq!(pages(&scene)[0].acknowledged_by.as_deref(), Some("Dana"));
    assert_eq!(told(&scene), (vec![DANA.to_owned()], 0));
    scene.stop().await;
}

#[tokio::test]
async fn another_key_takes_nothing() {
    let mut scene = on_call().await;
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('5'));
    scene.phones().phone(KIM).on_call(OnCall::acknowledges('1'));
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::minutes(10)).await;
    assert_eq!(pages(&scene)[0].acknowledged_by.as_deref(), Some("Kim"));
    assert_eq!(told(&scene), (vec![DANA.to_owned(), KIM.to_owned(), DANA.to_owned()], 2));
    scene.stop().await;
}

#[tokio::test]
async fn whoever_s_replies_never_come_back_is_asked_for_none_and_the_card_says_who_it_is() {
    const RAVI: &str = "+918123456789";
    let mut scene = on_call().await;
    // A wording of one's own asks for a reply whatever the country.
    let own = "\n[paging.templates]\npage_text = \"{client}: {title}. Reply {code}\"\n";
    let toml = scene.on_call_toml(&[("Ravi", RAVI), ("Dana", DANA)]).replacen(", \"call\"]", "]", 1) + own;
    let now = scene.clock.now();
    scene.write(|tx| tx.verify_contact(RAVI, now, Channel::Sms).unwrap());
    apply_exactly(&scene, &toml);
    let stands = scene.read(|tx| nightdesk_api::paging_status(tx).unwrap());
    assert_eq!(stands.listening_only, ["Ravi"]);
    let shown = scene.read(|tx| nightdesk_api::contacts(tx, now).unwrap());
    assert!(shown[0].advice.iter().any(|a| a.contains("acknowledge only in Nightdesk")), "{:?}", shown[0].advice);
    assert!(!shown[1].advice.iter().any(|a| a.contains("only in Nightdesk")), "{:?}", shown[1].advice);
    scene.phones().phone(DANA).on_call(OnCall::acknowledges('1'));
    scene.world().publish(critical(4, 90));
    scene.poll().await;
    scene.pass(TimeDelta::minutes(9)).await;
    let texts = scene.phones().take_texts();
    let of = |phone: &str| texts.iter().filter(|t| t.to == phone).map(|t| t.body.as_str()).collect::<Vec<_>>();
    let [page, taken] = of(RAVI)[..] else { panic!("{texts:#?}") };
    for body in [page, taken] {
        assert!(!body.contains(|c: char| c.is_ascii_digit()) || !body.contains("eply"), "{body}");
    }
    assert!(page.starts_with("Nightdesk CRITICAL Acme: ") && !page.contains("eply"), "{page}");
    assert!(of(DANA)[0].contains(". Reply "), "{texts:#?}");
    assert_eq!((pages(&scene)[0].acknowledged_by.as_deref(), told(&scene)), (Some("Dana"), (vec![], 1)));
    scene.stop().await;
}

#[tokio::test]
async fn calls_that_end_at_once_unanswered_are_said_on_the_contact_until_a_key_refutes_it() {
    let mut scene = on_call().await;
    apply_exactly(&scene, &scene.on_call_toml(&[("Dana", DANA)]).replace("\n[paging]\n", "\n[paging]\nrounds = 1\n"));
    let mut seen = Vec::new();
    for (agent, what) in
        [OnCall::Busy, OnCall::NoAnswer, OnCall::acknowledges('1'), OnCall::Fails].into_iter().enumerate()
    {
        scene.phones().phone(DANA).on_call(what);
        scene.world().publish(critical(4, 90 + agent as i64));
        scene.poll().await;
        scene.pass(TimeDelta::minutes(7)).await;
        assert_eq!(told(&scene), (vec![DANA.to_owned()], 1));
        let known = scene.read(|tx| tx.contact(DANA).unwrap()).unwrap();
        seen.push(known.call_advice.map(|advice| advice.0));
    }
    let at_once = Some(CallAdvice::EndsAtOnce);
    assert_eq!(seen, [at_once, at_once, None, at_once], "a call that only rings on refutes nothing");
    scene.stop().await;
}
