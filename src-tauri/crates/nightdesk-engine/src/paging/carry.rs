//! A run's life: what is stored becomes the pure state, an event moves it, and what follows is stored and queued in the
//! same transaction.

use super::delivered;
use super::telling::{self, Telling};
use crate::announce;
use crate::contacts;
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::Config;
use nightdesk_core::delivery::{self, Event as Of, State};
use nightdesk_core::ids::{DeliveryId, IncidentKey, TicketId};
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_core::paging::{Action, Event, How, PageState, RunState, Rung, StepState, Told, Tree, next};
use nightdesk_store::{Error, Purpose, RunRow, StepRow, Tx};
use std::collections::BTreeSet;

/// Time after which a call that is to be hung up, and was just leaving, is looked at again.
const SOON: Duration = Duration::seconds(2);

/// Who did something, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct By {
    pub name: String,
    pub how: How,
}

/// The call tree as it can be used now: without a carrier nobody can be reached, and a page that runs says so.
///
/// # Errors
/// The store's.
pub fn tree(tx: &Tx<'_>, config: &Config) -> Result<Tree, Error> {
    if !config.paging.is_set_up() {
        return Ok(Tree::default());
    }
    let rungs = contacts::reachable(tx, config)?.into_iter().map(|r| {
        let minutes = r.contact.wait_minutes.unwrap_or(config.paging.step_wait_minutes);
        Rung {
            contact: r.contact.name,
            phone: r.contact.phone,
            channels: r.ways,
            wait: Duration::minutes(i64::from(minutes.clamp(1, 60))),
        }
    });
    Ok(Tree { rungs: rungs.collect(), rounds: config.paging.rounds.clamp(1, 10) })
}

fn load(tx: &Tx<'_>, run: &RunRow) -> Result<RunState, Error> {
    let pages = tx.pages_of_run(run.id)?.into_iter().map(|p| (p.id, p.state)).collect();
    let mut told = Vec::new();
    for step in tx.steps_of_run(run.id)? {
        let pages = tx.pages_of_step(step.id)?;
        let StepRow { id, at, contact, phone, channel, state, .. } = step;
        told.push(Told { id, at, contact, phone, channel, state, pages });
    }
    Ok(RunState { state: run.state, next: run.next, next_at: run.next_at, pages, told })
}

/// Lets something happen to a run, and carries out what follows.
pub(super) fn happen(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    run: i64,
    event: &Event,
    by: Option<&By>,
    why: Option<&str>,
) -> Result<(), Error> {
    let Some(mut row) = tx.run(run)?.filter(|r| r.purpose == Purpose::Page) else { return Ok(()) };
    let tree = tree(tx, &ctx.config)?;
    let mut state = load(tx, &row)?;
    let actions = next(&mut state, &tree, event, now);
    (row.state, row.next, row.next_at) = (state.state, state.next, state.next_at);
    tx.save_run(now, &row)?;
    // A person takes a page by a step: that step's contact is who has it.
    let of_step = match event {
        Event::Heard { step, state: StepState::Acknowledged } => state.told.iter().find(|t| t.id == *step),
        _ => None,
    };
    let of_step = of_step.map(|t| By { name: t.contact.clone(), how: How::Key });
    let by = by.or(of_step.as_ref());
    let telling = Telling { tx, ctx, now, run: &row, tree: &tree };
    let mut at = None;
    for action in actions {
        if let Action::Tell { at: told_at, .. } = &action {
            at = Some(*told_at);
        }
        match action {
            Action::Tell { rung, channel, at, pages } => telling.tell(rung, channel, at, &pages)?,
            Action::TellTaken { phones, pages } => telling.tell_taken(&phones, &pages, by)?,
            Action::CallOff { step } => call_off(tx, now, step)?,
            Action::Page { page, state } => set_page(tx, now, page, state, by, why)?,
            Action::Exhausted { pages } => exhausted(tx, now, &row, &tree, &pages)?,
        }
    }
    // Whoever could not be told after all, as where a number was called too often, is not waited for, unless the tree
    // begins anew.
    let reached = |told: &Told| Some(told.at) == at && !told.state.is_spent();
    let skips = |state: &RunState| !state.told.iter().any(reached) && !state.starts_over(&tree);
    if at.is_some() && skips(&load(tx, &row)?) {
        row.next_at = Some(now);
        tx.save_run(now, &row)?;
        return happen(tx, ctx, now, run, &Event::Time, None, None);
    }
    Ok(())
}

/// What was heard of a step, with its reason where there is one.
pub(super) fn heard(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    step: &StepRow,
    state: StepState,
    look_at: Option<DateTime<Utc>>,
    detail: Option<&str>,
) -> Result<(), Error> {
    // The run is moved first: it compares with what was known.
    let happened = state != step.state;
    if happened {
        happen(tx, ctx, now, step.run, &Event::Heard { step: step.id, state }, None, None)?;
    }
    tx.set_step(now, step.id, state, look_at, detail)?;
    if happened {
        let words = telling::heard_words(step, state, detail);
        for page in tx.pages_of_step(step.id)? {
            note(tx, now, page, &words)?;
        }
    }
    Ok(())
}

fn set_page(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    page: i64,
    state: PageState,
    by: Option<&By>,
    why: Option<&str>,
) -> Result<(), Error> {
    let by = by.filter(|_| state == PageState::Acknowledged);
    tx.set_page(now, page, state, by.map(|b| (b.name.as_str(), b.how)), why.filter(|_| by.is_none()))?;
    let words = match (state, by) {
        (PageState::Acknowledged, Some(by)) => format!("{} has it ({}).", by.name, telling::how_words(by.how)),
        (PageState::Acknowledged, None) => "Somebody has it.".to_owned(),
        (PageState::Exhausted, _) => "Everybody on the call tree was told, and nobody has it.".to_owned(),
        (PageState::Ended, _) => format!("The page ended: {}.", why.unwrap_or("it is no longer needed")),
        (PageState::Running | PageState::Waiting, _) => return Ok(()),
    };
    let entity = tx.page(page)?.map(|p| p.entity.0).unwrap_or_default();
    let fact = format!("page {page} {} for {entity}", state.word());
    let mut draft = Draft::new(Kind::Paged, fact).text(words.clone());
    if let Some(key) = tx.incidents_of_page(page)?.first() {
        draft = draft.incident(*key);
    }
    tx.append(now, &draft)?;
    note(tx, now, page, &words)?;
    if state == PageState::Acknowledged {
        settle_alerts(tx, now, page)?;
        if let Some(by) = by {
            delivered::answered(tx, now, page, &by.name, by.how)?;
        }
    }
    Ok(())
}

/// Writes on the timelines of a page's tickets.
pub(super) fn note(tx: &Tx<'_>, now: DateTime<Utc>, page: i64, words: &str) -> Result<(), Error> {
    for ticket in tickets(tx, page)? {
        tx.add_to_timeline(ticket, now, "page", None, words)?;
    }
    Ok(())
}

pub(super) fn tickets(tx: &Tx<'_>, page: i64) -> Result<BTreeSet<TicketId>, Error> {
    let mut out = BTreeSet::new();
    for key in tx.incidents_of_page(page)? {
        out.extend(tx.incident(key)?.and_then(|i| i.ticket));
    }
    Ok(out)
}

/// Whoever has the page has seen the desk's alerts too: they want no answer any more.
fn settle_alerts(tx: &Tx<'_>, now: DateTime<Utc>, page: i64) -> Result<(), Error> {
    for ticket in tickets(tx, page)? {
        for row in tx.deliveries_of(ticket)? {
            if row.kind == delivery::Kind::Native && matches!(row.state, State::Accepted | State::Delivered) {
                tx.change_delivery(row.id, Of::Acknowledge, now)?;
            }
        }
    }
    Ok(())
}

/// Takes back what waits in the outbox; what has left is hung up by the follower, which looks at it soon.
fn call_off(tx: &Tx<'_>, now: DateTime<Utc>, step: i64) -> Result<(), Error> {
    let Some(row) = tx.step(step)? else { return Ok(()) };
    let taken_back = match row.delivery {
        Some(delivery) => tx.change_delivery(delivery, Of::Cancel, now)?.is_some(),
        None => true,
    };
    tx.set_step(now, step, StepState::Cancelled, (!taken_back).then(|| now + SOON), Some("no longer needed"))
}

/// Whether a delivery tells of something that nobody waits for any more: sent again it would only wake somebody.
///
/// # Errors
/// The store's.
pub fn is_pointless(tx: &Tx<'_>, delivery: DeliveryId) -> Result<bool, Error> {
    let Some(step) = tx.step_of_delivery(delivery)? else { return Ok(false) };
    let Some(run) = tx.run(step.run)? else { return Ok(true) };
    Ok(step.state == StepState::Cancelled || !matches!(run.state, PageState::Running | PageState::Waiting))
}

/// A person has a delivery sent again: what becomes of it is heard of anew.
///
/// # Errors
/// The store's.
pub fn redriven(tx: &Tx<'_>, now: DateTime<Utc>, delivery: DeliveryId) -> Result<(), Error> {
    match tx.step_of_delivery(delivery)? {
        Some(step) => tx.set_step(now, step.id, StepState::Queued, None, Some("sent again by hand")),
        None => Ok(()),
    }
}

const UNTAKEN: &str = "Look at it now: nobody has it. `nightdesk pages` lists who was told and when.";

/// ND-8: no silent end.
fn exhausted(tx: &Tx<'_>, now: DateTime<Utc>, run: &RunRow, tree: &Tree, pages: &BTreeSet<i64>) -> Result<(), Error> {
    let (several, n) = (pages.len() != 1, pages.len());
    let what = if several { format!("{n} pages") } else { "a page".to_owned() };
    let told = match tree.rungs.iter().any(|r| !r.channels.is_empty()) {
        true => format!("Nobody took {what}: everybody on the call tree was told {} times", tree.rounds),
        false if tree.rungs.is_empty() => {
            format!("Nobody could be told of {what}: there is nobody to call or no carrier")
        }
        false => format!("Nobody could be told of {what}: no contact of the call tree can be reached"),
    };
    tx.append(now, &Draft::new(Kind::Alarm, format!("run {} exhausted", run.id)).text(told.clone()))?;
    announce::alarm(tx, now, &format!("exhausted:{}", run.id), &told, UNTAKEN)
}

/// The SOC has closed an incident: a page ends with the last of its incidents.
pub(crate) fn incident_over(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, key: IncidentKey) -> Result<(), Error> {
    over(tx, ctx, now, key, "the SOC closed the incident")
}

/// A person has closed an incident's ticket.
pub(crate) fn forget_closed_ticket(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    key: IncidentKey,
    actor: &str,
) -> Result<(), Error> {
    over(tx, ctx, now, key, &format!("{actor} closed its ticket"))
}

fn over(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, key: IncidentKey, why: &str) -> Result<(), Error> {
    for page in tx.pages_of_incident(key)?.into_iter().filter(|p| p.state.is_open()) {
        let mut left = false;
        for other in tx.incidents_of_page(page.id)?.into_iter().filter(|other| *other != key) {
            let ticket = tx.incident(other)?.filter(|i| i.is_open).and_then(|i| i.ticket);
            left |= ticket.map(|t| tx.ticket(t)).transpose()?.flatten().is_some_and(|t| t.state.is_open());
        }
        if !left {
            happen(tx, ctx, now, page.run, &Event::Over { pages: [page.id].into() }, None, Some(why))?;
        }
    }
    Ok(())
}
