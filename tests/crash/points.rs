//! Each named point of ingest and dispatch, for each promise that a carrier can make.

use crate::desk::Desk;
use nightdesk_core::delivery::Idempotency;
use rand::{Rng as _, SeedableRng as _};
use std::time::Duration;

/// Deaths in a row before a run that lives: below the number of tries after which a delivery is given up.
const IN_A_ROW: u32 = 4;

const PROMISES: [Idempotency; 3] = [Idempotency::Key, Idempotency::Lookup, Idempotency::None];

/// Kills at one point again and again, at its first to `latest` passing, and checks the books after each death.
async fn die_often(point: &str, latest: u32, of_each: u32, rounds: u32) {
    for promise in PROMISES {
        let mut desk = Desk::open(promise).await;
        for round in 0..rounds {
            for n in 0..IN_A_ROW {
                desk.news(of_each);
                desk.die_at(point, 1 + (round + n) % latest).await;
            }
            desk.live().await;
        }
        assert!(desk.killed * 2 >= rounds * IN_A_ROW, "{point} was reached only {} times", desk.killed);
        if promise == Idempotency::Lookup {
            assert_eq!(desk.repeats(), 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_nd_2_within_a_page() {
    die_often("ingest.page", 3, 2, 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_nd_3_between_pages() {
    // More than a first page of 50 holds, so that a walk has two.
    die_often("ingest.committed", 2, 14, 1).await;
    die_often("ingest.page", 4, 14, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_nd_1_within_the_open_sweep() {
    die_often("sweep.committed", 2, 2, 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_nd_6_with_claims_in_hand() {
    die_often("dispatch.claimed", 3, 2, 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_nd_5_before_a_byte_leaves() {
    die_often("dispatch.begun", 4, 2, 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_nd_5_before_the_answer_is_on_record() {
    die_often("dispatch.sent", 4, 2, 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_after_settling() {
    die_often("dispatch.settled", 4, 2, 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_at_any_moment() {
    let mut random = rand::rngs::StdRng::seed_from_u64(7);
    let mut killed = 0;
    for promise in PROMISES {
        let mut desk = Desk::open(promise).await;
        for _ in 0..5 {
            for _ in 0..IN_A_ROW {
                desk.news(2);
                desk.die_after(Duration::from_millis(random.random_range(5..120))).await;
            }
            desk.live().await;
        }
        killed += desk.killed;
    }
    assert!(killed > 20, "only {killed} were killed in time");
}
