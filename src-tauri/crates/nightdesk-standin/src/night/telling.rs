//! The night as it happens at the stand-in.

use super::Night;
use crate::{Account, RetryAfterForm, World};
use std::time::Duration;

/// Every demo shows the same night.
const SEED: u64 = 7;

/// The night's script and where it stands.
#[derive(Debug)]
pub struct Telling {
    night: Night,
    began: Option<Duration>,
}

impl Default for Telling {
    fn default() -> Self {
        Self::new()
    }
}

impl Telling {
    /// The night before anything has happened.
    pub fn new() -> Self {
        Self { night: Night::new(SEED), began: None }
    }

    /// The account as the night begins.
    pub fn account(&self) -> Account {
        self.night.account()
    }

    /// Lets happen what is due at this reading of the clock, counted from the first call, and says it.
    pub fn advance(&mut self, world: &World, awake: Duration) -> Vec<String> {
        let began = *self.began.get_or_insert_with(|| {
            // A refusal says when to come back, so that the outage shows the desk waiting and not guessing.
            world.dialect(|d| d.retry_after = RetryAfterForm::Seconds);
            awake
        });
        self.night.advance(world, awake.saturating_sub(began))
    }
}
