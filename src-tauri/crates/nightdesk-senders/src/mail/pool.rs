//! Connections that were good a moment ago.

use lettre::transport::smtp::client::AsyncSmtpConnection;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Connections kept: a storm is sent over as many as are in use, and two are plenty between storms.
const KEPT: usize = 2;

/// How long a kept connection has to show that it still is one. After a sleep it may be dead without a word.
const PROOF: Duration = Duration::from_secs(4);

/// Connections at rest. One that is in use isn't here, so that what breaks off in the middle of a message, however it
/// does, can never be used again.
#[derive(Default)]
pub(super) struct Pool(Mutex<Vec<AsyncSmtpConnection>>);

impl Pool {
    /// A connection that has just answered, if there is one.
    pub async fn take(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            if tokio::time::timeout(PROOF, connection.test_connected()).await == Ok(true) {
                return Some(connection);
            }
        }
    }

    /// Puts one to rest after a message that was taken.
    pub fn put(&self, connection: AsyncSmtpConnection) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT && !connection.has_broken() {
            kept.push(connection);
        }
    }

    /// Forgets them: they were signed in by what is no longer good.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
