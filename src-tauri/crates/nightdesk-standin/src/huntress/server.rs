//! The running server.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;

use super::account::Account;
use super::answer::{Counter, answer};
use super::fault::Fault;
use super::request::Request;
use super::world::{Clock, RequestHook, World};
use crate::fault::FaultId;
use crate::serving::Serving;

/// A running stand-in; dropping it, or [`stop`](Self::stop), ends it and closes every connection, kept-alive ones too.
pub struct HuntressStandin {
    world: World,
    serving: Serving,
}

impl HuntressStandin {
    /// Serves an account on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start(account: Account, clock: Clock) -> io::Result<Self> {
        Self::serve(World::new(account, clock), SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await
    }

    /// Serves a world at an address: a fixed port, or the same world again after a [`stop`](Self::stop).
    ///
    /// # Errors
    /// When the address can't be bound, or isn't on loopback.
    pub async fn serve(world: World, address: SocketAddr) -> io::Result<Self> {
        let served = world.clone();
        let serving = Serving::open(address, |base_url, stop| {
            Router::new().fallback(answer).with_state(Counter { world: served, base_url, stop })
        });
        Ok(Self { world, serving: serving.await? })
    }

    /// `http://127.0.0.1:PORT`, without a trailing slash.
    pub fn base_url(&self) -> String {
        self.serving.url()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.serving.address()
    }

    /// The API key and secret that it accepts.
    pub fn key(&self) -> (String, String) {
        World::key()
    }

    /// The data behind it.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Request> {
        self.world.requests()
    }

    /// Every request since the last time, and forgets them.
    pub fn take_requests(&self) -> Vec<Request> {
        self.world.take_requests()
    }

    /// Makes something go wrong; see [`World::fault`].
    pub fn fault(&self, fault: Fault) -> FaultId {
        self.world.fault(fault)
    }

    /// Ends every fault.
    pub fn clear_faults(&self) {
        self.world.clear_faults();
    }

    /// Runs before each answer is computed, so that a test can change the data between two pages; replaces an earlier one.
    pub fn on_request(&self, hook: RequestHook) {
        self.world.on_request(hook);
    }

    /// Stops listening and closes every connection. The world stays.
    pub fn stop(&self) {
        self.serving.stop();
    }
}

impl fmt::Debug for HuntressStandin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HuntressStandin").field("address", &self.address()).finish_non_exhaustive()
    }
}
