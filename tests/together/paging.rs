//! Reaching people by the program itself: `page`, `ack` and `watch-check`, beside an engine and without one.

use crate::command::{Ended, Office};
use nightdesk_engine::clock::SystemClock;
use nightdesk_standin::carrier::{Carrier, OnCall};
use nightdesk_standin::{Fault, IncidentBuilder};
use std::sync::Arc;
use std::time::Duration;

const DANA: &str = "+12125550102";

/// An office whose one contact is verified, and the carrier that it calls by.
async fn on_call() -> (Office, Carrier) {
    let mut office = Office::open().await;
    let carrier = Carrier::start(Arc::new(SystemClock::default())).await.unwrap();
    office.carrier_token = Some(carrier.auth_token());
    let file = office.configuration("on_call", |text| {
        format!(
            "{text}\n[[contact]]\nname = \"Dana\"\nphone = \"{DANA}\"\nchannels = [\"sms\", \"call\"]\n\
             [paging]\naccount_sid = \"{}\"\nfrom = \"{}\"\nbase_url = \"{}\"\nstudio_base_url = \"{}\"\n",
            carrier.account_sid(),
            carrier.number(),
            carrier.url(),
            carrier.studio_url(),
        )
    });
    office.run(&["config", "apply", &file]).await.well();
    office.run(&["contacts", "verify", "Dana"]).await.well();
    let pin: String = carrier.take_texts()[0].body.chars().filter(char::is_ascii_digit).take(6).collect();
    office.run(&["contacts", "confirm", "Dana", &pin]).await.well();
    (office, carrier)
}

/// The newest page's state and who has it.
fn newest(pages: &Ended) -> (String, String) {
    let first = pages.json()[0].clone();
    (first["state"].as_str().unwrap().to_owned(), first["entity"].as_str().unwrap().to_owned())
}

/// Waits, in real time, for something that an engine in another process does.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..300 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("never: {what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_page_is_asked_for_and_taken_where_no_engine_runs() {
    let (office, carrier) = on_call().await;
    let id = office.world().publish(IncidentBuilder::high().organization(4)).to_string();
    office.run(&["poll"]).await.well();
    let refused = office.run(&["page", &id]).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("severity is high") && refused.err.contains("--anyway"), "{refused:?}");
    assert!(carrier.texts().is_empty() || carrier.take_texts().is_empty());

    let opened = office.run(&["page", &id, "--anyway"]).await.well();
    assert_eq!(newest(&opened).0, "running", "{opened:?}");
    assert_eq!((carrier.take_texts().len(), carrier.take_calls().len()), (1, 1), "what it caused left at once");
    let again = office.run(&["page", &id, "--anyway"]).await;
    assert!(again.code == Some(1) && again.err.contains("runs already"), "{again:?}");

    let taken = office.run(&["ack", &id]).await.well();
    assert_eq!(newest(&taken).0, "acknowledged", "{taken:?}");
    assert_eq!(carrier.take_texts().len(), 1, "Dana hears who has it");
    let gone = office.run(&["ack", &id]).await;
    assert!(gone.code == Some(1) && gone.err.contains("waits for anybody"), "{gone:?}");
    let held = office.run(&["page", &id]).await;
    assert_eq!(held.code, Some(1), "{held:?}");
    carrier.assert_quiet();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_poll_without_an_engine_pages_for_what_it_found_and_says_what_waits() {
    let (office, carrier) = on_call().await;
    let quiet = office.run(&["poll"]).await.well();
    assert!(!quiet.err.contains("wait"), "{quiet:?}");
    office.world().publish(IncidentBuilder::critical().organization(4).agent(90));
    let polled = office.run(&["poll"]).await.well();
    assert_eq!((carrier.take_texts().len(), carrier.take_calls().len()), (1, 1), "{polled:?}");
    assert!(polled.err.contains("A page waits for somebody"), "{polled:?}");
    let pages = office.run(&["pages"]).await.well();
    assert_eq!(newest(&pages).0, "running");
    office.run(&["poll"]).await.well();
    carrier.assert_quiet();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_poll_without_an_engine_tries_once_and_says_that_the_carrier_took_nothing() {
    let (office, carrier) = on_call().await;
    office.run(&["poll"]).await.well();
    carrier.fault(nightdesk_standin::carrier::Fault::status(429).method("POST"));
    office.world().publish(IncidentBuilder::critical().organization(4).agent(90));
    let polled = office.run(&["poll"]).await.well();
    assert!(polled.err.contains("2 of 2 could not be sent"), "{polled:?}");
    assert!(polled.err.contains("2 messages wait for an engine"), "{polled:?}");
    carrier.assert_quiet();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_page_of_an_engine_is_taken_from_beside_it_and_the_phone_falls_silent() {
    let (office, carrier) = on_call().await;
    let id = office.world().publish(IncidentBuilder::critical().organization(4).agent(90));
    let engine = office.engine().await;
    until("Dana's phone rings", async || carrier.phone(DANA).rings()).await;
    let taken = office.run(&["ack", &id.to_string()]).await.well();
    assert_eq!(newest(&taken).0, "acknowledged");
    until("Dana's phone is silent", async || !carrier.phone(DANA).rings()).await;
    let none = office.run(&["ack", "desk"]).await;
    assert!(none.code == Some(1) && none.err.contains("desk itself"), "{none:?}");
    office.end(engine).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_watch_check_pages_where_no_engine_does_and_only_once() {
    let (office, carrier) = on_call().await;
    carrier.phone(DANA).on_call(OnCall::acknowledges('1'));
    let first = office.run(&["watch-check"]).await;
    assert_eq!(first.code, Some(1), "{first:?}");
    assert!(first.err.contains("no proven read"), "{first:?}");
    assert_eq!(first.json()["last_read_at"], serde_json::Value::Null);
    let texts = carrier.take_texts();
    assert_eq!((texts.len(), carrier.take_calls().len()), (1, 1), "{texts:#?}");
    assert!(texts[0].body.contains("sees nothing"), "{}", texts[0].body);
    let pages = office.run(&["pages"]).await.well();
    assert_eq!(newest(&pages), ("acknowledged".to_owned(), "desk".to_owned()));
    // The next check finds the same blindness, which somebody has.
    let second = office.run(&["watch-check"]).await;
    assert_eq!(second.code, Some(1));
    carrier.assert_quiet();
    // A read ends it.
    office.run(&["poll"]).await.well();
    office.run(&["watch-check", "--max-minutes", "30"]).await.well();
    carrier.assert_quiet();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_desks_own_page_is_taken_while_a_check_waits_for_somebody() {
    let (office, carrier) = on_call().await;
    office.soc.fault(Fault::status(503));
    let (check, ()) = tokio::join!(office.run(&["watch-check"]), async {
        until("Dana's phone rings", async || carrier.phone(DANA).rings()).await;
        let taken = office.run(&["ack", "desk"]).await.well();
        assert_eq!(newest(&taken), ("acknowledged".to_owned(), "desk".to_owned()));
    });
    assert_eq!(check.code, Some(1), "{check:?}");
    assert_eq!(carrier.take_calls().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_reads_json_gets_every_page_the_newest_first_and_who_reads_words_the_last_fifty() {
    let (office, _carrier) = on_call().await;
    let mut ids = Vec::new();
    for n in 0..60 {
        ids.push(office.world().publish(IncidentBuilder::critical().organization(4).agent(900 + n)));
    }
    office.run(&["poll"]).await.well();
    let last = office.world().publish(IncidentBuilder::critical().organization(4).agent(1_000));
    office.run(&["poll"]).await.well();
    let pages = office.run(&["pages"]).await.well().json();
    let pages = pages.as_array().unwrap();
    let listed: Vec<i64> = pages.iter().filter_map(|page| page["incident_id"].as_i64()).collect();
    assert_eq!((listed.len(), listed[0]), (61, last), "all of them, and the newest first");
    assert!(ids.iter().all(|id| listed.contains(id)));
    let times: Vec<&str> = pages.iter().map(|page| page["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "{times:?}");
    let few = office.run(&["pages", "--limit", "3"]).await.well().json();
    assert_eq!(few.as_array().unwrap(), &pages[..3]);
}
