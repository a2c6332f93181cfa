//! Deliveries whose fate nobody knows (ND-5).

use super::bench::{Bench, Step};
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::{Idempotency, Kind, Outcome, State};
use nightdesk_core::port::Found;

fn unknown() -> Step {
    Step::Say(Outcome::Unknown { error: "the connection was reset".into() })
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_5_what_a_key_or_its_nature_makes_harmless_is_repeated_unmarked() {
    for idempotency in [Idempotency::Key, Idempotency::Natural] {
        let mut bench = Bench::new();
        let sender = bench.sender(Kind::PsaUpdate, idempotency);
        sender.then(unknown());
        bench.run(1);
        let id = bench.queue(Kind::PsaUpdate, "u", |_| {}).await;
        let row = bench.until_state(id, State::Retrying).await;
        let wait = (row.due_at - bench.clock.now()).num_seconds();
        assert!((4..=6).contains(&wait), "{wait} s: by the schedule, so that nobody is hammered");
        bench.advance(wait + 1);
        let row = bench.until_state(id, State::Accepted).await;
        assert!(!row.possible_repeat);
        let sent = sender.sent.lock().unwrap().clone();
        assert_eq!(sent.iter().map(|o| o.attempt).collect::<Vec<_>>(), [1, 2]);
        assert!(sent.iter().all(|o| o.marker == "u" && !o.possible_repeat));
        assert_eq!(bench.attempts(id).await[0].outcome.as_deref(), Some("in_doubt"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_5_a_page_nobody_can_ask_about_is_repeated_marked_and_a_ticket_is_left_to_a_person() {
    let mut bench = Bench::new();
    let call = bench.sender(Kind::Call, Idempotency::None);
    let ticket = bench.sender(Kind::PsaTicket, Idempotency::None);
    call.then(Step::Panic);
    ticket.then(unknown());
    bench.run(1);
    let page = bench.queue(Kind::Call, "c", |_| {}).await;
    bench.until_state(page, State::Accepted).await;
    let repeats: Vec<_> = call.sent.lock().unwrap().iter().map(|o| o.possible_repeat).collect();
    assert_eq!(repeats, [false, true]);
    let filed = bench.queue(Kind::PsaTicket, "t", |_| {}).await;
    let row = bench.until_state(filed, State::NeedsHuman).await;
    assert!(row.possible_repeat, "a person who sends it again should be told");
    assert_eq!(ticket.sends(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_5_a_text_in_doubt_is_asked_about_at_0_5_15_and_30_seconds_before_it_is_repeated() {
    let mut bench = Bench::new();
    let sms = bench.sender(Kind::Sms, Idempotency::Lookup);
    sms.then(unknown());
    bench.run(1);
    let id = bench.queue(Kind::Sms, "s", |_| {}).await;
    bench.until(id, |r| r.state == State::InDoubt && r.doubts == 1).await;
    for (doubts, at) in [(2, 5), (3, 15)] {
        let row = bench.row(id).await;
        bench.advance((row.due_at - bench.clock.now()).num_seconds());
        assert_eq!((bench.clock.now() - super::bench::start()).num_seconds(), at);
        bench.until(id, |r| r.doubts == doubts).await;
    }
    assert_eq!(sms.sends(), 1);
    bench.advance(15);
    let row = bench.until_state(id, State::Accepted).await;
    assert_eq!(*sms.asked.lock().unwrap(), [0, 5, 15, 30]);
    assert!(row.possible_repeat && sms.sent.lock().unwrap()[1].possible_repeat);
    assert_eq!(row.attempts, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_5_what_is_found_at_the_provider_is_not_sent_again() {
    let mut bench = Bench::new();
    let sms = bench.sender(Kind::Sms, Idempotency::Lookup);
    sms.then(Step::Hang).finds(Found::No).finds(Found::Yes { remote_ref: Some("SM7".into()) });
    bench.run(1);
    let id = bench.queue(Kind::Sms, "s", |_| {}).await;
    bench.until_sent(&sms, 1).await;
    // A send that hangs is given up well before its lease ends.
    bench.advance(59);
    assert_eq!(bench.row(id).await.state, State::Sending);
    bench.advance(1);
    bench.until(id, |r| r.state == State::InDoubt && r.doubts == 1).await;
    bench.advance(5);
    let row = bench.until_state(id, State::Accepted).await;
    assert_eq!(row.remote_ref.as_deref(), Some("SM7"));
    assert_eq!(sms.sends(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_5_while_the_provider_cannot_be_asked_nothing_is_sent_and_the_asking_slows_down() {
    let mut bench = Bench::new();
    let sms = bench.sender(Kind::Sms, Idempotency::Lookup);
    sms.then(unknown());
    for _ in 0..9 {
        sms.finds(Found::Unknown("the carrier can't be reached".into()));
    }
    bench.run(1);
    let id = bench.queue(Kind::Sms, "s", |_| {}).await;
    for doubts in 1..=9 {
        let row = bench.until(id, |r| r.doubts == doubts && r.state == State::InDoubt).await;
        bench.advance((row.due_at - bench.clock.now()).num_seconds().max(0));
    }
    // The tenth asking is answered: it never arrived.
    bench.until_state(id, State::Accepted).await;
    assert_eq!(*sms.asked.lock().unwrap(), [0, 5, 15, 30, 60, 120, 240, 480, 780, 1080]);
    assert_eq!(sms.sends(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_5_a_ticket_looked_up_in_vain_is_created_once() {
    let mut bench = Bench::new();
    let ticket = bench.sender(Kind::PsaTicket, Idempotency::Lookup);
    ticket.then(unknown());
    bench.run(1);
    let id = bench.queue(Kind::PsaTicket, "t", |_| {}).await;
    for doubts in 1..=3 {
        let row = bench.until(id, |r| r.doubts == doubts && r.state == State::InDoubt).await;
        bench.advance((row.due_at - bench.clock.now()).num_seconds());
    }
    let row = bench.until_state(id, State::Retrying).await;
    bench.advance((row.due_at - bench.clock.now()).num_seconds() + 1);
    bench.until_state(id, State::Accepted).await;
    assert_eq!(ticket.sends(), 2, "the lost one, and the one that is there now");
}
