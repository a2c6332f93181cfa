//! Reading Huntress, given up at once when the engine stops: every request is a read, so none is worth waiting for.

use nightdesk_core::ids::{AgentId, IncidentId};
use nightdesk_core::incident::Record;
use nightdesk_core::notice::Notice;
use nightdesk_core::port::{
    DatedAccount, Host, Huntress, HuntressError, ListedOrganization, Listing, NoticeListing, Pace, Page, PortFuture,
    Urgency,
};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

type Answer<'a, T> = PortFuture<'a, Result<T, HuntressError>>;

/// A [`Huntress`] whose requests end with [`HuntressError::Stopped`] once it is stopped, whether or not it answers.
pub struct Interruptible {
    huntress: Arc<dyn Huntress>,
    stop: CancellationToken,
}

impl Interruptible {
    /// Reads `huntress` until `stop`.
    pub fn new(huntress: Arc<dyn Huntress>, stop: CancellationToken) -> Self {
        Self { huntress, stop }
    }

    fn until_stopped<'a, T: Send + 'a>(&'a self, answer: Answer<'a, T>) -> Answer<'a, T> {
        Box::pin(async move { self.stop.run_until_cancelled(answer).await.unwrap_or(Err(HuntressError::Stopped)) })
    }
}

impl Huntress for Interruptible {
    fn key_fingerprint(&self) -> Result<String, HuntressError> {
        self.huntress.key_fingerprint()
    }

    fn account<'a>(&'a self, pace: &'a dyn Pace) -> Answer<'a, DatedAccount> {
        self.until_stopped(self.huntress.account(pace))
    }

    fn incidents<'a>(
        &'a self,
        pace: &'a dyn Pace,
        urgency: Urgency,
        listing: &'a Listing,
        limit: u32,
        token: Option<&'a str>,
    ) -> Answer<'a, Page<Record>> {
        self.until_stopped(self.huntress.incidents(pace, urgency, listing, limit, token))
    }

    fn incident<'a>(&'a self, pace: &'a dyn Pace, id: IncidentId) -> Answer<'a, Option<Record>> {
        self.until_stopped(self.huntress.incident(pace, id))
    }

    fn organizations<'a>(&'a self, pace: &'a dyn Pace, token: Option<&'a str>) -> Answer<'a, Page<ListedOrganization>> {
        self.until_stopped(self.huntress.organizations(pace, token))
    }

    fn notices<'a>(
        &'a self,
        pace: &'a dyn Pace,
        listing: NoticeListing,
        token: Option<&'a str>,
    ) -> Answer<'a, Page<Notice>> {
        self.until_stopped(self.huntress.notices(pace, listing, token))
    }

    fn agent<'a>(&'a self, pace: &'a dyn Pace, id: AgentId) -> Answer<'a, Option<Host>> {
        self.until_stopped(self.huntress.agent(pace, id))
    }
}
