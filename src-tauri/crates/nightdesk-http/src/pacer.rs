//! The caller's say before each request: budget, stop signal and clock.

use std::future::Future;
use std::pin::Pin;

use chrono::{DateTime, Utc};

/// The caller no longer wants the request: the engine is stopping, or the budget's deadline has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request was called off before it was sent")]
pub struct PacerStopped;

/// What [`Pacer::before_attempt`] returns.
pub type Pace<'a> = Pin<Box<dyn Future<Output = Result<(), PacerStopped>> + Send + 'a>>;

/// Asked before every HTTP request that leaves, retries and the silent repetition included.
pub trait Pacer: Send + Sync {
    /// Waits until the request may leave (one token of a shared bucket), or says that it may not.
    fn before_attempt(&self) -> Pace<'_>;

    /// The current time, read once per answer: a `Retry-After` date is relative to it. Only the engine has a clock (ND-11).
    fn now(&self) -> DateTime<Utc>;
}

/// For a caller without a budget: nothing waits, and the function gives the time.
#[derive(Debug, Clone, Copy)]
pub struct NoPace<F>(pub F);

impl<F> Pacer for NoPace<F>
where
    F: Fn() -> DateTime<Utc> + Send + Sync,
{
    fn before_attempt(&self) -> Pace<'_> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}
