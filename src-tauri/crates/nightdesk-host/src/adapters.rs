//! The engine's real adapters, and how they follow a changed configuration.

use crate::Secrets;
use crate::calling::{SwitchingCarrier, SwitchingSender};
use crate::mailing::SwitchingMail;
use crate::switching::SwitchingHuntress;
use crate::ticketing::SwitchingPsa;
use nightdesk_core::clock::Clock;
use nightdesk_core::config::Config;
use nightdesk_core::port::Sender;
use nightdesk_engine::Parts;
use nightdesk_engine::context::Context;
use nightdesk_huntress::webhook::Webhooks;
use nightdesk_senders::webhook::Webhooks as PostSender;
use nightdesk_store::{Error, Store};
use std::sync::Arc;

/// What connects one process to the world outside.
#[derive(Clone)]
pub struct Adapters {
    huntress: Arc<SwitchingHuntress>,
    psa: Arc<SwitchingPsa>,
    carrier: Arc<SwitchingCarrier>,
    mail: Arc<SwitchingMail>,
    webhooks: Webhooks,
    secrets: Arc<Secrets>,
}

impl Adapters {
    /// Adapters for this configuration.
    pub fn new(config: &Config, secrets: Arc<Secrets>, clock: Arc<dyn Clock>) -> Self {
        Self {
            webhooks: Webhooks::new(secrets.clone()),
            secrets: secrets.clone(),
            mail: Arc::new(SwitchingMail::new(config.email.as_ref(), secrets.clone())),
            carrier: Arc::new(SwitchingCarrier::new(&config.paging, None, secrets.clone())),
            huntress: Arc::new(SwitchingHuntress::new(&config.huntress.base_url, secrets.clone())),
            psa: Arc::new(SwitchingPsa::new(config, secrets.clone(), clock)),
        }
    }

    /// Follows a changed configuration.
    pub fn follow(&self, config: &Config) {
        self.huntress.follow(&config.huntress.base_url);
        self.psa.follow(config);
        self.carrier.follow(&config.paging);
        self.mail.follow(config.email.as_ref());
    }

    /// Goes on with secrets that somebody changed.
    pub fn renew(&self) {
        self.mail.renew();
    }

    fn senders(&self, clock: &Arc<dyn Clock>) -> Vec<Arc<dyn Sender>> {
        let mut senders = SwitchingSender::both(&self.carrier);
        senders.extend(self.psa.senders());
        senders.push(self.mail.clone());
        senders.push(Arc::new(PostSender::new(self.secrets.clone(), clock.clone())));
        senders
    }

    /// Huntress, as the engine sees it.
    pub fn huntress(&self) -> Arc<SwitchingHuntress> {
        self.huntress.clone()
    }

    /// What an engine is put together from. `what` names the program; leases carry it with the process's number.
    pub fn parts(&self, clock: Arc<dyn Clock>, store: Store, what: &str) -> Parts {
        // With the start's time it is unique: process numbers come round again.
        let owner = format!("{what} {} {}", std::process::id(), clock.now().timestamp_millis());
        Parts {
            senders: self.senders(&clock),
            clock,
            store,
            huntress: self.huntress.clone(),
            psa: self.psa.clone(),
            carrier: self.carrier.clone(),
            webhooks: Arc::new(self.webhooks.clone()),
            owner,
        }
    }
}

/// The parts for one command's work on this store, by the configuration in it.
///
/// # Errors
/// [`Error`], when the configuration can't be read.
pub fn system_parts(
    mut store: Store,
    secrets: Arc<Secrets>,
    clock: Arc<dyn Clock>,
    what: &str,
) -> Result<Parts, Error> {
    let config = store.read(Context::load)?.config;
    Ok(Adapters::new(&config, secrets, clock.clone()).parts(clock, store, what))
}
