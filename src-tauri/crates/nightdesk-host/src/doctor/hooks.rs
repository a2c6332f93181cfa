//! Whether webhooks reach their endpoints: the key that they are signed with, and how each endpoint stands.

use super::Finding;
use crate::Secrets;
use chrono::{DateTime, Utc};
use nightdesk_api::Error;
use nightdesk_api::{Webhook, webhooks};
use nightdesk_store::Store;
use std::sync::Arc;

const CHECK: &str = "webhooks out";

/// Checks endpoints by what is on record; nothing is posted: `nightdesk webhooks test URL` does that.
pub(super) fn check(store: &mut Store, secrets: &Arc<Secrets>, now: DateTime<Utc>) -> Vec<Finding> {
    let endpoints: Result<Vec<Webhook>, Error> = store.read(|tx| webhooks(tx, now));
    let endpoints = match endpoints {
        Ok(endpoints) => endpoints,
        Err(error) => return vec![Finding::bad(CHECK, error.to_string(), "restart Nightdesk, which recovers it")],
    };
    let Some(first) = endpoints.first() else { return Vec::new() };
    if let Err(error) = secrets.webhook_secret(&first.url, 1) {
        let fix = "unlock the keychain, or give NIGHTDESK_SECRET_WEBHOOK_OUT_KEY: 32 bytes in base64";
        return vec![Finding::bad(CHECK, error.to_string(), fix)];
    }
    endpoints.iter().map(standing).collect()
}

fn standing(endpoint: &Webhook) -> Finding {
    let url = &endpoint.url;
    let last = endpoint.last_error.as_deref().unwrap_or("no answer was kept");
    if !endpoint.enabled {
        let detail = format!("{url} is disabled, and {} messages wait for it: {last}", endpoint.waiting);
        return Finding::bad(CHECK, detail, format!("repair it, then run `nightdesk webhooks enable {url}`"));
    }
    match (endpoint.failing_since, endpoint.last_at) {
        (Some(since), _) => Finding::bad(
            CHECK,
            format!("{url} has failed since {}: {last}", since.format("%Y-%m-%d %H:%M UTC")),
            format!("look at `nightdesk webhooks attempts {url}`"),
        ),
        (None, Some(at)) => {
            Finding::good(CHECK, format!("{url} took the last one on {}", at.format("%Y-%m-%d %H:%M UTC")))
        }
        (None, None) => {
            let detail = format!("nothing was sent to {url} yet; `nightdesk webhooks test {url}` tries it");
            Finding::good(CHECK, detail)
        }
    }
}
