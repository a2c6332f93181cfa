//! Commands that meet a running engine, and each other, at the same moment.

use crate::command::{Ended, Office};
use nightdesk_standin::{Fault, FaultKind, IncidentBuilder};
use serde_json::Value;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// Commands at once that each ask for a poll.
const POLLS: usize = 4;

/// How often another process's work is looked at, and for how long at most.
const LOOK: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(60);

/// The numbers of some tickets that wait on triage.
async fn waiting(office: &Office) -> Vec<String> {
    let all = office.tickets().await;
    let waits = |t: &&Value| t["board"] == "Triage" && t["is_open"] == true && t["organization_id"] == 8;
    all.iter().filter(waits).map(|t| t["id"].to_string()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn polls_rehomes_and_configurations_at_once() {
    let office = Office::open().await;
    let engine = office.engine().await;
    for round in 0..6 {
        for organization in [4, 6, 8, 8] {
            office.world().publish(IncidentBuilder::high().organization(organization));
        }
        office.run(&["poll"]).await.well();
        let news: Vec<i64> = (0..5).map(|_| office.world().publish(IncidentBuilder::low().organization(6))).collect();
        let triage = waiting(&office).await;
        let [first, second, ..] = triage.as_slice() else { panic!("too few on triage: {triage:?}") };
        let file = office.configuration("next", |text| {
            let minutes = format!("poll_interval_minutes = {}", 6 + round);
            text.replace("poll_interval_minutes = 5", &minutes).replace("close_through = true", "close_through = false")
        });
        let revision = office.run(&["config", "show"]).await.well().json()["revision"].to_string();
        let base = ["config", "apply", &file, "--if-revision", &revision];
        office.walks();

        let (polls, acme, globex, one, other, note, verified, card) = tokio::join!(
            polls(&office),
            office.run(&["rehome", first, second, "--client", "Acme"]),
            office.run(&["rehome", second, first, "--client", "Globex"]),
            office.run(&base),
            office.run(&base),
            office.run(&["note", first, "seen"]),
            office.run(&["ledger", "--verify"]),
            office.run(&["status"]),
        );
        for poll in polls {
            assert_eq!(poll.well().json()["ok"], true);
        }
        // A busy machine may start the commands so far apart that each asks when the walk before its own is over, and a
        // changed configuration has the engine poll once more. No poll begins two walks.
        let walks = office.walks();
        assert!((1..=POLLS + 1).contains(&walks), "{POLLS} polls at once began {walks} walks");
        for ended in [&acme, &globex, &one, &other] {
            ended.cleanly();
        }
        note.well();
        card.well();
        assert_eq!(verified.well().json()["verified"], true);

        // Both re-homes say whole what they did; the later one stands, for both tickets.
        let now = office.tickets().await;
        let client = |id: &str| now.iter().find(|t| t["id"].as_i64() == id.parse().ok()).unwrap()["client"].clone();
        assert_eq!(client(first), client(second), "{acme:?} {globex:?}");
        assert!(client(first) == "Acme" || client(first) == "Globex", "{acme:?} {globex:?}");
        let applied = [&one, &other].iter().filter(|e| e.code == Some(0)).count();
        assert_eq!(applied, 1, "of two changes to one revision, one wins: {one:?} {other:?}");
        // Each poll was answered by a walk that began after it was asked.
        for id in news {
            assert!(now.iter().any(|t| t["incident_id"] == id), "incident {id} was there before the polls");
        }
        office.assert_sound().await;
    }
    office.end(engine).await;
    office.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn polls_that_are_asked_while_a_walk_runs_share_the_one_after_it() {
    let office = Office::open().await;
    let engine = office.engine().await;
    office.run(&["poll"]).await.well();
    office.walks();
    let gate = Gate::before_walks(&office);
    let (polls, news) = tokio::join!(polls(&office), async {
        // However slowly the commands start, the walk that the first of them began runs until all have asked.
        let all_asked = async {
            while office.polls_asked() < POLLS {
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::time::timeout(PATIENCE, all_asked).await.expect("every poll asks");
        let news = office.world().publish(IncidentBuilder::low().organization(6));
        gate.open();
        news
    });
    for poll in polls {
        assert_eq!(poll.well().json()["ok"], true);
    }
    let walks = office.walks();
    assert!((1..=2).contains(&walks), "one runs and one waits, but {POLLS} polls began {walks} walks");
    assert!(office.tickets().await.iter().any(|t| t["incident_id"] == news));
    office.assert_sound().await;
    office.end(engine).await;
}

/// Holds every request for a page of reports until it is opened.
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn before_walks(office: &Office) -> Self {
        let shut = Arc::new((Mutex::new(true), Condvar::new()));
        let held = shut.clone();
        office.soc.on_request(Box::new(move |request, _| {
            if request.path.ends_with("/incident_reports") {
                let (is_shut, opened) = &*held;
                tokio::task::block_in_place(|| {
                    drop(opened.wait_while(is_shut.lock().unwrap(), |is_shut| *is_shut).unwrap());
                });
            }
        }));
        Self(shut)
    }

    fn open(&self) {
        let (is_shut, opened) = &*self.0;
        *is_shut.lock().unwrap() = false;
        opened.notify_all();
    }
}

/// What is asked while a test fails must not hold the runtime, which waits for it.
impl Drop for Gate {
    fn drop(&mut self) {
        self.open();
    }
}

async fn polls(office: &Office) -> Vec<Ended> {
    let (a, b, c, d) =
        tokio::join!(office.run(&["poll"]), office.run(&["poll"]), office.run(&["poll"]), office.run(&["poll"]));
    Vec::from([a, b, c, d] as [Ended; POLLS])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nd_6_a_second_engine_gives_way_and_names_the_first() {
    let office = Office::open().await;
    let engine = office.engine().await;
    let id = engine.id().unwrap().to_string();
    let second = office.run(&["run"]).await;
    assert_eq!(second.code, Some(1), "{second:?}");
    assert!(second.err.contains(&id), "it names process {id}: {second:?}");
    office.end(engine).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_poll_whose_engine_is_killed_does_the_work_itself() {
    let office = Office::open().await;
    let mut engine = office.engine().await;
    office.run(&["poll"]).await.well();
    let id = office.world().publish(IncidentBuilder::critical().organization(4));
    let hang = office.world().fault(Fault::new(FaultKind::Hang).on("/v1/incident_reports"));
    let (poll, ()) = tokio::join!(office.run(&["poll"]), async {
        while office.walks() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        engine.kill().await.unwrap();
        office.world().lift(hang);
    });
    assert_eq!(poll.well().json()["ok"], true);
    assert!(office.tickets().await.iter().any(|t| t["incident_id"] == id));
    office.assert_sound().await;
}
