//! What a person should know at once, beyond the state itself.

use crate::error::Error;
use chrono::{DateTime, SecondsFormat, Utc};
use nightdesk_core::content;
use nightdesk_core::port::Account;
use nightdesk_engine::context::Context;
use nightdesk_store::{Disabled, Setting, Tx};

/// From this much difference to Huntress's clock on, signatures of webhooks come close to being refused: the window
/// of the signature scheme is five minutes.
const SKEW_ALARM_MS: i64 = 60_000;

/// The alarms that follow from what is stored, as sentences.
pub(crate) fn alarms(tx: &Tx<'_>, context: &Context, now: DateTime<Utc>) -> Result<Vec<String>, Error> {
    let mut out = Vec::new();
    if let Some(since) = tx.mark(Setting::BlindAlarmAt)? {
        let since = since.to_rfc3339_opts(SecondsFormat::Secs, true);
        out.push(format!("the desk is blind: the alarm was raised at {since}; incidents may be waiting unseen"));
    }
    let given_up = tx.given_up_pages()?;
    if let Some(last) = given_up.first() {
        let (client, title) = (content::line(&last.matter.client), content::line(&last.matter.what()));
        let what = match given_up.len() {
            1 => format!("the page for {client} ({title})"),
            n => format!("{n} pages, the last for {client} ({title})"),
        };
        let mut was_told = false;
        for page in &given_up {
            was_told |= tx.steps_of_run(page.run)?.iter().any(|step| step.state.was_told());
        }
        let why = match was_told {
            true => "everybody on the call tree was tried in vain",
            false => "no text and no call has reached anybody",
        };
        out.push(format!("nobody took {what}: {why}. See: nightdesk pages"));
    }
    if let Some(bound) = &context.bound {
        for (key, name) in bound.vanished(&context.catalogue) {
            out.push(format!(
                "{key}: the PSA no longer has {name:?}; what needs it waits. Choose another in [routing]"
            ));
        }
    }
    out.extend(crate::psa_status::alarm(tx, context, now)?);
    if let Some(text) = tx.setting(Setting::OtherAccount)? {
        let other = serde_json::from_str::<Account>(&text)
            .map_or_else(|_| "another account".to_owned(), |a| format!("account {} ({:?})", a.id, a.name));
        out.push(format!(
            "the Huntress key belongs to {other}, not to the account that this desk watches: polling has stopped. \
             Enter the right key, or run: nightdesk account accept ID"
        ));
    }
    let skew = tx.setting(Setting::ClockSkewMs)?.and_then(|v| v.parse::<i64>().ok()).unwrap_or(0);
    if skew.abs() >= SKEW_ALARM_MS {
        let (seconds, which) = (skew.abs() / 1000, if skew > 0 { "ahead of" } else { "behind" });
        out.push(format!(
            "this machine's clock is {seconds} s {which} Huntress's: set it, or webhooks will be refused"
        ));
    }
    out.extend(crate::email_status::alarm(tx, &context.config)?);
    out.extend(crate::webhook_in::alarms(tx, &context.config.webhook_in, now)?);
    for endpoint in tx.endpoints()? {
        let Some((at, why)) = endpoint.disabled else { continue };
        let (url, at) = (endpoint.url, at.to_rfc3339_opts(SecondsFormat::Secs, true));
        let why = match why {
            Disabled::Gone => "it wanted no more",
            Disabled::Failing => "it had failed for five days",
        };
        out.push(format!(
            "webhooks to {url} have been disabled since {at}: {why}; what is for it waits. Enable it again with \
             `nightdesk webhooks enable {url}`, or delete it"
        ));
    }
    Ok(out)
}
