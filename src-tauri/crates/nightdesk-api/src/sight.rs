//! What the desk can see, and the question that a scheduler outside the engine asks.

use crate::error::Error;
use crate::page_view::{PageView, page_view};
use crate::status;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::health::{self, State};
use nightdesk_core::paging::Entity;
use nightdesk_engine::configure;
use nightdesk_engine::context::Context;
use nightdesk_engine::{paging, watch};
use nightdesk_store::{Setting, Tx};
use serde::{Deserialize, Serialize};

/// The verdict with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sight {
    pub(crate) state: State,
    pub(crate) since: Option<DateTime<Utc>>,
    pub(crate) reason: Option<String>,
    pub(crate) last_read: Option<DateTime<Utc>>,
}

/// Judges what the store has on record. ND-17: nothing here looks at the absence of errors.
pub(crate) fn sight(tx: &Tx<'_>, context: &Context, now: DateTime<Utc>) -> Result<Sight, Error> {
    let last_read = tx.mark(Setting::LastProvenRead)?;
    let verdict = watch::judge(tx, context, now)?;
    let mut sight =
        Sight { state: verdict.state, since: verdict.since, reason: tx.setting(Setting::PauseReason)?, last_read };
    // Before any engine ran there is nobody who could have recorded the pause.
    let was_complete = tx.setting(Setting::RoutingWasComplete)?.is_some();
    let routing = status::routing(context);
    if sight.state != State::Paused && !was_complete && !routing.complete {
        sight.state = State::Paused;
        sight.since = None;
        let missing: Vec<&str> = routing.missing.iter().map(String::as_str).collect();
        sight.reason = Some(configure::pause_reason(&missing));
    } else if sight.state != State::Paused {
        sight.reason = None;
    } else if sight.reason.is_none() && tx.setting(Setting::OtherAccount)?.is_some() {
        sight.reason = Some("the Huntress key belongs to another account than the one watched".to_owned());
    }
    Ok(sight)
}

/// The answer to `watch-check`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchCheck {
    /// What may be claimed.
    pub state: State,
    /// The last proven read.
    pub last_read_at: Option<DateTime<Utc>>,
    /// Whether somebody should be told: the read is too old, or there was none.
    pub too_old: bool,
    /// The limit that was applied, in minutes.
    pub max_minutes: i64,
}

/// Whether the last proven read is older than `max_minutes`; without a limit of its own, the time after which the desk
/// counts as blind. Needs no lock, so that it works when the engine hangs.
///
/// # Errors
/// The store's.
pub fn watch_check(tx: &Tx<'_>, now: DateTime<Utc>, max_minutes: Option<u32>) -> Result<WatchCheck, Error> {
    let context = Context::load(tx)?;
    let sight = sight(tx, &context, now)?;
    let limit = max_minutes.map_or_else(
        || health::blind_after(context.config.routing.poll_interval_minutes, &context.config.watch),
        |m| Duration::minutes(i64::from(m)),
    );
    // A read in the future, by a clock that was set back since, proves nothing about now either.
    let too_old = sight.last_read.is_none_or(|read| (now - read).abs() > limit);
    Ok(WatchCheck { state: sight.state, last_read_at: sight.last_read, too_old, max_minutes: limit.num_minutes() })
}

/// How long an engine may be without a sign of life, of which it gives one a minute, before it counts as hanging.
const LONGEST_SILENCE: Duration = Duration::minutes(3);

/// Whether the engine of this directory shows signs of life; that somebody holds the lock shows only that there is one.
///
/// # Errors
/// The store's.
pub fn engine_stirs(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<bool, Error> {
    let seen = tx.mark(Setting::EngineSeenAt)?;
    Ok(seen.is_some_and(|seen| (now - seen).abs() <= LONGEST_SILENCE))
}

/// The last proven read is too old: raises the alarm of a blind desk, where it wasn't raised for the same blindness
/// before, which mails and pages. With an `engine` that may read in a moment people are given that moment.
///
/// # Errors
/// The store's.
pub fn watch_alarm(tx: &Tx<'_>, now: DateTime<Utc>, check: &WatchCheck, engine: bool) -> Result<bool, Error> {
    let since = match check.last_read_at {
        Some(at) => at,
        // A desk that has never read anything is blind since its first failure.
        None => tx.open_gap()?.map_or(now, |gap| gap.from),
    };
    let hold = if engine { paging::FIRST_READ } else { Duration::zero() };
    Ok(watch::raise(tx, now, since.min(now), hold)?)
}

/// The desk's own page while it waits for somebody.
///
/// # Errors
/// The store's.
pub fn open_desk_page(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Option<PageView>, Error> {
    let open = tx.newest_page_of(&Entity::desk())?.filter(|earlier| earlier.state.is_open());
    open.map(|earlier| page_view(tx, now, earlier.page)).transpose()
}
