//! Whether a page would reach anybody, whether its calls can ask for keys, and when that was last tried.

use super::Finding;
use crate::{Secrets, carrier};
use chrono::{DateTime, Duration, Utc};
use nightdesk_api::paging_status;
use nightdesk_core::paging::PageState;
use nightdesk_core::port::Carrier as _;
use nightdesk_engine::context::Context;
use nightdesk_store::{Setting, Store};
use std::sync::Arc;

/// Longest wait for the carrier's answer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(15);

/// A drill older than this says little of tonight's phones.
const OLDEST_DRILL_DAYS: i64 = 30;

/// Checks paging. What is asked of the carrier costs nothing.
pub(super) async fn check(
    store: &mut Store,
    context: &Context,
    secrets: &Arc<Secrets>,
    now: DateTime<Utc>,
) -> Vec<Finding> {
    let read = store.read(|tx| Ok::<_, nightdesk_api::Error>((paging_status(tx)?, tx.setting(Setting::PagingKeys)?)));
    let (status, known) = match read {
        Ok(read) => read,
        Err(error) => return vec![Finding::bad("paging", error.to_string(), "restart Nightdesk, which recovers it")],
    };
    let mut findings = vec![if status.armed {
        Finding::good("paging", format!("armed; {} open", pages(status.open_pages)))
    } else {
        let fix = if status.is_set_up {
            "put right what is said there: the carrier's secret by `nightdesk secret set TWILIO_AUTH_TOKEN`, numbers by \
             `nightdesk contacts verify NAME`"
        } else {
            "enter [paging] and [[contact]]s in the configuration, then verify each number with \
             `nightdesk contacts verify NAME`"
        };
        Finding::bad("paging", format!("not armed: {}", status.missing.join("; ")), fix)
    }];
    if !status.is_set_up {
        return findings;
    }
    findings.push(keys(context, secrets, known).await);
    if !status.listening_only.is_empty() {
        let who = status.listening_only.join(", ");
        let detail = format!("{who}: no key and no reply comes back; only Nightdesk and the command line acknowledge");
        findings.push(Finding::bad(
            "acknowledging",
            detail,
            "see `nightdesk contacts`: add another channel or contact",
        ));
    }
    if let Some(from) = &context.config.paging.from {
        // Nothing to set right here, but what decides whether a phone lets the call through at night.
        let advice = format!(
            "calls come from {from}: save it among each phone's contacts and let it through do-not-disturb, call screening and \
             phone menus"
        );
        findings.push(Finding::good("caller number", advice));
    }
    findings.push(match status.last_drill {
        None => Finding::bad("last drill", "there was none yet", "run `nightdesk drill` with this shift's people"),
        Some(drill) => {
            let days = (now - drill.at).num_days();
            let detail = format!("{days} days ago: {}", came(drill.state));
            match drill.state {
                PageState::Acknowledged if now - drill.at <= Duration::days(OLDEST_DRILL_DAYS) => {
                    Finding::good("last drill", detail)
                }
                PageState::Waiting | PageState::Running => Finding::good("last drill", detail),
                _ => {
                    Finding::bad("last drill", detail, "run `nightdesk drill`, and see `nightdesk contacts` for advice")
                }
            }
        }
    });
    findings
}

fn pages(n: i64) -> String {
    if n == 1 { "1 page".to_owned() } else { format!("{n} pages") }
}

fn came(state: PageState) -> &'static str {
    match state {
        PageState::Acknowledged => "everybody answered",
        PageState::Waiting | PageState::Running => "it runs",
        PageState::Exhausted | PageState::Ended => "not everybody answered",
    }
}

async fn keys(context: &Context, secrets: &Arc<Secrets>, known: Option<String>) -> Finding {
    const CHECK: &str = "carrier";
    const FIX: &str = "check paging.account_sid, the secret TWILIO_AUTH_TOKEN and this machine's network";
    let client = match carrier(&context.config.paging, known.clone(), secrets.clone()) {
        Ok(client) => client,
        Err(error) => return Finding::bad(CHECK, error.to_string(), FIX),
    };
    match tokio::time::timeout(PATIENCE, client.keys(known.as_deref())).await {
        Ok(Ok(Some(_))) => Finding::good(CHECK, "takes the credentials; calls can ask for keys"),
        Ok(Ok(None)) => Finding::bad(
            CHECK,
            "takes the credentials, but calls can only speak and not ask for keys",
            "allow Studio in the carrier's account; until then only replies, the app and the command line acknowledge",
        ),
        Ok(Err(error)) => Finding::bad(CHECK, error.to_string(), FIX),
        Err(_) => Finding::bad(CHECK, format!("no answer within {} seconds", PATIENCE.as_secs()), FIX),
    }
}
