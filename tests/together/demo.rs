//! `nightdesk demo`, as somebody meets it who has just installed it: no data directory, no secret, no terminal.

use crate::command::{Ended, Office};

/// Long enough, at the night's fastest, for the people at the helpdesk to have done all that they do.
const SECONDS: &str = "15";

/// Nothing but the one line that says what this is.
fn assert_quiet(demo: &Ended) {
    let lines: Vec<&str> = demo.err.lines().collect();
    assert!(lines.len() == 1 && lines[0].contains("Nothing leaves this machine"), "{}", demo.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_algapsa_every_ticket_stands_there_once_and_the_desk_follows_its_people() {
    let demo = Office::bare(&["demo", "--desk", "algapsa", "--for", SECONDS]).await.well();
    assert_quiet(&demo);
    for part in ["for AlgaPSA at http://127.0.0.1:", "for Huntress at"] {
        assert!(demo.err.contains(part), "{part:?} is not in {}", demo.err);
    }
    for part in [
        "AlgaPSA has TIC1001 for",
        "A person in AlgaPSA: ",
        "The desk follows: T-",
        "closed here too",
        "ledger verified",
    ] {
        assert!(demo.out.contains(part), "{part:?} is not in {}", demo.out);
    }
    let count = demo.out.lines().last().unwrap();
    assert!(
        count.starts_with("AlgaPSA: ") && count.ends_with("0 still waiting to arrive; 0 missing, 0 doubled"),
        "{count}"
    );
    let numbers: Vec<u32> = count.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
    assert!(numbers[0] > 20 && numbers[0] == numbers[2], "as many there as here: {count}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_usual_demo_knows_of_no_psa() {
    let demo = Office::bare(&["demo", "--for", "6"]).await.well();
    assert_quiet(&demo);
    assert!(!demo.out.contains("AlgaPSA") && !demo.err.contains("AlgaPSA"), "{demo:?}");
    assert!(demo.out.lines().last().unwrap().starts_with("ledger verified"), "{}", demo.out);
}
