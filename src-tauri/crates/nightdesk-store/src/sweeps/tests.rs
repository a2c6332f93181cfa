//! What counts as unaccounted for.

use super::*;
use crate::{Opening, Store};
use nightdesk_core::ids::IncidentKey;
use std::path::Path;

const ACCOUNT: AccountId = AccountId(5);
const SWEEP: i64 = 3;

fn listed(ids: &[i64]) -> Store {
    let mut store = Store::open(Path::new(":memory:"), Opening::Owner).unwrap();
    let ids: Vec<IncidentId> = ids.iter().map(|id| IncidentId(*id)).collect();
    store.write(|tx| tx.add_to_sweep(ACCOUNT, SWEEP, &ids)).unwrap();
    store
}

fn hold(tx: &Tx<'_>, account: AccountId, id: i64, class: &str) -> Result<(), Error> {
    let sql = "INSERT INTO incident (account_id, id, is_open, class, digest, first_seen_at, first_seen_by, received_at, facts)
               VALUES (?1, ?2, 1, ?3, X'00', 0, 'poll', 0, '{}')";
    tx.tx.execute(sql, (account.0, id, class))?;
    Ok(())
}

fn unaccounted(store: &mut Store) -> i64 {
    store.read(|tx| tx.unaccounted(ACCOUNT, SWEEP)).unwrap()
}

#[test]
fn what_a_class_holds_is_accounted_for_and_nothing_else_is() {
    let mut store = listed(&[1, 2, 3, 4, 5]);
    assert_eq!(unaccounted(&mut store), 5, "nothing is held yet");
    store
        .write(|tx| {
            hold(tx, ACCOUNT, 1, "quarantined")?;
            hold(tx, ACCOUNT, 2, "withheld")?;
            hold(tx, ACCOUNT, 3, "record_only")?;
            hold(tx, ACCOUNT, 4, "ticketed")?;
            // Of another account, and one that wasn't listed: neither stands for number 5.
            hold(tx, AccountId(6), 5, "withheld")?;
            hold(tx, ACCOUNT, 6, "withheld")
        })
        .unwrap();
    assert_eq!(unaccounted(&mut store), 2, "4 is said to have a ticket and has none, 5 isn't there");
}

#[test]
fn it_is_computed_anew_when_an_incident_changes() {
    let mut store = listed(&[1]);
    store.write(|tx| hold(tx, ACCOUNT, 1, "ticketed")).unwrap();
    assert_eq!(unaccounted(&mut store), 1);
    let key = IncidentKey { account: ACCOUNT, id: IncidentId(1) };
    let set = |class: &str, store: &mut Store| {
        let change = |tx: &Tx<'_>| {
            let sql = "UPDATE incident SET class = ?3 WHERE account_id = ?1 AND id = ?2";
            tx.tx.execute(sql, (key.account.0, key.id.0, class)).map_err(Error::from)
        };
        assert_eq!(store.write(change).unwrap(), 1);
    };
    set("record_only", &mut store);
    assert_eq!(unaccounted(&mut store), 0);
    set("ticketed", &mut store);
    assert_eq!(unaccounted(&mut store), 1);
}

#[test]
fn only_the_lists_that_still_count_are_kept() {
    let mut store = listed(&[1, 2]);
    store
        .write(|tx| {
            tx.add_to_sweep(ACCOUNT, SWEEP + 1, &[IncidentId(1)])?;
            tx.clear_sweep(ACCOUNT, SWEEP + 2, SWEEP)
        })
        .unwrap();
    assert_eq!(unaccounted(&mut store), 2, "the last whole one stands until the next is whole");
    assert_eq!(store.read(|tx| tx.unaccounted(ACCOUNT, SWEEP + 1)).unwrap(), 0, "one that was given up is gone");
}
