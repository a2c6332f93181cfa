//! Claims whose holder is gone (ND-6).

use super::bench::Bench;
use chrono::Duration;
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::{Event, Idempotency, Kind, State};
use nightdesk_core::port::Found;
use nightdesk_store::{Claimant, Error, Fence, Settlement};

async fn claim(bench: &Bench, epoch: i64) -> Fence {
    let now = bench.clock.now();
    let by = Claimant { owner: "gone", epoch, until: now + Duration::seconds(120) };
    let claimed = bench.write(move |tx| tx.claim_due(Kind::Sms, by, now, 1, |_| true)).await;
    claimed[0].fence
}

async fn settle(bench: &Bench, fence: Fence) -> Result<State, Error> {
    let now = bench.clock.now();
    bench
        .db
        .write(move |tx| {
            let s = Settlement {
                event: Event::Accept,
                due_at: None,
                error: None,
                remote_ref: None,
                possible_repeat: false,
            };
            tx.settle(fence, now, &s)
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_6_a_new_epoch_takes_over_at_once_and_asks_before_it_repeats() {
    let mut bench = Bench::new();
    let sms = bench.sender(Kind::Sms, Idempotency::Lookup);
    sms.finds(Found::Yes { remote_ref: Some("SM1".into()) });
    let begun = bench.queue(Kind::Sms, "begun", |_| {}).await;
    let old = claim(&bench, 1).await;
    let now = bench.clock.now();
    bench.write(move |tx| tx.begin_attempt(old, now)).await;
    let claimed = bench.queue(Kind::Sms, "claimed", |_| {}).await;
    let unbegun = claim(&bench, 1).await;
    bench.run(2);
    // No lease has run out: the epoch alone voids them.
    let row = bench.until_state(begun, State::Accepted).await;
    assert_eq!((row.remote_ref.as_deref(), row.attempts), (Some("SM1"), 1), "found there, so not sent again");
    bench.advance(1);
    bench.until_state(claimed, State::Accepted).await;
    assert_eq!(sms.sent.lock().unwrap().iter().map(|o| o.id).collect::<Vec<_>>(), [claimed]);
    for fence in [old, unbegun] {
        assert!(matches!(settle(&bench, fence).await, Err(Error::Fenced)));
        assert!(matches!(bench.db.write(move |tx| tx.begin_attempt(fence, now)).await, Err(Error::Fenced)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_6_a_lease_of_the_same_epoch_is_taken_over_only_when_it_ran_out() {
    let mut bench = Bench::new();
    let sms = bench.sender(Kind::Sms, Idempotency::Lookup);
    let id = bench.queue(Kind::Sms, "one", |_| {}).await;
    claim(&bench, 1).await;
    bench.run(1);
    let other = bench.queue(Kind::Sms, "two", |_| {}).await;
    bench.until_state(other, State::Accepted).await;
    assert_eq!(bench.row(id).await.state, State::Claimed);
    bench.advance(120);
    bench.until_state(id, State::Accepted).await;
    assert_eq!(sms.sends(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_6_a_look_up_whose_asker_is_gone_is_asked_again() {
    let mut bench = Bench::new();
    let sms = bench.sender(Kind::Sms, Idempotency::Lookup);
    sms.finds(Found::Yes { remote_ref: None });
    let id = bench.queue(Kind::Sms, "one", |_| {}).await;
    let fence = claim(&bench, 1).await;
    let now = bench.clock.now();
    bench.write(move |tx| tx.begin_attempt(fence, now)).await;
    bench.write(move |tx| tx.take_over(2, now)).await;
    claim(&bench, 2).await;
    assert_eq!(bench.row(id).await.state, State::InDoubt);
    bench.run(3);
    bench.until_state(id, State::Accepted).await;
    assert_eq!((sms.sends(), sms.asked.lock().unwrap().len()), (0, 1));
}
