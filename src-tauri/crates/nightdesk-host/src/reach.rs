//! How the program around an engine reaches it.

use nightdesk_engine::Engine;
use std::sync::Arc;
use tokio::sync::Notify;

/// A hold on the engine that [`crate::run_with`] runs, for the program around it. It outlives a recovery, in which one
/// engine ends and the next begins, and holds nothing that would keep an engine from stopping.
#[derive(Clone, Default)]
pub struct Reach {
    poll: Arc<Notify>,
}

impl Reach {
    /// Asks for a poll and a whole sweep now: after sleep, or when the network changed. Without an engine it is kept
    /// for the next one.
    pub fn poll_now(&self) {
        self.poll.notify_one();
    }

    /// Passes on what is asked, until it is dropped.
    pub(crate) async fn serve(&self, engine: &Engine) {
        loop {
            self.poll.notified().await;
            engine.poll_now();
        }
    }
}
