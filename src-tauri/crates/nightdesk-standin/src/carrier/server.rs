//! The running server.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use axum::Router;
use nightdesk_core::clock::Clock;
use tokio_util::sync::CancellationToken;

use super::account::Account;
use super::answer::answer;
use super::exchange::{Exchange, lock};
use crate::serving::Serving;

/// A running stand-in: a handle, cheap to clone. When the last one is dropped, or [`stop`](Self::stop) is called, it
/// ends and closes every connection.
#[derive(Clone)]
pub struct Carrier {
    pub(crate) exchange: Arc<Exchange>,
    address: SocketAddr,
    serving: Arc<Mutex<Serving>>,
}

/// What the handler needs.
#[derive(Clone)]
pub(crate) struct Counter {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) base: String,
    pub(crate) stop: CancellationToken,
}

/// What an answer of Studio's names.
pub(crate) struct Desk<'a> {
    pub(crate) account: &'a Account,
    /// The address before the path.
    pub(crate) base: &'a str,
}

impl Carrier {
    /// Serves a new account on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start(clock: Arc<dyn Clock>) -> io::Result<Self> {
        Self::serve(clock, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await
    }

    /// Serves a new account at this address.
    ///
    /// # Errors
    /// When the address can't be bound, or isn't on loopback.
    pub async fn serve(clock: Arc<dyn Clock>, address: SocketAddr) -> io::Result<Self> {
        let exchange = Arc::new(Exchange::new(clock));
        let serving = open(&exchange, address).await?;
        Ok(Self { exchange, address: serving.address(), serving: Arc::new(Mutex::new(serving)) })
    }

    /// Stops listening and closes every connection. What it knows stays, and phones go on.
    pub fn stop(&self) {
        lock(&self.serving).stop();
    }

    /// Serves again at the same address after a [`stop`](Self::stop).
    ///
    /// # Errors
    /// When the address has been taken meanwhile.
    pub async fn resume(&self) -> io::Result<()> {
        self.stop();
        let serving = open(&self.exchange, self.address).await?;
        *lock(&self.serving) = serving;
        Ok(())
    }

    /// Where Messages and Calls are: `http://127.0.0.1:PORT`, without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where Studio is. The same place: the paths tell them apart.
    pub fn studio_url(&self) -> String {
        self.url()
    }

    /// The account (`AC…`).
    pub fn account_sid(&self) -> String {
        self.exchange.account.sid.clone()
    }

    /// The account's token: the password that goes with the account.
    pub fn auth_token(&self) -> String {
        self.exchange.account.token.clone()
    }

    /// An API key (`SK…`) and its secret, which open the account as well.
    pub fn api_key(&self) -> (String, String) {
        (self.exchange.account.key.clone(), self.exchange.account.secret.clone())
    }

    /// Our number at the carrier: the only one that may send and call.
    pub fn number(&self) -> String {
        self.exchange.account.number.clone()
    }
}

async fn open(exchange: &Arc<Exchange>, address: SocketAddr) -> io::Result<Serving> {
    let exchange = exchange.clone();
    let app = |base, stop| Router::new().fallback(answer).with_state(Counter { exchange, base, stop });
    Serving::open(address, app).await
}

impl fmt::Debug for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carrier").field("address", &self.address).finish_non_exhaustive()
    }
}
