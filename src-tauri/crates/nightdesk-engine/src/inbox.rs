//! What was posted and stored becomes incidents and notices, by the same ingest as what was polled (ND-2). The mark that a
//! post is processed commits with what came of it, so that a crash neither loses one nor does one twice.

mod silence;

pub(crate) use silence::missed;
pub use silence::{Silence, silence};

use crate::context::{Context, Mapping};
use crate::faults;
use crate::ingest::{self, Counts};
use crate::notices::{self, Taken};
use crate::poller::Desk;
use crate::pulse::Pulse;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::delivery::Kind;
use nightdesk_core::ids::IncidentKey;
use nightdesk_core::incident::{Reading, Record};
use nightdesk_core::port::{About, Post, WebhookIn};
use nightdesk_store::{COMPLETING, Error, FirstSeen, LookUpKind, Tx, WaitingWebhook};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Posts that are processed in one transaction: few, because whoever posts at that moment waits for it.
const BATCH: u32 = 8;

/// A report is asked for so long after its webhook: Huntress's list may be a moment behind, and a poll that comes first
/// saves the request.
const COMPLETE_AFTER_SECONDS: i64 = 5;

/// After a failure of the store.
const RETRY_SECONDS: i64 = 10;

/// The task that processes what was stored.
pub(crate) struct Inbox {
    pub desk: Desk,
    pub pulse: Pulse,
    pub webhooks: Arc<dyn WebhookIn>,
    pub stop: CancellationToken,
}

impl Inbox {
    /// The task's name in the pulse.
    pub const NAME: &'static str = "inbox";

    /// Processes until stopped.
    pub async fn run(self) {
        let mut waiter = self.pulse.waiter(Self::NAME);
        while !self.stop.is_cancelled() {
            waiter.look();
            let until = match turn(&self.desk, &self.webhooks).await {
                Ok(done) if done > 0 => {
                    // Everyone, since there may be pages to send and reports to fetch.
                    self.pulse.beat();
                    tokio::task::yield_now().await;
                    continue;
                }
                Ok(_) => self.silence().await,
                Err(error) => {
                    tracing::error!(%error, "stored webhooks could not be processed; trying again");
                    Some(self.pulse.clock().now() + Duration::seconds(RETRY_SECONDS))
                }
            };
            tokio::select! {
                () = waiter.rest(until) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    /// Says that webhooks have fallen silent once that is due; answers when it would be.
    async fn silence(&self) -> Option<DateTime<Utc>> {
        let now = self.pulse.clock().now();
        match self.desk.db.read(move |tx| silence::next(tx, now)).await {
            Ok(silence::Next::Never) => None,
            Ok(silence::Next::At(due)) => Some(due),
            Ok(silence::Next::Now) => {
                if let Err(error) = self.desk.db.write(move |tx| silence::report(tx, now)).await {
                    tracing::error!(%error, "silent webhooks could not be reported");
                    return Some(now + Duration::seconds(RETRY_SECONDS));
                }
                self.pulse.beat();
                None
            }
            Err(error) => {
                tracing::error!(%error, "it could not be seen whether webhooks are silent");
                Some(now + Duration::seconds(RETRY_SECONDS))
            }
        }
    }
}

/// Processes all that waits.
pub(crate) async fn drain(desk: &Desk, webhooks: &Arc<dyn WebhookIn>) -> Result<(), Error> {
    while turn(desk, webhooks).await? > 0 {}
    Ok(())
}

/// Processes the oldest that wait; answers how many it did. While routing is incomplete, or Huntress hasn't named the
/// account yet, they stay where they are.
async fn turn(desk: &Desk, webhooks: &Arc<dyn WebhookIn>) -> Result<usize, Error> {
    let waiting = desk.db.read(waiting).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let posts: Arc<[(WaitingWebhook, Post)]> = waiting
        .into_iter()
        .map(|w| {
            let post = webhooks.read(&w.body);
            (w, post)
        })
        .collect();
    let done = posts.len();
    match process(desk, &posts, 0..done).await {
        Ok(()) => Ok(done),
        // One of them may be what the store can't take. Each by itself then, so that it holds back no other (ND-4).
        Err(error) if done > 1 && is_about_data(&error) => {
            for at in 0..done {
                alone(desk, &posts, at).await?;
            }
            Ok(done)
        }
        Err(error) if is_about_data(&error) => alone(desk, &posts, 0).await.map(|()| 1),
        Err(error) => Err(error),
    }
}

fn waiting(tx: &Tx<'_>) -> Result<Vec<WaitingWebhook>, Error> {
    let waiting = tx.waiting_webhooks(BATCH)?;
    if waiting.is_empty() {
        return Ok(waiting);
    }
    Ok(if is_ready(&Context::load(tx)?) { waiting } else { Vec::new() })
}

/// Whether there is where to file to, and an account to file under.
fn is_ready(ctx: &Context) -> bool {
    ctx.bound.is_some() && ctx.account.is_some()
}

/// Whether trying again can't help.
fn is_about_data(error: &Error) -> bool {
    !matches!(error, Error::Busy | Error::Io(_) | Error::Damaged(_))
}

/// One post in a transaction of its own. What even so can't be processed stays on record with the reason; polls find
/// its incident.
async fn alone(desk: &Desk, posts: &Arc<[(WaitingWebhook, Post)]>, at: usize) -> Result<(), Error> {
    match process(desk, posts, at..at + 1).await {
        Err(error) if is_about_data(&error) => {
            let (id, delivery, now) = (posts[at].0.id, posts[at].0.delivery_id.clone(), desk.clock.now());
            tracing::error!(%delivery, %error, "a stored webhook can't be processed; polls find what it tells of");
            let outcome = format!("could not be processed: {error}");
            desk.db.write(move |tx| tx.webhook_processed(id, now, &outcome)).await
        }
        other => other,
    }
}

async fn process(
    desk: &Desk,
    posts: &Arc<[(WaitingWebhook, Post)]>,
    which: std::ops::Range<usize>,
) -> Result<(), Error> {
    let (now, destinations, posts) = (desk.clock.now(), desk.destinations.clone(), posts.clone());
    desk.db
        .write(move |tx| {
            let ctx = Context::load(tx)?;
            if !is_ready(&ctx) {
                return Ok(());
            }
            let mut mapping = Mapping::load(tx, ctx.account_id())?;
            for (waiting, post) in &posts[which] {
                let at = At { tx, ctx: &ctx, now, destinations: &destinations };
                let outcome = at.take(&mut mapping, waiting, post)?;
                tx.webhook_processed(waiting.id, now, &outcome)?;
            }
            faults::point("inbox.processed");
            Ok::<_, Error>(())
        })
        .await?;
    faults::point("inbox.committed");
    Ok(())
}

/// Where and when a post is taken in.
struct At<'a> {
    tx: &'a Tx<'a>,
    ctx: &'a Context,
    now: DateTime<Utc>,
    destinations: &'a [Kind],
}

impl At<'_> {
    /// Takes one in; answers what came of it, in words for the log.
    fn take(&self, mapping: &mut Mapping, waiting: &WaitingWebhook, post: &Post) -> Result<String, Error> {
        match &post.about {
            About::Unknown(why) => Ok(format!("kept: {why}")),
            About::Notice { notice, said } => {
                match notices::take(self.tx, self.ctx, self.now, self.destinations, notice, Some(*said))? {
                    Taken::In => Ok("taken in as a notice".into()),
                    Taken::Foreign(account) => Ok(format!("not taken in: it belongs to Huntress account {account}")),
                }
            }
            About::Incident { record, comment } => {
                silence::heard(self.tx, self.now)?;
                let mut outcome = self.incident(mapping, waiting, record)?;
                if let Some(text) = comment
                    && self.comment(mapping, waiting, record, text)?
                {
                    outcome.push_str("; its comment is on the ticket");
                }
                Ok(outcome)
            }
        }
    }

    fn incident(&self, mapping: &mut Mapping, waiting: &WaitingWebhook, record: &Record) -> Result<String, Error> {
        let Self { tx, ctx, now, destinations } = *self;
        let one = std::slice::from_ref(record);
        let counts = ingest::page(tx, ctx, mapping, now, one, FirstSeen::Webhook, destinations)?;
        let outcome = words(&counts);
        let Some(key) = self.key(record) else { return Ok(outcome.into()) };
        // The moment that it came, not the one in which its turn was: routing may have been incomplete for days between.
        tx.posted_at(key, waiting.received_at)?;
        // A webhook has less than a report: no kinds of indicators and no remediations.
        let due = now + Duration::seconds(COMPLETE_AFTER_SECONDS);
        tx.want(LookUpKind::Incident, key.account, key.id.0, COMPLETING, due)?;
        Ok(outcome.into())
    }

    /// The incident of a record that is on file as ours.
    fn key(&self, record: &Record) -> Option<IncidentKey> {
        let (Reading::Whole(incident) | Reading::Partial { incident, .. }) = &record.reading else { return None };
        let account = self.ctx.account_id();
        incident.account.is_none_or(|a| a == account).then_some(IncidentKey { account, id: incident.id })
    }

    fn comment(&self, mapping: &Mapping, waiting: &WaitingWebhook, record: &Record, text: &str) -> Result<bool, Error> {
        let Some(key) = self.key(record) else { return Ok(false) };
        // Two of Huntress's endpoints may lead here, each with delivery ids of its own.
        if self.tx.webhook_seen_as_another(waiting.id, &waiting.digest)? {
            return Ok(false);
        }
        ingest::comment(self.tx, self.ctx, mapping, self.now, key, text, self.destinations)
    }
}

fn words(counts: &Counts) -> &'static str {
    match counts {
        Counts { quarantined: 1.., .. } => "quarantined: it could not be read in full",
        Counts { new: 1.., .. } => "a new incident",
        Counts { tickets_created: 1.., .. } => "a ticket for a known incident",
        Counts { tickets_closed: 1.., .. } => "closed its ticket",
        Counts { changed: 1.., .. } => "changed a known incident",
        _ => "nothing new: known already, or overtaken",
    }
}
