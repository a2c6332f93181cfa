//! The outbox: everything that is to leave, claimed by lease and fence (ND-5, ND-6).

use crate::contacts::{FORGOTTEN, PIN_MARKER};
use crate::store::{maybe_time, ms, time};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::delivery::{Event, Kind, State, next};
use nightdesk_core::ids::{AccountId, DeliveryId, IncidentId, IncidentKey, TicketId};
use nightdesk_core::port::Outgoing;
use rusqlite::{OptionalExtension, Row};

/// A delivery to be queued.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct NewDelivery {
    pub kind: Kind,
    pub destination: String,
    /// The idempotency key or marker, the same on every attempt. Unique: planning the same thing twice queues it once.
    pub marker: String,
    pub payload: serde_json::Value,
    pub due_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub incident: Option<IncidentKey>,
    pub ticket: Option<TicketId>,
    /// The delivery whose failure it makes up for.
    pub fallback_of: Option<DeliveryId>,
    /// The request that caused it, so that a command delivers only what it caused.
    pub cause: Option<String>,
}

/// A delivery as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct DeliveryRow {
    pub id: DeliveryId,
    pub kind: Kind,
    pub destination: String,
    pub state: State,
    pub marker: String,
    pub payload: String,
    pub attempts: u32,
    /// Look-ups made since it went into doubt.
    pub doubts: u32,
    pub possible_repeat: bool,
    pub due_at: DateTime<Utc>,
    pub fence: i64,
    pub last_error: Option<String>,
    pub remote_ref: Option<String>,
    pub incident: Option<IncidentKey>,
    pub ticket: Option<TicketId>,
    pub fallback_of: Option<DeliveryId>,
    pub created_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
    /// When a person said that nothing more is to be done about its having ended badly.
    pub dismissed_at: Option<DateTime<Utc>>,
}

impl DeliveryRow {
    /// Whether it ended badly, and nobody has dismissed it yet.
    pub fn can_be_dismissed(&self) -> bool {
        self.dismissed_at.is_none() && matches!(self.state, State::NeedsHuman | State::Rejected | State::DeadLettered)
    }

    /// Whether it held a PIN and has ended: what it said isn't kept, so that it can't be sent again.
    pub fn is_forgotten(&self) -> bool {
        self.marker.starts_with(PIN_MARKER) && self.payload == FORGOTTEN
    }
}

/// Proof of a claim: settling works only while both numbers are still the delivery's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Counts up with every claim.
    pub number: i64,
}

/// A claimed delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The proof.
    pub fence: Fence,
    /// What to send.
    pub outgoing: Outgoing,
    /// When it was due: for one in doubt, the moment that its next look-up is counted from.
    pub due_at: DateTime<Utc>,
    /// How often it was looked up since it went into doubt.
    pub doubts: u32,
    /// In doubt rather than to be sent.
    pub in_doubt: bool,
}

/// What becomes of a claimed delivery.
#[derive(Debug, Clone)]
pub struct Settlement<'a> {
    /// What happened.
    pub event: Event,
    /// When to look at it again, where it isn't settled.
    pub due_at: Option<DateTime<Utc>>,
    /// Why, where something went wrong.
    pub error: Option<&'a str>,
    /// The provider's own id.
    pub remote_ref: Option<&'a str>,
    /// The next attempt may be a repeat.
    pub possible_repeat: bool,
}

/// Which deliveries to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// In this state.
    pub state: Option<State>,
    /// At most so many.
    pub limit: Option<u32>,
}

const COLUMNS: &str =
    "id, kind, destination, state, marker, payload, attempts, doubts, possible_repeat, due_at, fence, last_error,
    remote_ref, account_id, incident_id, ticket_id, fallback_of, created_at, settled_at, dismissed_at";

fn read(r: &Row<'_>) -> rusqlite::Result<DeliveryRow> {
    let (kind, state): (String, String) = (r.get(1)?, r.get(3)?);
    let (account, incident): (Option<i64>, Option<i64>) = (r.get(13)?, r.get(14)?);
    Ok(DeliveryRow {
        id: DeliveryId(r.get(0)?),
        kind: Kind::parse(&kind).unwrap_or(Kind::Native),
        destination: r.get(2)?,
        state: State::parse(&state).unwrap_or(State::NeedsHuman),
        marker: r.get(4)?,
        payload: r.get(5)?,
        attempts: r.get(6)?,
        doubts: r.get(7)?,
        possible_repeat: r.get(8)?,
        due_at: time(r.get(9)?),
        fence: r.get(10)?,
        last_error: r.get(11)?,
        remote_ref: r.get(12)?,
        incident: account.zip(incident).map(|(a, i)| IncidentKey { account: AccountId(a), id: IncidentId(i) }),
        ticket: r.get::<_, Option<i64>>(15)?.map(TicketId),
        fallback_of: r.get::<_, Option<i64>>(16)?.map(DeliveryId),
        created_at: time(r.get(17)?),
        settled_at: maybe_time(r.get(18)?),
        dismissed_at: maybe_time(r.get(19)?),
    })
}

impl Tx<'_> {
    /// The newest delivery's number; 0 where there is none.
    pub fn newest_delivery(&self) -> Result<i64, Error> {
        let mut st = self.tx.prepare_cached("SELECT COALESCE(MAX(id), 0) FROM delivery")?;
        Ok(st.query_row([], |r| r.get(0))?)
    }

    /// Ties what was queued after a delivery to whoever had it queued. Exact within one transaction.
    pub fn caused_since(&self, after: i64, cause: &str) -> Result<(), Error> {
        self.tx
            .prepare_cached("UPDATE delivery SET cause = ?2 WHERE id > ?1 AND cause IS NULL")?
            .execute((after, cause))?;
        Ok(())
    }

    /// Queues a delivery; `None` when its marker is queued or sent already.
    pub fn queue(&self, at: DateTime<Utc>, new: &NewDelivery) -> Result<Option<DeliveryId>, Error> {
        self.touch(Topic::Outbox);
        let mut st = self.tx.prepare_cached(
            "INSERT INTO delivery (kind, destination, state, marker, payload, attempts, doubts, possible_repeat, due_at, expires_at, fence,
             account_id, incident_id, ticket_id, fallback_of, cause, created_at, urgency)
             VALUES (?1,?2,'queued',?3,?4,0,0,0,?5,?6,0,?7,?8,?9,?10,?11,?12, CASE WHEN ?13 THEN
                 COALESCE((SELECT t.severity_rank FROM ticket t WHERE t.id = ?9), 0) ELSE 0 END)
             ON CONFLICT (marker) DO NOTHING RETURNING id",
        )?;
        let id = st
            .query_row(
                rusqlite::params![
                    new.kind.word(),
                    new.destination,
                    new.marker,
                    new.payload.to_string(),
                    ms(new.due_at),
                    new.expires_at.map(ms),
                    new.incident.map(|k| k.account.0),
                    new.incident.map(|k| k.id.0),
                    new.ticket.map(|t| t.0),
                    new.fallback_of.map(|d| d.0),
                    new.cause,
                    ms(at),
                    new.kind.is_for_psa(),
                ],
                |r| r.get(0),
            )
            .optional()?;
        Ok(id.map(DeliveryId))
    }

    /// Writes the attempt row: from here on bytes may leave (ND-5). Answers the attempt's number.
    pub fn begin_attempt(&self, fence: Fence, now: DateTime<Utc>) -> Result<u32, Error> {
        let Some(to) = next(State::Claimed, Event::Begin) else { return Err(Error::Fenced) };
        let mut st = self.tx.prepare_cached(
            "UPDATE delivery SET state = ?3, attempts = attempts + 1, doubts = 0 WHERE id = ?1 AND fence = ?2 AND state = 'claimed' RETURNING attempts",
        )?;
        let number: Option<u32> = st.query_row((fence.delivery.0, fence.number, to.word()), |r| r.get(0)).optional()?;
        let number = number.ok_or(Error::Fenced)?;
        self.tx
            .prepare_cached("INSERT INTO attempt (delivery_id, number, fence, began_at) VALUES (?1, ?2, ?3, ?4)")?
            .execute((fence.delivery.0, number, fence.number, ms(now)))?;
        Ok(number)
    }

    /// Settles a claimed delivery, in one update that names its fence; an error when the claim was taken over. What a
    /// delivery of a PIN says is forgotten with the same update that ends it (ND-12).
    pub fn settle(&self, fence: Fence, now: DateTime<Utc>, s: &Settlement<'_>) -> Result<State, Error> {
        let mut find = self.tx.prepare_cached(
            "SELECT state, doubts FROM delivery WHERE id = ?1 AND fence = ?2 AND lease_owner IS NOT NULL",
        )?;
        let found: Option<(String, u32)> =
            find.query_row((fence.delivery.0, fence.number), |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        let (word, doubts) = found.ok_or(Error::Fenced)?;
        let state = State::parse(&word).ok_or_else(|| Error::Value(format!("delivery state {word}")))?;
        // Looking up without an answer changes nothing but the count.
        let still_in_doubt = state == State::InDoubt && s.event == Event::LoseSight;
        let to = if still_in_doubt { State::InDoubt } else { next(state, s.event).ok_or(Error::Fenced)? };
        let doubts = if still_in_doubt { doubts + 1 } else { 0 };
        let settled = !matches!(to, State::Queued | State::Retrying | State::InDoubt);
        self.tx
            .prepare_cached(
                "UPDATE delivery SET state = ?3, due_at = COALESCE(?4, due_at), last_error = COALESCE(?5, last_error),
                 remote_ref = COALESCE(?6, remote_ref), possible_repeat = MAX(possible_repeat, ?7), doubts = ?8, settled_at = ?9,
                 payload = CASE WHEN ?9 IS NOT NULL AND marker LIKE 'pin:%' THEN '{}' ELSE payload END,
                 lease_owner = NULL, lease_epoch = NULL, lease_until = NULL WHERE id = ?1 AND fence = ?2",
            )?
            .execute(rusqlite::params![
                fence.delivery.0,
                fence.number,
                to.word(),
                s.due_at.map(ms),
                s.error,
                s.remote_ref,
                s.possible_repeat,
                doubts,
                settled.then(|| ms(now)),
            ])?;
        self.tx
            .prepare_cached("UPDATE attempt SET ended_at = ?2, outcome = ?3, detail = ?4 WHERE delivery_id = ?1 AND ended_at IS NULL")?
            .execute((fence.delivery.0, ms(now), to.word(), s.error))?;
        self.touch(Topic::Outbox);
        Ok(to)
    }

    /// A person or a newer plan changes a delivery that nobody holds. `None` where its state, or its being forgotten,
    /// doesn't allow it. One that is sent again has as long to leave as it had at first.
    pub fn change_delivery(&self, id: DeliveryId, event: Event, now: DateTime<Utc>) -> Result<Option<State>, Error> {
        let Some(row) = self.delivery(id)? else { return Ok(None) };
        let Some(to) = next(row.state, event) else { return Ok(None) };
        if event == Event::Redrive && row.is_forgotten() {
            return Ok(None);
        }
        let mut st = self.tx.prepare_cached(
            "UPDATE delivery SET state = ?3, due_at = ?4, doubts = 0, possible_repeat = MAX(possible_repeat, ?5), settled_at = ?6,
             payload = CASE WHEN ?6 IS NOT NULL AND marker LIKE 'pin:%' THEN '{}' ELSE payload END,
             expires_at = CASE WHEN ?7 THEN ?4 + expires_at - COALESCE(queued_at, created_at) ELSE expires_at END,
             queued_at = CASE WHEN ?7 THEN ?4 ELSE queued_at END, dismissed_at = NULL
             WHERE id = ?1 AND state = ?2 AND lease_owner IS NULL",
        )?;
        // A redriven delivery's attempts stay numbered on. What was in doubt may have arrived, and the next one says so.
        let (redrive, may_repeat) = (event == Event::Redrive, row.state == State::InDoubt && event == Event::Redrive);
        let is_over = !matches!(to, State::Queued | State::Retrying | State::InDoubt);
        let settled_at = is_over.then(|| ms(now));
        let changed = st.execute((id.0, row.state.word(), to.word(), ms(now), may_repeat, settled_at, redrive))?;
        self.touch(Topic::Outbox);
        Ok((changed > 0).then_some(to))
    }

    /// A person has seen that a delivery ended badly, and nothing more is to be done about it: it troubles nobody any more,
    /// and can still be sent again. Whether its state allows that.
    pub fn dismiss_delivery(&self, id: DeliveryId, now: DateTime<Utc>) -> Result<bool, Error> {
        let mut st = self.tx.prepare_cached(
            "UPDATE delivery SET dismissed_at = ?2 WHERE id = ?1 AND dismissed_at IS NULL
             AND state IN ('needs_human', 'rejected', 'dead_lettered')",
        )?;
        let done = st.execute((id.0, ms(now)))? > 0;
        self.touch(Topic::Outbox);
        Ok(done)
    }

    /// Keeps why a delivery failed after its provider had taken it.
    pub fn set_delivery_error(&self, id: DeliveryId, error: &str) -> Result<(), Error> {
        self.tx.prepare_cached("UPDATE delivery SET last_error = ?2 WHERE id = ?1")?.execute((id.0, error))?;
        Ok(())
    }

    /// What its provider took has come to nothing, and it leaves once more at `due_at`, as long as it is of use at all. The
    /// attempt that came to nothing says so: its outcome is `rejected`, with `error`. Whether its state allows it.
    pub fn retry_accepted(&self, id: DeliveryId, due_at: DateTime<Utc>, error: &str) -> Result<bool, Error> {
        let Some(to) = next(State::Accepted, Event::FailForNow) else { return Ok(false) };
        let mut st = self.tx.prepare_cached(
            "UPDATE delivery SET state = ?2, due_at = ?3, last_error = ?4, doubts = 0, settled_at = NULL
             WHERE id = ?1 AND state = 'accepted' AND lease_owner IS NULL",
        )?;
        if st.execute((id.0, to.word(), ms(due_at), error))? == 0 {
            return Ok(false);
        }
        self.tx
            .prepare_cached(
                "UPDATE attempt SET outcome = ?2, detail = ?3 WHERE delivery_id = ?1
                 AND number = (SELECT MAX(number) FROM attempt WHERE delivery_id = ?1)",
            )?
            .execute((id.0, State::Rejected.word(), error))?;
        self.touch(Topic::Outbox);
        Ok(true)
    }

    /// Whether a delivery is what the provider knows by this reference already; where one is sent once more, by its
    /// earlier attempt.
    pub fn is_reference_taken(&self, remote_ref: &str) -> Result<bool, Error> {
        let mut st = self.tx.prepare_cached("SELECT 1 FROM delivery WHERE remote_ref = ?1 LIMIT 1")?;
        Ok(st.exists([remote_ref])?)
    }

    /// One delivery.
    pub fn delivery(&self, id: DeliveryId) -> Result<Option<DeliveryRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM delivery WHERE id = ?1");
        Ok(self.tx.prepare_cached(&sql)?.query_row([id.0], read).optional()?)
    }

    /// Deliveries, newest first.
    pub fn deliveries(&self, filter: &DeliveryFilter) -> Result<Vec<DeliveryRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM delivery WHERE (?1 IS NULL OR state = ?1) ORDER BY id DESC LIMIT ?2");
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map((filter.state.map(State::word), filter.limit.map_or(-1, i64::from)), read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Those among the last `among` deliveries that a person could still answer and hasn't, newest first. What is about
    /// a closed ticket needs no answer any more.
    pub fn unanswered(&self, kinds: &[Kind], among: u32) -> Result<Vec<DeliveryRow>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM (SELECT * FROM delivery ORDER BY id DESC LIMIT ?1) AS delivery
             WHERE state IN ('queued', 'claimed', 'sending', 'accepted', 'delivered', 'retrying', 'in_doubt', 'needs_human')
             AND NOT EXISTS (SELECT 1 FROM ticket WHERE ticket.id = delivery.ticket_id AND ticket.is_open = 0)
             ORDER BY id DESC"
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows: Vec<DeliveryRow> = st.query_map([among], read)?.collect::<Result<_, _>>()?;
        Ok(rows.into_iter().filter(|row| kinds.contains(&row.kind)).collect())
    }

    /// A ticket's deliveries, newest first.
    pub fn deliveries_of(&self, ticket: TicketId) -> Result<Vec<DeliveryRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM delivery WHERE ticket_id = ?1 ORDER BY id DESC");
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map([ticket.0], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When a delivery is too late to be of use.
    pub fn delivery_expiry(&self, id: DeliveryId) -> Result<Option<DateTime<Utc>>, Error> {
        let mut st = self.tx.prepare_cached("SELECT expires_at FROM delivery WHERE id = ?1")?;
        Ok(maybe_time(st.query_row([id.0], |r| r.get(0)).optional()?.flatten()))
    }

    /// How many deliveries are in each unsettled or failed state, those not counted that a person dismissed. A text or call that was refused counts only where its
    /// page was given up, or it belongs to none: else another step goes on or somebody has it, and it needs no siren. Nor
    /// does a PIN that was refused: whoever waits for it is told.
    pub fn outbox_counts(&self) -> Result<Vec<(State, i64)>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT state, COUNT(*) FROM delivery WHERE state IN
             ('queued', 'claimed', 'sending', 'retrying', 'in_doubt', 'needs_human', 'dead_lettered', 'rejected')
             AND NOT (state IN ('needs_human', 'dead_lettered', 'rejected') AND dismissed_at IS NOT NULL)
             AND NOT (state = 'rejected' AND kind IN ('sms', 'call') AND EXISTS (
                 SELECT 1 FROM step s JOIN run r ON r.id = s.run_id WHERE s.delivery_id = delivery.id
                 AND (r.purpose <> 'page' OR r.state <> 'exhausted')))
             AND NOT (state = 'rejected' AND marker LIKE 'pin:%')
             GROUP BY state",
        )?;
        let rows = st.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get(1)?)))?;
        let mut out = Vec::new();
        for row in rows {
            let (word, n) = row?;
            out.extend(State::parse(&word).map(|s| (s, n)));
        }
        Ok(out)
    }

    /// After a restore from a backup nobody knows what left since: every unsettled delivery is in doubt.
    pub fn doubt_everything(&self, now: DateTime<Utc>) -> Result<usize, Error> {
        self.touch(Topic::Outbox);
        let mut st = self.tx.prepare_cached(
            "UPDATE delivery SET state = 'in_doubt', fence = fence + 1, lease_owner = NULL, lease_epoch = NULL, lease_until = NULL, due_at = ?1, doubts = 0
             WHERE state IN ('queued', 'claimed', 'sending', 'retrying')",
        )?;
        Ok(st.execute([ms(now)])?)
    }
}
