//! The ledger can be believed, and the store outlives damage and newer programs.

use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::ids::OrganizationId;
use nightdesk_standin::IncidentBuilder;
use nightdesk_store::{Error, Opening, SCHEMA_VERSION, Store};
use nightdesk_tests::Scene;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

const FIVE: TimeDelta = TimeDelta::minutes(5);

/// A night with tickets, changes, a re-home and its undo, after which nobody runs.
async fn told() -> Scene {
    let mut scene = Scene::open(Scene::account()).await;
    scene.start().await;
    let ids = [4, 6, 8].map(|o| scene.world().publish(IncidentBuilder::high().organization(o)));
    scene.world().publish(IncidentBuilder::high().organization(4).field("severity", 3));
    scene.pass(FIVE).await;
    scene.world().set_severity(ids[0], "critical");
    scene.world().set_status(ids[2], "closed");
    let ticket = scene.ticket_of(ids[1]).id;
    let done = scene.act(|tx, now| api::rehome(tx, now, "dana", &[ticket], "Globex", true)).unwrap();
    scene.act(|tx, now| api::undo(tx, now, "dana", done.undo_id)).unwrap();
    scene.act(|tx, now| api::note(tx, now, "dana", ticket, "Whose is it?")).unwrap();
    scene.act(|tx, now| api::orgs_ignore(tx, now, "dana", OrganizationId(8))).unwrap();
    scene.pass(FIVE).await;
    scene.stop().await;
    scene
}

fn verified(path: &Path) -> (Option<bool>, Option<String>) {
    let mut store = Store::open(path, Opening::Guest).unwrap();
    let ledger = store.read(|tx| api::ledger(tx, true)).unwrap();
    (ledger.verified, ledger.error)
}

/// A copy of the story's store, with one thing done to it behind Nightdesk's back.
fn tampered(scene: &Scene, name: &str, sql: &str) -> PathBuf {
    scene.store().checkpoint().unwrap();
    let copy = scene.folder().join(name);
    std::fs::copy(scene.path(), &copy).unwrap();
    let conn = Connection::open(&copy).unwrap();
    // Whoever tampers doesn't stop at a trigger.
    let triggers: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for trigger in triggers {
        conn.execute(&format!("DROP TRIGGER {trigger}"), []).unwrap();
    }
    assert!(conn.execute(sql, []).unwrap() > 0, "{sql}");
    copy
}

#[tokio::test]
async fn nd_13_whatever_is_done_to_the_ledger_shows() {
    let scene = told().await;
    assert_eq!(verified(&scene.path()), (Some(true), None));
    let middle = "(SELECT seq FROM ledger ORDER BY seq LIMIT 1 OFFSET 4)";
    let deeds = [
        (
            "a byte",
            "UPDATE ledger SET bytes = CAST(replace(CAST(bytes AS TEXT), 'ticketed', 'Ticketed') AS BLOB) WHERE CAST(bytes AS TEXT) LIKE '%ticketed%'".to_owned(),
        ),
        ("a hash", format!("UPDATE ledger SET hash = zeroblob(32) WHERE seq = {middle}")),
        ("a line gone", format!("DELETE FROM ledger WHERE seq = {middle}")),
        (
            "a text",
            "UPDATE ledger_text SET body = body || '!' WHERE digest = (SELECT min(digest) FROM ledger_text)".into(),
        ),
        ("a count", "UPDATE tally SET n = n + 1 WHERE name = 'ticketed'".into()),
        ("an incident gone", "DELETE FROM incident WHERE row = (SELECT min(row) FROM incident)".into()),
    ];
    for (what, sql) in deeds {
        let (holds, error) = verified(&tampered(&scene, &format!("{what}.db"), &sql));
        assert_eq!(holds, Some(false), "{what}");
        assert!(error.is_some(), "{what}");
    }
}

#[tokio::test]
async fn nd_13_the_ledger_is_only_ever_appended_to() {
    let mut scene = told().await;
    let entries = |scene: &Scene| scene.read(|tx| tx.ledger_entries(0, 10_000).unwrap());
    let before = entries(&scene);
    scene.start().await;
    let id = scene.world().publish(IncidentBuilder::high().organization(4));
    scene.sleep(TimeDelta::hours(26)).await;
    scene.world().remove(id);
    scene.pass(TimeDelta::hours(2)).await;
    scene.stop().await;
    let after = entries(&scene);
    assert!(after.len() > before.len());
    assert_eq!(after[..before.len()], before, "a day and its housekeeping later");
}

#[tokio::test]
async fn nd_13_erasing_a_personal_text_leaves_the_chain_whole() {
    let scene = told().await;
    let copy = tampered(&scene, "erased.db", "DELETE FROM ledger_text");
    assert_eq!(verified(&copy), (Some(true), None));
}

/// Knows nothing of Nightdesk but what an export says of itself.
fn second_verifier(export: &[u8]) -> Result<(u64, String), String> {
    let text = std::str::from_utf8(export).map_err(|e| e.to_string())?;
    let mut lines = text.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).map_err(|e| e.to_string()));
    let header = lines.next().ok_or("empty")??;
    if header["format"] != "nightdesk-ledger" || header["version"] != 1 {
        return Err(format!("another format: {header}"));
    }
    let (mut head, mut count) = (vec![0_u8; 32], 0);
    for line in lines {
        let line = line?;
        count += 1;
        let entry = line["entry"].as_str().ok_or("no entry")?;
        head = Sha256::new().chain_update(&head).chain_update(entry).finalize().to_vec();
        if line["hash"] != hex::encode(&head) {
            return Err(format!("entry {count} doesn't follow from those before it"));
        }
        if let Some(text) = line["text"].as_str() {
            let entry: serde_json::Value = serde_json::from_str(entry).map_err(|e| e.to_string())?;
            if entry["text_sha256"] != hex::encode(Sha256::digest(text)) {
                return Err(format!("the text of entry {count} is another"));
            }
        }
    }
    if header["entries"] != count || header["head"] != hex::encode(&head) {
        return Err(format!("the header promises {header}, but there are {count}"));
    }
    Ok((count, hex::encode(head)))
}

#[tokio::test]
async fn nd_13_a_second_program_can_verify_the_export() {
    let scene = told().await;
    let mut out = Vec::new();
    let now = scene.status().last_poll.at.unwrap();
    let header = scene.read(|tx| api::ledger_export(tx, now, &mut out).unwrap());
    let (count, head) = second_verifier(&out).unwrap();
    assert!(count > 10, "{count}");
    let ledger = scene.read(|tx| api::ledger(tx, false).unwrap());
    assert_eq!((i64::try_from(count).unwrap(), head), (ledger.entries, ledger.head));
    assert_eq!(header.entries, ledger.entries);

    let text = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let without_last = lines[..lines.len() - 1].join("\n");
    let without_one = [&lines[..5], &lines[6..]].concat().join("\n");
    let reworded = text.replacen("dana: ", "lee: ", 1);
    for (what, export) in [("cut", without_last), ("gap", without_one), ("reworded", reworded)] {
        assert!(second_verifier(export.as_bytes()).is_err(), "{what}");
        assert!(api::ledger_verify_export(&mut export.as_bytes()).is_err(), "{what}: ours must see it too");
    }
}

#[tokio::test]
async fn nd_15_a_newer_store_is_refused_and_left_as_it_is() {
    let scene = told().await;
    scene.store().checkpoint().unwrap();
    let newer = scene.folder().join("newer.db");
    std::fs::copy(scene.path(), &newer).unwrap();
    Connection::open(&newer).unwrap().pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
    // A program of tomorrow may have left any journal mode behind.
    for mode in ["WAL", "DELETE"] {
        Connection::open(&newer).unwrap().pragma_update(None, "journal_mode", mode).unwrap();
        let before = std::fs::read(&newer).unwrap();
        for opening in [Opening::Owner, Opening::Guest] {
            let refused = Store::open(&newer, opening).unwrap_err();
            assert!(
                matches!(refused, Error::TooNew { found, known } if (found, known) == (SCHEMA_VERSION + 1, SCHEMA_VERSION))
            );
            assert!(refused.to_string().contains(&(SCHEMA_VERSION + 1).to_string()), "{refused}");
        }
        assert_eq!(std::fs::read(&newer).unwrap(), before, "{mode}: not a byte");
    }
}

#[tokio::test]
async fn a_damaged_store_comes_back_from_its_backup_and_loses_nothing_that_huntress_has() {
    let mut scene = told().await;
    let now = scene.status().last_poll.at.unwrap();
    let store = scene.store();
    store.back_up(now).unwrap();
    drop(store);
    // Afterwards, before the damage: a ticket that no backup knows.
    scene.start().await;
    let late = scene.world().publish(IncidentBuilder::critical().organization(4));
    scene.pass(FIVE).await;
    let before = scene.ticketed();
    assert!(before.contains(&late));
    scene.stop().await;
    scene.store().checkpoint().unwrap();
    let mut bytes = std::fs::read(scene.path()).unwrap();
    let length = bytes.len();
    bytes[4096..length.min(40_960)].fill(0xA5);
    std::fs::write(scene.path(), bytes).unwrap();

    let sound = Store::open(&scene.path(), Opening::Owner).and_then(|s| s.quick_check());
    assert!(sound.is_err(), "it shows");
    Store::recover(&scene.path(), now + FIVE).unwrap();
    let kept = std::fs::read_dir(scene.folder()).unwrap().filter_map(Result::ok);
    let kept: Vec<_> = kept.map(|f| f.file_name().to_string_lossy().into_owned()).collect();
    assert!(kept.iter().any(|f| f.contains("damaged")), "the damaged file is kept aside: {kept:?}");
    scene.start().await;
    assert_eq!(scene.ticketed(), before, "what the backup lacks is read again");
    scene.assert_accounted();
    scene.stop().await;
}
