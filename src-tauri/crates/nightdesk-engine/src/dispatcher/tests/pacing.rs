//! The carrier's pace: what leaves at a time, in what order, and what a clock that is set back does to it.

use super::bench::{Bench, Scripted, Step, start};
use chrono::Duration;
use nightdesk_core::config::Channel;
use nightdesk_core::delivery::{Idempotency, Kind, Outcome, State};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::paging::{Entity, Matter, Position, StepState};
use nightdesk_store::{NewStep, Purpose};
use std::collections::BTreeSet;

/// A text that tells of a page of its own.
async fn first_text(bench: &Bench, marker: &str) -> DeliveryId {
    let id = bench.queue(Kind::Sms, marker, |_| {}).await;
    let (now, entity) = (start(), Entity(marker.to_owned()));
    bench
        .write(move |tx| {
            let run = tx.open_run(now, Purpose::Page, now, None)?;
            let page = tx.open_page(now, run.id, &entity, &Matter::default(), false)?;
            let new = NewStep {
                run: run.id,
                at: Position::default(),
                contact: "Dana",
                phone: "+15550100",
                channel: Channel::Sms,
                state: StepState::Queued,
                code: None,
                detail: None,
                pages: &BTreeSet::from([page]),
            };
            tx.step_leaves_as(tx.add_step(now, &new)?, id)
        })
        .await;
    id
}

fn sent(sender: &Scripted) -> Vec<String> {
    sender.sent.lock().unwrap().iter().map(|o| o.marker.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_leave_one_a_second_and_a_pages_first_text_before_others() {
    let mut bench = Bench::new();
    let sms = bench.sender(Kind::Sms, Idempotency::Lookup);
    for marker in ["a", "b"] {
        bench.queue(Kind::Sms, marker, |_| {}).await;
    }
    let first = first_text(&bench, "first").await;
    bench.run(1);
    bench.until_state(first, State::Accepted).await;
    for (second, all) in [(1, 2), (2, 3)] {
        assert_eq!(sms.sends(), all - 1, "at second {second}");
        bench.advance(1);
        bench.until_sent(&sms, all).await;
    }
    assert_eq!(sent(&sms), ["first", "a", "b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_first_text_is_held_for_more_than_a_minute_and_another_one_is() {
    let mut bench = Bench::new();
    let sms = bench.sender(Kind::Sms, Idempotency::Lookup);
    for n in 0..3 {
        first_text(&bench, &format!("first {n}")).await;
    }
    bench.queue(Kind::Sms, "other", |_| {}).await;
    bench.run(1);
    bench.until_sent(&sms, 1).await;
    bench.advance(60);
    bench.until_sent(&sms, 3).await;
    assert!(!sent(&sms).contains(&"other".to_owned()));
    bench.advance(1);
    bench.until_sent(&sms, 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_earns_nothing() {
    let mut bench = Bench::new();
    let sms = bench.sender(Kind::Sms, Idempotency::Lookup);
    let (one, two) = (bench.queue(Kind::Sms, "one", |_| {}).await, bench.queue(Kind::Sms, "two", |_| {}).await);
    let running = bench.run(1);
    bench.until_state(one, State::Accepted).await;
    running.abort();
    bench.run(2);
    let mail = bench.queue(Kind::Sms, "three", |d| d.due_at = start() + Duration::seconds(1)).await;
    assert_eq!(bench.row(two).await.state, State::Queued);
    bench.advance(1);
    bench.until_state(two, State::Accepted).await;
    bench.advance(1);
    bench.until_state(mail, State::Accepted).await;
    assert_eq!(sms.sends(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_11_what_waits_for_a_time_from_before_the_clock_was_set_back_leaves_now() {
    let mut bench = Bench::new();
    let mail = bench.sender(Kind::Email, Idempotency::None);
    let busy = || Step::Say(Outcome::Temporary { error: "busy".into(), retry_after: None });
    mail.then(busy());
    bench.run(1);
    let id = bench.queue(Kind::Email, "m", |d| d.expires_at = Some(start() + Duration::seconds(900))).await;
    bench.until_state(id, State::Retrying).await;
    // Three hours back; the next sign of life is enough.
    bench.advance(-3 * 3_600);
    bench.pulse.beat();
    bench.until_state(id, State::Accepted).await;
    let expires = bench.db.read(move |tx| tx.delivery_expiry(id)).await.unwrap().unwrap();
    assert_eq!((expires - start()).num_seconds(), 900 - 3 * 3_600, "as long after its making as it was meant to");
}
