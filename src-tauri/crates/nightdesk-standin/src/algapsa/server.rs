//! The running server.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;

use super::answer::{Counter, answer};
use super::desk::{Desk, RequestHook};
use super::fault::Fault;
use super::request::{Request, Slip};
use crate::fault::FaultId;
use crate::huntress::Clock;
use crate::serving::Serving;

/// A running stand-in; dropping it, or [`stop`](Self::stop), ends it and closes every connection, kept-alive ones too.
pub struct AlgaStandin {
    desk: Desk,
    serving: Serving,
}

impl AlgaStandin {
    /// Gives a desk its clock and serves it on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start(desk: Desk, clock: Clock) -> io::Result<Self> {
        desk.set_clock(clock);
        Self::serve(desk, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await
    }

    /// Serves a desk, which has its clock, at an address: a fixed port, or the same desk again after a
    /// [`stop`](Self::stop).
    ///
    /// # Errors
    /// When the address can't be bound, or isn't on loopback.
    pub async fn serve(desk: Desk, address: SocketAddr) -> io::Result<Self> {
        let served = desk.clone();
        let serving =
            Serving::open(address, |_, stop| Router::new().fallback(answer).with_state(Counter { desk: served, stop }));
        Ok(Self { desk, serving: serving.await? })
    }

    /// The vendor's host, without `/api/v1`: `http://127.0.0.1:PORT`, without a trailing slash.
    pub fn base_url(&self) -> String {
        self.serving.url()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.serving.address()
    }

    /// The API key that it accepts in `x-api-key`.
    pub fn key(&self) -> String {
        Desk::key().to_owned()
    }

    /// The data behind it.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Request> {
        self.desk.requests()
    }

    /// Every request since the last time, and forgets them.
    pub fn take_requests(&self) -> Vec<Request> {
        self.desk.take_requests()
    }

    /// What no careful client does; see [`Desk::unexpected`].
    pub fn unexpected(&self) -> Vec<Slip> {
        self.desk.unexpected()
    }

    /// The same since the last time, and forgets them: for a test that expects some.
    pub fn take_unexpected(&self) -> Vec<Slip> {
        self.desk.take_unexpected()
    }

    /// Makes something go wrong; see [`Desk::fault`].
    pub fn fault(&self, fault: Fault) -> FaultId {
        self.desk.fault(fault)
    }

    /// Ends one fault; `false` when it had ended already.
    pub fn lift(&self, fault: FaultId) -> bool {
        self.desk.lift(fault)
    }

    /// Ends every fault.
    pub fn clear_faults(&self) {
        self.desk.clear_faults();
    }

    /// Runs before each answer is computed, so that a test can change the data between two pages; replaces an earlier
    /// one.
    pub fn on_request(&self, hook: RequestHook) {
        self.desk.on_request(hook);
    }

    /// Stops listening and closes every connection. The desk stays.
    pub fn stop(&self) {
        self.serving.stop();
    }
}

impl fmt::Debug for AlgaStandin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AlgaStandin").field("address", &self.address()).finish_non_exhaustive()
    }
}
