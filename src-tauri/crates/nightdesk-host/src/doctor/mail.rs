//! Whether there is a fallback: mail that is set up, has its secrets, and was seen to work.

use super::Finding;
use crate::Secrets;
use crate::secrets::Name;
use chrono::{DateTime, Utc};
use nightdesk_api::email::secrets as needed;
use nightdesk_api::email_status::trial;
use nightdesk_api::{Error, email_status};
use nightdesk_engine::context::Context;
use nightdesk_store::Store;
use std::sync::Arc;

const CHECK: &str = "fallback";

/// Mail that was proved longer ago than this is worth another test, in days.
const OLD_DAYS: i64 = 30;

/// Checks mail, without asking the server: `nightdesk email test incidents` does that.
pub(super) fn check(store: &mut Store, context: &Context, secrets: &Arc<Secrets>, now: DateTime<Utc>) -> Vec<Finding> {
    let status = match store.read(|tx| email_status(tx, &context.config).map_err(|e: Error| e)) {
        Ok(status) => status,
        Err(error) => return vec![Finding::bad(CHECK, error.to_string(), "restart Nightdesk, which recovers it")],
    };
    let Some(email) = &context.config.email else {
        let fix = "enter [email] in the configuration, with a monitored inbox for incidents and escalations, then run \
                   `nightdesk email test incidents`";
        return vec![Finding::bad(CHECK, "no fallback: mail isn't set up", fix)];
    };
    let mut findings = Vec::new();
    let names = needed(email.auth, email.tenant.is_some());
    let missing: Vec<&String> =
        names.iter().filter(|name| Name::parse(name).is_ok_and(|name| secrets.get(name).is_err())).collect();
    for name in missing {
        findings.push(Finding::bad(
            "mail secret",
            format!("{name} can't be read, and the mail server asks for it"),
            format!("enter it with `nightdesk secret set {name}`"),
        ));
    }
    let fix = format!("run `{}` and look into the mailbox", trial(&context.config));
    findings.push(match status.tested_at.filter(|_| status.fallback) {
        None => Finding::bad(CHECK, format!("no fallback: {}", status.why.unwrap_or_default()), fix),
        Some(at) if status.why.is_some() => Finding::bad(
            CHECK,
            format!(
                "{} took mail on {}, but {}",
                email.server(),
                at.format("%Y-%m-%d %H:%M UTC"),
                status.why.unwrap_or_default()
            ),
            fix,
        ),
        Some(at) if (now - at).num_days() > OLD_DAYS => {
            Finding::bad(CHECK, format!("{} last took mail {} days ago", email.server(), (now - at).num_days()), fix)
        }
        Some(at) => {
            Finding::good(CHECK, format!("{} took mail on {}", email.server(), at.format("%Y-%m-%d %H:%M UTC")))
        }
    });
    findings
}
