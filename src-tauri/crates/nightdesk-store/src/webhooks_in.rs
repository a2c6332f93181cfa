//! What Huntress posted: each delivery once by its id, with its bytes, and what was refused.

use crate::settings::{Setting, Tally};
use crate::store::{maybe_time, ms, time};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row};

/// So many refusals are kept; the rest is a counter.
const REFUSALS: i64 = 1_000;

/// A verified delivery to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebhook {
    /// Huntress's id of it, the same on every retry.
    pub delivery_id: String,
    /// When this attempt was signed.
    pub signed_at: DateTime<Utc>,
    /// SHA-256 of the body.
    pub digest: [u8; 32],
    /// The body as received.
    pub body: Vec<u8>,
    /// What it says that it is.
    pub event_type: Option<String>,
    /// The incident that it tells of.
    pub incident: Option<i64>,
}

/// What storing a delivery came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is stored now.
    New,
    /// It was stored before, with the same bytes.
    Again,
    /// Its id was stored before, with other bytes: nothing was changed.
    Otherwise,
}

/// A delivery that waits to be processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingWebhook {
    /// Its number here, in the order of arrival.
    pub id: i64,
    /// Huntress's id of it.
    pub delivery_id: String,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// SHA-256 of the body.
    pub digest: Vec<u8>,
    /// The body as received.
    pub body: Vec<u8>,
}

/// A post that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedWebhook {
    /// When.
    pub at: DateTime<Utc>,
    /// The id that it claimed, where it had one of the right form.
    pub delivery_id: Option<String>,
    /// The status that was answered.
    pub status: u16,
    /// Why, in words.
    pub reason: String,
    /// Who posted it, as the connection had it.
    pub peer: String,
}

/// A line of the log: a delivery that was accepted or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookLine {
    /// The accepted delivery's number here; `None` for a refused one.
    pub number: Option<i64>,
    /// Huntress's id of it.
    pub delivery_id: Option<String>,
    /// When it came first.
    pub at: DateTime<Utc>,
    /// What it says that it is.
    pub event_type: Option<String>,
    /// The incident that it tells of.
    pub incident: Option<i64>,
    /// What processing it came to, or why it was refused.
    pub words: Option<String>,
    /// When it was processed.
    pub processed_at: Option<DateTime<Utc>>,
    /// How often it came again with the same bytes.
    pub repeats: i64,
    /// The status of a refusal.
    pub status: Option<u16>,
    /// Who posted a refused one.
    pub peer: Option<String>,
}

/// Refused posts since something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusedSince {
    /// How many of those that are kept.
    pub count: i64,
    /// When the first and the last came.
    pub first: DateTime<Utc>,
    /// See `first`.
    pub last: DateTime<Utc>,
}

/// What of the log is asked for, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookFilter {
    /// Only ids that begin so.
    pub id: Option<String>,
    /// Refused posts without a usable id too.
    pub nameless: bool,
    /// Only those that came before.
    pub before: Option<DateTime<Utc>>,
    /// At most so many.
    pub limit: u32,
}

impl Tx<'_> {
    /// Stores a verified delivery, once.
    pub fn keep_webhook(&self, at: DateTime<Utc>, new: &NewWebhook) -> Result<Kept, Error> {
        let stored = self
            .tx
            .prepare_cached(
                "INSERT INTO webhook_in (delivery_id, received_at, signed_at, digest, body, event_type, incident_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (delivery_id) DO NOTHING",
            )?
            .execute((
                &new.delivery_id,
                ms(at),
                ms(new.signed_at),
                &new.digest[..],
                &new.body,
                &new.event_type,
                new.incident,
            ))?;
        if stored > 0 {
            self.count(Tally::WebhooksReceived, 1);
            self.touch(Topic::Webhooks);
            return Ok(Kept::New);
        }
        let again = self
            .tx
            .prepare_cached("UPDATE webhook_in SET repeats = repeats + 1 WHERE delivery_id = ?1 AND digest = ?2")?
            .execute((&new.delivery_id, &new.digest[..]))?;
        Ok(if again > 0 { Kept::Again } else { Kept::Otherwise })
    }

    /// When a post was last accepted; the caller sets it once for many.
    pub fn webhook_came(&self, at: DateTime<Utc>) -> Result<(), Error> {
        self.set_mark(Setting::WebhookInLastAt, Some(at))
    }

    /// Posts that were refused with this reason after `since` and after the last that was accepted, but for those whose
    /// ids begin with `own`, accepted or refused.
    pub fn refused_since_accepted(
        &self,
        reason: &str,
        own: &str,
        since: DateTime<Utc>,
    ) -> Result<Option<RefusedSince>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT COUNT(*), MIN(at), MAX(at) FROM webhook_refusal WHERE reason = ?1 AND at > ?3
             AND (delivery_id IS NULL OR delivery_id NOT BETWEEN ?2 AND ?2 || '~')
             AND at > COALESCE((SELECT received_at FROM webhook_in WHERE delivery_id NOT BETWEEN ?2 AND ?2 || '~'
                                ORDER BY id DESC LIMIT 1), 0)",
        )?;
        let row = st.query_row((reason, own, ms(since)), |r| {
            Ok((r.get(0)?, r.get::<_, Option<i64>>(1)?, r.get::<_, Option<i64>>(2)?))
        })?;
        let (count, first, last) = row;
        Ok(first.zip(last).map(|(first, last)| RefusedSince { count, first: time(first), last: time(last) }))
    }

    /// Deliveries that wait to be processed, oldest first.
    pub fn waiting_webhooks(&self, limit: u32) -> Result<Vec<WaitingWebhook>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT id, delivery_id, received_at, digest, body FROM webhook_in WHERE processed_at IS NULL ORDER BY id LIMIT ?1",
        )?;
        let rows = st.query_map([limit], |r| {
            Ok(WaitingWebhook {
                id: r.get(0)?,
                delivery_id: r.get(1)?,
                received_at: time(r.get(2)?),
                digest: r.get(3)?,
                body: r.get::<_, Option<Vec<u8>>>(4)?.unwrap_or_default(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many wait to be processed.
    pub fn webhooks_waiting(&self) -> Result<i64, Error> {
        let mut st = self.tx.prepare_cached("SELECT COUNT(*) FROM webhook_in WHERE processed_at IS NULL")?;
        Ok(st.query_row([], |r| r.get(0))?)
    }

    /// Whether a delivery of other id but the same bytes was processed before this one: two endpoints may lead here.
    pub fn webhook_seen_as_another(&self, id: i64, digest: &[u8]) -> Result<bool, Error> {
        let mut st = self.tx.prepare_cached("SELECT 1 FROM webhook_in WHERE digest = ?2 AND id < ?1 LIMIT 1")?;
        Ok(st.query_row((id, digest), |_| Ok(())).optional()?.is_some())
    }

    /// A delivery is processed; in the transaction of what came of it.
    pub fn webhook_processed(&self, id: i64, at: DateTime<Utc>, outcome: &str) -> Result<(), Error> {
        self.tx.prepare_cached("UPDATE webhook_in SET processed_at = ?2, outcome = ?3 WHERE id = ?1")?.execute((
            id,
            ms(at),
            outcome,
        ))?;
        self.touch(Topic::Webhooks);
        Ok(())
    }

    /// Counts refused posts and keeps the last of them. `more` were refused beside those that are given.
    pub fn refuse_webhooks(&self, refused: &[RefusedWebhook], more: u32) -> Result<(), Error> {
        let mut st = self.tx.prepare_cached(
            "INSERT INTO webhook_refusal (at, delivery_id, status, reason, peer) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for r in refused {
            st.execute((ms(r.at), &r.delivery_id, r.status, &r.reason, &r.peer))?;
        }
        self.tx
            .prepare_cached("DELETE FROM webhook_refusal WHERE id <= (SELECT MAX(id) FROM webhook_refusal) - ?1")?
            .execute([REFUSALS])?;
        self.count(Tally::WebhooksRefused, i64::try_from(refused.len()).unwrap_or(i64::MAX) + i64::from(more));
        self.touch(Topic::Webhooks);
        Ok(())
    }

    /// The log, newest first.
    pub fn webhook_log(&self, filter: &WebhookFilter) -> Result<Vec<WebhookLine>, Error> {
        let (from, to) = match filter.id.as_deref() {
            // Ids are ASCII, so that what begins so lies between these two.
            Some(id) => (id.to_owned(), format!("{id}\u{7f}")),
            None => (String::new(), "\u{7f}".to_owned()),
        };
        let before = filter.before.map_or(i64::MAX, ms);
        let nameless = filter.nameless && filter.id.is_none();
        let mut st = self.tx.prepare_cached(
            "SELECT * FROM (SELECT id, delivery_id, received_at AS at, event_type, incident_id, outcome, processed_at, repeats,
             NULL AS status, NULL AS peer FROM webhook_in WHERE delivery_id BETWEEN ?1 AND ?2 AND received_at < ?3 ORDER BY id DESC LIMIT ?5)
             UNION ALL
             SELECT * FROM (SELECT NULL, delivery_id, at, NULL, NULL, reason, NULL, 0, status, peer FROM webhook_refusal
             WHERE (delivery_id BETWEEN ?1 AND ?2 OR (delivery_id IS NULL AND ?4)) AND at < ?3 ORDER BY id DESC LIMIT ?5)
             ORDER BY at DESC, id DESC LIMIT ?5",
        )?;
        let rows = st.query_map((from, to, before, nameless, filter.limit), line)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One accepted delivery.
    pub fn webhook_line(&self, number: i64) -> Result<Option<WebhookLine>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT id, delivery_id, received_at, event_type, incident_id, outcome, processed_at, repeats, NULL, NULL
             FROM webhook_in WHERE id = ?1",
        )?;
        Ok(st.query_row([number], line).optional()?)
    }

    /// An accepted delivery's bytes, unless their 90 days are over.
    pub fn webhook_body(&self, number: i64) -> Result<Option<Vec<u8>>, Error> {
        let mut st = self.tx.prepare_cached("SELECT body FROM webhook_in WHERE id = ?1")?;
        Ok(st.query_row([number], |r| r.get(0)).optional()?.flatten())
    }

    /// Whether a delivery of this id was accepted.
    pub fn webhook_arrived(&self, delivery_id: &str) -> Result<bool, Error> {
        let mut st = self.tx.prepare_cached("SELECT 1 FROM webhook_in WHERE delivery_id = ?1")?;
        Ok(st.query_row([delivery_id], |_| Ok(())).optional()?.is_some())
    }

    /// Drops the bytes of deliveries that were processed before `before`; at most `limit` at a time.
    pub fn forget_webhook_bodies(&self, before: DateTime<Utc>, limit: u32) -> Result<usize, Error> {
        let mut st = self.tx.prepare_cached(
            "UPDATE webhook_in SET body = NULL WHERE id IN
             (SELECT id FROM webhook_in WHERE body IS NOT NULL AND processed_at < ?1 LIMIT ?2)",
        )?;
        Ok(st.execute((ms(before), limit))?)
    }

    /// Drops deliveries that were processed before `before`, and with them the memory of their ids; at most `limit` at a
    /// time.
    pub fn drop_webhooks(&self, before: DateTime<Utc>, limit: u32) -> Result<usize, Error> {
        let mut st = self.tx.prepare_cached(
            "DELETE FROM webhook_in WHERE id IN (SELECT id FROM webhook_in WHERE processed_at < ?1 LIMIT ?2)",
        )?;
        Ok(st.execute((ms(before), limit))?)
    }
}

fn line(r: &Row<'_>) -> rusqlite::Result<WebhookLine> {
    Ok(WebhookLine {
        number: r.get(0)?,
        delivery_id: r.get(1)?,
        at: time(r.get(2)?),
        event_type: r.get(3)?,
        incident: r.get(4)?,
        words: r.get(5)?,
        processed_at: maybe_time(r.get(6)?),
        repeats: r.get(7)?,
        status: r.get(8)?,
        peer: r.get(9)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Opening, Store};

    fn store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("nightdesk.db"), Opening::Owner).unwrap();
        (dir, store)
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_413_200 + seconds, 0).unwrap()
    }

    fn new(id: &str, digest: u8) -> NewWebhook {
        NewWebhook {
            delivery_id: id.into(),
            signed_at: at(0),
            digest: [digest; 32],
            body: vec![digest],
            event_type: Some("incident_report.created".into()),
            incident: Some(7),
        }
    }

    #[test]
    fn a_delivery_is_kept_once_and_its_id_for_one_body() {
        let (_dir, mut store) = store();
        store
            .write(|tx| {
                assert_eq!(tx.keep_webhook(at(0), &new("msg_1", 1))?, Kept::New);
                assert_eq!(tx.keep_webhook(at(1), &new("msg_1", 1))?, Kept::Again);
                assert_eq!(tx.keep_webhook(at(2), &new("msg_1", 2))?, Kept::Otherwise);
                assert_eq!(tx.tally(Tally::WebhooksReceived)?, 1);
                let waiting = tx.waiting_webhooks(9)?;
                assert_eq!((waiting.len(), waiting[0].body.as_slice()), (1, &[1][..]));
                tx.webhook_processed(waiting[0].id, at(3), "a new incident")?;
                assert_eq!(tx.webhooks_waiting()?, 0);
                let line = tx.webhook_line(waiting[0].id)?.unwrap();
                assert_eq!((line.repeats, line.words.as_deref()), (1, Some("a new incident")));
                // What is processed is forgotten in two steps.
                assert_eq!(tx.forget_webhook_bodies(at(3), 9)?, 0);
                assert_eq!(tx.forget_webhook_bodies(at(4), 9)?, 1);
                assert_eq!(tx.keep_webhook(at(5), &new("msg_1", 1))?, Kept::Again);
                assert_eq!(tx.drop_webhooks(at(4), 9)?, 1);
                assert!(!tx.webhook_arrived("msg_1")?);
                Ok::<_, Error>(())
            })
            .unwrap();
    }

    #[test]
    fn the_log_has_accepted_and_refused_by_time_and_begin_of_id() {
        let (_dir, mut store) = store();
        let refused = |s: i64, id: Option<&str>| RefusedWebhook {
            at: at(s),
            delivery_id: id.map(str::to_owned),
            status: 401,
            reason: "not signed".into(),
            peer: "127.0.0.1".into(),
        };
        store
            .write(|tx| {
                tx.keep_webhook(at(1), &new("msg_a1", 1))?;
                tx.refuse_webhooks(&[refused(2, Some("msg_a2")), refused(3, None)], 5)?;
                tx.keep_webhook(at(4), &new("msg_b", 2))?;
                assert_eq!(tx.tally(Tally::WebhooksRefused)?, 7);
                let ids = |filter: &WebhookFilter| -> Result<Vec<Option<String>>, Error> {
                    Ok(tx.webhook_log(filter)?.into_iter().map(|l| l.delivery_id).collect())
                };
                let all = WebhookFilter { limit: 9, ..WebhookFilter::default() };
                let (a1, a2, b) = (Some("msg_a1".into()), Some("msg_a2".into()), Some("msg_b".into()));
                assert_eq!(ids(&all)?, [b.clone(), a2.clone(), a1.clone()]);
                let with_nameless = WebhookFilter { nameless: true, ..all.clone() };
                assert_eq!(ids(&with_nameless)?, [b, None, a2.clone(), a1.clone()]);
                assert_eq!(ids(&WebhookFilter { id: Some("msg_a".into()), ..with_nameless })?, [a2, a1.clone()]);
                assert_eq!(ids(&WebhookFilter { before: Some(at(2)), ..all })?, [a1]);
                // Of many only the last stay.
                let many: Vec<_> = (0..1_200).map(|n| refused(10 + n, None)).collect();
                tx.refuse_webhooks(&many, 0)?;
                let left =
                    tx.webhook_log(&WebhookFilter { nameless: true, limit: 5_000, ..WebhookFilter::default() })?;
                assert_eq!(left.iter().filter(|l| l.status.is_some()).count(), 1_000);
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
