//! Endpoints of webhooks, and attempts to deliver to them.

use super::table::Rows;
use super::words::{NONE, ago, brief, count, moment, or_none};
use chrono::{DateTime, Utc};
use nightdesk_api::words::WebhookDisabled;
use nightdesk_api::{Received, Webhook, WebhookAttempt, WebhookEnabled, WebhookRotated, WebhookTried};

/// The endpoints.
pub fn list(endpoints: &[Webhook], now: DateTime<Utc>) -> String {
    if endpoints.is_empty() {
        return "No endpoints: add one as [[webhook_out]] with nightdesk config apply.".to_owned();
    }
    let mut rows = Rows::new(&["endpoint", "told of", "state", "last", "status", "waiting", "last error"]);
    rows = rows.right(4).right(5).whole(2).whole(4);
    for e in endpoints {
        let told: Vec<&str> = e.categories.iter().map(|c| c.word()).collect();
        rows.row([
            e.url.clone(),
            if told.is_empty() { NONE.to_owned() } else { told.join(", ") },
            state(e, now),
            e.last_at.map_or_else(|| NONE.to_owned(), |at| ago(at, now)),
            e.last_status.map_or_else(|| NONE.to_owned(), |s| s.to_string()),
            e.waiting.to_string(),
            or_none(e.last_error.as_deref()).to_owned(),
        ]);
    }
    rows.text()
}

fn state(e: &Webhook, now: DateTime<Utc>) -> String {
    match (e.disabled_why, e.failing_since) {
        (Some(WebhookDisabled::Gone), _) => "disabled: it wants no more".to_owned(),
        (Some(WebhookDisabled::Failing), _) => "disabled: it failed for days".to_owned(),
        (None, Some(since)) => format!("failing since {}", ago(since, now)),
        (None, None) => "enabled".to_owned(),
    }
}

/// Attempts, newest first.
pub fn attempts(attempts: &[WebhookAttempt], now: DateTime<Utc>) -> String {
    if attempts.is_empty() {
        return "Nothing was sent there yet.".to_owned();
    }
    let headings = ["at", "message", "event", "try", "status", "ms", "outcome", "next", "error"];
    let mut rows = Rows::new(&headings).right(3).right(4).right(5).whole(0).whole(1).whole(6);
    for a in attempts {
        rows.row([
            brief(a.at),
            a.message_id.clone(),
            a.event_type.clone(),
            a.attempt.to_string(),
            a.status.map_or_else(|| NONE.to_owned(), |s| s.to_string()),
            a.duration_ms.map_or_else(|| NONE.to_owned(), |ms| ms.to_string()),
            a.outcome.map_or("under way", |o| o.word()).to_owned(),
            a.next_at.map_or_else(|| NONE.to_owned(), |at| ago(at, now)),
            or_none(a.error.as_deref()).to_owned(),
        ]);
    }
    format!("{}\nRequest and response are in the JSON: add --json.\n", rows.text())
}

/// What Huntress posted, newest first.
pub fn received(lines: &[Received]) -> String {
    if lines.is_empty() {
        return "Nothing was posted here, or nothing with such an id.".to_owned();
    }
    let mut rows = Rows::new(&["at", "delivery", "event", "incident", "status", "again", "what came of it"]);
    rows = rows.right(3).right(4).right(5).whole(0).whole(1).whole(4);
    for l in lines {
        rows.row([
            brief(l.received_at),
            or_none(l.id.as_deref()).to_owned(),
            or_none(l.event_type.as_deref()).to_owned(),
            l.incident_id.map_or_else(|| NONE.to_owned(), |i| i.to_string()),
            l.status.to_string(),
            l.repeats.to_string(),
            match (&l.reason, &l.outcome) {
                (Some(reason), _) => format!("refused: {reason}"),
                (None, Some(outcome)) => outcome.clone(),
                (None, None) => "stored, and waits to be processed".to_owned(),
            },
        ]);
    }
    rows.text()
}

/// What came of a message.
pub fn tried(tried: &WebhookTried) -> String {
    let status = tried.status.map_or_else(|| "no answer".to_owned(), |s| format!("HTTP {s}"));
    let took = tried.duration_ms.map(|ms| format!(" after {ms} ms")).unwrap_or_default();
    let said = if tried.ok { "took it" } else { "did not take it" };
    format!("{} {said}: {status}{took}. Message {}.", tried.url, tried.message_id)
}

/// A rotated secret.
pub fn rotated(done: &WebhookRotated) -> String {
    format!(
        "{} has a new signing secret. Until {} the old one signs too: give the consumer the new one before then \
         (nightdesk webhooks secret {}).",
        done.url,
        moment(done.overlap_ends_at),
        done.url
    )
}

/// An endpoint that is sent to again.
pub fn enabled(done: &WebhookEnabled) -> String {
    let waiting = count(done.waiting, "message waits", "messages wait");
    match done.was_enabled {
        true => format!("{} was enabled already; {waiting} for it.", done.url),
        false => format!("{} is enabled again; {waiting} for it.", done.url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_rotates_reads_until_when_the_old_secret_signs_and_where_the_new_one_is() {
        let url = "https://siem.example.com/in".to_owned();
        let overlap_ends_at = chrono::DateTime::from_timestamp(1_767_000_000, 0).unwrap();
        let said = rotated(&WebhookRotated { url: url.clone(), overlap_ends_at });
        assert!(said.starts_with(&format!("{url} has a new signing secret. Until ")), "{said}");
        assert!(said.contains(&moment(overlap_ends_at)) && said.contains("the old one signs too"), "{said}");
        assert!(said.contains(&format!("(nightdesk webhooks secret {url})")), "{said}");
    }
}
