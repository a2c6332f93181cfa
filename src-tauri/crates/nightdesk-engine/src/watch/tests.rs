use super::*;
use crate::db::Db;
use crate::pulse::Pulse;
use chrono::Duration as Span;
use nightdesk_core::health::State;
use nightdesk_standin::clock::ManualClock;
use nightdesk_store::{Opening, Store};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio_util::sync::CancellationToken;

fn t(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_000_000, 0).unwrap() + Span::minutes(minute)
}

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("nightdesk.db"), Opening::Owner).unwrap();
    (dir, store)
}

fn write(store: &mut Store, f: impl FnOnce(&Tx<'_>) -> Result<(), Error>) {
    store.write(f).unwrap();
}

fn gaps(store: &mut Store) -> Vec<(DateTime<Utc>, Option<DateTime<Utc>>, String)> {
    store.read::<_, Error>(|tx| Ok(tx.gaps(100)?.into_iter().rev().map(|g| (g.from, g.to, g.why)).collect())).unwrap()
}

#[test]
fn nd_14_failed_reads_are_a_gap_from_proof_to_proof() {
    let (_dir, mut store) = store();
    write(&mut store, |tx| proven_read(tx, t(0)));
    write(&mut store, |tx| failed_read(tx, t(5), "Huntress could not be reached"));
    write(&mut store, |tx| failed_read(tx, t(10), "Huntress refused the API key"));
    assert_eq!(gaps(&mut store), [(t(0), None, "Huntress refused the API key".into())]);
    write(&mut store, |tx| proven_read(tx, t(15)));
    assert_eq!(gaps(&mut store), [(t(0), Some(t(15)), "Huntress refused the API key".into())]);
    let since = store.read(|tx| health(tx, t(16))).unwrap();
    assert_eq!(since, Health { state: State::Watching, since: Some(t(15)) });
}

#[test]
fn nd_14_time_between_two_engines_is_a_gap() {
    let (_dir, mut store) = store();
    write(&mut store, |tx| started(tx, t(0)));
    assert!(gaps(&mut store).is_empty(), "a new store has missed nothing");
    write(&mut store, |tx| proven_read(tx, t(0)));
    write(&mut store, |tx| seen(tx, t(3)));
    write(&mut store, |tx| started(tx, t(8)));
    assert!(gaps(&mut store).is_empty(), "a quick restart is no gap");
    write(&mut store, |tx| started(tx, t(120)));
    write(&mut store, |tx| started(tx, t(121)));
    assert_eq!(gaps(&mut store), [(t(3), None, NOT_RUNNING.into())]);
    write(&mut store, |tx| failed_read(tx, t(122), "unreachable"));
    write(&mut store, |tx| proven_read(tx, t(125)));
    let expected = [(t(3), Some(t(122)), NOT_RUNNING.to_owned()), (t(122), Some(t(125)), "unreachable".to_owned())];
    assert_eq!(gaps(&mut store), expected);
}

#[test]
fn nd_14_sleep_and_clock_jumps_are_recorded() {
    let (_dir, mut store) = store();
    let hour = Duration::from_secs(3600);
    write(&mut store, |tx| lapsed(tx, t(60), Lapse::Slept(hour), t(0)));
    write(&mut store, |tx| proven_read(tx, t(61)));
    write(&mut store, |tx| lapsed(tx, t(200), Lapse::Forward(hour), t(140)));
    write(&mut store, |tx| lapsed(tx, t(141), Lapse::Back(hour), t(201)));
    let expected = [
        (t(0), Some(t(61)), ASLEEP.to_owned()),
        (t(140), Some(t(200)), "the clock was set forward by 60 minutes".to_owned()),
        (t(141), Some(t(201)), "the clock was set back by 60 minutes".to_owned()),
    ];
    assert_eq!(gaps(&mut store), expected);
}

/// Completes when the watcher has looked at everything that there is to see now.
async fn rests(pulse: &Pulse) {
    let quiet = pulse.quiet(&[Watcher::NAME]);
    tokio::time::timeout(Duration::from_secs(30), quiet).await.expect("the watcher has looked");
}

#[tokio::test]
async fn a_blind_desk_raises_one_alarm_and_a_jump_asks_for_a_poll() {
    let (_dir, mut store) = store();
    write(&mut store, |tx| proven_read(tx, t(0)));
    let (db, _thread) = Db::start(store).unwrap();
    let clock = ManualClock::at(t(26));
    let pulse = Pulse::new(clock.clone());
    let polls = Arc::new(AtomicUsize::new(0));
    let count = polls.clone();
    let poll_now = Arc::new(move || {
        count.fetch_add(1, Ordering::SeqCst);
    });
    let stop = CancellationToken::new();
    let watcher = Watcher::new(db.clone(), pulse.clone(), poll_now);
    let script = async {
        rests(&pulse).await;
        assert_eq!(polls.load(Ordering::SeqCst), 0);
        clock.set(t(90), Duration::from_secs(5));
        rests(&pulse).await;
        assert_eq!(polls.load(Ordering::SeqCst), 1);
        clock.advance(15);
        rests(&pulse).await;
        assert_eq!(polls.load(Ordering::SeqCst), 1, "the jump is over");
        stop.cancel();
    };
    tokio::join!(watcher.run(stop.clone()), script);
    db.write::<_, Error>(|tx| proven_read(tx, t(91))).await.unwrap();
    let kinds = db
        .read::<_, Error>(|tx| {
            let entries = tx.ledger_entries(0, 100)?;
            Ok(entries.into_iter().map(|e| String::from_utf8(e.bytes).unwrap()).collect::<Vec<_>>())
        })
        .await
        .unwrap();
    assert_eq!(kinds.iter().filter(|e| e.contains("\"alarm\"") && !e.contains("ended")).count(), 1, "{kinds:?}");
    assert_eq!(kinds.iter().filter(|e| e.contains("\"alarm\"") && e.contains("ended")).count(), 1, "{kinds:?}");
    let seen_at = db.read(|tx| tx.mark(Setting::EngineSeenAt)).await.unwrap();
    assert_eq!(seen_at, Some(t(90)));
}

#[tokio::test]
async fn another_process_commit_beats_the_pulse() {
    let (dir, store) = store();
    let (db, _thread) = Db::start(store).unwrap();
    let pulse = Pulse::new(ManualClock::at(t(0)));
    let stop = CancellationToken::new();
    let mut waiter = pulse.waiter("test");
    waiter.look();
    let script = async {
        // The first answer beats too: from then on the log is listened to.
        tokio::time::timeout(Duration::from_secs(10), waiter.rest(None)).await.unwrap();
        waiter.look();
        let mut other = Store::open(&dir.path().join("nightdesk.db"), Opening::Guest).unwrap();
        other.write::<_, Error>(|tx| seen(tx, t(1))).unwrap();
        tokio::time::timeout(Duration::from_secs(10), waiter.rest(None)).await.unwrap();
        stop.cancel();
    };
    tokio::join!(follow_commits(db.clone(), pulse.clone(), stop.clone()), script);
}
