//! What is known of contacts' numbers: verified or not, what stands in a text's or call's way, and the PIN under way.
//! Who the contacts are stands in the configuration.

#[cfg(test)]
mod tests;

use crate::store::{maybe_time, ms, time};
use crate::{DeliveryRow, Error, Topic, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::config::Channel;
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::pin::Sealed;
use nightdesk_core::port::Obstacle;
use rusqlite::{OptionalExtension, Row};

/// What the marker of every delivery that holds a PIN begins with: what it says is forgotten once it has ended.
pub const PIN_MARKER: &str = "pin:";

/// What stands in the place of what was forgotten.
pub(crate) const FORGOTTEN: &str = "{}";

macro_rules! words {
    ($(#[$doc:meta])* $type:ident { $($(#[$each:meta])* $variant:ident => $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $type { $($(#[$each])* $variant),+ }

        impl $type {
            /// Every variant.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it, as stored and shown.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The inverse of [`Self::word`].
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.word() == word)
            }
        }
    };
}

words! {
    /// Why no text is sent to a number.
    TextObstacle {
        /// It takes none.
        NoTexts => "no_texts",
        /// Its owner has sent STOP.
        OptedOut => "opted_out",
        /// It can't be reached.
        BadNumber => "bad_number",
    }
}

words! {
    /// What was seen of calls to a number that nobody could answer.
    CallAdvice {
        /// They end unanswered within seconds: something hangs up.
        EndsAtOnce => "ends_at_once",
        /// They are answered, and nobody presses a key: a phone menu or a long greeting.
        NoKey => "no_key",
        /// The carrier can't call it.
        BadNumber => "bad_number",
    }
}

impl TextObstacle {
    /// What a failed text says of its number for good; `None` where it says nothing of it.
    pub fn of(obstacle: Obstacle) -> Option<Self> {
        match obstacle {
            Obstacle::NoTexts => Some(Self::NoTexts),
            Obstacle::OptedOut => Some(Self::OptedOut),
            Obstacle::BadNumber => Some(Self::BadNumber),
            Obstacle::Passing | Obstacle::Wording | Obstacle::Configuration | Obstacle::Unknown => None,
        }
    }
}

/// What is known of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// The number, in E.164.
    pub phone: String,
    /// When its holder proved to have it, and by what way the PIN came.
    pub verified: Option<(DateTime<Utc>, Channel)>,
    /// Why no text is sent to it, and since when.
    pub text_obstacle: Option<(TextObstacle, DateTime<Utc>)>,
    /// What was seen of calls to it, and when last.
    pub call_advice: Option<(CallAdvice, DateTime<Utc>)>,
}

impl ContactRow {
    /// A number of which nothing is known.
    pub fn unknown(phone: &str) -> Self {
        Self { phone: phone.to_owned(), verified: None, text_obstacle: None, call_advice: None }
    }
}

const COLUMNS: &str = "phone, verified_at, verified_by, text_obstacle, text_obstacle_at, call_advice, call_advice_at";

fn read(r: &Row<'_>) -> rusqlite::Result<ContactRow> {
    let word = |at: usize| r.get::<_, Option<String>>(at);
    let since = |at: usize| r.get::<_, Option<i64>>(at).map(maybe_time);
    let by = word(2)?.and_then(|w| Channel::ALL.into_iter().find(|c| c.word() == w));
    Ok(ContactRow {
        phone: r.get(0)?,
        verified: since(1)?.zip(by),
        text_obstacle: word(3)?.as_deref().and_then(TextObstacle::parse).zip(since(4)?),
        call_advice: word(5)?.as_deref().and_then(CallAdvice::parse).zip(since(6)?),
    })
}

impl Tx<'_> {
    /// What is known of a number.
    pub fn contact(&self, phone: &str) -> Result<Option<ContactRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM contact WHERE phone = ?1");
        Ok(self.tx.prepare_cached(&sql)?.query_row([phone], read).optional()?)
    }

    /// What is known of all numbers, in their order.
    pub fn contacts(&self) -> Result<Vec<ContactRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM contact ORDER BY phone");
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A number's holder entered the PIN that came by this way. What stood in that way is refuted by it.
    pub fn verify_contact(&self, phone: &str, at: DateTime<Utc>, by: Channel) -> Result<(), Error> {
        self.touch(Topic::Contacts);
        let mut st = self.tx.prepare_cached(
            "INSERT INTO contact (phone, verified_at, verified_by) VALUES (?1, ?2, ?3)
             ON CONFLICT (phone) DO UPDATE SET verified_at = excluded.verified_at, verified_by = excluded.verified_by,
             text_obstacle = CASE WHEN excluded.verified_by = 'sms' THEN NULL ELSE contact.text_obstacle END,
             text_obstacle_at = CASE WHEN excluded.verified_by = 'sms' THEN NULL ELSE contact.text_obstacle_at END,
             call_advice = CASE WHEN excluded.verified_by = 'call' THEN NULL ELSE contact.call_advice END,
             call_advice_at = CASE WHEN excluded.verified_by = 'call' THEN NULL ELSE contact.call_advice_at END",
        )?;
        st.execute((phone, ms(at), by.word()))?;
        Ok(())
    }

    /// Notes, or with `None` takes back, why no text is sent to a number.
    pub fn set_text_obstacle(
        &self,
        phone: &str,
        at: DateTime<Utc>,
        obstacle: Option<TextObstacle>,
    ) -> Result<(), Error> {
        self.touch(Topic::Contacts);
        let mut st = self.tx.prepare_cached(
            "INSERT INTO contact (phone, text_obstacle, text_obstacle_at) VALUES (?1, ?2, ?3) ON CONFLICT (phone)
             DO UPDATE SET text_obstacle = excluded.text_obstacle, text_obstacle_at = excluded.text_obstacle_at",
        )?;
        st.execute((phone, obstacle.map(TextObstacle::word), obstacle.map(|_| ms(at))))?;
        Ok(())
    }

    /// Forgets what only stood between numbers and the one that texts came from, which is another now.
    pub fn forget_old_sender(&self) -> Result<(), Error> {
        let mut st = self.tx.prepare_cached(
            "UPDATE contact SET text_obstacle = NULL, text_obstacle_at = NULL WHERE text_obstacle IN (?1, ?2)",
        )?;
        if st.execute((TextObstacle::NoTexts.word(), TextObstacle::OptedOut.word()))? > 0 {
            self.touch(Topic::Contacts);
        }
        Ok(())
    }

    /// Notes, or with `None` takes back, what was seen of calls to a number.
    pub fn set_call_advice(&self, phone: &str, at: DateTime<Utc>, advice: Option<CallAdvice>) -> Result<(), Error> {
        self.touch(Topic::Contacts);
        let mut st = self.tx.prepare_cached(
            "INSERT INTO contact (phone, call_advice, call_advice_at) VALUES (?1, ?2, ?3) ON CONFLICT (phone)
             DO UPDATE SET call_advice = excluded.call_advice, call_advice_at = excluded.call_advice_at",
        )?;
        st.execute((phone, advice.map(CallAdvice::word), advice.map(|_| ms(at))))?;
        Ok(())
    }

    /// The PIN under way to a number: its keyed hash.
    pub fn pin(&self, phone: &str) -> Result<Option<Sealed>, Error> {
        let mut st = self.tx.prepare_cached("SELECT seal, made_at, expires_at, tries FROM pin WHERE phone = ?1")?;
        let row = st
            .query_row([phone], |r| {
                Ok(Sealed { seal: r.get(0)?, made_at: time(r.get(1)?), expires_at: time(r.get(2)?), tries: r.get(3)? })
            })
            .optional()?;
        Ok(row)
    }

    /// A PIN is under way to a number; an earlier one no longer counts.
    pub fn put_pin(&self, phone: &str, pin: &Sealed) -> Result<(), Error> {
        self.touch(Topic::Contacts);
        let mut st = self.tx.prepare_cached(
            "INSERT INTO pin (phone, seal, made_at, expires_at, tries) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (phone)
             DO UPDATE SET seal = excluded.seal, made_at = excluded.made_at, expires_at = excluded.expires_at, tries = excluded.tries",
        )?;
        st.execute((phone, pin.seal, ms(pin.made_at), ms(pin.expires_at), pin.tries))?;
        Ok(())
    }

    /// Counts a wrong entry.
    pub fn count_pin_try(&self, phone: &str) -> Result<(), Error> {
        self.touch(Topic::Contacts);
        self.tx.prepare_cached("UPDATE pin SET tries = tries + 1 WHERE phone = ?1")?.execute([phone])?;
        Ok(())
    }

    /// Forgets the PIN of a number.
    pub fn drop_pin(&self, phone: &str) -> Result<(), Error> {
        self.touch(Topic::Contacts);
        self.tx.prepare_cached("DELETE FROM pin WHERE phone = ?1")?.execute([phone])?;
        Ok(())
    }

    /// Counts a PIN as sent, whether or not it arrives.
    pub fn add_pin_sending(&self, phone: &str, at: DateTime<Utc>) -> Result<(), Error> {
        self.tx.prepare_cached("INSERT INTO pin_sending (phone, at) VALUES (?1, ?2)")?.execute((phone, ms(at)))?;
        Ok(())
    }

    /// When PINs were sent to a number since, oldest first.
    pub fn pin_sendings(&self, phone: &str, since: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>, Error> {
        let mut st =
            self.tx.prepare_cached("SELECT at FROM pin_sending WHERE phone = ?1 AND at > ?2 ORDER BY at, id")?;
        let rows = st.query_map((phone, ms(since)), |r| Ok(time(r.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets when PINs were sent before this.
    pub fn drop_pin_sendings(&self, before: DateTime<Utc>) -> Result<usize, Error> {
        Ok(self.tx.prepare_cached("DELETE FROM pin_sending WHERE at <= ?1")?.execute([ms(before)])?)
    }

    /// The delivery with this marker.
    pub fn delivery_by_marker(&self, marker: &str) -> Result<Option<DeliveryId>, Error> {
        let mut st = self.tx.prepare_cached("SELECT id FROM delivery WHERE marker = ?1")?;
        Ok(st.query_row([marker], |r| r.get(0)).optional()?.map(DeliveryId))
    }

    /// What brought the newest PIN to a number.
    pub fn newest_pin_delivery(&self, phone: &str) -> Result<Option<DeliveryRow>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT id FROM delivery WHERE destination = ?1 AND marker LIKE ?2 ORDER BY id DESC LIMIT 1",
        )?;
        let id: Option<i64> = st.query_row((phone, format!("{PIN_MARKER}%")), |r| r.get(0)).optional()?;
        id.map_or(Ok(None), |id| self.delivery(DeliveryId(id)))
    }

    /// Deliveries of PINs to a number that haven't left yet, or ended badly, and that nobody holds.
    pub fn pins_left_over(&self, phone: &str) -> Result<Vec<DeliveryId>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT id FROM delivery WHERE state IN ('queued', 'retrying', 'needs_human', 'dead_lettered', 'rejected')
             AND lease_owner IS NULL AND destination = ?1 AND marker LIKE ?2 ORDER BY id",
        )?;
        let rows = st.query_map((phone, format!("{PIN_MARKER}%")), |r| Ok(DeliveryId(r.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
