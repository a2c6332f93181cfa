//! The real sender of webhooks, pointed at stand-in consumers.

use crate::SimClock;
use nightdesk_core::ExposeSecret as _;
use nightdesk_http::{Addresses, Resolver, SystemResolver};
use nightdesk_senders::webhook::{KeyError, Keys, MasterKey, Webhooks};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

const KEY: [u8; 32] = [7; 32];

/// In real time, of which a busy machine needs much: a consumer that hangs in a story is hung up by the story.
const PATIENCE: Duration = Duration::from_secs(60);

struct Drawer;

impl Keys for Drawer {
    fn webhook_out(&self) -> Result<MasterKey, KeyError> {
        Ok(MasterKey::new(KEY))
    }
}

/// A name server by which every name leads to one address.
struct Leads(IpAddr);

impl Resolver for Leads {
    fn addresses<'a>(&'a self, _: &'a str) -> Addresses<'a> {
        Box::pin(std::future::ready(Ok(vec![self.0])))
    }
}

/// A name server that knows no name, as where a domain is gone and as a machine without a network finds.
struct Nowhere;

impl Resolver for Nowhere {
    fn addresses<'a>(&'a self, _: &'a str) -> Addresses<'a> {
        Box::pin(std::future::ready(Err(std::io::Error::other("no such name"))))
    }
}

/// The sender of webhooks.
pub fn hooks(clock: &SimClock) -> Arc<Webhooks> {
    made(clock, Arc::new(SystemResolver))
}

/// The same where every name leads to this address.
pub fn hooks_where_names_lead_to(clock: &SimClock, address: IpAddr) -> Arc<Webhooks> {
    made(clock, Arc::new(Leads(address)))
}

/// The same where no name leads anywhere.
pub fn hooks_where_no_name_is_found(clock: &SimClock) -> Arc<Webhooks> {
    made(clock, Arc::new(Nowhere))
}

fn made(clock: &SimClock, resolver: Arc<dyn Resolver>) -> Arc<Webhooks> {
    Arc::new(Webhooks::resolving(Arc::new(Drawer), Arc::new(clock.clone()), resolver).within(PATIENCE))
}

/// The secret of an endpoint, as its consumer has it.
pub fn hook_secret(url: &str, generation: u32) -> String {
    MasterKey::new(KEY).derive(url, generation).to_whsec().expose_secret().to_owned()
}
