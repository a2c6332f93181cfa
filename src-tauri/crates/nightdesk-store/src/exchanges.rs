//! Messages to endpoints, and what went over the wire.

use crate::store::{maybe_time, ms, time};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::delivery::State;
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::port::Exchange;
use rusqlite::Row;

/// The delivery of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Which delivery.
    pub delivery: DeliveryId,
    /// The message's id.
    pub message_id: String,
    /// The endpoint's address.
    pub url: String,
    /// The event's name.
    pub event_type: String,
}

/// An attempt to post a message; or a message that waits for its first one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostRow {
    /// Which message.
    pub message: MessageRow,
    /// How the delivery stands now.
    pub state: State,
    /// What the delivery carries, as JSON.
    pub payload: String,
    /// When the delivery is due next.
    pub due_at: DateTime<Utc>,
    /// From 1.
    pub number: u32,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When its outcome was known.
    pub ended_at: Option<DateTime<Utc>>,
    /// In a word.
    pub outcome: Option<String>,
    /// In words, where something went wrong.
    pub detail: Option<String>,
    /// What went over the wire, where anything did.
    pub exchange: Option<Exchange>,
}

fn message(r: &Row<'_>) -> rusqlite::Result<MessageRow> {
    Ok(MessageRow { delivery: DeliveryId(r.get(0)?), message_id: r.get(1)?, url: r.get(2)?, event_type: r.get(3)? })
}

fn post(r: &Row<'_>) -> rusqlite::Result<PostRow> {
    let (state, body): (String, Option<String>) = (r.get(4)?, r.get(12)?);
    Ok(PostRow {
        message: message(r)?,
        state: State::parse(&state).unwrap_or(State::NeedsHuman),
        payload: r.get(5)?,
        due_at: time(r.get(6)?),
        number: r.get(7)?,
        began_at: time(r.get(8)?),
        ended_at: maybe_time(r.get(9)?),
        outcome: r.get(10)?,
        detail: r.get(11)?,
        exchange: body.and_then(|body| serde_json::from_str(&body).ok()),
    })
}

impl Tx<'_> {
    /// Says which message a delivery brings.
    pub fn add_message(&self, row: &MessageRow) -> Result<(), Error> {
        self.touch(Topic::Webhooks);
        self.tx
            .prepare_cached("INSERT INTO message (delivery_id, message_id, url, event_type) VALUES (?1, ?2, ?3, ?4)")?
            .execute((row.delivery.0, &row.message_id, &row.url, &row.event_type))?;
        Ok(())
    }

    /// A message's deliveries, the newest first.
    pub fn message(&self, message_id: &str) -> Result<Vec<MessageRow>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT delivery_id, message_id, url, event_type FROM message WHERE message_id = ?1 ORDER BY delivery_id DESC",
        )?;
        let rows = st.query_map([message_id], message)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps what went over the wire in an attempt.
    pub fn add_exchange(&self, delivery: DeliveryId, number: u32, exchange: &Exchange) -> Result<(), Error> {
        self.touch(Topic::Webhooks);
        self.tx
            .prepare_cached(
                "INSERT INTO exchange (delivery_id, number, body) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            )?
            .execute((delivery.0, number, serde_json::to_string(exchange)?))?;
        Ok(())
    }

    /// The last attempts to post to an address, or of one delivery, the newest first.
    pub fn posts(&self, url: &str, delivery: Option<DeliveryId>, limit: u32) -> Result<Vec<PostRow>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT m.delivery_id, m.message_id, m.url, m.event_type, d.state, d.payload, d.due_at, a.number, a.began_at, a.ended_at,
             a.outcome, a.detail, x.body
             FROM message m JOIN delivery d ON d.id = m.delivery_id JOIN attempt a ON a.delivery_id = m.delivery_id
             LEFT JOIN exchange x ON x.delivery_id = a.delivery_id AND x.number = a.number
             WHERE m.url = ?1 AND (?2 IS NULL OR m.delivery_id = ?2) ORDER BY a.began_at DESC, a.id DESC LIMIT ?3",
        )?;
        let rows = st.query_map((url, delivery.map(|d| d.0), limit), post)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Drops what went over the wire in attempts that ended before `before`; the attempts themselves are dropped after.
    pub(crate) fn drop_exchanges(&self, before: DateTime<Utc>) -> Result<usize, Error> {
        let mut st = self.tx.prepare_cached(
            "DELETE FROM exchange WHERE EXISTS (SELECT 1 FROM attempt a
             WHERE a.delivery_id = exchange.delivery_id AND a.number = exchange.number AND a.ended_at < ?1)",
        )?;
        Ok(st.execute([ms(before)])?)
    }
}
