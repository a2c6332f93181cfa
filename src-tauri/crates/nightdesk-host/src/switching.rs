//! Huntress at the address that the configuration names at the moment.

use nightdesk_core::ids::{AgentId, IncidentId};
use nightdesk_core::incident::Record;
use nightdesk_core::notice::Notice;
use nightdesk_core::port::{
    DatedAccount, Host, Huntress, HuntressError, ListedOrganization, Listing, NoticeListing, Pace, Page, PortFuture,
    Urgency,
};
use nightdesk_huntress::{Credentials, HuntressClient};
use std::sync::{Arc, PoisonError, RwLock};

/// A Huntress client that follows `huntress.base_url` while the engine runs. A request that has begun ends at the
/// address where it began.
pub struct SwitchingHuntress {
    credentials: Arc<dyn Credentials>,
    present: RwLock<Present>,
}

struct Present {
    base_url: String,
    client: Result<HuntressClient, HuntressError>,
}

impl SwitchingHuntress {
    /// A client for `base_url`. One that can't be used shows as an error of every request: the engine runs, and says so.
    pub fn new(base_url: &str, credentials: Arc<dyn Credentials>) -> Self {
        let present = RwLock::new(Present::new(base_url, &credentials));
        Self { credentials, present }
    }

    /// Goes on at another address; the same one changes nothing.
    pub fn follow(&self, base_url: &str) {
        let mut present = self.present.write().unwrap_or_else(PoisonError::into_inner);
        if present.base_url != base_url {
            *present = Present::new(base_url, &self.credentials);
        }
    }

    fn client(&self) -> Result<HuntressClient, HuntressError> {
        self.present.read().unwrap_or_else(PoisonError::into_inner).client.clone()
    }
}

impl Present {
    fn new(base_url: &str, credentials: &Arc<dyn Credentials>) -> Self {
        let client = HuntressClient::connect(base_url, credentials.clone())
            .map_err(|error| HuntressError::Unreachable(error.to_string()));
        Self { base_url: base_url.to_owned(), client }
    }
}

impl Huntress for SwitchingHuntress {
    fn key_fingerprint(&self) -> Result<String, HuntressError> {
        self.client()?.key_fingerprint()
    }

    fn account<'a>(&'a self, pace: &'a dyn Pace) -> PortFuture<'a, Result<DatedAccount, HuntressError>> {
        Box::pin(async move { self.client()?.account(pace).await })
    }

    fn incidents<'a>(
        &'a self,
        pace: &'a dyn Pace,
        urgency: Urgency,
        listing: &'a Listing,
        limit: u32,
        token: Option<&'a str>,
    ) -> PortFuture<'a, Result<Page<Record>, HuntressError>> {
        Box::pin(async move { self.client()?.incidents(pace, urgency, listing, limit, token).await })
    }

    fn incident<'a>(
        &'a self,
        pace: &'a dyn Pace,
        id: IncidentId,
    ) -> PortFuture<'a, Result<Option<Record>, HuntressError>> {
        Box::pin(async move { self.client()?.incident(pace, id).await })
    }

    fn organizations<'a>(
        &'a self,
        pace: &'a dyn Pace,
        token: Option<&'a str>,
    ) -> PortFuture<'a, Result<Page<ListedOrganization>, HuntressError>> {
        Box::pin(async move { self.client()?.organizations(pace, token).await })
    }

    fn notices<'a>(
        &'a self,
        pace: &'a dyn Pace,
        listing: NoticeListing,
        token: Option<&'a str>,
    ) -> PortFuture<'a, Result<Page<Notice>, HuntressError>> {
        Box::pin(async move { self.client()?.notices(pace, listing, token).await })
    }

    fn agent<'a>(&'a self, pace: &'a dyn Pace, id: AgentId) -> PortFuture<'a, Result<Option<Host>, HuntressError>> {
        Box::pin(async move { self.client()?.agent(pace, id).await })
    }
}
