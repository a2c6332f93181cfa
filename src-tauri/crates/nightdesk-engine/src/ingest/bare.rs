//! Records that can't be filed under an incident of ours, for want of a readable id or of the right account: quarantined under a key of their own, with a bare ticket on triage (ND-4).

use super::Counts;
use crate::announce::{News, UnreadNews, announce};
use crate::context::Context;
use chrono::{DateTime, Utc};
use nightdesk_core::content;
use nightdesk_core::delivery::Kind;
use nightdesk_core::incident::Severity;
use nightdesk_core::ledger::{self, Draft};
use nightdesk_core::routing::Bound;
use nightdesk_store::{Error, NewQuarantine, NewTicket, Tx};

/// What is known of a record that can't be filed under an incident of ours.
pub(super) struct Unread<'a> {
    /// What it is known by in the next poll.
    pub key: &'a str,
    /// Why it can't be filed.
    pub reason: &'a str,
    /// Its subject, where readable.
    pub subject: Option<&'a str>,
    /// Its severity, where readable.
    pub severity: &'a Severity,
    /// Its bytes.
    pub raw: &'a [u8],
}

/// Takes in such a record, once: the same record in the next poll is known by its key.
pub(super) fn take(
    tx: &Tx<'_>,
    ctx: &Context,
    bound: &Bound,
    now: DateTime<Utc>,
    record: &Unread<'_>,
    screens: &[Kind],
    counts: &mut Counts,
) -> Result<(), Error> {
    let Unread { key, reason, subject, severity, raw } = *record;
    if tx.quarantined_key(ctx.account_id(), key)?.is_some() {
        counts.unchanged += 1;
        return Ok(());
    }
    let subject = content::line(subject.unwrap_or("a record without a readable id"));
    let title: String = format!("[Huntress] [Unreadable] {subject}").chars().take(255).collect();
    let id = tx.add_ticket(
        now,
        &NewTicket {
            title: &title,
            incident: None,
            account: Some(ctx.account_id()),
            quarantine_key: Some(key),
            organization: None,
            client: bound.fallback_client,
            board: bound.triage_board,
            status: ctx.catalogue.opening_status(bound.triage_board),
            category: None,
            priority: bound.priority(severity.level()),
            priority_assumed: !severity.is_known(),
            severity: severity.word(),
            unmapped: true,
            via_mapping: 0,
            words: "",
        },
    )?;
    tx.add_to_timeline(id, now, "opened", None, &format!("Huntress sent a record that could not be read: {reason}."))?;
    tx.quarantine(
        now,
        &NewQuarantine { account: ctx.account_id(), incident: None, key, reason, ticket: Some(id), raw },
    )?;
    tx.append(now, &Draft::new(ledger::Kind::Quarantined, format!("no id, key {key}")).ticket(id))?;
    // What can't be read may be the worst of the night, so each is told, and many at once are told together.
    let news = UnreadNews { account: ctx.account_id(), key, subject: &subject, severity, reason, ticket: id };
    announce(tx, ctx, now, screens, &News::Unread(news))?;
    counts.new += 1;
    counts.tickets_created += 1;
    counts.quarantined += 1;
    Ok(())
}
