//! That a narrowed list is the same whether its tickets are kept or searched for again.

use super::*;
use crate::{NewTicket, Opening, Store};
use chrono::DateTime;
use proptest::prelude::*;
use std::path::Path;

const BOARD: CatalogueId = CatalogueId(3);

/// What a ticket of the model is: client, severity, the incident's number, open, and a word of its own.
type Made = (i64, usize, i64, bool, usize);

const SEVERITIES: [Option<&str>; 4] = [Some("critical"), None, Some("high"), Some("low")];
const WORDS: [&str; 3] = ["host17 canary", "host18 canary", "mailbox"];

fn desk(made: &[Made]) -> Store {
    let mut store = Store::open(Path::new(":memory:"), Opening::Owner).unwrap();
    let fill = |tx: &Tx<'_>| {
        tx.tx.execute_batch(
            "INSERT INTO catalogue (id, kind, remote_id, name, rank, active) VALUES (1, 'client', 'c', 'C', 0, 1),
             (2, 'client', 'd', 'D', 0, 1), (3, 'board', 'b', 'B', 0, 1), (4, 'priority', 'p', 'P', 0, 1)",
        )?;
        for &(client, severity, incident, is_open, words) in made {
            let id = tx.add_ticket(
                DateTime::UNIX_EPOCH,
                &NewTicket {
                    title: "t",
                    incident: None,
                    account: None,
                    quarantine_key: None,
                    organization: None,
                    client: CatalogueId(client),
                    board: BOARD,
                    status: None,
                    category: None,
                    priority: CatalogueId(4),
                    priority_assumed: false,
                    severity: SEVERITIES[severity],
                    unmapped: false,
                    via_mapping: 0,
                    words: WORDS[words],
                },
            )?;
            let state = if is_open { "open" } else { "closed_by_soc" };
            tx.tx.execute(
                "UPDATE ticket SET incident_id = ?2, state = ?3, is_open = ?4 WHERE id = ?1",
                (id.0, incident, state, is_open),
            )?;
        }
        Ok::<_, Error>(())
    };
    store.write(fill).unwrap();
    store
}

/// Every window of this width, one after another.
fn windows(tx: &Tx<'_>, found: &Standings, width: i64) -> Vec<TicketId> {
    let mut out = Vec::new();
    for count in &found.counts {
        let mut offset = 0;
        while offset < count.n {
            out.extend(tx.standing_tickets(found, count.standing, offset, width).unwrap());
            offset += width;
        }
    }
    out
}

proptest! {
    #[test]
    fn kept_or_searched_for_again_the_windows_are_the_same(
        made in prop::collection::vec((1..3_i64, 0..4_usize, 1..9_i64, any::<bool>(), 0..3_usize), 0..25),
        is_open in prop::option::of(any::<bool>()),
        client in prop::option::of(1..3_i64),
        search in prop::option::of(prop::sample::select(vec!["canary", "host", "host17", "nothing"])),
        width in 1..7_i64,
    ) {
        let mut store = desk(&made);
        let filter = StandingFilter {
            is_open,
            client: client.map(CatalogueId),
            severity: None,
            search: search.map(str::to_owned),
        };
        store
            .read(|tx| {
                let mut found = tx.standings(BOARD, &filter)?;
                let fits = |m: &&Made| {
                    is_open.is_none_or(|open| open == m.3)
                        && client.is_none_or(|client| client == m.0)
                        && search.is_none_or(|word| WORDS[m.4].split(' ').any(|w| w.starts_with(word)))
                };
                let expected = made.iter().filter(fits).count();
                assert_eq!(found.counts.iter().map(|c| c.n).sum::<i64>(), i64::try_from(expected).unwrap());
                if expected > 0 {
                    assert_eq!(found.kept.is_some(), filter.is_narrow());
                }
                let kept = windows(tx, &found, width);
                assert_eq!(kept.len(), expected);
                found.kept = None;
                assert_eq!(kept, windows(tx, &found, width));
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
