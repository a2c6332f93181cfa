//! How the outbox is read with thousands waiting, and how long a delivery has to leave.

use super::*;
use crate::{NewDelivery, NewTicket, Opening, Settlement, Store};
use nightdesk_core::ids::{CatalogueId, TicketId};
use std::cell::RefCell;
use std::path::Path;

thread_local! {
    static RUN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn t(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn store() -> Store {
    Store::open(Path::new(":memory:"), Opening::Owner).unwrap()
}

fn by(until: i64) -> Claimant<'static> {
    Claimant { owner: "o", epoch: 1, until: t(until) }
}

fn new(kind: Kind, marker: &str) -> NewDelivery {
    NewDelivery {
        kind,
        destination: "somewhere".into(),
        marker: marker.into(),
        payload: serde_json::Value::Null,
        due_at: t(0),
        expires_at: None,
        incident: None,
        ticket: None,
        fallback_of: None,
        cause: None,
    }
}

/// The statements that `work` runs and that read more of the deliveries than they need, with how.
fn long_readings(store: &mut Store, work: impl FnOnce(&Tx<'_>) -> Result<(), Error>) -> Vec<(String, String)> {
    store.trace_statements(Some(|sql| RUN.with_borrow_mut(|run| run.push(sql.to_owned()))));
    store.write(work).unwrap();
    store.trace_statements(None);
    let mut run = RUN.take();
    run.retain(|sql| !sql.starts_with("--") && sql.contains("delivery"));
    run.sort();
    run.dedup();
    assert!(!run.is_empty(), "nothing was reported");
    let mut out = Vec::new();
    for sql in run {
        let mut plan = store.conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let nulls = vec![rusqlite::types::Null; plan.parameter_count()];
        let lines = plan.query_map(rusqlite::params_from_iter(nulls), |r| r.get::<_, String>(3)).unwrap();
        for line in lines.map(Result::unwrap).filter(|line| line.starts_with("SCAN delivery")) {
            // Those indexes hold what is in somebody's hands at this moment, a dozen at most.
            if !["delivery_held", "delivery_looked_up"].iter().any(|index| line.ends_with(index)) {
                out.push((line, sql.clone()));
            }
        }
    }
    out
}

#[test]
fn with_thousands_waiting_nothing_is_read_from_end_to_end() {
    let mut store = store();
    let readings = long_readings(&mut store, |tx| {
        tx.take_over(2, t(1))?;
        tx.is_ahead_of_clock(t(1))?;
        tx.heed_clock(t(1))?;
        tx.expire_deliveries(t(1))?;
        tx.next_due(Kind::ALL)?;
        tx.next_due_to(Kind::Webhook, "somewhere")?;
        tx.claim_due_to(Kind::Webhook, "somewhere", by(60), t(1), 1)?;
        for kind in Kind::ALL {
            tx.claim_due(*kind, by(60), t(1), 1, |_| true)?;
            tx.claim_caused("c", *kind, by(60), t(1), 1, |_| true)?;
        }
        tx.psa_hasten(t(1))?;
        tx.psa_unfinished("desk")?;
        tx.psa_deliveries(&[State::Queued])?;
        tx.open_posts("somewhere")?;
        tx.posts_waiting()?;
        tx.outbox_counts()?;
        Ok(())
    });
    assert!(readings.is_empty(), "{readings:#?}");
}

fn ticket(tx: &Tx<'_>, severity: &str) -> Result<TicketId, Error> {
    let new = NewTicket {
        title: "t",
        incident: None,
        account: None,
        quarantine_key: None,
        organization: None,
        client: CatalogueId(1),
        board: CatalogueId(2),
        status: None,
        category: None,
        priority: CatalogueId(3),
        priority_assumed: false,
        severity: Some(severity),
        unmapped: false,
        via_mapping: 0,
        words: "",
    };
    tx.add_ticket(t(0), &new)
}

#[test]
fn the_psa_gets_the_critical_first_and_what_becomes_critical_moves_up() {
    let mut store = store();
    let markers = store.write(|tx| {
        tx.tx.execute_batch(
            "INSERT INTO catalogue (id, kind, remote_id, name, rank, active) VALUES (1, 'client', 'c', 'C', 0, 1),
             (2, 'board', 'b', 'B', 0, 1), (3, 'priority', 'p', 'P', 0, 1)",
        )?;
        let tickets = ["low", "high", "critical", "low"].map(|severity| ticket(tx, severity).unwrap());
        for (n, ticket) in tickets.into_iter().enumerate() {
            tx.queue(t(0), &NewDelivery { ticket: Some(ticket), ..new(Kind::PsaTicket, &n.to_string()) })?;
        }
        let mut raised = tx.ticket(tickets[3])?.unwrap();
        raised.severity = Some("critical".into());
        tx.save_ticket(t(1), &raised)?;
        tx.claim_due(Kind::PsaTicket, by(60), t(1), 9, |_| true)
    });
    let markers: Vec<_> = markers.unwrap().into_iter().map(|c| c.outgoing.marker).collect();
    assert_eq!(markers, ["2", "3", "1", "0"]);
}

#[test]
fn whatever_is_sent_again_has_as_long_as_it_had_at_first() {
    let mut store = store();
    let ends = store.write(|tx| {
        let id = tx.queue(t(0), &NewDelivery { expires_at: Some(t(60)), ..new(Kind::Sms, "m") })?.unwrap();
        let mut ends = Vec::new();
        for again in [1000, 2000, 3000] {
            assert_eq!(tx.expire_deliveries(t(again))?, [id]);
            tx.change_delivery(id, Event::Redrive, t(again))?;
            ends.push(tx.delivery_expiry(id)?);
        }
        Ok::<_, Error>(ends)
    });
    assert_eq!(ends.unwrap(), [1060, 2060, 3060].map(|at| Some(t(at))));
}

#[test]
fn a_clock_set_back_shortens_no_delivery_twice() {
    let mut store = store();
    let end = store.write(|tx| {
        let waits = NewDelivery { due_at: t(1010), expires_at: Some(t(1060)), ..new(Kind::Email, "m") };
        let id = tx.queue(t(1000), &waits)?.unwrap();
        assert_eq!(tx.heed_clock(t(100))?, 1);
        assert_eq!(tx.delivery_expiry(id)?, Some(t(160)));
        let claimed = tx.claim_due(Kind::Email, by(200), t(101), 1, |_| true)?.remove(0);
        tx.begin_attempt(claimed.fence, t(101))?;
        let later = Settlement {
            event: Event::FailForNow,
            due_at: Some(t(150)),
            error: None,
            remote_ref: None,
            possible_repeat: false,
        };
        tx.settle(claimed.fence, t(102), &later)?;
        assert_eq!(tx.heed_clock(t(103))?, 0, "its time to come was reckoned by the clock as it is");
        tx.delivery_expiry(id)
    });
    assert_eq!(end.unwrap(), Some(t(160)));
}
