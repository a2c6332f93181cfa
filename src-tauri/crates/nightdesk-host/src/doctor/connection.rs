//! The key, whether Huntress takes it, and how far the clocks are apart.

use super::Finding;
use crate::secrets::Name;
use crate::{Adapters, Secrets};
use chrono::{DateTime, Utc};
use nightdesk_core::clock::Clock;
use nightdesk_core::port::{Account, Huntress, HuntressError};
use nightdesk_engine::context::Context;
use nightdesk_engine::db::Db;
use nightdesk_engine::pace::SharedPace;
use nightdesk_store::Store;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Longest wait for Huntress's answer, retries and the wait for a token included.
const PATIENCE: Duration = Duration::from_secs(15);

/// Seconds of clock skew that are a finding; signed webhooks are refused at 300.
const SKEW_SECONDS: i64 = 60;

/// Checks the credentials with one account request. Its token comes from the shared bucket like any other.
pub(super) async fn check(
    store: Store,
    context: &Context,
    secrets: &Arc<Secrets>,
    clock: &Arc<dyn Clock>,
) -> Vec<Finding> {
    const CHECK: &str = "credentials";
    for name in Name::HUNTRESS {
        if let Err(error) = secrets.get(name) {
            let fix = format!("enter it with `nightdesk secret set {name}`, or give NIGHTDESK_SECRET_{name}");
            return vec![Finding::bad(CHECK, error.to_string(), fix)];
        }
    }
    let huntress = Adapters::new(&context.config, secrets.clone(), clock.clone()).huntress();
    let asked = ask(store, context.config.huntress.requests_per_minute, huntress.as_ref(), clock).await;
    let now = clock.now();
    match asked {
        Ok((account, date)) => {
            let mut findings = vec![accepted(context, &account)];
            findings.extend(date.map(|date| skew(now, date)));
            findings
        }
        Err(error) => {
            let fix = match &error {
                HuntressError::Refused { .. } | HuntressError::NoCredentials { .. } => {
                    "make a new API key in Huntress and enter both halves with `nightdesk secret set`"
                }
                HuntressError::Redirect { .. } => "correct huntress.base_url and apply the configuration",
                HuntressError::RateLimited { .. } => {
                    "wait a minute; lower huntress.requests_per_minute if it comes again"
                }
                _ => "check this machine's network, proxy and name resolution, and huntress.base_url",
            };
            vec![Finding::bad(CHECK, error.to_string(), fix)]
        }
    }
}

/// Asks whose key it is, with a token of the shared bucket and limited patience.
pub(crate) async fn ask(
    store: Store,
    requests_per_minute: u32,
    huntress: &dyn Huntress,
    clock: &Arc<dyn Clock>,
) -> Result<(Account, Option<DateTime<Utc>>), HuntressError> {
    let (db, _thread) = Db::start(store).map_err(|error| HuntressError::Unreachable(error.to_string()))?;
    let stop = CancellationToken::new();
    let pace = SharedPace::new(db, clock.clone(), stop.clone());
    pace.set_rate(requests_per_minute);
    match tokio::time::timeout(PATIENCE, huntress.account(&pace)).await {
        Ok(answer) => answer,
        Err(_) => Err(HuntressError::Unreachable(format!("no answer within {} seconds", PATIENCE.as_secs()))),
    }
}

fn accepted(context: &Context, account: &Account) -> Finding {
    const CHECK: &str = "credentials";
    let detail = format!("Huntress takes the key; it belongs to {} ({})", account.name, account.id);
    match &context.account {
        Some(watched) if watched.id != account.id => Finding::bad(
            CHECK,
            format!("{detail}, but the desk watches {} ({})", watched.name, watched.id),
            "enter a key of the watched account, or use another data directory for this one",
        ),
        _ => Finding::good(CHECK, detail),
    }
}

fn skew(now: DateTime<Utc>, date: DateTime<Utc>) -> Finding {
    const CHECK: &str = "clock";
    let seconds = (now - date).num_seconds();
    let detail = format!("{} seconds {} Huntress's", seconds.abs(), if seconds < 0 { "behind" } else { "ahead of" });
    if seconds.abs() > SKEW_SECONDS {
        Finding::bad(CHECK, detail, "set this machine's clock by a time service")
    } else {
        Finding::good(CHECK, detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skewed_clock_is_a_finding_in_either_direction() {
        let t = |seconds: i64| DateTime::from_timestamp(1_767_000_000 + seconds, 0).unwrap();
        assert!(skew(t(0), t(59)).ok);
        assert!(!skew(t(0), t(61)).ok);
        assert!(!skew(t(300), t(0)).ok);
    }
}
