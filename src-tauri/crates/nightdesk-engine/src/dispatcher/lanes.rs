//! Places on the ways out. ND-9: a kind has places of its own, and webhooks have so for each endpoint, since endpoints are
//! strangers to each other: one that hangs holds up its own messages alone.

use super::IN_FLIGHT;
use chrono::{DateTime, Utc};
use nightdesk_core::delivery::Kind;
use nightdesk_core::port::Sender;
use nightdesk_store::{Error, Tx};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A way out: one kind's, or one endpoint's.
pub(super) struct Lane {
    pub sender: Arc<dyn Sender>,
    /// The endpoint, of a kind that has a lane for each.
    pub to: Option<String>,
    places: Arc<Semaphore>,
}

impl Lane {
    fn new(sender: Arc<dyn Sender>, to: Option<String>) -> Self {
        Self { sender, to, places: Arc::new(Semaphore::new(IN_FLIGHT)) }
    }

    /// How many deliveries it takes now.
    pub fn free(&self) -> u32 {
        u32::try_from(self.places.available_permits()).unwrap_or(u32::MAX)
    }

    /// Takes a place. Only the dispatcher does, and it counted them, so there is one.
    pub fn place(&self) -> Option<OwnedSemaphorePermit> {
        self.places.clone().try_acquire_owned().ok()
    }
}

/// All of them.
pub(super) struct Lanes {
    lanes: Vec<Lane>,
    webhooks: Option<Arc<dyn Sender>>,
}

impl Lanes {
    /// One lane for each sender, but for webhooks.
    pub fn new(senders: &[Arc<dyn Sender>]) -> Self {
        let (webhooks, others): (Vec<_>, Vec<_>) = senders.iter().cloned().partition(|s| s.kind() == Kind::Webhook);
        let lanes = others.into_iter().map(|sender| Lane::new(sender, None)).collect();
        Self { lanes, webhooks: webhooks.into_iter().next() }
    }

    /// Whether endpoints are served at all.
    pub fn serves_endpoints(&self) -> bool {
        self.webhooks.is_some()
    }

    /// Has a lane for each of these endpoints. One that is gone keeps its lane until nothing is under way on it.
    pub fn follow(&mut self, endpoints: &[String]) {
        let Some(sender) = &self.webhooks else { return };
        let is_kept = |to: &String| endpoints.contains(to);
        self.lanes.retain(|l| l.to.as_ref().is_none_or(is_kept) || (l.free() as usize) < IN_FLIGHT);
        for endpoint in endpoints {
            if !self.lanes.iter().any(|l| l.to.as_ref() == Some(endpoint)) {
                self.lanes.push(Lane::new(sender.clone(), Some(endpoint.clone())));
            }
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Lane> {
        self.lanes.iter()
    }

    pub fn get(&self, lane: usize) -> Option<&Lane> {
        self.lanes.get(lane)
    }

    /// Those with a free place, of the kinds that `may` be taken now.
    pub fn open(&self, may: impl Fn(Kind) -> bool) -> Open {
        let free = || self.lanes.iter().filter(|l| l.free() > 0 && may(l.sender.kind()));
        Open {
            kinds: free().filter(|l| l.to.is_none()).map(|l| l.sender.kind()).collect(),
            busy: self.lanes.iter().filter(|l| l.free() == 0).filter_map(|l| l.to.clone()).collect(),
            serves_endpoints: self.serves_endpoints(),
        }
    }
}

/// Where there is a place now.
#[derive(Debug, Clone)]
pub(super) struct Open {
    kinds: Vec<Kind>,
    /// Endpoints without a place.
    busy: Vec<String>,
    serves_endpoints: bool,
}

impl Open {
    /// When something that could be taken is next due, and the endpoints that there are. What is due elsewhere waits for
    /// a settling, which beats the pulse.
    pub fn next(&self, tx: &Tx<'_>) -> Result<(Option<DateTime<Utc>>, Vec<String>), Error> {
        let endpoints = if self.serves_endpoints { tx.open_endpoints()? } else { Vec::new() };
        let mut next = tx.next_due(&self.kinds)?;
        for endpoint in endpoints.iter().filter(|e| !self.busy.contains(e)) {
            next = next.into_iter().chain(tx.next_due_to(Kind::Webhook, endpoint)?).min();
        }
        Ok((next, endpoints))
    }
}
