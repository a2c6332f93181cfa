//! A screen that takes every alert and remembers it.

use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::{Found, Outgoing, PortFuture, Sender};
use std::sync::{Arc, Mutex};

/// The way out that somebody sits before.
#[derive(Default)]
pub struct Screen(Mutex<Vec<Outgoing>>);

impl Screen {
    /// An empty one.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Everything that was shown and not yet taken, in full.
    pub fn sent(&self) -> Vec<Outgoing> {
        self.0.lock().unwrap().clone()
    }

    /// `alert title` of what was shown since the last time.
    pub fn take(&self) -> Vec<String> {
        let sent = std::mem::take(&mut *self.0.lock().unwrap());
        let word = |o: &Outgoing, key: &str| o.payload[key].as_str().unwrap_or("-").to_owned();
        sent.iter().map(|o| format!("{} {}", word(o, "alert"), word(o, "title"))).collect()
    }
}

impl Sender for Screen {
    fn kind(&self) -> Kind {
        Kind::Native
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Key
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        self.0.lock().unwrap().push(outgoing.clone());
        Box::pin(std::future::ready(Outcome::Delivered { remote_ref: None }))
    }

    fn look_up<'a>(&'a self, _: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(std::future::ready(Found::No))
    }
}
