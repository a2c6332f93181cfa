//! `webhooks`: endpoints that are told of news, and what came of it.

use super::{Desk, failure, runtime};
use crate::args::WebhooksCommand;
use crate::exit::{Ended, Exit, Failure};
use crate::output::{Output, say};
use crate::progress::Progress;
use crate::render::webhook;
use crate::render::words::count;
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_api::{WebhookQueued, WebhookTried};
use nightdesk_core::ExposeSecret as _;
use nightdesk_core::webhook::SCHEMA;
use nightdesk_host as host;
use nightdesk_host::{Lock, Once, Store, Tx};
use std::time::Duration;

/// How often it is looked at how far a message is.
const LOOK: Duration = Duration::from_millis(100);

/// How long an engine is waited for: an endpoint has 15 s to answer, and others may be before it.
const PATIENCE: TimeDelta = TimeDelta::seconds(60);

/// Lists endpoints, or does what is asked.
pub fn run(desk: &Desk, out: Output, command: Option<&WebhooksCommand>) -> Ended {
    match command {
        None => list(desk, out),
        Some(WebhooksCommand::Secret { url }) => secret(desk, out, url),
        Some(WebhooksCommand::Rotate { url }) => rotate(desk, out, url),
        Some(WebhooksCommand::Test { url }) => test(desk, out, url),
        Some(WebhooksCommand::Attempts { url, limit }) => attempts(desk, out, url, *limit),
        Some(WebhooksCommand::Resend { message_id }) => resend(desk, out, message_id),
        Some(WebhooksCommand::Enable { url }) => enable(desk, out, url),
        Some(WebhooksCommand::Delete { url }) => delete(desk, out, url),
        Some(WebhooksCommand::Received { id, limit }) => received(desk, out, id.as_deref(), *limit),
        Some(WebhooksCommand::Schema) => {
            out.text(SCHEMA)?;
            Ok(Exit::Done)
        }
    }
}

fn list(desk: &Desk, out: Output) -> Ended {
    let endpoints = desk.read(api::webhooks)?;
    out.result(&endpoints, |e| webhook::list(e, desk.now()))?;
    Ok(Exit::Done)
}

fn secret(desk: &Desk, out: Output, url: &str) -> Ended {
    let (url, generation) = desk.read(|tx, _| api::webhook_generation(tx, url))?;
    let secret = desk.secrets().webhook_secret(&url, generation).map_err(Failure::failed)?;
    let shown = api::WebhookSecret { secret: secret.expose_secret().to_owned() };
    out.result(&shown, |s| s.secret.clone())?;
    Ok(Exit::Done)
}

fn rotate(desk: &Desk, out: Output, url: &str) -> Ended {
    let done = desk.write(|tx, now, actor| api::webhook_rotate(tx, now, actor, url))?;
    out.result(&done, webhook::rotated)?;
    Ok(Exit::Done)
}

fn attempts(desk: &Desk, out: Output, url: &str, limit: u32) -> Ended {
    let asked = api::WebhookAttemptsAsked { url: url.to_owned(), limit };
    let attempts = desk.read(|tx, _| api::webhook_attempts(tx, &asked))?;
    out.result(&attempts, |a| webhook::attempts(a, desk.now()))?;
    Ok(Exit::Done)
}

fn received(desk: &Desk, out: Output, id: Option<&str>, limit: u32) -> Ended {
    let asked = api::ReceivedAsked { id: id.map(str::to_owned), before: None, limit: Some(limit) };
    let lines = desk.read(|tx, _| api::webhooks_received_with_id(tx, &asked))?;
    out.result(&lines, |lines| webhook::received(lines))?;
    Ok(Exit::Done)
}

fn enable(desk: &Desk, out: Output, url: &str) -> Ended {
    let done = desk.write(|tx, now, actor| api::webhook_enable(tx, now, actor, url))?;
    out.result(&done, webhook::enabled)?;
    Ok(Exit::Done)
}

fn delete(desk: &Desk, out: Output, url: &str) -> Ended {
    let (waiting, left) = desk.change(|tx, now, actor| {
        let waiting = api::webhook_waiting(tx, url)?;
        Ok((waiting, api::webhook_delete(tx, now, actor, url)?))
    })?;
    out.result(&left, |e| webhook::list(e, desk.now()))?;
    if waiting > 0 {
        say(&format!("Cancelled {}.", count(waiting, "message that waited for it", "messages that waited for it")));
    }
    Ok(Exit::Done)
}

fn test(desk: &Desk, out: Output, url: &str) -> Ended {
    sent(desk, out, |tx, now, cause| api::webhook_test(tx, now, url, cause))
}

fn resend(desk: &Desk, out: Output, message_id: &str) -> Ended {
    sent(desk, out, |tx, now, cause| api::webhook_resend(tx, now, message_id, cause))
}

/// Queues a message and waits for its first attempt: by the engine that runs, else by our own.
fn sent(
    desk: &Desk,
    out: Output,
    queue: impl FnOnce(&Tx<'_>, chrono::DateTime<chrono::Utc>, Option<&str>) -> Result<WebhookQueued, api::Error>,
) -> Ended {
    let lock = desk.alone()?;
    let progress = Progress::begin("Sending");
    let tried = match lock {
        None => {
            let queued = desk.write(|tx, now, _| queue(tx, now, None))?;
            beside(desk, &queued)?
        }
        Some(lock) => {
            let cause = desk.cause();
            let mut store = desk.owned(&lock)?;
            let queued = store.write(|tx| queue(tx, desk.now(), Some(&cause))).map_err(failure)?;
            runtime()?.block_on(Box::pin(ourselves(desk, lock, store, cause, queued)))?
        }
    };
    drop(progress);
    out.result(&tried, webhook::tried)?;
    if tried.ok {
        return Ok(Exit::Done);
    }
    let why = tried.error.as_deref().unwrap_or("no answer yet; see nightdesk outbox");
    say(&format!("{}: {why}", tried.url));
    Ok(Exit::Failed)
}

fn beside(desk: &Desk, queued: &WebhookQueued) -> Result<WebhookTried, Failure> {
    let deadline = desk.now() + PATIENCE;
    loop {
        let tried = desk.read(|tx, _| api::webhook_tried(tx, queued))?;
        if tried.is_final || desk.now() > deadline {
            return Ok(tried);
        }
        std::thread::sleep(LOOK);
    }
}

async fn ourselves(
    desk: &Desk,
    lock: Lock,
    store: Store,
    cause: String,
    queued: WebhookQueued,
) -> Result<WebhookTried, Failure> {
    let parts = host::system_parts(store, desk.secrets().clone(), desk.clock(), "nightdesk webhooks");
    let once = Once::start(parts.map_err(Failure::failed)?).await.map_err(Failure::failed)?;
    once.send(&cause).await.map_err(Failure::failed)?;
    let tried = once.db().read(move |tx| api::webhook_tried(tx, &queued)).await.map_err(failure)?;
    once.stop().await.map_err(Failure::failed)?;
    drop(lock);
    if !tried.ok && tried.attempt.as_ref().is_some_and(|a| a.next_at.is_some()) {
        say("It is tried again once an engine runs: nightdesk run");
    }
    Ok(tried)
}
