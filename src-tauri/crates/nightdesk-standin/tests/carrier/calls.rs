//! Calls with instructions of their own.

use std::time::Duration;

use crate::desk::{ANNA, Desk};
use nightdesk_standin::carrier::{Answerer, OnCall};

const TWICE: &str =
    "<Response><Pause length=\"1\"/><Say loop=\"2\">Critical incident at Acme &amp; Sons.</Say><Hangup/></Response>";

async fn status(desk: &Desk, sid: &str) -> String {
    desk.get(&format!("Calls/{sid}.json")).await.json()["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_call_rings_is_answered_and_ends_with_its_words() {
    let desk = Desk::open().await;
    desk.carrier.phone(ANNA).on_call(OnCall::listens());
    let sid = desk.call(ANNA, TWICE, &[("MachineDetection", "Enable"), ("Timeout", "30")]).await.sid();
    assert_eq!(status(&desk, &sid).await, "queued");
    desk.time.advance(2);
    assert_eq!(status(&desk, &sid).await, "ringing");
    assert!(desk.carrier.phone(ANNA).rings());
    desk.time.advance(4);
    assert_eq!(status(&desk, &sid).await, "in-progress");
    desk.time.advance(60);
    let call = desk.get(&format!("Calls/{sid}.json")).await.json();
    assert_eq!((call["status"].as_str(), call["answered_by"].as_str()), (Some("completed"), Some("human")));
    // 2 s to hear that it is a person, 1 s of silence, twice 30 characters at 15 a second.
    assert_eq!(call["duration"], "7");
    let heard = &desk.carrier.take_calls()[0];
    assert_eq!(heard.words(), "Critical incident at Acme & Sons. Critical incident at Acme & Sons.");
    assert_eq!(heard.answerer, Answerer::Person);
    desk.carrier.assert_quiet();
}

#[tokio::test]
async fn phones_that_nobody_answers() {
    let desk = Desk::open().await;
    let phone = desk.carrier.phone(ANNA);
    phone.next_calls([OnCall::Busy, OnCall::Fails, OnCall::NoAnswer, OnCall::Voicemail]);
    for (wait, end, answerer) in [
        (10, "busy", Answerer::Nobody),
        (10, "failed", Answerer::Nobody),
        (40, "no-answer", Answerer::Nobody),
        (90, "completed", Answerer::Machine),
        (40, "no-answer", Answerer::Nobody),
    ] {
        let sid = desk.call(ANNA, TWICE, &[("Timeout", "30"), ("MachineDetection", "Enable")]).await.sid();
        desk.time.advance(wait);
        assert_eq!(status(&desk, &sid).await, end);
        assert_eq!(phone.calls().last().unwrap().answerer, answerer);
    }
    let list = desk.get("Calls.json?Status=completed&To=%2B12125550101").await.json();
    assert_eq!(list["calls"].as_array().unwrap().len(), 1);
    assert_eq!(list["calls"][0]["answered_by"], "machine_start");
}

#[tokio::test]
async fn menus_need_their_digits() {
    let desk = Desk::open().await;
    let phone = desk.carrier.phone(ANNA);
    phone.on_call(OnCall::Menu { digits: "204".into(), then: Box::new(OnCall::listens()) });
    desk.call(ANNA, TWICE, &[]).await.sid();
    desk.time.advance(60);
    desk.call(ANNA, TWICE, &[("SendDigits", "ww204")]).await.sid();
    desk.time.advance(60);
    let calls = desk.carrier.take_calls();
    assert_eq!((calls[0].answerer, calls[1].answerer), (Answerer::Menu, Answerer::Person));
    assert_eq!(calls[1].sent_digits.as_deref(), Some("ww204"));
    phone.on_call(OnCall::HangsUp { after: Duration::from_secs(3) });
    let sid = desk.call(ANNA, TWICE, &[]).await.sid();
    desk.time.advance(60);
    assert_eq!(desk.get(&format!("Calls/{sid}.json")).await.json()["duration"], "3");
    assert!(desk.carrier.take_calls()[0].words().starts_with("Critical incident"));
}

#[tokio::test]
async fn calls_are_hung_up_once() {
    let desk = Desk::open().await;
    desk.carrier.phone(ANNA).on_call(OnCall::listens());
    let hang_up = async |sid: &str, status: &str| desk.post(&format!("Calls/{sid}.json"), &[("Status", status)]).await;
    let ringing = desk.call(ANNA, TWICE, &[]).await.sid();
    desk.time.advance(2);
    assert_eq!(hang_up(&ringing, "canceled").await.json()["status"], "canceled");
    let talking = desk.call(ANNA, TWICE, &[]).await.sid();
    desk.time.advance(7);
    assert_eq!(hang_up(&talking, "canceled").await.refusal(), (400, 21_220));
    assert_eq!(hang_up(&talking, "completed").await.json()["status"], "completed");
    assert_eq!(hang_up(&talking, "completed").await.refusal(), (400, 21_220));
    desk.time.advance(100);
    let calls = desk.carrier.take_calls();
    assert_eq!(calls[1].words(), "Critical incide", "cut off after a second of silence and one of speech");
}

#[tokio::test]
async fn keys_on_a_plain_call_reach_nobody_and_bad_twiml_is_an_application_error() {
    let desk = Desk::open().await;
    let phone = desk.carrier.phone(ANNA);
    phone.on_call(OnCall::acknowledges('1'));
    let gather =
        "<Response><Gather numDigits=\"1\" timeout=\"5\"><Say>Press one to acknowledge this.</Say></Gather></Response>";
    for document in [gather, "<Response><Say>A & B</Say></Response>", "<Response><Dance/></Response>"] {
        desk.call(ANNA, document, &[]).await.sid();
        desk.time.advance(60);
    }
    let calls = desk.carrier.take_calls();
    assert_eq!(calls[0].digits(), "1");
    assert!(calls.iter().all(|call| call.words().ends_with("an application error has occurred. Goodbye.")));
    let number = desk.carrier.number();
    for (form, code) in [
        (vec![("From", number.as_str()), ("Twiml", TWICE)], 21_201),
        (vec![("To", ANNA), ("Twiml", TWICE)], 21_213),
        (vec![("To", ANNA), ("From", number.as_str())], 21_205),
        (vec![("To", ANNA), ("From", "+12015550999"), ("Twiml", TWICE)], 21_210),
        (vec![("To", "bogus"), ("From", number.as_str()), ("Twiml", TWICE)], 21_217),
    ] {
        assert_eq!(desk.post("Calls.json", &form).await.refusal(), (400, code));
    }
}
