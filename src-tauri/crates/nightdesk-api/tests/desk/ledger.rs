//! The ledger's verification, and its export as another program would read it.

use crate::fixture::{Desk, t};
use nightdesk_api as api;
use nightdesk_store::Tally;

fn export(desk: &mut Desk) -> String {
    let mut out = Vec::new();
    desk.ask(|tx| api::ledger_export(tx, t(9), &mut out)).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn nd_13_a_whole_ledger_verifies_and_a_changed_count_shows() {
    let mut desk = Desk::busy();
    let plain = desk.ask(|tx| api::ledger(tx, false)).unwrap();
    assert!(plain.entries >= 8 && plain.verified.is_none());
    let verified = desk.ask(|tx| api::ledger(tx, true)).unwrap();
    assert_eq!((verified.verified, verified.error), (Some(true), None));
    desk.write(|tx| {
        tx.count(Tally::Ticketed, 1);
        Ok(())
    });
    let wrong = desk.ask(|tx| api::ledger(tx, true)).unwrap();
    assert_eq!(wrong.verified, Some(false));
    assert!(wrong.error.unwrap().contains("counted as ticketed"));
}

#[test]
fn nd_13_an_export_verifies_by_itself_and_every_change_shows() {
    let mut desk = Desk::busy();
    desk.act(|tx| api::note(tx, t(3), "dana", nightdesk_core::ids::TicketId(1), "called \"them\"\nback")).unwrap();
    let text = export(&mut desk);
    let header = api::ledger_verify_export(text.as_bytes()).unwrap();
    assert_eq!(header.entries, i64::try_from(text.lines().count()).unwrap() - 1);
    assert_eq!(header.head, desk.ask(|tx| api::ledger(tx, false)).unwrap().head);
    let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!((first["format"].as_str(), first["version"].as_i64()), (Some("nightdesk-ledger"), Some(1)));

    let lines: Vec<&str> = text.lines().collect();
    let fails = |lines: &[&str]| api::ledger_verify_export(lines.join("\n").as_bytes()).unwrap_err().message;
    assert!(fails(&lines[..lines.len() - 1]).contains("tail was cut off"));
    let mut missing = lines.clone();
    missing.remove(3);
    assert!(fails(&missing).contains("entry 3"), "{}", fails(&missing));
    let changed = text.replace("called", "cabled");
    assert!(api::ledger_verify_export(changed.as_bytes()).unwrap_err().message.contains("text beside entry"));
    assert!(api::ledger_verify_export(&b""[..]).is_err());
}

#[test]
fn nd_13_an_entry_changed_in_the_file_shows() {
    let mut desk = Desk::busy();
    desk.tamper("UPDATE ledger SET bytes = CAST(REPLACE(CAST(bytes AS TEXT), '\"account\":5', '\"account\":6') AS BLOB) WHERE seq = 3");
    let found = desk.ask(|tx| api::ledger(tx, true)).unwrap();
    assert_eq!(found.verified, Some(false));
    assert!(found.error.unwrap().contains("entry 3 was changed"));
}

#[test]
fn nd_13_a_cut_tail_shows_beside_a_backup() {
    let mut desk = Desk::busy();
    desk.store.back_up(t(3)).unwrap();
    desk.act(|tx| api::note(tx, t(4), "dana", nightdesk_core::ids::TicketId(1), "later")).unwrap();
    let whole = api::ledger_beside_backup(&mut desk.store, true).unwrap();
    assert_eq!((whole.verified, whole.error), (Some(true), None));
    desk.tamper("DELETE FROM ledger WHERE seq > 4");
    assert_eq!(desk.ask(|tx| api::ledger(tx, true)).unwrap().verified, Some(true), "it holds in itself");
    let cut = api::ledger_beside_backup(&mut desk.store, true).unwrap();
    assert_eq!(cut.verified, Some(false));
    assert!(cut.error.unwrap().contains("its tail was cut off"));
}
