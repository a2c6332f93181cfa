//! The desk's own page: it is blind, and people are told of that too.

use super::carry::{self, happen};
use crate::context::Context;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_core::paging::{Entity, Event, Matter};
use nightdesk_store::{Error, Purpose, Tx};

/// How long a desk that was blind has for a read before people are told: a machine that wakes has read nothing for
/// hours, and reads in a moment.
pub const FIRST_READ: Duration = Duration::seconds(30);

/// The desk has been blind for too long: people are told of that too, under the entity `desk`, unless it reads within
/// `hold`.
pub(crate) fn desk_is_blind(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    since: DateTime<Utc>,
    hold: Duration,
) -> Result<(), Error> {
    let ctx = Context::load(tx)?;
    if !ctx.config.paging.is_set_up() {
        return Ok(());
    }
    let entity = Entity::desk();
    let tree = carry::tree(tx, &ctx.config)?;
    let earlier = tx.newest_page_of(&entity)?;
    let reaches = tree.rungs.iter().any(|r| !r.channels.is_empty());
    // A desk that goes blind again is a new danger: only a page that runs holds the next one back.
    if earlier.is_some_and(|e| e.state.is_open()) || !reaches {
        return Ok(());
    }
    let matter = Matter {
        severity: Some("critical".to_owned()),
        client: "Nightdesk".to_owned(),
        title: format!("Huntress has not been read since {}", since.to_rfc3339_opts(SecondsFormat::Secs, true)),
        host: None,
        since: Some(since.format("%H:%M UTC").to_string()),
        is_unsure: true,
    };
    let run = tx.open_run(now, Purpose::Page, now + hold, None)?;
    let page = tx.open_page(now, run.id, &entity, &matter, false)?;
    tx.append(now, &Draft::new(Kind::Paged, format!("page {page} opened for {entity}")))?;
    Ok(())
}

/// The desk sees again: nobody needs to come for that any more.
pub(crate) fn desk_sees_again(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    let Some(earlier) = tx.newest_page_of(&Entity::desk())?.filter(|e| e.state.is_open()) else { return Ok(()) };
    let Some(page) = tx.page(earlier.page)? else { return Ok(()) };
    let ctx = Context::load(tx)?;
    let event = Event::Over { pages: [page.id].into() };
    happen(tx, &ctx, now, page.run, &event, None, Some("Huntress is read again"))
}
