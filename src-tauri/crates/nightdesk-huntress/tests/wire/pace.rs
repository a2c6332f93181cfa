//! A pace that only counts.

use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, Utc};
use nightdesk_core::port::{self, PortFuture, Stopped, Urgency};

/// What the server's `Date` and the pace's clock say.
pub fn date() -> DateTime<Utc> {
    DateTime::from_timestamp(1_646_168_400, 0).unwrap()
}

/// Lets everything pass at once and writes it down.
#[derive(Default)]
pub struct Pace {
    passed: Mutex<Vec<Urgency>>,
    throttled: Mutex<Vec<Option<Duration>>>,
    stop_after: Option<usize>,
}

impl Pace {
    pub fn stopping_after(passes: usize) -> Self {
        Self { stop_after: Some(passes), ..Self::default() }
    }

    pub fn passed(&self) -> Vec<Urgency> {
        self.passed.lock().unwrap().clone()
    }

    pub fn throttled_for(&self) -> Vec<Option<Duration>> {
        self.throttled.lock().unwrap().clone()
    }
}

impl port::Pace for Pace {
    fn pass(&self, urgency: Urgency) -> PortFuture<'_, Result<(), Stopped>> {
        let mut passed = self.passed.lock().unwrap();
        let may = self.stop_after.is_none_or(|most| passed.len() < most);
        if may {
            passed.push(urgency);
        }
        Box::pin(std::future::ready(if may { Ok(()) } else { Err(Stopped) }))
    }

    fn throttled(&self, retry_after: Option<Duration>) -> PortFuture<'_, ()> {
        self.throttled.lock().unwrap().push(retry_after);
        Box::pin(std::future::ready(()))
    }

    fn now(&self) -> DateTime<Utc> {
        date()
    }
}
