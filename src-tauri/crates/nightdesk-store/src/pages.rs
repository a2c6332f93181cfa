//! Pages: what people are told of, and the runs through the call tree that tell them.

use crate::store::{maybe_time, ms, time};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::{AccountId, IncidentId, IncidentKey};
use nightdesk_core::paging::{Earlier, Entity, How, Matter, PageState, Position};
use rusqlite::{OptionalExtension, Row};

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// To tell people of pages.
    Page,
    /// To try every channel of this shift's people.
    Drill,
    /// To try one contact.
    Test,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 3] = [Self::Page, Self::Drill, Self::Test];

    /// The word for it, as stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Drill => "drill",
            Self::Test => "test",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.word() == word)
    }
}

/// A walk through the call tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// Its number.
    pub id: i64,
    /// What for.
    pub purpose: Purpose,
    /// Where it is.
    pub state: PageState,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// The next rung of the tree.
    pub next: Position,
    /// When; `None` once it is over.
    pub next_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
    /// The request that asked for it, so that a command delivers only what it caused.
    pub cause: Option<String>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRow {
    /// Its number.
    pub id: i64,
    /// The run that tells of it.
    pub run: i64,
    /// What it is about.
    pub entity: Entity,
    /// Where it is.
    pub state: PageState,
    /// A person wanted it whatever the window said.
    pub forced: bool,
    /// What is said.
    pub matter: Matter,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// Since when the window counts: the carrier took its first text or call, or somebody had it before.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Who has it.
    pub acknowledged_by: Option<String>,
    /// By what that was said.
    pub acknowledged_how: Option<How>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why, where nobody acknowledged it.
    pub why: Option<String>,
}

const RUN: &str = "id, purpose, state, opened_at, round, step, next_at, ended_at, cause";

fn run(r: &Row<'_>) -> rusqlite::Result<RunRow> {
    let (purpose, state): (String, String) = (r.get(1)?, r.get(2)?);
    Ok(RunRow {
        id: r.get(0)?,
        purpose: Purpose::parse(&purpose).unwrap_or(Purpose::Page),
        state: PageState::parse(&state).unwrap_or(PageState::Ended),
        opened_at: time(r.get(3)?),
        next: Position { round: r.get(4)?, step: r.get(5)? },
        next_at: maybe_time(r.get(6)?),
        ended_at: maybe_time(r.get(7)?),
        cause: r.get(8)?,
    })
}

const PAGE: &str =
    "page.id, page.run_id, page.entity, page.state, page.forced, page.matter, page.opened_at, page.accepted_at,
    page.acknowledged_by, page.acknowledged_how, page.ended_at, page.why";

/// Waits for its severity. A quotation mark within a text is escaped, so that no title looks like it.
const IS_UNSURE: &str = "page.state = 'waiting' AND page.matter LIKE '%\"is_unsure\":true%'";

fn page(r: &Row<'_>) -> rusqlite::Result<PageRow> {
    let (state, matter, how): (String, String, Option<String>) = (r.get(3)?, r.get(5)?, r.get(9)?);
    Ok(PageRow {
        id: r.get(0)?,
        run: r.get(1)?,
        entity: Entity(r.get(2)?),
        state: PageState::parse(&state).unwrap_or(PageState::Ended),
        forced: r.get(4)?,
        matter: serde_json::from_str(&matter).unwrap_or_default(),
        opened_at: time(r.get(6)?),
        accepted_at: maybe_time(r.get(7)?),
        acknowledged_by: r.get(8)?,
        acknowledged_how: how.as_deref().and_then(How::parse),
        ended_at: maybe_time(r.get(10)?),
        why: r.get(11)?,
    })
}

impl Tx<'_> {
    /// Opens a run that begins with the first rung at `next_at`.
    pub fn open_run(
        &self,
        now: DateTime<Utc>,
        purpose: Purpose,
        next_at: DateTime<Utc>,
        cause: Option<&str>,
    ) -> Result<RunRow, Error> {
        self.touch(Topic::Pages);
        let sql = format!(
            "INSERT INTO run (purpose, state, opened_at, round, step, next_at, cause) VALUES (?1, 'waiting', ?2, 0, 0, ?3, ?4) RETURNING {RUN}"
        );
        Ok(self.tx.prepare_cached(&sql)?.query_row((purpose.word(), ms(now), ms(next_at), cause), run)?)
    }

    /// Keeps where a run is.
    pub fn save_run(&self, now: DateTime<Utc>, row: &RunRow) -> Result<(), Error> {
        self.touch(Topic::Pages);
        let over = row.next_at.is_none() && !row.state.is_open();
        self.tx
            .prepare_cached(
                "UPDATE run SET state = ?2, round = ?3, step = ?4, next_at = ?5,
                 ended_at = CASE WHEN ?6 THEN COALESCE(ended_at, ?7) END WHERE id = ?1",
            )?
            .execute((row.id, row.state.word(), row.next.round, row.next.step, row.next_at.map(ms), over, ms(now)))?;
        Ok(())
    }

    /// One run.
    pub fn run(&self, id: i64) -> Result<Option<RunRow>, Error> {
        let sql = format!("SELECT {RUN} FROM run WHERE id = ?1");
        Ok(self.tx.prepare_cached(&sql)?.query_row([id], run).optional()?)
    }

    /// Runs that are not over, in their order.
    pub fn open_runs(&self) -> Result<Vec<RunRow>, Error> {
        let sql = format!("SELECT {RUN} FROM run WHERE state IN ('waiting', 'running') ORDER BY id");
        let mut st = self.tx.prepare_cached(&sql)?;
        Ok(st.query_map([], run)?.collect::<Result<_, _>>()?)
    }

    /// The newest run of a purpose.
    pub fn newest_run(&self, purpose: Purpose) -> Result<Option<RunRow>, Error> {
        let sql = format!("SELECT {RUN} FROM run WHERE purpose = ?1 ORDER BY id DESC LIMIT 1");
        Ok(self.tx.prepare_cached(&sql)?.query_row([purpose.word()], run).optional()?)
    }

    /// The last drills and tests, newest first.
    pub fn drills(&self, limit: u32) -> Result<Vec<RunRow>, Error> {
        let sql = format!("SELECT {RUN} FROM run WHERE purpose <> 'page' ORDER BY id DESC LIMIT ?1");
        let mut st = self.tx.prepare_cached(&sql)?;
        Ok(st.query_map([limit], run)?.collect::<Result<_, _>>()?)
    }

    /// The page of a run that waits for a severity.
    pub fn unsure_page(&self, run: i64) -> Result<Option<PageRow>, Error> {
        let sql = format!("SELECT {PAGE} FROM page WHERE page.run_id = ?1 AND {IS_UNSURE} LIMIT 1");
        Ok(self.tx.prepare_cached(&sql)?.query_row([run], page).optional()?)
    }

    /// Whether a person wants one of a run's pages whatever the window says.
    pub fn is_forced(&self, run: i64) -> Result<bool, Error> {
        Ok(self.tx.prepare_cached("SELECT 1 FROM page WHERE run_id = ?1 AND forced LIMIT 1")?.exists([run])?)
    }

    /// The run in which pages of a storm are bundled: it hasn't begun, and none of its pages waits for a severity.
    pub fn bundle(&self, but: Option<i64>) -> Result<Option<RunRow>, Error> {
        let sql = format!(
            "SELECT {RUN} FROM run WHERE purpose = 'page' AND state = 'waiting' AND id <> COALESCE(?1, 0) AND NOT EXISTS (
                 SELECT 1 FROM page WHERE page.run_id = run.id AND {IS_UNSURE})
             ORDER BY id LIMIT 1"
        );
        Ok(self.tx.prepare_cached(&sql)?.query_row([but], run).optional()?)
    }

    /// Of the runs that tell of pages, the one that told its first contact last, not before `since`.
    pub fn newest_begun_run(&self, since: DateTime<Utc>) -> Result<Option<RunRow>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT s.run_id FROM step s JOIN run r ON r.id = s.run_id
             WHERE r.purpose = 'page' AND s.round = 0 AND s.step = 0 AND s.began_at >= ?1 ORDER BY s.id DESC LIMIT 1",
        )?;
        let id: Option<i64> = st.query_row([ms(since)], |r| r.get(0)).optional()?;
        Ok(id.map(|id| self.run(id)).transpose()?.flatten())
    }

    /// Moves a page into another run.
    pub fn move_page(&self, page: i64, run: i64) -> Result<(), Error> {
        self.touch(Topic::Pages);
        self.tx.prepare_cached("UPDATE page SET run_id = ?2 WHERE id = ?1")?.execute((page, run))?;
        Ok(())
    }

    /// Opens a page. The store allows one open page an entity.
    pub fn open_page(
        &self,
        now: DateTime<Utc>,
        run: i64,
        entity: &Entity,
        matter: &Matter,
        forced: bool,
    ) -> Result<i64, Error> {
        self.touch(Topic::Pages);
        let mut st = self.tx.prepare_cached(
            "INSERT INTO page (run_id, entity, state, forced, matter, opened_at) VALUES (?1, ?2, 'waiting', ?3, ?4, ?5) RETURNING id",
        )?;
        let matter = serde_json::to_string(matter)?;
        Ok(st.query_row((run, &entity.0, forced, matter, ms(now)), |r| r.get(0))?)
    }

    /// Adds an incident to a page.
    pub fn join_page(&self, now: DateTime<Utc>, page: i64, key: IncidentKey) -> Result<(), Error> {
        self.touch(Topic::Pages);
        self.tx
            .prepare_cached(
                "INSERT INTO page_incident (account_id, incident_id, page_id, joined_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            )?
            .execute((key.account.0, key.id.0, page, ms(now)))?;
        Ok(())
    }

    /// Changes a page's state. What it was acknowledged by is kept only with that state. The window of a page that
    /// somebody had before the carrier took anything counts from then.
    pub fn set_page(
        &self,
        now: DateTime<Utc>,
        page: i64,
        state: PageState,
        by: Option<(&str, How)>,
        why: Option<&str>,
    ) -> Result<(), Error> {
        self.touch(Topic::Pages);
        self.tx
            .prepare_cached(
                "UPDATE page SET state = ?2, acknowledged_by = ?3, acknowledged_how = ?4, why = ?5,
                 accepted_at = CASE WHEN ?2 = 'acknowledged' THEN COALESCE(accepted_at, ?7) ELSE accepted_at END,
                 ended_at = CASE WHEN ?6 THEN ?7 END WHERE id = ?1",
            )?
            .execute((page, state.word(), by.map(|b| b.0), by.map(|b| b.1.word()), why, !state.is_open(), ms(now)))?;
        Ok(())
    }

    /// Changes what a page says.
    pub fn set_matter(&self, page: i64, matter: &Matter) -> Result<(), Error> {
        self.touch(Topic::Pages);
        let matter = serde_json::to_string(matter)?;
        self.tx.prepare_cached("UPDATE page SET matter = ?2 WHERE id = ?1")?.execute((page, matter))?;
        Ok(())
    }

    /// The carrier took a text or call of these pages: their windows count from the first one.
    pub fn page_accepted(&self, at: DateTime<Utc>, step: i64) -> Result<(), Error> {
        self.touch(Topic::Pages);
        self.tx
            .prepare_cached(
                "UPDATE page SET accepted_at = ?2 WHERE accepted_at IS NULL AND id IN (SELECT page_id FROM step_page WHERE step_id = ?1)",
            )?
            .execute((step, ms(at)))?;
        Ok(())
    }

    /// One page.
    pub fn page(&self, id: i64) -> Result<Option<PageRow>, Error> {
        let sql = format!("SELECT {PAGE} FROM page WHERE id = ?1");
        Ok(self.tx.prepare_cached(&sql)?.query_row([id], page).optional()?)
    }

    /// A run's pages, in their order.
    pub fn pages_of_run(&self, run: i64) -> Result<Vec<PageRow>, Error> {
        let sql = format!("SELECT {PAGE} FROM page WHERE run_id = ?1 ORDER BY id");
        let mut st = self.tx.prepare_cached(&sql)?;
        Ok(st.query_map([run], page)?.collect::<Result<_, _>>()?)
    }

    /// The last pages, newest first.
    pub fn pages(&self, limit: u32) -> Result<Vec<PageRow>, Error> {
        let sql = format!("SELECT {PAGE} FROM page ORDER BY id DESC LIMIT ?1");
        let mut st = self.tx.prepare_cached(&sql)?;
        Ok(st.query_map([limit], page)?.collect::<Result<_, _>>()?)
    }

    /// An incident's pages, newest first.
    pub fn pages_of_incident(&self, key: IncidentKey) -> Result<Vec<PageRow>, Error> {
        let sql = format!(
            "SELECT {PAGE} FROM page JOIN page_incident p ON p.page_id = page.id
             WHERE p.account_id = ?1 AND p.incident_id = ?2 ORDER BY page.id DESC"
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        Ok(st.query_map((key.account.0, key.id.0), page)?.collect::<Result<_, _>>()?)
    }

    /// Pages that are open, or were acknowledged or given up since, each with one of its incidents; newest first.
    pub fn live_pages(&self, since: DateTime<Utc>) -> Result<Vec<(IncidentKey, PageRow)>, Error> {
        let sql = format!(
            "SELECT {PAGE}, p.account_id, p.incident_id FROM page JOIN page_incident p ON p.page_id = page.id
             WHERE page.state IN ('waiting', 'running') OR (page.ended_at >= ?1 AND page.state IN ('acknowledged', 'exhausted'))
             ORDER BY page.id DESC"
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        let key = |r: &Row<'_>| {
            Ok::<_, rusqlite::Error>(IncidentKey { account: AccountId(r.get(12)?), id: IncidentId(r.get(13)?) })
        };
        Ok(st.query_map([ms(since)], |r| Ok((key(r)?, page(r)?)))?.collect::<Result<_, _>>()?)
    }

    /// A page's incidents, in the order in which they joined.
    pub fn incidents_of_page(&self, page: i64) -> Result<Vec<IncidentKey>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT account_id, incident_id FROM page_incident WHERE page_id = ?1 ORDER BY joined_at, incident_id",
        )?;
        let rows =
            st.query_map([page], |r| Ok(IncidentKey { account: AccountId(r.get(0)?), id: IncidentId(r.get(1)?) }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many of a page's incidents are still open at Huntress.
    pub fn open_incidents_of_page(&self, page: i64) -> Result<i64, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT COUNT(*) FROM page_incident p JOIN incident i ON i.account_id = p.account_id AND i.id = p.incident_id
             WHERE p.page_id = ?1 AND i.is_open = 1",
        )?;
        Ok(st.query_row([page], |r| r.get(0))?)
    }

    /// An entity's newest page, as the window is judged by it.
    pub fn newest_page_of(&self, entity: &Entity) -> Result<Option<Earlier>, Error> {
        let mut st = self
            .tx
            .prepare_cached("SELECT id, state, accepted_at FROM page WHERE entity = ?1 ORDER BY id DESC LIMIT 1")?;
        let found = st.query_row([&entity.0], |r| {
            let state: String = r.get(1)?;
            Ok(Earlier {
                page: r.get(0)?,
                state: PageState::parse(&state).unwrap_or(PageState::Ended),
                accepted_at: maybe_time(r.get(2)?),
            })
        });
        Ok(found.optional()?)
    }

    /// Pages that everybody was told of in vain and that nothing has followed, while one of their incidents is still open;
    /// newest first.
    pub fn given_up_pages(&self) -> Result<Vec<PageRow>, Error> {
        let sql = format!(
            "SELECT {PAGE} FROM page WHERE page.state = 'exhausted'
             AND NOT EXISTS (SELECT 1 FROM page n WHERE n.entity = page.entity AND n.id > page.id)
             AND EXISTS (SELECT 1 FROM page_incident p JOIN incident i ON i.account_id = p.account_id AND i.id = p.incident_id
                         WHERE p.page_id = page.id AND i.is_open = 1)
             ORDER BY page.id DESC"
        );
        let mut st = self.tx.prepare_cached(&sql)?;
        Ok(st.query_map([], page)?.collect::<Result<_, _>>()?)
    }

    /// How many pages are open.
    pub fn open_page_count(&self) -> Result<i64, Error> {
        let mut st = self.tx.prepare_cached("SELECT COUNT(*) FROM page WHERE state IN ('waiting', 'running')")?;
        Ok(st.query_row([], |r| r.get(0))?)
    }
}
