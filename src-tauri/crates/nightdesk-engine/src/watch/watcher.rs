//! The task that watches the clocks and the desk's own sight.

use super::{judge, lapsed, seen, stamp};
use crate::announce;
use crate::clock::reading;
use crate::context::Context;
use crate::db::Db;
use crate::paging;
use crate::pulse::Pulse;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::clock::{Lapse, lapse};
use nightdesk_core::health::{State, alarm_after};
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_store::{Error, Setting, Topic, Tx};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Time between two looks at the clocks, in seconds.
const LOOK_SECONDS: i64 = 15;

/// Time between two signs of life, in seconds.
const HEARTBEAT_SECONDS: i64 = 60;

/// Clock skew against Huntress that raises an alarm, in milliseconds: signed webhooks are refused at 300 seconds.
const SKEW_ALARM_MS: i64 = 60_000;

/// Notices sleep, clock jumps, blindness and clock skew.
pub struct Watcher {
    db: Db,
    pulse: Pulse,
    poll_now: Arc<dyn Fn() + Send + Sync>,
}

impl Watcher {
    /// The task's name in the pulse.
    pub const NAME: &'static str = "watch";

    /// A watcher that calls `poll_now` after time went by unseen.
    pub fn new(db: Db, pulse: Pulse, poll_now: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self { db, pulse, poll_now }
    }

    /// Watches until `stop`. A store that can't be written is logged and tried again: this task never ends by itself.
    pub async fn run(self, stop: CancellationToken) {
        let clock = self.pulse.clock().clone();
        let mut waiter = self.pulse.waiter(Self::NAME);
        let mut before = reading(clock.as_ref());
        let mut next_look = before.wall;
        let mut next_beat = before.wall;
        let mut skewed = false;
        loop {
            waiter.look();
            let after = reading(clock.as_ref());
            let now = after.wall;
            let odd = lapse(before, after);
            if odd != Lapse::Normal {
                tracing::warn!(?odd, "time went by unseen");
                let from = before.wall;
                self.try_to(move |tx| lapsed(tx, now, odd, from)).await;
                (self.poll_now)();
            }
            // A clock set back would otherwise keep the next look far in the future.
            if odd != Lapse::Normal || now >= next_look {
                let beat = odd != Lapse::Normal || now >= next_beat;
                skewed = self.look(now, beat, skewed).await.unwrap_or(skewed);
                next_look = now + Duration::seconds(LOOK_SECONDS);
                if beat {
                    next_beat = now + Duration::seconds(HEARTBEAT_SECONDS);
                }
            }
            before = after;
            tokio::select! {
                () = stop.cancelled() => return,
                () = waiter.rest(Some(next_look)) => {}
            }
        }
    }

    /// One look at the desk's sight; answers whether the clock is skewed.
    async fn look(&self, now: DateTime<Utc>, beat: bool, was_skewed: bool) -> Option<bool> {
        let seen_now = self.db.read(move |tx| Sight::read(tx, now)).await;
        let sight = match seen_now {
            Ok(sight) => sight,
            Err(error) => {
                tracing::error!(%error, "the desk's own state could not be read");
                return None;
            }
        };
        let skewed = sight.skew_ms.abs() > SKEW_ALARM_MS;
        if beat {
            self.try_to(move |tx| seen(tx, now)).await;
        }
        if let Some(since) = sight.alarm {
            tracing::error!(since = %stamp(since), "BLIND: Huntress has not been read; incidents may be waiting unseen");
            self.try_to(move |tx| raise(tx, now, since, paging::FIRST_READ).map(drop)).await;
            // The desk that sees nothing is also one in which nothing else may be stirring: with a refused key it polls
            // no more than once an hour, and the alarm would lie there.
            self.pulse.beat();
        }
        if skewed != was_skewed {
            let seconds = sight.skew_ms / 1000;
            let fact = if skewed { format!("clock skew {seconds} s") } else { "clock skew ended".to_owned() };
            if skewed {
                tracing::error!(
                    seconds,
                    "this machine's clock differs from Huntress's; set it, or webhooks are refused"
                );
            } else {
                tracing::warn!("this machine's clock agrees with Huntress's again");
            }
            self.try_to(move |tx| tx.append(now, &Draft::new(Kind::Alarm, fact)).map(drop)).await;
        }
        Some(skewed)
    }

    async fn try_to(&self, f: impl FnOnce(&Tx<'_>) -> Result<(), Error> + Send + 'static) {
        if let Err(error) = self.db.write(f).await {
            tracing::error!(%error, "what was watched could not be recorded");
        }
    }
}

struct Sight {
    /// Blind for so long that the alarm is due, and it wasn't raised yet: since when.
    alarm: Option<DateTime<Utc>>,
    skew_ms: i64,
}

impl Sight {
    fn read(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Self, Error> {
        let skew_ms = tx.setting(Setting::ClockSkewMs)?.and_then(|v| v.parse().ok()).unwrap_or(0);
        Ok(Self { alarm: due_alarm(tx, now)?, skew_ms })
    }
}

fn due_alarm(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Error> {
    if tx.mark(Setting::BlindAlarmAt)?.is_some() {
        return Ok(None);
    }
    let ctx = Context::load(tx)?;
    let health = judge(tx, &ctx, now)?;
    if health.state != State::Blind {
        return Ok(None);
    }
    // A desk that has never read anything is blind since its first failure.
    let since = match health.since {
        Some(since) => Some(since),
        None => tx.open_gap()?.map(|gap| gap.from),
    };
    let limit = alarm_after(ctx.config.routing.poll_interval_minutes, &ctx.config.watch);
    Ok(since.filter(|since| now - *since >= limit))
}

/// Nothing that the desk shows can be relied on meanwhile.
const UNWATCHED: &str = "Until somebody looks at the desk, do not count on it: watch the Huntress portal yourself.";

/// Raises the alarm of a desk that has read nothing since `since`, once for each blindness: the proven read that ends
/// it clears the mark. People are paged unless a read comes within `hold`. `false` where it was raised before.
///
/// # Errors
/// The store's.
pub fn raise(tx: &Tx<'_>, now: DateTime<Utc>, since: DateTime<Utc>, hold: Duration) -> Result<bool, Error> {
    if tx.mark(Setting::BlindAlarmAt)?.is_some() {
        return Ok(false);
    }
    tx.set_mark(Setting::BlindAlarmAt, Some(now))?;
    tx.append(now, &Draft::new(Kind::Alarm, format!("blind since {}", stamp(since))))?;
    let told = format!("Nightdesk has not been able to read Huntress since {}", stamp(since));
    announce::alarm(tx, now, &format!("blind:{}", since.timestamp_millis()), &told, UNWATCHED)?;
    paging::desk_is_blind(tx, now, since, hold)?;
    tx.touch(Topic::Watch);
    Ok(true)
}
