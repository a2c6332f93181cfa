//! The steps of runs: who was told, by what channel, and what came of it; texts that came back; pages not sent.

use crate::store::{maybe_time, ms, time};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::config::Channel;
use nightdesk_core::ids::{AccountId, DeliveryId, IncidentId, IncidentKey};
use nightdesk_core::paging::{Entity, Position, StepState, Suppressed};
use rusqlite::{OptionalExtension, Row};
use std::collections::BTreeSet;

/// A contact tried by one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRow {
    /// Its number.
    pub id: i64,
    /// The run that it belongs to.
    pub run: i64,
    /// Where in the tree.
    pub at: Position,
    /// Whom.
    pub contact: String,
    /// At which number.
    pub phone: String,
    /// How.
    pub channel: Channel,
    /// What leaves for it.
    pub delivery: Option<DeliveryId>,
    /// What was heard of it.
    pub state: StepState,
    /// What a reply must name.
    pub code: Option<String>,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When something was heard of it last.
    pub changed_at: DateTime<Utc>,
    /// When the carrier is asked next.
    pub look_at: Option<DateTime<Utc>>,
    /// How often it was asked.
    pub looks: u32,
    /// What is worth knowing of it.
    pub detail: Option<String>,
}

/// A step to be stored.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct NewStep<'a> {
    pub run: i64,
    pub at: Position,
    pub contact: &'a str,
    pub phone: &'a str,
    pub channel: Channel,
    pub state: StepState,
    pub code: Option<&'a str>,
    pub detail: Option<&'a str>,
    pub pages: &'a BTreeSet<i64>,
}

/// A page that wasn't sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuppressionRow {
    /// Its number.
    pub id: i64,
    /// When it would have been sent.
    pub at: DateTime<Utc>,
    /// For which incident.
    pub incident: IncidentKey,
    /// About what.
    pub entity: Entity,
    /// Why not.
    pub reason: Suppressed,
    /// The page that it repeats.
    pub page: Option<i64>,
    /// Until when the reason holds by itself.
    pub until: Option<DateTime<Utc>>,
    /// When a person had it sent all the same.
    pub overridden_at: Option<DateTime<Utc>>,
}

const STEP: &str = "id, run_id, round, step, contact, phone, channel, delivery_id, state, code, began_at, changed_at, look_at, looks, detail";

fn step(r: &Row<'_>) -> rusqlite::Result<StepRow> {
    let (channel, state): (String, String) = (r.get(6)?, r.get(8)?);
    Ok(StepRow {
        id: r.get(0)?,
        run: r.get(1)?,
        at: Position { round: r.get(2)?, step: r.get(3)? },
        contact: r.get(4)?,
        phone: r.get(5)?,
        channel: if channel == Channel::Sms.word() { Channel::Sms } else { Channel::Call },
        delivery: r.get::<_, Option<i64>>(7)?.map(DeliveryId),
        state: StepState::parse(&state).unwrap_or(StepState::Failed),
        code: r.get(9)?,
        began_at: time(r.get(10)?),
        changed_at: time(r.get(11)?),
        look_at: maybe_time(r.get(12)?),
        looks: r.get(13)?,
        detail: r.get(14)?,
    })
}

const SUPPRESSION: &str = "id, at, account_id, incident_id, entity, reason, page_id, until, overridden_at";

fn suppression(r: &Row<'_>) -> rusqlite::Result<SuppressionRow> {
    let reason: String = r.get(5)?;
    Ok(SuppressionRow {
        id: r.get(0)?,
        at: time(r.get(1)?),
        incident: IncidentKey { account: AccountId(r.get(2)?), id: IncidentId(r.get(3)?) },
        entity: Entity(r.get(4)?),
        reason: Suppressed::parse(&reason).unwrap_or(Suppressed::Window),
        page: r.get(6)?,
        until: maybe_time(r.get(7)?),
        overridden_at: maybe_time(r.get(8)?),
    })
}

impl Tx<'_> {
    /// Adds a step with the pages that it tells of.
    pub fn add_step(&self, now: DateTime<Utc>, new: &NewStep<'_>) -> Result<i64, Error> {
        self.touch(Topic::Pages);
        let mut st = self.tx.prepare_cached(
            "INSERT INTO step (run_id, round, step, contact, phone, channel, state, code, began_at, changed_at, looks, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, 0, ?10) RETURNING id",
        )?;
        let id: i64 = st.query_row(
            rusqlite::params![
                new.run,
                new.at.round,
                new.at.step,
                new.contact,
                new.phone,
                new.channel.word(),
                new.state.word(),
                new.code,
                ms(now),
                new.detail
            ],
            |r| r.get(0),
        )?;
        let mut st = self.tx.prepare_cached("INSERT INTO step_page (step_id, page_id) VALUES (?1, ?2)")?;
        for page in new.pages {
            st.execute((id, page))?;
        }
        Ok(id)
    }

    /// Ties a step to what leaves for it.
    pub fn step_leaves_as(&self, step: i64, delivery: DeliveryId) -> Result<(), Error> {
        self.tx.prepare_cached("UPDATE step SET delivery_id = ?2 WHERE id = ?1")?.execute((step, delivery.0))?;
        Ok(())
    }

    /// Keeps what was heard of a step; a `detail` of `None` leaves the last one.
    pub fn set_step(
        &self,
        now: DateTime<Utc>,
        id: i64,
        state: StepState,
        look_at: Option<DateTime<Utc>>,
        detail: Option<&str>,
    ) -> Result<(), Error> {
        self.touch(Topic::Pages);
        self.tx
            .prepare_cached(
                "UPDATE step SET changed_at = CASE WHEN state = ?2 THEN changed_at ELSE ?5 END, state = ?2, look_at = ?3,
                 detail = COALESCE(?4, detail) WHERE id = ?1",
            )?
            .execute((id, state.word(), look_at.map(ms), detail, ms(now)))?;
        Ok(())
    }

    /// The carrier was asked and had nothing new: ask again at `look_at`.
    pub fn look_again(&self, id: i64, look_at: Option<DateTime<Utc>>) -> Result<(), Error> {
        self.tx
            .prepare_cached("UPDATE step SET look_at = ?2, looks = looks + 1 WHERE id = ?1")?
            .execute((id, look_at.map(ms)))?;
        Ok(())
    }

    /// One step.
    pub fn step(&self, id: i64) -> Result<Option<StepRow>, Error> {
        let sql = format!("SELECT {STEP} FROM step WHERE id = ?1");
        Ok(self.tx.prepare_cached(&sql)?.query_row([id], step).optional()?)
    }

    /// The step that a delivery leaves for.
    pub fn step_of_delivery(&self, delivery: DeliveryId) -> Result<Option<StepRow>, Error> {
        let sql = format!("SELECT {STEP} FROM step WHERE delivery_id = ?1");
        Ok(self.tx.prepare_cached(&sql)?.query_row([delivery.0], step).optional()?)
    }

    /// A run's steps, in order.
    pub fn steps_of_run(&self, run: i64) -> Result<Vec<StepRow>, Error> {
        let sql = format!("SELECT {STEP} FROM step WHERE run_id = ?1 ORDER BY id");
        let mut st = self.tx.prepare_cached(&sql)?;
        Ok(st.query_map([run], step)?.collect::<Result<_, _>>()?)
    }

    /// The steps that told of a page, in order.
    pub fn steps_of_page(&self, page: i64) -> Result<Vec<StepRow>, Error> {
        let sql = format!(
            "SELECT {STEP} FROM step WHERE id IN (SELECT step_id FROM step_page WHERE page_id = ?1) ORDER BY id"
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        Ok(st.query_map([page], step)?.collect::<Result<_, _>>()?)
    }

    /// The pages that a step tells of.
    pub fn pages_of_step(&self, step: i64) -> Result<BTreeSet<i64>, Error> {
        let mut st = self.tx.prepare_cached("SELECT page_id FROM step_page WHERE step_id = ?1")?;
        Ok(st.query_map([step], |r| r.get(0))?.collect::<Result<_, _>>()?)
    }

    /// How many pages nobody has yet of which a number was told, or will be by what waits in the outbox: those that are
    /// open, and those that were given up while nothing has followed them and the SOC still has one of their incidents
    /// open.
    pub fn open_pages_told_to(&self, phone: &str) -> Result<i64, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT COUNT(DISTINCT page.id) FROM step s JOIN step_page sp ON sp.step_id = s.id JOIN page ON page.id = sp.page_id
             WHERE s.phone = ?1 AND s.state NOT IN ('failed', 'skipped', 'cancelled') AND (page.state IN ('waiting', 'running')
                 OR page.state = 'exhausted'
                 AND NOT EXISTS (SELECT 1 FROM page n WHERE n.entity = page.entity AND n.id > page.id)
                 AND EXISTS (SELECT 1 FROM page_incident p JOIN incident i ON i.account_id = p.account_id AND i.id = p.incident_id
                             WHERE p.page_id = page.id AND i.is_open = 1))",
        )?;
        Ok(st.query_row([phone], |r| r.get(0))?)
    }

    /// Steps that wait in the outbox, or of which the outbox has heard since.
    pub fn queued_steps(&self) -> Result<Vec<StepRow>, Error> {
        let sql = format!("SELECT {STEP} FROM step WHERE state = 'queued' ORDER BY id");
        let mut st = self.tx.prepare_cached(&sql)?;
        Ok(st.query_map([], step)?.collect::<Result<_, _>>()?)
    }

    /// Steps that the carrier is asked about by now. ND-11: an appointment after `latest` comes from a clock that was
    /// set back, and is kept now.
    pub fn steps_to_look_at(&self, now: DateTime<Utc>, latest: DateTime<Utc>) -> Result<Vec<StepRow>, Error> {
        let sql = format!("SELECT {STEP} FROM step WHERE look_at <= ?1 OR look_at > ?2 ORDER BY look_at, id");
        let mut st = self.tx.prepare_cached(&sql)?;
        Ok(st.query_map((ms(now), ms(latest)), step)?.collect::<Result<_, _>>()?)
    }

    /// When the carrier is to be asked next, after `now`.
    pub fn next_look(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Error> {
        let mut st = self.tx.prepare_cached("SELECT MIN(look_at) FROM step WHERE look_at > ?1")?;
        Ok(maybe_time(st.query_row([ms(now)], |r| r.get(0))?))
    }

    /// Texts with a code, newest first, of runs that are open or were over since: those that a reply can answer.
    pub fn answerable_texts(&self, since: DateTime<Utc>) -> Result<Vec<StepRow>, Error> {
        let sql = format!(
            "SELECT {STEP} FROM step WHERE code IS NOT NULL AND (began_at >= ?1
                 OR run_id IN (SELECT id FROM run WHERE state IN ('waiting', 'running') OR ended_at >= ?1))
             ORDER BY id DESC"
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        Ok(st.query_map([ms(since)], step)?.collect::<Result<_, _>>()?)
    }

    /// Whether a code was given out since.
    pub fn is_code_taken(&self, code: &str, since: DateTime<Utc>) -> Result<bool, Error> {
        let mut st = self.tx.prepare_cached("SELECT 1 FROM step WHERE code = ?1 AND began_at >= ?2 LIMIT 1")?;
        Ok(st.exists((code, ms(since)))?)
    }

    /// Whether a number's phone rings or is spoken to, by a call of ours.
    pub fn is_on_the_phone(&self, phone: &str) -> Result<bool, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT 1 FROM step WHERE phone = ?1 AND channel = 'call' AND state IN ('queued', 'sent', 'ringing', 'answered') LIMIT 1",
        )?;
        Ok(st.exists([phone])?)
    }

    /// Calls to a number that began since, in the order in which they left or will leave; those that the carrier never
    /// made don't count. What lies in the future began before the clock was set back.
    pub fn calls_between(
        &self,
        phone: &str,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<DateTime<Utc>>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT CASE WHEN d.state IN ('queued', 'retrying') THEN MAX(s.began_at, d.due_at)
                         ELSE MIN(COALESCE(d.settled_at, s.began_at), ?3) END AS left_at
             FROM step s LEFT JOIN delivery d ON d.id = s.delivery_id
             WHERE s.phone = ?1 AND s.channel = 'call' AND s.began_at BETWEEN ?2 AND ?3 AND s.state <> 'skipped' AND (d.id IS NULL
                 OR d.state NOT IN ('cancelled', 'superseded', 'expired', 'rejected', 'dead_lettered', 'needs_human'))
             ORDER BY left_at",
        )?;
        Ok(st.query_map((phone, ms(since), ms(now)), |r| Ok(time(r.get(0)?)))?.collect::<Result<_, _>>()?)
    }

    /// Takes in a text that came back; whether it is new.
    pub fn add_reply(
        &self,
        id: &str,
        phone: &str,
        at: DateTime<Utc>,
        body: &str,
        step: Option<i64>,
    ) -> Result<bool, Error> {
        let mut st = self.tx.prepare_cached(
            "INSERT INTO reply (id, phone, at, body, step_id) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        )?;
        Ok(st.execute((id, phone, ms(at), body, step))? > 0)
    }

    /// Whether a reply was taken in before.
    pub fn knows_reply(&self, id: &str) -> Result<bool, Error> {
        Ok(self.tx.prepare_cached("SELECT 1 FROM reply WHERE id = ?1")?.exists([id])?)
    }

    /// Records that a page wasn't sent.
    pub fn suppress(
        &self,
        now: DateTime<Utc>,
        key: IncidentKey,
        entity: &Entity,
        reason: Suppressed,
        page: Option<i64>,
        until: Option<DateTime<Utc>>,
    ) -> Result<(), Error> {
        self.touch(Topic::Pages);
        self.tx
            .prepare_cached(
                "INSERT INTO suppression (at, account_id, incident_id, entity, reason, page_id, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute((ms(now), key.account.0, key.id.0, &entity.0, reason.word(), page, until.map(ms)))?;
        Ok(())
    }

    /// Pages that weren't sent, newest first.
    pub fn suppressions(&self, limit: u32) -> Result<Vec<SuppressionRow>, Error> {
        let sql = format!("SELECT {SUPPRESSION} FROM suppression ORDER BY id DESC LIMIT ?1");
        let mut st = self.tx.prepare_cached(&sql)?;
        Ok(st.query_map([limit], suppression)?.collect::<Result<_, _>>()?)
    }

    /// Those of one incident, newest first.
    pub fn suppressions_of(&self, key: IncidentKey) -> Result<Vec<SuppressionRow>, Error> {
        let sql = format!(
            "SELECT {SUPPRESSION} FROM suppression WHERE account_id = ?1 AND incident_id = ?2 ORDER BY id DESC"
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        Ok(st.query_map((key.account.0, key.id.0), suppression)?.collect::<Result<_, _>>()?)
    }

    /// A person had it sent all the same.
    pub fn override_suppressions(&self, now: DateTime<Utc>, key: IncidentKey) -> Result<(), Error> {
        self.tx
            .prepare_cached(
                "UPDATE suppression SET overridden_at = ?3 WHERE account_id = ?1 AND incident_id = ?2 AND overridden_at IS NULL",
            )?
            .execute((key.account.0, key.id.0, ms(now)))?;
        Ok(())
    }
}
