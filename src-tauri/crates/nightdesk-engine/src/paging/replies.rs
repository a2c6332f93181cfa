//! Texts that come back: polled, because a desk behind a router has no address that a carrier could call.

use super::carry::{By, happen};
use crate::contacts;
use crate::context::Context;
use crate::db::Db;
use crate::pulse::Pulse;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::Channel;
use nightdesk_core::message::{reply_code, starts_again};
use nightdesk_core::paging::{Event, How, StepState};
use nightdesk_core::port::{Carrier, CarrierError, Reply};
use nightdesk_store::{Error, Purpose, StepRow, TextObstacle, Tx};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::task::JoinSet;

/// How long a text can be answered once it was sent and what it tells of doesn't run any more.
const ANSWERABLE: Duration = Duration::hours(2);

/// How often replies are asked for while somebody is waited for.
const EVERY: Duration = Duration::seconds(5);

/// How often afterwards: a late answer is still one.
const LATER_EVERY: Duration = Duration::seconds(60);

/// Clocks differ: START may seem older than the refusal that told of STOP. A START too many costs one more refusal.
const BEFORE_STOP: Duration = Duration::minutes(5);

/// A number that was stopped for so long is verified by a text before it is texted again.
const LONGEST_STOPPED: Duration = Duration::days(90);

/// How long the carrier may take.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

/// Who is asked about, and when next.
pub(super) struct Replies {
    db: Db,
    pulse: Pulse,
    carrier: Arc<dyn Carrier>,
    next: BTreeMap<String, DateTime<Utc>>,
    /// How often in a row a number could not be asked about: a carrier that refuses isn't hammered.
    vain: BTreeMap<String, u32>,
    questions: JoinSet<(String, bool)>,
    busy: Vec<String>,
}

impl Replies {
    pub fn new(db: Db, pulse: Pulse, carrier: Arc<dyn Carrier>) -> Self {
        Self {
            db,
            pulse,
            carrier,
            next: BTreeMap::new(),
            vain: BTreeMap::new(),
            questions: JoinSet::new(),
            busy: Vec::new(),
        }
    }

    /// Whether nothing is under way.
    pub fn is_idle(&self) -> bool {
        self.questions.is_empty()
    }

    /// Completes with the next answer.
    pub async fn answered(&mut self) {
        if let Some(Ok((phone, answered))) = self.questions.join_next().await {
            self.busy.retain(|p| *p != phone);
            match answered {
                true => drop(self.vain.remove(&phone)),
                false => *self.vain.entry(phone).or_default() += 1,
            }
        }
    }

    /// Asks for what is due; answers when to look again, where the store failed.
    pub async fn go_on(&mut self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let waited = match self.db.read(move |tx| waited_for(tx, now)).await {
            Ok(waited) => waited,
            Err(error) => {
                tracing::error!(%error, "who may reply could not be read");
                return Some(now + EVERY);
            }
        };
        self.next.retain(|phone, _| waited.contains_key(phone));
        for (phone, asked) in waited {
            let every = if asked.is_urgent { EVERY } else { LATER_EVERY };
            let every = self.vain.get(&phone).map_or(every, |n| (EVERY * (1 << n.min(&4))).max(every).min(LATER_EVERY));
            // A time in the future comes from a clock that was set back.
            let last = self.next.get(&phone).copied().filter(|last| *last <= now);
            let due = last.map_or(if asked.since > now { now } else { asked.since + EVERY }, |last| last + every);
            if due > now || self.busy.contains(&phone) {
                self.next.entry(phone).or_insert(asked.since);
                continue;
            }
            self.next.insert(phone.clone(), now);
            self.busy.push(phone.clone());
            let (db, pulse, carrier) = (self.db.clone(), self.pulse.clone(), self.carrier.clone());
            self.questions.spawn(async move {
                let answered = ask(&db, &pulse, carrier.as_ref(), &phone, asked.since).await;
                (phone, answered)
            });
        }
        None
    }

    /// When the next number is asked about. To be called once what was asked has been answered, or a number that is
    /// being asked about would be left out.
    pub fn next(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let waiting = self.next.iter().filter(|(phone, _)| !self.busy.contains(phone));
        waiting.map(|(_, last)| *last + EVERY).min().map(|at| at.max(now + Duration::seconds(1)))
    }
}

/// What is asked about a number.
struct Asked {
    since: DateTime<Utc>,
    is_urgent: bool,
}

/// The numbers that may reply, since their first text that still counts.
fn waited_for(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<BTreeMap<String, Asked>, Error> {
    let mut out: BTreeMap<String, Asked> = BTreeMap::new();
    for step in tx.answerable_texts(now - ANSWERABLE)? {
        if !is_answerable(tx, &step)? {
            continue;
        }
        let open = tx.run(step.run)?.is_some_and(|r| r.state.is_open());
        let asked = out.entry(step.phone).or_insert(Asked { since: step.began_at, is_urgent: false });
        asked.since = asked.since.min(step.began_at);
        asked.is_urgent |= open;
    }
    for (phone, since) in opted_out(tx, now)? {
        out.entry(phone).or_insert(Asked { since: since.min(now) - BEFORE_STOP, is_urgent: false });
    }
    Ok(out)
}

/// The numbers of the call tree that have sent STOP, and when the desk heard of it: the carrier lets texts through again
/// once START has come, and tells nobody.
fn opted_out(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Vec<(String, DateTime<Utc>)>, Error> {
    let mut out = Vec::new();
    for row in tx.contacts()? {
        out.extend(row.text_obstacle.filter(|(why, _)| *why == TextObstacle::OptedOut).map(|(_, at)| (row.phone, at)));
    }
    out.retain(|(_, at)| now - *at < LONGEST_STOPPED);
    if out.is_empty() {
        return Ok(out);
    }
    let config = Context::load(tx)?.config;
    out.retain(|(phone, _)| config.paging.is_set_up() && config.contacts.iter().any(|c| c.phone == *phone));
    Ok(out)
}

/// A text that left and that nobody has answered: the pages it tells of wait for somebody, or were given up.
fn is_answerable(tx: &Tx<'_>, step: &StepRow) -> Result<bool, Error> {
    if !step.state.was_told() || step.state == StepState::Acknowledged {
        return Ok(false);
    }
    let Some(run) = tx.run(step.run)? else { return Ok(false) };
    if run.purpose != Purpose::Page {
        return Ok(run.state.is_open());
    }
    for page in tx.pages_of_step(step.id)? {
        let state = tx.page(page)?.map(|p| p.state);
        if state.is_some_and(|s| s.is_open() || s == nightdesk_core::paging::PageState::Exhausted) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn ask(db: &Db, pulse: &Pulse, carrier: &dyn Carrier, phone: &str, since: DateTime<Utc>) -> bool {
    let found = tokio::time::timeout(PATIENCE, carrier.replies(phone, since)).await;
    let found = found.unwrap_or_else(|_| Err(CarrierError::Unreachable("no answer in time".to_owned())));
    let replies = match found {
        Ok(replies) => replies,
        Err(error) => {
            tracing::warn!(%error, "replies could not be asked for");
            return false;
        }
    };
    if replies.is_empty() {
        return true;
    }
    let now = pulse.clock().now();
    let taken = db.write(move |tx| replies.iter().try_for_each(|reply| take_in(tx, now, reply))).await;
    if let Err(error) = taken {
        tracing::error!(%error, "a reply could not be stored; it will be asked for again");
    }
    pulse.beat();
    true
}

/// A reply counts when it names the code of a text about a page that its sender was told of; anything else is kept and
/// changes nothing.
fn take_in(tx: &Tx<'_>, now: DateTime<Utc>, reply: &Reply) -> Result<(), Error> {
    if tx.knows_reply(&reply.id)? {
        return Ok(());
    }
    if starts_again(&reply.body) {
        let known = tx.contact(&reply.from)?.and_then(|c| c.text_obstacle);
        if known.is_some_and(|(why, _)| why == TextObstacle::OptedOut) {
            tx.set_text_obstacle(&reply.from, now, None)?;
        }
    }
    let code = reply_code(&reply.body).map(|code| code.to_string());
    let ctx = Context::load(tx)?;
    let mut named = tx.answerable_texts(now - ANSWERABLE)?;
    named.retain(|s| code.is_some() && s.code == code);
    let answered = match named.iter().find(|s| s.phone == reply.from) {
        Some(own) => Some((own.clone(), tx.pages_of_step(own.id)?)),
        None => of_another(tx, &ctx, &reply.from, &named)?,
    };
    tx.add_reply(&reply.id, &reply.from, reply.at, &reply.body, answered.as_ref().map(|(s, _)| s.id))?;
    let Some((step, pages)) = answered else {
        tracing::info!("a reply without a code of ours was kept");
        return Ok(());
    };
    // A text that tells of more than was taken can still be answered.
    if tx.pages_of_step(step.id)?.is_subset(&pages) {
        tx.set_step(now, step.id, StepState::Acknowledged, None, Some("replied"))?;
    }
    let by = By { name: step.contact.clone(), how: How::Reply };
    let event = Event::Taken { pages, phone: Some(step.phone.clone()) };
    happen(tx, &ctx, now, step.run, &event, Some(&by), None)
}

/// A code that somebody else was sent counts for whoever is in the tree with this verified number and was told of the
/// same page by a text: answers their own text, and those pages that both tell of.
fn of_another(
    tx: &Tx<'_>,
    ctx: &Context,
    phone: &str,
    named: &[StepRow],
) -> Result<Option<(StepRow, BTreeSet<i64>)>, Error> {
    let known = contacts::reachable(tx, &ctx.config)?;
    if !known.iter().any(|r| r.contact.phone == phone && r.known.verified.is_some()) {
        return Ok(None);
    }
    for text in named {
        let meant = tx.pages_of_step(text.id)?;
        let steps = tx.steps_of_run(text.run)?.into_iter().rev();
        for own in steps.filter(|s| s.phone == phone && s.channel == Channel::Sms && s.state.was_told()) {
            let both: BTreeSet<i64> = tx.pages_of_step(own.id)?.intersection(&meant).copied().collect();
            if !both.is_empty() {
                return Ok(Some((own, both)));
            }
        }
    }
    Ok(None)
}
