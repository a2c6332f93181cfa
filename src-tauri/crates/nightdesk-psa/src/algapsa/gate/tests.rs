use super::*;
use nightdesk_standin::clock::ManualClock;

fn still() -> Arc<ManualClock> {
    ManualClock::at(DateTime::from_timestamp(1_767_000_000, 0).unwrap())
}

async fn emptied(clock: &Arc<ManualClock>) -> Gate {
    let gate = Gate::new(clock.clone(), Pace::Documented);
    for _ in 0..nightdesk_core::psa::BURST {
        gate.pass(gate.turn(Urgency::Catalogue)).await.unwrap();
    }
    gate
}

/// Lets whoever waits look again.
async fn settle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_urgent_go_before_those_who_came_earlier() {
    let clock = still();
    let gate = emptied(&clock).await;
    let passed = Mutex::new(Vec::new());
    let one = |urgency: Urgency, turn: Turn| {
        let (gate, passed) = (&gate, &passed);
        async move {
            gate.pass(turn).await.unwrap();
            passed.lock().unwrap().push(urgency);
        }
    };
    let all = [
        Urgency::Catalogue,
        Urgency::Note,
        Urgency::Update,
        Urgency::Creation,
        Urgency::UrgentUpdate,
        Urgency::UrgentCreation,
    ];
    let waiters = futures(all.map(|u| one(u, gate.turn(u))));
    let time = async {
        for _ in 0..all.len() {
            settle().await;
            clock.advance(1);
        }
        settle().await;
    };
    tokio::join!(waiters, time);
    let mut wanted = all.to_vec();
    wanted.sort();
    assert_eq!(*passed.lock().unwrap(), wanted);
}

#[tokio::test]
async fn a_read_is_not_kept_out_for_as_long_as_a_storm_lasts() {
    let clock = still();
    let gate = emptied(&clock).await;
    let storm = async {
        // Always somebody more urgent, as long as nobody looks at the time.
        for _ in 0..300 {
            let places: Vec<_> = (0..3).map(|_| gate.pass(gate.turn(Urgency::UrgentCreation))).collect();
            let [a, b, c] = places.try_into().unwrap_or_else(|_| unreachable!());
            let time = async {
                for _ in 0..3 {
                    settle().await;
                    clock.advance(1);
                }
            };
            let _passed = tokio::join!(a, b, c, time);
        }
    };
    let read = gate.pass(gate.turn(Urgency::Changes));
    tokio::select! {
        passed = read => assert_eq!(passed, Ok(())),
        () = storm => panic!("the read never had its turn"),
    }
}

/// All of them at once.
async fn futures<const N: usize>(all: [impl Future<Output = ()>; N]) {
    let mut all: Vec<_> = all.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|context| {
        all.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

#[tokio::test]
async fn a_send_that_would_wait_too_long_is_told_at_once_when_to_come_again() {
    let clock = still();
    let gate = emptied(&clock).await;
    assert_eq!(gate.closed_until(Urgency::Note), None, "a second is no wait");
    gate.close(Duration::from_secs(45));
    let opens = gate.now() + chrono::Duration::seconds(45);
    assert_eq!(gate.closed_until(Urgency::UrgentCreation), Some(opens));
    assert_eq!(gate.pass(gate.turn(Urgency::UrgentCreation)).await, Err(opens));
    clock.advance(45);
    assert_eq!(gate.closed_until(Urgency::UrgentCreation), None);
    assert_eq!(gate.pass(gate.turn(Urgency::UrgentCreation)).await, Ok(()));
}

#[tokio::test]
async fn who_gives_up_leaves_no_gap_and_a_full_queue_says_when_to_claim_again() {
    let clock = still();
    let gate = Arc::new(emptied(&clock).await);
    let mut places: Vec<_> = (0..30).map(|_| Place::take(&gate, Urgency::Creation)).collect();
    let claim = gate.now() + chrono::Duration::seconds(11);
    assert_eq!(
        gate.closed_until(Urgency::Creation),
        Some(claim),
        "the 31st token is 31 s away, and a send waits for 20"
    );
    assert_eq!(gate.closed_until(Urgency::UrgentCreation), None, "which goes before them");
    places.truncate(1);
    assert_eq!(gate.closed_until(Urgency::Creation), None);
    drop(places);
    assert!(gate.queue().waiting.is_empty());
}
