//! Escalations, platform actions and account notices, whichever way they come. They open no tickets and page nobody.

use crate::announce::{DeskNews, News, NoticeNews, announce};
use crate::context::Context;
use chrono::{DateTime, Utc};
use nightdesk_core::delivery::Kind;
use nightdesk_core::ids::AccountId;
use nightdesk_core::notice::{Event, Notice, meet};
use nightdesk_store::{Error, FirstSeen, Tx};

/// What became of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is listed, and told where it is news.
    In,
    /// It says that it belongs to this other account: told as a trouble of the desk, and not mixed in.
    Foreign(AccountId),
}

/// What to do about a notice of another account: this desk goes on as before.
const FOREIGN: &str =
    "The desk goes on watching its own account. At Huntress, have the other account's webhooks go elsewhere.";

/// Takes one in: from a listing, or with the event that a webhook `said`. The same news by both ways is told once.
pub(crate) fn take(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    screens: &[Kind],
    seen: &Notice,
    said: Option<Event>,
) -> Result<Taken, Error> {
    let account = ctx.account_id();
    if let Some(other) = seen.account.filter(|a| *a != account) {
        let title = format!(
            "Huntress sent a notice of account {other}, and this desk watches account {account}; see Webhooks, received"
        );
        let marker = format!("foreign-notice:{other}:{}", now.format("%Y%m%d"));
        announce(tx, ctx, now, screens, &News::Desk(DeskNews { marker: &marker, title: &title, advice: FOREIGN }))?;
        return Ok(Taken::Foreign(other));
    }
    let known = tx.notice(account, seen.kind, seen.id)?.map(|k| k.notice);
    let met = meet(now, known.as_ref(), seen, said);
    if let Some(notice) = &met.stored {
        let by = if said.is_some() { FirstSeen::Webhook } else { FirstSeen::Poll };
        tx.put_notice(account, now, notice, by)?;
    }
    let Some(event) = met.event else { return Ok(Taken::In) };
    let notice = met.stored.as_ref().or(known.as_ref()).unwrap_or(seen);
    announce(tx, ctx, now, screens, &News::Notice(NoticeNews { account, notice, event, old: met.old }))?;
    Ok(Taken::In)
}
