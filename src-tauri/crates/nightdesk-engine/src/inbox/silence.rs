//! Webhooks that fell silent. A receiver that nothing comes to looks just like a quiet night, so what polls find and no
//! webhook brought is the evidence.

use crate::announce;
use crate::context::Context;
use crate::receiver::receiver_state;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use nightdesk_core::incident::Incident;
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_store::{Error, Setting, Topic, Tx};
use serde::{Deserialize, Serialize};

/// Silence is reported after so many hours: longer than the longest pause between two of Huntress's attempts (10 h), and
/// well within the day.
const AFTER_HOURS: i64 = 12;

/// What polls found since the last webhook, and no webhook brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// When the first of them was found.
    pub since: DateTime<Utc>,
    /// How many.
    pub incidents: u32,
    /// Whether it has lasted so long that it was reported.
    #[serde(skip)]
    pub reported: bool,
}

/// What is lost meanwhile: minutes, and no incident.
const POLLED: &str = "Polls go on: incidents come in with the next one, only later than by a webhook.";

impl Silence {
    /// A sentence for people.
    pub fn words(&self) -> String {
        let since = self.since.to_rfc3339_opts(SecondsFormat::Secs, true);
        let incidents =
            if self.incidents == 1 { "1 new incident" } else { &format!("{} new incidents", self.incidents) };
        format!(
            "Huntress's webhooks have fallen silent: since {since} polls have found {incidents} that no webhook brought. Look at \
             the endpoint's delivery attempts in Huntress, and run: nightdesk doctor"
        )
    }
}

/// The silence that lasts now, if polls have found anything that webhooks should have brought.
///
/// # Errors
/// The store's.
pub fn silence(tx: &Tx<'_>) -> Result<Option<Silence>, Error> {
    let found: Option<Silence> = tx.setting(Setting::WebhookInMissed)?.and_then(|s| serde_json::from_str(&s).ok());
    let reported = tx.mark(Setting::WebhookInSilentAt)?.is_some();
    Ok(found.map(|silence| Silence { reported, ..silence }))
}

/// A poll brought a new incident that webhooks should have brought first, where there is a receiver. What was reported
/// before it listened was never going to be posted here.
pub(crate) fn missed(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, incident: &Incident) -> Result<(), Error> {
    if !ctx.config.webhook_in.is_set_up() {
        return Ok(());
    }
    let since = receiver_state(tx)?.since;
    let reported = incident.sent_at.or(incident.updated_at);
    if since.is_none() || reported.is_none_or(|at| Some(at) < since) {
        return Ok(());
    }
    let silence = match silence(tx)? {
        Some(before) => Silence { incidents: before.incidents.saturating_add(1), ..before },
        None => Silence { since: now, incidents: 1, reported: false },
    };
    tx.set(Setting::WebhookInMissed, Some(&serde_json::to_string(&silence)?))
}

/// A webhook came that tells of something: they aren't silent.
pub(super) fn heard(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    let Some(silence) = silence(tx)? else { return Ok(()) };
    tx.set(Setting::WebhookInMissed, None)?;
    if silence.reported {
        tx.set_mark(Setting::WebhookInSilentAt, None)?;
        tx.append(now, &Draft::new(Kind::Alarm, "webhooks are heard again"))?;
        tx.touch(Topic::Webhooks);
    }
    Ok(())
}

/// When silence is to be reported.
pub(super) enum Next {
    Never,
    At(DateTime<Utc>),
    Now,
}

pub(super) fn next(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Next, Error> {
    let Some(silence) = silence(tx)?.filter(|s| !s.reported) else { return Ok(Next::Never) };
    let due = silence.since + Duration::hours(AFTER_HOURS);
    Ok(if due <= now { Next::Now } else { Next::At(due) })
}

/// Reports it: alarm, ledger, and whoever is told of the desk's own troubles.
pub(super) fn report(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    let Some(silence) = silence(tx)? else { return Ok(()) };
    if !Context::load(tx)?.config.webhook_in.is_set_up() {
        // The receiver was given up meanwhile, and polls are all there is to be.
        return tx.set(Setting::WebhookInMissed, None);
    }
    tracing::error!(incidents = silence.incidents, "webhooks have fallen silent while polls find new incidents");
    tx.set_mark(Setting::WebhookInSilentAt, Some(now))?;
    let since = silence.since.to_rfc3339_opts(SecondsFormat::Secs, true);
    tx.append(now, &Draft::new(Kind::Alarm, format!("webhooks silent since {since}")))?;
    tx.touch(Topic::Webhooks);
    announce::alarm(tx, now, &format!("webhooks-silent:{}", silence.since.timestamp()), &silence.words(), POLLED)
}
