//! Pages as people see them: who was told of what, how far that is, and what happens next.

use crate::error::Error;
use crate::page_words::{Now, doing};
use crate::words::{Channel, PageHow, PageState, PageStepState};
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::content;
use nightdesk_core::ids::{IncidentId, IncidentKey, TicketId};
use nightdesk_core::paging::{self as core, Tree};
use nightdesk_engine::context::Context;
use nightdesk_engine::paging::{self, DRILL_MINUTES, heard_words};
use nightdesk_store::{PageRow, RunRow, StepRow, Tx};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use ts_rs::TS;

/// The longest list.
pub(crate) const MOST: u32 = 1000;

/// For how many hours a card shows a page that was taken, or that nobody took.
const SHOWN_HOURS: i64 = 24;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PageView {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// The incident that it began with; `None` for the desk's own, which is blind.
    #[ts(type = "number | null")]
    pub incident_id: Option<IncidentId>,
    /// Every incident that it is about, in the order in which they joined.
    #[ts(type = "Array<number>")]
    pub incident_ids: Vec<IncidentId>,
    /// The first incident's ticket.
    #[ts(type = "number | null")]
    pub ticket_id: Option<TicketId>,
    /// What it is about: an agent, an identity, an incident, or `desk`.
    pub entity: String,
    /// Where it is.
    #[ts(as = "PageState")]
    pub state: core::PageState,
    /// The client or organization.
    pub client: String,
    /// The incident in words, with its host.
    pub title: String,
    /// Huntress's word for how bad it is; `None` where it gave none.
    pub severity: Option<String>,
    /// A person wanted it, whatever the window said.
    pub forced: bool,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// When the carrier took its first text or call, or somebody had it before; the window counts from there.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Who has it.
    pub acknowledged_by: Option<String>,
    /// By what that was said.
    #[ts(as = "Option<PageHow>")]
    pub acknowledged_how: Option<core::How>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why, where nobody took it.
    pub why: Option<String>,
    /// Which time through the call tree it is, from 1.
    pub round: u32,
    /// How many times through it there are.
    pub rounds: u32,
    /// When it goes on.
    pub next_at: Option<DateTime<Utc>>,
    /// What happens now, in a few words; `None` once it is over.
    pub doing: Option<String>,
    /// Whom it told, in order.
    pub steps: Vec<StepView>,
}

/// A contact tried by one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "PageStep")]
pub struct StepView {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// Whom.
    pub contact: String,
    /// At which number, all but its ends masked.
    pub phone: String,
    /// How.
    pub channel: Channel,
    /// What was heard of it.
    #[ts(as = "PageStepState")]
    pub state: core::StepState,
    /// What a reply must name.
    pub code: Option<String>,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When something was last heard of it.
    pub at: DateTime<Utc>,
    /// What is worth knowing of it.
    pub detail: Option<String>,
    /// All that in a sentence.
    pub words: String,
}

/// A drill, or a test of one contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DrillView {
    /// Its number.
    #[ts(type = "number")]
    pub run_id: i64,
    /// `drill` or `test`.
    #[ts(type = "\"drill\" | \"test\"")]
    pub purpose: String,
    /// `running`; `acknowledged` when everybody answered, `exhausted` when somebody didn't.
    #[ts(as = "PageState")]
    pub state: core::PageState,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub ends_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who is tried, in order.
    pub steps: Vec<StepView>,
}

/// What a card says of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CardPage {
    /// Where it is.
    #[ts(as = "PageState")]
    pub state: core::PageState,
    /// What happens now, or what came of it, in a few words.
    pub doing: String,
}

impl StepView {
    pub(crate) fn of(row: StepRow) -> Self {
        Self {
            id: row.id,
            words: content::line(&heard_words(&row, row.state, row.detail.as_deref())),
            phone: masked(&row.phone),
            contact: row.contact,
            channel: row.channel.into(),
            state: row.state,
            code: row.code,
            began_at: row.began_at,
            at: row.changed_at,
            detail: row.detail.as_deref().map(content::line),
        }
    }
}

impl DrillView {
    fn of(tx: &Tx<'_>, run: RunRow) -> Result<Self, Error> {
        let latest = run.opened_at + Duration::minutes(DRILL_MINUTES);
        Ok(Self {
            run_id: run.id,
            purpose: run.purpose.word().to_owned(),
            state: run.state,
            began_at: run.opened_at,
            ends_at: run.next_at.or(run.ended_at).unwrap_or(latest),
            ended_at: run.ended_at,
            steps: tx.steps_of_run(run.id)?.into_iter().map(StepView::of).collect(),
        })
    }
}

/// A number that a neighbour at the screen can't dial, and that its owner knows.
fn masked(phone: &str) -> String {
    let all: Vec<char> = phone.chars().collect();
    match all.len() {
        ..8 => phone.to_owned(),
        n => all[..3].iter().chain(&['•', '•', '•']).chain(&all[n - 3..]).collect(),
    }
}

/// What many views of pages share.
pub(crate) struct Pages<'a> {
    tx: &'a Tx<'a>,
    now: DateTime<Utc>,
    tree: Arc<Tree>,
    runs: HashMap<i64, (RunRow, Vec<StepRow>)>,
}

impl<'a> Pages<'a> {
    pub(crate) fn new(tx: &'a Tx<'a>, context: &Context, now: DateTime<Utc>) -> Result<Self, Error> {
        let tree = Arc::new(paging::tree(tx, &context.config)?);
        Ok(Self { tx, now, tree, runs: HashMap::new() })
    }

    /// The page's run with its steps, read once for all pages of it.
    fn run(&mut self, id: i64) -> Result<Option<&(RunRow, Vec<StepRow>)>, Error> {
        if !self.runs.contains_key(&id) {
            let Some(run) = self.tx.run(id)? else { return Ok(None) };
            self.runs.insert(id, (run, self.tx.steps_of_run(id)?));
        }
        Ok(self.runs.get(&id))
    }

    fn doing(&mut self, page: &PageRow) -> Result<Option<String>, Error> {
        let (now, tree) = (self.now, self.tree.clone());
        let found = self.run(page.run)?;
        Ok(found.and_then(|(run, steps)| doing(&Now { now, tree: &tree, page, run, steps })))
    }

    pub(crate) fn view(&mut self, row: PageRow) -> Result<PageView, Error> {
        let keys = self.tx.incidents_of_page(row.id)?;
        let ticket_id = match keys.first() {
            Some(key) => self.tx.incident(*key)?.and_then(|i| i.ticket),
            None => None,
        };
        let doing = self.doing(&row)?;
        let rounds = self.tree.rounds;
        let (mut round, mut next_at) = (1, None);
        if let Some((run, steps)) = self.run(row.run)? {
            round = steps.iter().map(|s| s.at.round + 1).max().unwrap_or(1);
            next_at = run.next_at.filter(|_| row.state.is_open());
        }
        let steps = self.tx.steps_of_page(row.id)?.into_iter().map(StepView::of).collect();
        Ok(PageView {
            id: row.id,
            incident_id: keys.first().map(|k| k.id),
            incident_ids: keys.iter().map(|k| k.id).collect(),
            ticket_id,
            entity: row.entity.0,
            state: row.state,
            client: content::line(&row.matter.client),
            title: content::line(&row.matter.what()),
            severity: row.matter.severity.as_deref().map(content::line),
            forced: row.forced,
            opened_at: row.opened_at,
            accepted_at: row.accepted_at,
            acknowledged_by: row.acknowledged_by,
            acknowledged_how: row.acknowledged_how,
            ended_at: row.ended_at,
            why: row.why,
            round,
            rounds: rounds.max(round),
            next_at,
            doing,
            steps,
        })
    }
}

/// Pages, newest first.
///
/// # Errors
/// The store's.
pub fn pages(tx: &Tx<'_>, now: DateTime<Utc>, limit: u32) -> Result<Vec<PageView>, Error> {
    let mut pages = Pages::new(tx, &Context::load(tx)?, now)?;
    tx.pages(limit)?.into_iter().map(|row| pages.view(row)).collect()
}

/// The pages of one incident, newest first.
///
/// # Errors
/// The store's.
pub fn pages_of(tx: &Tx<'_>, now: DateTime<Utc>, key: IncidentKey) -> Result<Vec<PageView>, Error> {
    let found = tx.pages_of_incident(key)?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let mut pages = Pages::new(tx, &Context::load(tx)?, now)?;
    found.into_iter().map(|row| pages.view(row)).collect()
}

/// One page.
///
/// # Errors
/// `NotFound`.
pub fn page_view(tx: &Tx<'_>, now: DateTime<Utc>, page: i64) -> Result<PageView, Error> {
    let row = tx.page(page)?.ok_or_else(|| Error::not_found(format!("there is no page {page}")))?;
    Pages::new(tx, &Context::load(tx)?, now)?.view(row)
}

/// Drills and tests of contacts, newest first.
///
/// # Errors
/// The store's.
pub fn drills(tx: &Tx<'_>, limit: u32) -> Result<Vec<DrillView>, Error> {
    tx.drills(limit.min(MOST))?.into_iter().map(|run| DrillView::of(tx, run)).collect()
}

/// One drill or test.
///
/// # Errors
/// `NotFound`.
pub fn drill_view(tx: &Tx<'_>, run: i64) -> Result<DrillView, Error> {
    let row = tx.run(run)?.ok_or_else(|| Error::not_found(format!("there is no drill {run}")))?;
    DrillView::of(tx, row)
}

/// What cards say of pages, by incident: of those that are open, or were taken or given up within a day. One query for
/// any number of cards, and nothing more where nobody is being paged.
pub(crate) fn on_cards(
    tx: &Tx<'_>,
    context: &Context,
    now: DateTime<Utc>,
) -> Result<HashMap<IncidentKey, CardPage>, Error> {
    let mut found = HashMap::new();
    let live = tx.live_pages(now - Duration::hours(SHOWN_HOURS))?;
    if live.is_empty() {
        return Ok(found);
    }
    let mut pages = Pages::new(tx, context, now)?;
    // Newest first: an incident's newest page is the one that counts.
    for (key, row) in live {
        if found.contains_key(&key) {
            continue;
        }
        let doing = match (row.state, &row.acknowledged_by) {
            (core::PageState::Acknowledged, Some(who)) => format!("{who} has it"),
            (core::PageState::Acknowledged, None) => "somebody has it".to_owned(),
            (core::PageState::Exhausted, _) => "nobody took the page".to_owned(),
            _ => pages.doing(&row)?.unwrap_or_default(),
        };
        found.insert(key, CardPage { state: row.state, doing });
    }
    Ok(found)
}
