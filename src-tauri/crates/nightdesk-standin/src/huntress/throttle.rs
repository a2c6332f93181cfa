//! The account's rate limit: a sliding window, as the vendor's document describes it with an example.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

const WINDOW: TimeDelta = TimeDelta::seconds(60);

/// The requests let through in the last minute. Refused ones don't count: the document's example would never recover.
#[derive(Default)]
pub(crate) struct Throttle {
    passed: VecDeque<DateTime<Utc>>,
}

impl Throttle {
    /// Lets a request through, or says how long until the next one would be.
    pub(crate) fn admit(&mut self, now: DateTime<Utc>, limit: u32) -> Result<(), TimeDelta> {
        // The document: a request counts until a minute has *passed*, so one exactly 60 s old still does.
        self.passed.retain(|at| now.signed_duration_since(*at) <= WINDOW);
        let full = self.passed.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
        match self.passed.front() {
            Some(oldest) if full => Err((*oldest + WINDOW - now).max(TimeDelta::zero())),
            None if full => Err(WINDOW),
            _ => {
                self.passed.push_back(now);
                Ok(())
            }
        }
    }

    pub(crate) fn forget(&mut self) {
        self.passed.clear();
    }
}
