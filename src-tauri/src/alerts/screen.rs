//! Where alerts are shown: the desktop's own notifications, by platform.

#[cfg(all(unix, not(target_os = "macos")))]
mod freedesktop;
#[cfg(not(all(unix, not(target_os = "macos"))))]
mod toast;

#[cfg(all(unix, not(target_os = "macos")))]
pub use freedesktop::Desktop;
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub use toast::Desktop;

use super::alert::Rank;
use nightdesk_core::port::PortFuture;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a notification service may take to show one.
pub const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// What is to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Popup {
    /// The first line.
    pub summary: String,
    /// What follows, as text; the screen escapes it where it must.
    pub body: String,
    /// How bad.
    pub rank: Rank,
    /// Whether it makes a sound.
    pub sound: bool,
    /// Whether it can be acknowledged, beside being opened.
    pub acknowledges: bool,
    /// The popup whose place it takes, by the screen's number.
    pub replaces: Option<u32>,
}

/// What a person did, or didn't.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Wants to see it.
    Opened,
    /// Takes it on.
    Acknowledged,
    /// Wiped it away.
    Dismissed,
    /// Nothing: it went by itself.
    Expired,
    /// It was taken away by us, or nobody can say.
    Gone,
}

/// Told of the answer, once.
pub type Answered = Box<dyn FnOnce(Answer) + Send>;

/// A popup on the screen.
#[derive(Debug, Clone)]
pub struct Live {
    /// The screen's number for it.
    pub id: u32,
    /// Takes it away when cancelled.
    pub close: CancellationToken,
}

/// What is known of the service that shows alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Service {
    /// Its name, where there is one.
    pub server: Option<String>,
    /// Why nothing can be shown, as a sentence with the remedy.
    pub missing: Option<String>,
    /// Why what is shown may not be seen: do-not-disturb, a presentation.
    pub quiet: Option<String>,
}

impl Service {
    /// What a person should know about it.
    pub fn trouble(&self) -> Option<&str> {
        self.missing.as_deref().or(self.quiet.as_deref())
    }
}

/// A screen that alerts can be shown on.
pub trait Screen: Send + Sync {
    /// Shows a popup. The error says why it can't, and what to do.
    fn show(&self, popup: Popup, answered: Answered) -> PortFuture<'_, Result<Live, String>>;

    /// Looks at the service anew.
    fn service(&self) -> PortFuture<'_, Service>;
}
