//! What each outcome leads to, and what a bad end brings with it.

use super::bench::{Bench, Step};
use crate::dispatcher::{Delivered, once};
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::{Idempotency, Kind, MAX_ATTEMPTS, Outcome, State};
use std::sync::Arc;
use tokio::sync::Notify;

fn temporary(retry_after: Option<u64>) -> Step {
    Step::Say(Outcome::Temporary {
        error: "the carrier is busy".into(),
        retry_after: retry_after.map(std::time::Duration::from_secs),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_outcome_settles_with_the_providers_own_id() {
    let mut bench = Bench::new();
    let sms = bench.sender(Kind::Sms, Idempotency::Lookup);
    sms.then(Step::Say(Outcome::Accepted { remote_ref: Some("SM1".into()) }))
        .then(Step::Say(Outcome::Delivered { remote_ref: None }));
    bench.run(1);
    let first = bench.queue(Kind::Sms, "one", |_| {}).await;
    let row = bench.until_state(first, State::Accepted).await;
    assert_eq!((row.remote_ref.as_deref(), row.attempts), (Some("SM1"), 1));
    bench.advance(1);
    let second = bench.queue(Kind::Sms, "two", |_| {}).await;
    bench.until_state(second, State::Delivered).await;
    assert_eq!(sms.sent.lock().unwrap()[1].marker, "two");
    assert_eq!(bench.attempts(first).await[0].outcome.as_deref(), Some("accepted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passing_failure_is_tried_again_when_asked_until_the_tries_are_used_up() {
    let mut bench = Bench::new();
    let notes = bench.sender(Kind::PsaNote, Idempotency::Natural);
    notes.then(temporary(Some(600)));
    bench.run(1);
    let id = bench.queue(Kind::PsaNote, "m", |_| {}).await;
    let row = bench.until_state(id, State::Retrying).await;
    assert_eq!((row.due_at - bench.clock.now()).num_seconds(), 600);
    for attempt in 2..=MAX_ATTEMPTS {
        notes.then(temporary(None));
        bench.advance(5000);
        bench.until(id, |r| r.attempts == attempt && !matches!(r.state, State::Claimed | State::Sending)).await;
    }
    assert_eq!(bench.row(id).await.state, State::DeadLettered);
    // Redriven by a person it has a new row of tries, numbered on.
    notes.then(temporary(None));
    let now = bench.clock.now();
    bench.write(move |tx| tx.change_delivery(id, nightdesk_core::delivery::Event::Redrive, now)).await.unwrap();
    let row = bench.until(id, |r| r.state == State::Retrying).await;
    assert_eq!(row.attempts, MAX_ATTEMPTS + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_late_expires_and_says_so() {
    let mut bench = Bench::new();
    let sms = bench.sender(Kind::Sms, Idempotency::Lookup);
    sms.then(temporary(Some(300)));
    bench.run(1);
    let ticket = bench.ticket().await;
    let soon = bench.clock.now() + chrono::Duration::seconds(60);
    let id = bench
        .queue(Kind::Sms, "late", |d| {
            d.expires_at = Some(soon);
            d.ticket = Some(ticket);
        })
        .await;
    bench.until_state(id, State::Retrying).await;
    bench.advance(61);
    bench.until_state(id, State::Expired).await;
    assert_eq!(sms.sends(), 1);
    let lines = bench.db.read(move |tx| tx.timeline(ticket)).await.unwrap();
    assert_eq!(lines[0].text, "The text to +15550100 could not be delivered: the carrier is busy");
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_8_a_bad_end_is_written_down_and_falls_back_once() {
    let mut bench = Bench::new();
    let sms = bench.sender(Kind::Sms, Idempotency::Lookup);
    let mail = bench.sender(Kind::Email, Idempotency::None);
    let permanent = || Step::Say(Outcome::Permanent { error: "not a mobile number".into() });
    sms.then(permanent());
    mail.then(Step::Say(Outcome::NeedsHuman { error: "the mail server wants another password".into() }));
    bench.mail_to(&["noc@example.com"]).await;
    bench.run(1);
    let ticket = bench.ticket().await;
    let id = bench.queue(Kind::Sms, "page", |d| d.ticket = Some(ticket)).await;
    bench.until_state(id, State::Rejected).await;
    let mails: Vec<_> = bench.all().await.into_iter().filter(|d| d.kind == Kind::Email).collect();
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].fallback_of, mails[0].ticket), (Some(id), Some(ticket)));
    // The fallback fails in its turn: that is written down, and nothing further is queued.
    bench.until_state(mails[0].id, State::NeedsHuman).await;
    assert_eq!(bench.all().await.len(), 2);
    let lines = bench.db.read(move |tx| tx.timeline(ticket)).await.unwrap();
    let texts: Vec<_> = lines.iter().map(|l| l.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "The text to +15550100 could not be delivered: not a mobile number",
            "The mail to noc@example.com could not be delivered: the mail server wants another password",
        ]
    );
    let entries = bench.db.read(|tx| tx.ledger_entries(0, 100)).await.unwrap();
    let entries: Vec<_> = entries.iter().map(|e| String::from_utf8(e.bytes.clone()).unwrap()).collect();
    assert_eq!(entries.iter().filter(|e| e.contains("\"delivery\"")).count(), 2);
    assert!(entries.iter().all(|e| !e.contains("15550100")), "where it went is personal");
    // Sent again and rejected again: the first failure's fallback stands for both.
    sms.then(permanent());
    bench.advance(1);
    let now = bench.clock.now();
    bench.write(move |tx| tx.change_delivery(id, nightdesk_core::delivery::Event::Redrive, now)).await.unwrap();
    bench.until(id, |r| r.state == State::Rejected && r.attempts == 2).await;
    assert_eq!(bench.all().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_9_a_slow_kind_delays_no_other_and_takes_no_more_than_its_places() {
    let mut bench = Bench::new();
    let notes = bench.sender(Kind::PsaNote, Idempotency::Lookup);
    bench.sender(Kind::Email, Idempotency::None);
    let gate = Arc::new(Notify::new());
    let mut queued = Vec::new();
    for n in 0..6 {
        notes.then(Step::Gate(gate.clone(), Outcome::Accepted { remote_ref: None }));
        queued.push(bench.queue(Kind::PsaNote, &format!("t{n}"), |_| {}).await);
    }
    let dispatcher = bench.run(1);
    bench.until_sent(&notes, 4).await;
    let mail = bench.queue(Kind::Email, "m", |_| {}).await;
    bench.until_state(mail, State::Accepted).await;
    assert_eq!(notes.sends(), 4);
    for id in &queued[4..] {
        assert_eq!(bench.row(*id).await.state, State::Queued, "claims are made for free places only");
    }
    // A stop ends the claiming at once and lets what is under way run on.
    bench.stop.cancel();
    dispatcher.await.unwrap();
    gate.notify_waiters();
    for id in &queued[..4] {
        bench.until_state(*id, State::Accepted).await;
    }
    assert_eq!(bench.row(queued[4]).await.state, State::Queued);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_tries_once_what_it_caused_and_nothing_else() {
    let mut bench = Bench::new();
    let note = bench.sender(Kind::PsaNote, Idempotency::Lookup);
    let mail = bench.sender(Kind::Email, Idempotency::None);
    mail.then(temporary(None));
    let mut notes = Vec::new();
    for n in 0..6 {
        notes.push(bench.queue(Kind::PsaNote, &format!("n{n}"), |d| d.cause = Some("request 7".into())).await);
    }
    let busy = bench.queue(Kind::Email, "m", |d| d.cause = Some("request 7".into())).await;
    let other = bench.queue(Kind::PsaNote, "other", |_| {}).await;
    let clock: Arc<dyn Clock> = bench.clock.clone();
    let sum = once(&bench.db, &clock, &bench.senders, "command", 1, "request 7").await.unwrap();
    assert_eq!(sum, Delivered { attempted: 7, arrived: 6 });
    assert_eq!(note.sends(), 6);
    for id in notes {
        assert_eq!(bench.row(id).await.state, State::Accepted);
    }
    assert_eq!(bench.row(busy).await.state, State::Retrying);
    assert_eq!(bench.row(other).await.state, State::Queued);
}
