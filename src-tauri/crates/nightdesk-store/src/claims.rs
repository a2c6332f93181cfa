//! Claims on the outbox: a lease and a fencing number, so that at most one holder acts on a delivery (ND-6).

use crate::outbox::{Claimed, Fence};
use crate::store::{maybe_time, ms, time};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::delivery::{Event, Kind, State, next};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::port::Outgoing;
use rusqlite::OptionalExtension;

// With thousands waiting, all this is asked for every delivery that leaves. A partial index serves only a question that
// repeats its words, which is why some conditions below say a thing twice; a test sees to it that none reads the whole table.

/// Calls to one number go one at a time, so that a look-up of one in doubt is unambiguous: the oldest that is due first,
/// and none while another one to the same number is leaving, in doubt, ringing or spoken to.
const LINE_IS_FREE: &str = "(delivery.kind <> 'call' OR delivery.state = 'in_doubt' OR NOT (
     EXISTS (SELECT 1 FROM delivery o WHERE o.kind = 'call' AND o.destination = delivery.destination AND o.id <> delivery.id
             AND (o.state IN ('claimed', 'sending', 'in_doubt') OR (o.state IN ('queued', 'retrying') AND o.due_at <= delivery.due_at
                  AND (o.due_at < delivery.due_at OR o.id < delivery.id))))
     OR EXISTS (SELECT 1 FROM step s WHERE s.phone = delivery.destination AND s.channel = 'call'
             AND (s.state IN ('sent', 'ringing', 'answered') OR (s.state = 'queued' AND s.delivery_id <> delivery.id
                  AND EXISTS (SELECT 1 FROM delivery o WHERE o.id = s.delivery_id AND o.state IN ('accepted', 'delivered')))))))";

/// What was called off while it was in doubt is looked up, since it may have to be hung up, and never sent again.
const IS_WANTED: &str = "(delivery.state = 'in_doubt' OR NOT EXISTS (
     SELECT 1 FROM step c WHERE c.delivery_id = delivery.id AND c.state = 'cancelled'))";

/// Whether a delivery is the first text that may reach anybody of one of its pages.
const IS_FIRST_TEXT: &str = "(delivery.kind = 'sms' AND EXISTS (
     SELECT 1 FROM step s JOIN step_page p ON p.step_id = s.id WHERE s.delivery_id = delivery.id AND NOT EXISTS (
         SELECT 1 FROM step_page q JOIN step e ON e.id = q.step_id WHERE q.page_id = p.page_id AND e.id < s.id
             AND e.channel = 'sms' AND e.state NOT IN ('failed', 'skipped', 'cancelled'))))";

/// Waits for a time to come, and something of it happened at a time that is still to come.
const IS_AHEAD: &str =
    "kind IN ('sms', 'call', 'email', 'webhook', 'native', 'psa_ticket', 'psa_update', 'psa_note')
     AND state IN ('queued', 'retrying', 'in_doubt') AND due_at > ?1 AND lease_owner IS NULL AND (COALESCE(queued_at, created_at) > ?1
     OR EXISTS (SELECT 1 FROM attempt a WHERE a.delivery_id = delivery.id AND (a.began_at > ?1 OR a.ended_at > ?1)))";

/// Waits, and nobody holds it: in the words of the index.
const WAITS: &str = "state IN ('queued', 'retrying', 'in_doubt') AND lease_owner IS NULL";

/// What keeps a waiting delivery of this kind from being claimed, as a condition that holds for the others.
fn admitted(kind: Kind) -> String {
    match kind {
        Kind::Call => format!("{LINE_IS_FREE} AND {IS_WANTED}"),
        Kind::Sms => IS_WANTED.to_owned(),
        Kind::Email | Kind::Webhook | Kind::Native | Kind::PsaTicket | Kind::PsaUpdate | Kind::PsaNote => {
            "TRUE".to_owned()
        }
    }
}

/// What can be claimed of a kind: a page's first texts before others, to a PSA, which takes one a second, the critical
/// before all others, then the oldest. All kinds but texts, of which there are few, are read in the index's order.
fn due(kind: Kind, which: &str) -> String {
    let (first_text, order) = match kind {
        Kind::Sms => (IS_FIRST_TEXT, "first_text DESC, due_at, id"),
        _ => ("FALSE", "urgency, due_at, id"),
    };
    format!(
        "SELECT id, state, due_at, {first_text} AS first_text FROM delivery INDEXED BY delivery_by_urgency
         WHERE kind = ?1 AND {which} AND {WAITS} AND {} ORDER BY {order}",
        admitted(kind)
    )
}

/// A delivery that could be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub delivery: DeliveryId,
    /// When it became due.
    pub due_at: DateTime<Utc>,
    /// Its outcome is to be asked for: nothing leaves.
    pub in_doubt: bool,
    /// It is the first text that may reach anybody of one of its pages.
    pub first_text: bool,
}

/// Who claims, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimant<'a> {
    /// The holder's name.
    pub owner: &'a str,
    /// The epoch of the sender's duty.
    pub epoch: i64,
    /// When the lease runs out.
    pub until: DateTime<Utc>,
}

impl Tx<'_> {
    /// Takes over every claim of an earlier epoch, whatever its lease says: what had not begun waits again, what may
    /// have left is in doubt. Also those of the present epoch whose lease ran out. Answers how many of each.
    pub fn take_over(&self, epoch: i64, now: DateTime<Utc>) -> Result<(usize, usize), Error> {
        let mut st = self.tx.prepare_cached(
            "UPDATE delivery SET state = ?3, fence = fence + 1, lease_owner = NULL, lease_epoch = NULL, lease_until = NULL,
             due_at = ?2, doubts = 0 WHERE state IN ('claimed', 'sending') AND state = ?4 AND (lease_epoch <> ?1 OR lease_until <= ?2)",
        )?;
        let mut moved = [0, 0];
        for (slot, from) in [State::Claimed, State::Sending].into_iter().enumerate() {
            let Some(to) = next(from, Event::LeaseLost) else { continue };
            moved[slot] = st.execute((epoch, ms(now), to.word(), from.word()))?;
        }
        // A look-up whose asker is gone is asked again; what was counted of it stays counted.
        let freed = self
            .tx
            .prepare_cached(
                "UPDATE delivery SET fence = fence + 1, lease_owner = NULL, lease_epoch = NULL, lease_until = NULL, due_at = ?2
                 WHERE state = 'in_doubt' AND lease_owner IS NOT NULL AND (lease_epoch <> ?1 OR lease_until <= ?2)",
            )?
            .execute((epoch, ms(now)))?;
        if moved != [0, 0] || freed > 0 {
            self.touch(Topic::Outbox);
        }
        Ok((moved[0], moved[1]))
    }

    /// Claims what is due of one kind and `admits` lets pass: a page's first texts before others, then the oldest. ND-6:
    /// the update names the state it expects, so of two claimants one gets it; the fence it counts up voids whatever an
    /// earlier holder still does.
    pub fn claim_due(
        &self,
        kind: Kind,
        by: Claimant<'_>,
        now: DateTime<Utc>,
        limit: u32,
        admits: impl FnMut(&Due) -> bool,
    ) -> Result<Vec<Claimed>, Error> {
        let sql = due(kind, "due_at <= ?2");
        self.claim_from(&sql, rusqlite::params![kind.word(), ms(now)], by, limit, admits)
    }

    /// [`Self::claim_due`] of what goes to one destination.
    pub fn claim_due_to(
        &self,
        kind: Kind,
        destination: &str,
        by: Claimant<'_>,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Claimed>, Error> {
        let sql = due(kind, "due_at <= ?2 AND destination = ?3");
        self.claim_from(&sql, rusqlite::params![kind.word(), ms(now), destination], by, limit, |_| true)
    }

    /// Claims what one request caused and was due at `due`, of one kind; nothing in doubt, since that takes time.
    pub fn claim_caused(
        &self,
        cause: &str,
        kind: Kind,
        by: Claimant<'_>,
        due_by: DateTime<Utc>,
        limit: u32,
        admits: impl FnMut(&Due) -> bool,
    ) -> Result<Vec<Claimed>, Error> {
        let sql = due(kind, "due_at <= ?2 AND state <> 'in_doubt' AND cause = ?3");
        self.claim_from(&sql, rusqlite::params![kind.word(), ms(due_by), cause], by, limit, admits)
    }

    fn claim_from(
        &self,
        sql: &str,
        parameters: &[&dyn rusqlite::ToSql],
        by: Claimant<'_>,
        limit: u32,
        mut admits: impl FnMut(&Due) -> bool,
    ) -> Result<Vec<Claimed>, Error> {
        let mut st = self.tx.prepare_cached(sql)?;
        let mut rows = st.query(parameters)?;
        let mut wanted: Vec<(i64, State)> = Vec::new();
        while wanted.len() < limit as usize
            && let Some(r) = rows.next()?
        {
            let (id, word): (i64, String) = (r.get(0)?, r.get(1)?);
            let state = State::parse(&word).ok_or_else(|| Error::Value(format!("delivery state {word}")))?;
            let due = Due {
                delivery: DeliveryId(id),
                due_at: time(r.get(2)?),
                in_doubt: state == State::InDoubt,
                first_text: r.get(3)?,
            };
            if admits(&due) {
                wanted.push((id, state));
            }
        }
        drop(rows);
        self.claim(wanted, by)
    }

    fn claim(&self, due: Vec<(i64, State)>, by: Claimant<'_>) -> Result<Vec<Claimed>, Error> {
        let mut claim = self.tx.prepare_cached(
            "UPDATE delivery SET state = ?2, fence = fence + 1, lease_owner = ?3, lease_epoch = ?4, lease_until = ?5
             WHERE id = ?1 AND state = ?6 AND lease_owner IS NULL
             RETURNING fence, attempts, marker, destination, payload, possible_repeat, doubts, due_at,
             COALESCE((SELECT MAX(a.began_at) FROM attempt a WHERE a.delivery_id = delivery.id), created_at)",
        )?;
        let mut out = Vec::new();
        for (id, state) in due {
            // A delivery in doubt is held while it is looked up, without leaving that state.
            let in_doubt = state == State::InDoubt;
            let held = if in_doubt { Some(State::InDoubt) } else { next(state, Event::Claim) };
            let Some(held) = held else { continue };
            let row = claim
                .query_row((id, held.word(), by.owner, by.epoch, ms(by.until), state.word()), |r| {
                    let payload: String = r.get(4)?;
                    Ok(Claimed {
                        fence: Fence { delivery: DeliveryId(id), number: r.get(0)? },
                        outgoing: Outgoing {
                            id: DeliveryId(id),
                            attempt: r.get::<_, u32>(1)?,
                            marker: r.get(2)?,
                            destination: r.get(3)?,
                            payload: serde_json::from_str(&payload).unwrap_or_default(),
                            possible_repeat: r.get(5)?,
                            since: time(r.get(8)?),
                        },
                        doubts: r.get(6)?,
                        due_at: time(r.get(7)?),
                        in_doubt,
                    })
                })
                .optional()?;
            out.extend(row);
        }
        if !out.is_empty() {
            self.touch(Topic::Outbox);
        }
        Ok(out)
    }

    /// When the last attempts of one kind began, the newest first.
    pub fn last_attempts(&self, kind: Kind, limit: u32) -> Result<Vec<DateTime<Utc>>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT a.began_at FROM attempt a JOIN delivery d ON d.id = a.delivery_id WHERE d.kind = ?1 ORDER BY a.id DESC LIMIT ?2",
        )?;
        Ok(st.query_map((kind.word(), limit), |r| Ok(time(r.get(0)?)))?.collect::<Result<_, _>>()?)
    }

    /// ND-11: what waits for a time that was reckoned before the clock was set back is due now, and expires as long after
    /// its making as it was meant to. Answers how many.
    pub fn heed_clock(&self, now: DateTime<Utc>) -> Result<usize, Error> {
        let mut st = self.tx.prepare_cached(&format!(
            "UPDATE delivery SET due_at = MIN(due_at, ?1),
             expires_at = CASE WHEN COALESCE(queued_at, created_at) > ?1
                 THEN MIN(expires_at, ?1 + expires_at - COALESCE(queued_at, created_at)) ELSE expires_at END,
             queued_at = CASE WHEN COALESCE(queued_at, created_at) > ?1 THEN ?1 ELSE queued_at END
             WHERE {IS_AHEAD}"
        ))?;
        let moved = st.execute([ms(now)])?;
        if moved > 0 {
            self.touch(Topic::Outbox);
        }
        Ok(moved)
    }

    /// Whether [`Self::heed_clock`] would find anything.
    pub fn is_ahead_of_clock(&self, now: DateTime<Utc>) -> Result<bool, Error> {
        let mut st = self.tx.prepare_cached(&format!("SELECT 1 FROM delivery WHERE {IS_AHEAD} LIMIT 1"))?;
        Ok(st.exists([ms(now)])?)
    }

    /// Ends what waits beyond its time and is held by nobody. Answers which.
    pub fn expire_deliveries(&self, now: DateTime<Utc>) -> Result<Vec<DeliveryId>, Error> {
        let mut st = self.tx.prepare_cached(
            "UPDATE delivery SET state = ?3, settled_at = ?1, payload = CASE WHEN marker LIKE 'pin:%' THEN '{}' ELSE payload END
             WHERE state IN ('queued', 'retrying') AND state = ?2 AND expires_at IS NOT NULL AND expires_at <= ?1
             AND lease_owner IS NULL RETURNING id",
        )?;
        let mut out = Vec::new();
        for from in [State::Queued, State::Retrying] {
            let Some(to) = next(from, Event::Expire) else { continue };
            let ids = st.query_map((ms(now), from.word(), to.word()), |r| Ok(DeliveryId(r.get(0)?)))?;
            out.extend(ids.collect::<Result<Vec<_>, _>>()?);
        }
        if !out.is_empty() {
            self.touch(Topic::Outbox);
        }
        Ok(out)
    }

    /// When the outbox next has something to do: a delivery of these kinds is due, one of any kind expires, or a lease
    /// runs out.
    pub fn next_due(&self, kinds: &[Kind]) -> Result<Option<DateTime<Utc>>, Error> {
        let mut next: Option<i64> = None;
        let mut heed = |at: Option<i64>| next = next.into_iter().chain(at).min();
        for kind in kinds {
            let sql = format!(
                "SELECT due_at FROM delivery WHERE kind = ?1 AND {WAITS} AND {} ORDER BY due_at LIMIT 1",
                admitted(*kind)
            );
            heed(self.tx.prepare_cached(&sql)?.query_row([kind.word()], |r| r.get(0)).optional()?);
        }
        for sql in [
            "SELECT MIN(expires_at) FROM delivery WHERE state IN ('queued', 'retrying') AND expires_at IS NOT NULL AND lease_owner IS NULL",
            "SELECT MIN(lease_until) FROM delivery WHERE state = 'in_doubt' AND lease_owner IS NOT NULL",
            "SELECT MIN(lease_until) FROM delivery WHERE state IN ('claimed', 'sending')",
        ] {
            heed(self.tx.prepare_cached(sql)?.query_row([], |r| r.get(0))?);
        }
        Ok(maybe_time(next))
    }

    /// When a delivery of this kind to this destination is next due.
    pub fn next_due_to(&self, kind: Kind, destination: &str) -> Result<Option<DateTime<Utc>>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT MIN(due_at) FROM delivery WHERE kind = ?1 AND destination = ?2
             AND state IN ('queued', 'retrying', 'in_doubt') AND lease_owner IS NULL",
        )?;
        Ok(maybe_time(st.query_row((kind.word(), destination), |r| r.get(0))?))
    }
}

#[cfg(test)]
mod tests;
