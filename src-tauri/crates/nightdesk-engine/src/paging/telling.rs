//! Telling a contact: steps, codes, and what leaves through the outbox.

use super::carry::{self, By};
use super::opening::window;
use super::words;
use crate::contacts;
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::budget::{Ask, Budget, Reason};
use nightdesk_core::config::{Channel, Contact};
use nightdesk_core::delivery::Kind;
use nightdesk_core::ids::{IncidentKey, TicketId};
use nightdesk_core::message::Code;
use nightdesk_core::paging::{How, PageState, Position, StepState, Suppressed, Tree};
use nightdesk_core::port::{CallOut, TextOut};
use nightdesk_store::{Error, NewDelivery, NewStep, PageRow, Purpose, RunRow, StepRow, Tx};
use std::collections::{BTreeMap, BTreeSet};

/// What the marker of a text begins with that says who has a page.
const TAKEN: &str = "taken:";

/// Seconds after which a text is of no use: the next step has begun by then, and a stale alert misleads.
const TEXT_SECONDS: u32 = 900;

/// Calls that began longer ago count for no budget.
const CALLS_COUNT_FOR: Duration = Duration::hours(1);

/// Minutes that a call may be held by the number's budget; the next step begins by then.
const LONGEST_CALL_HOLD: i64 = 5;

/// Codes of texts that are younger are given out once: no run takes longer to tell everybody as often as is set.
const CODES_COUNT_FOR: Duration = Duration::days(7);

/// How often a code is drawn before one that was given out is taken again: with 9,000 codes that is never.
const DRAWS: u32 = 64;

/// Where people are told.
pub(super) struct Telling<'a> {
    pub tx: &'a Tx<'a>,
    pub ctx: &'a Context,
    pub now: DateTime<Utc>,
    pub run: &'a RunRow,
    pub tree: &'a Tree,
}

impl Telling<'_> {
    /// Tells a contact of pages by one channel: a text for each client, or one call for all.
    pub fn tell(&self, rung: usize, channel: Channel, at: Position, pages: &BTreeSet<i64>) -> Result<(), Error> {
        let Some(contact) = self.ctx.config.contacts.get(rung) else { return Ok(()) };
        let pages = self.pages(pages)?;
        match channel {
            Channel::Sms => {
                let mut clients: BTreeMap<String, Vec<PageRow>> = BTreeMap::new();
                for page in pages {
                    clients.entry(page.matter.client.clone()).or_default().push(page);
                }
                for pages in clients.values() {
                    let code = self.code_to(contact)?;
                    let text = words::page_text(&self.ctx.config.paging, pages, &contact.name, code);
                    self.text(contact, at, pages, code, text)?;
                }
                Ok(())
            }
            Channel::Call => {
                let call = words::page_call(&self.ctx.config.paging, &pages, &contact.name);
                self.call(contact, at, &pages, call)
            }
        }
    }

    fn pages(&self, ids: &BTreeSet<i64>) -> Result<Vec<PageRow>, Error> {
        Ok(self.tx.pages_of_run(self.run.id)?.into_iter().filter(|p| ids.contains(&p.id)).collect())
    }

    /// A code that no text has that can still be answered: of a page within the window, or of one that runs for longer.
    fn code(&self) -> Result<Code, Error> {
        let since = self.now - window(self.ctx).max(CODES_COUNT_FOR);
        let mut code = Code::at(rand::random());
        for _ in 0..DRAWS {
            if !self.tx.is_code_taken(&code.to_string(), since)? {
                break;
            }
            code = Code::at(rand::random());
        }
        Ok(code)
    }

    /// A code for a contact whose replies come back. Whoever is asked for one that never arrives believes to have it.
    pub fn code_to(&self, contact: &Contact) -> Result<Option<Code>, Error> {
        if contacts::can_reply(&contact.phone) { self.code().map(Some) } else { Ok(None) }
    }

    /// Queues a text.
    pub fn text(
        &self,
        contact: &Contact,
        at: Position,
        pages: &[PageRow],
        code: Option<Code>,
        text: TextOut,
    ) -> Result<(), Error> {
        let code = code.map(|code| code.to_string());
        let step = self.step(contact, at, Channel::Sms, pages, code.as_deref(), StepState::Queued, None)?;
        let expires = self.now + Duration::seconds(i64::from(TEXT_SECONDS));
        let payload = serde_json::to_value(TextOut { valid_for: TEXT_SECONDS, ..text })?;
        self.queue(step, Kind::Sms, contact, pages, payload, self.now, expires)?;
        self.say(pages, &format!("Texting {}.", contact.name))
    }

    /// Queues a call, within what the carrier lets one number be called.
    pub fn call(&self, contact: &Contact, at: Position, pages: &[PageRow], call: CallOut) -> Result<(), Error> {
        let (due, reason) = self.free_at(&contact.phone)?;
        if let Some(why) = reason.filter(|_| due > self.now + Duration::minutes(LONGEST_CALL_HOLD)) {
            let why = why.to_string();
            self.pass_over(contact, at, Channel::Call, pages, &why)?;
            return self.say(pages, &format!("{} isn't called now: {why}.", contact.name));
        }
        let step = self.step(contact, at, Channel::Call, pages, None, StepState::Queued, None)?;
        let rung = self.tree.rungs.iter().find(|r| r.contact == contact.name && r.phone == contact.phone);
        let wait = rung.map_or(Duration::minutes(5), |r| r.wait);
        let expires = due + wait.max(Duration::minutes(LONGEST_CALL_HOLD));
        let payload = serde_json::to_value(CallOut { extension: contact.extension.clone(), ..call })?;
        self.queue(step, Kind::Call, contact, pages, payload, due, expires)?;
        self.say(pages, &format!("Calling {}.", contact.name))
    }

    /// A channel of a contact that isn't tried, on record with its reason.
    pub fn pass_over(
        &self,
        contact: &Contact,
        at: Position,
        channel: Channel,
        pages: &[PageRow],
        why: &str,
    ) -> Result<(), Error> {
        self.step(contact, at, channel, pages, None, StepState::Skipped, Some(why)).map(drop)
    }

    /// When a number may be called, and what holds it until then.
    fn free_at(&self, phone: &str) -> Result<(DateTime<Utc>, Option<Reason>), Error> {
        let (mut budget, ask) = (Budget::default(), Ask::Call { to: phone });
        for left in self.tx.calls_between(phone, self.now - CALLS_COUNT_FOR, self.now)? {
            budget.spent(ask, left);
        }
        Ok((budget.earliest(ask, self.now), budget.check(ask, self.now, self.now).err().map(|wait| wait.reason)))
    }

    #[allow(clippy::too_many_arguments)] // a step's parts, from two callers above
    fn step(
        &self,
        contact: &Contact,
        at: Position,
        channel: Channel,
        pages: &[PageRow],
        code: Option<&str>,
        state: StepState,
        detail: Option<&str>,
    ) -> Result<i64, Error> {
        let (name, phone) = (contact.name.as_str(), contact.phone.as_str());
        let pages: BTreeSet<i64> = pages.iter().map(|p| p.id).collect();
        self.tx.add_step(
            self.now,
            &NewStep { run: self.run.id, at, contact: name, phone, channel, state, code, detail, pages: &pages },
        )
    }

    #[allow(clippy::too_many_arguments)] // a delivery's parts, from two callers above
    fn queue(
        &self,
        step: i64,
        kind: Kind,
        contact: &Contact,
        pages: &[PageRow],
        payload: serde_json::Value,
        due_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), Error> {
        let (incident, ticket) = self.about(pages)?;
        let new = NewDelivery {
            kind,
            destination: contact.phone.clone(),
            marker: format!("step:{step}"),
            payload,
            due_at,
            expires_at: Some(expires_at),
            incident,
            ticket,
            fallback_of: None,
            cause: self.run.cause.clone(),
        };
        match self.tx.queue(self.now, &new)? {
            Some(delivery) => self.tx.step_leaves_as(step, delivery),
            None => Ok(()),
        }
    }

    /// The first incident and ticket, which a delivery is shown with.
    fn about(&self, pages: &[PageRow]) -> Result<(Option<IncidentKey>, Option<TicketId>), Error> {
        let Some(first) = pages.first() else { return Ok((None, None)) };
        let Some(key) = self.tx.incidents_of_page(first.id)?.first().copied() else { return Ok((None, None)) };
        // In the transaction that meets the incident, its row comes after its ticket.
        Ok((Some(key), self.tx.incident(key)?.and_then(|i| i.ticket)))
    }

    fn say(&self, pages: &[PageRow], words: &str) -> Result<(), Error> {
        pages.iter().try_for_each(|page| carry::note(self.tx, self.now, page.id, words))
    }

    /// Texts those who were told that somebody has it.
    pub fn tell_taken(&self, phones: &BTreeSet<String>, pages: &BTreeSet<i64>, by: Option<&By>) -> Result<(), Error> {
        let pages = self.pages(pages)?;
        let who = by.map_or("Somebody", |b| b.name.as_str());
        for phone in phones {
            let Some(contact) = self.texted(phone)? else { continue };
            let Some(first) = pages.first() else { continue };
            let (incident, ticket) = self.about(&pages)?;
            let open = u32::try_from(self.tx.open_pages_told_to(phone)?).unwrap_or(u32::MAX);
            let taken = words::Taken { by: who, code: self.code_for(phone, &pages)?, open };
            let text = words::taken_text(&self.ctx.config.paging, &pages, &contact, &taken);
            self.tx.queue(
                self.now,
                &NewDelivery {
                    kind: Kind::Sms,
                    destination: phone.clone(),
                    marker: format!("{TAKEN}{}:{}:{phone}", self.run.id, first.id),
                    payload: serde_json::to_value(TextOut { valid_for: TEXT_SECONDS, ..text })?,
                    due_at: self.now,
                    expires_at: Some(self.now + Duration::seconds(i64::from(TEXT_SECONDS))),
                    incident,
                    ticket,
                    fallback_of: None,
                    cause: self.run.cause.clone(),
                },
            )?;
        }
        Ok(())
    }

    /// The code of the last text that told a number of all these pages.
    fn code_for(&self, phone: &str, pages: &[PageRow]) -> Result<Option<Code>, Error> {
        for step in self.tx.steps_of_run(self.run.id)?.into_iter().rev().filter(|s| s.phone == phone) {
            let Some(code) = step.code.as_deref().and_then(Code::from_digits) else { continue };
            let told = self.tx.pages_of_step(step.id)?;
            if pages.iter().all(|p| told.contains(&p.id)) {
                return Ok(Some(code));
            }
        }
        Ok(None)
    }

    /// Who is texted at a number: as the tree has it; whoever was taken out of the tree meanwhile and had a text of this
    /// run isn't left to go on working on it.
    fn texted(&self, phone: &str) -> Result<Option<String>, Error> {
        if let Some(rung) = self.tree.rungs.iter().find(|r| r.phone == phone) {
            return Ok(rung.channels.contains(&Channel::Sms).then(|| rung.contact.clone()));
        }
        let known = self.tx.contact(phone)?;
        if !known.is_some_and(|c| c.verified.is_some() && c.text_obstacle.is_none()) {
            return Ok(None);
        }
        let had_text = |s: &StepRow| s.phone == phone && s.channel == Channel::Sms;
        Ok(self.tx.steps_of_run(self.run.id)?.into_iter().find(had_text).map(|s| s.contact))
    }
}

/// What a person must know at once who reads that this delivery failed: nobody is waited for, whatever it sounds like.
pub(crate) fn comfort(marker: &str) -> Option<&'static str> {
    marker.starts_with(TAKEN).then_some("the page itself is acknowledged, and only the word of who has it was lost")
}

/// A text that was leaving while it was called off has left after all: its reader hears who has it.
pub(super) fn tell_late(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, step: &StepRow) -> Result<(), Error> {
    let Some(run) = tx.run(step.run)?.filter(|r| r.purpose == Purpose::Page) else { return Ok(()) };
    let mut taken: BTreeMap<(String, How), BTreeSet<i64>> = BTreeMap::new();
    for page in tx.pages_of_step(step.id)? {
        let page = tx.page(page)?.filter(|p| p.state == PageState::Acknowledged);
        let by = page.as_ref().and_then(|p| Some((p.acknowledged_by.clone()?, p.acknowledged_how?)));
        // Whoever took it by another channel needn't be told.
        if let Some((page, by)) = page.zip(by).filter(|(_, (name, _))| *name != step.contact) {
            taken.entry(by).or_default().insert(page.id);
        }
    }
    let tree = carry::tree(tx, &ctx.config)?;
    let telling = Telling { tx, ctx, now, run: &run, tree: &tree };
    for ((name, how), pages) in taken {
        telling.tell_taken(&BTreeSet::from([step.phone.clone()]), &pages, Some(&By { name, how }))?;
    }
    Ok(())
}

/// What a timeline says of a step.
pub fn heard_words(step: &StepRow, state: StepState, detail: Option<&str>) -> String {
    let who = &step.contact;
    let text = step.channel == Channel::Sms;
    let why = detail.map(|d| format!(": {d}")).unwrap_or_default();
    match state {
        StepState::Queued if text && detail.is_some() => format!("The text to {who} waits to leave{why}."),
        StepState::Queued => format!("{who} waits for a line."),
        StepState::Sent if text => format!("The carrier has the text to {who}."),
        StepState::Sent => format!("The carrier calls {who}."),
        StepState::Delivered => format!("The text to {who} was delivered."),
        StepState::Ringing => format!("{who}'s phone rings."),
        StepState::Answered => format!("{who}'s phone was answered."),
        StepState::Voicemail => format!("{who}'s voicemail took the call; that is nobody."),
        StepState::NoAnswer => format!("{who} didn't answer."),
        StepState::Busy => format!("{who}'s line was busy."),
        StepState::NoKey => format!("{who}'s phone was answered, and nobody pressed a key."),
        StepState::PassedOn => format!("{who} passed it on."),
        StepState::Acknowledged => format!("{who} took it."),
        StepState::Failed if text => format!("The text to {who} failed{why}."),
        StepState::Failed => format!("The call to {who} failed{why}."),
        StepState::Skipped => format!("{who} was passed over{why}."),
        StepState::Cancelled if text => format!("The text to {who} was taken back."),
        StepState::Cancelled => format!("The call to {who} was ended: it is no longer needed."),
        StepState::Unconfirmed => format!("The network never said whether the text reached {who}."),
    }
}

/// How somebody took a page, in words.
pub fn how_words(how: How) -> &'static str {
    match how {
        How::Key => "pressed 1",
        How::Reply => "replied with the code",
        How::App => "in Nightdesk",
        How::Command => "on the command line",
    }
}

/// Why nobody was paged, in words.
pub fn suppressed_words(reason: Suppressed, until: Option<DateTime<Utc>>) -> String {
    let until = until.map(|u| u.format(" until %Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
    match reason {
        Suppressed::Window => format!("Nobody is paged: somebody has the same host or identity already{until}."),
        Suppressed::OldNews => "Nobody is paged: the report is more than a day old.".to_owned(),
        Suppressed::Nobody => "Nobody is paged: no contact of the call tree can be reached.".to_owned(),
        Suppressed::NotArmed => "Nobody is paged: paging isn't set up.".to_owned(),
        Suppressed::ArmedLater => "Nobody was paged: it was open already when paging was first set up.".to_owned(),
    }
}
