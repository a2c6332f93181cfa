//! The running server.

use std::fmt;
use std::future::IntoFuture as _;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use axum::Router;
use nightdesk_core::clock::Clock;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::account::Account;
use super::answer::answer;
use super::exchange::{Exchange, lock};
use crate::connection::{Doors, Scissors};

/// A running stand-in: a handle, cheap to clone. When the last one is dropped, or [`stop`](Self::stop) is called, it
/// ends and closes every connection.
#[derive(Clone)]
pub struct Carrier {
    pub(crate) exchange: Arc<Exchange>,
    door: Arc<Door>,
}

struct Door {
    address: SocketAddr,
    stop: Mutex<CancellationToken>,
}

impl Drop for Door {
    fn drop(&mut self) {
        lock(&self.stop).cancel();
    }
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
        if !address.ip().is_loopback() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a stand-in serves on loopback only"));
        }
        let exchange = Arc::new(Exchange::new(clock));
        let (address, stop) = open(&exchange, address).await?;
        Ok(Self { exchange, door: Arc::new(Door { address, stop: Mutex::new(stop) }) })
    }

    /// Stops listening and closes every connection. What it knows stays, and phones go on.
    pub fn stop(&self) {
        lock(&self.door.stop).cancel();
    }

    /// Serves again at the same address after a [`stop`](Self::stop).
    ///
    /// # Errors
    /// When the address has been taken meanwhile.
    pub async fn resume(&self) -> io::Result<()> {
        self.stop();
        let (_, stop) = open(&self.exchange, self.door.address).await?;
        *lock(&self.door.stop) = stop;
        Ok(())
    }

    /// Where Messages and Calls are: `http://127.0.0.1:PORT`, without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.door.address)
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

#[allow(
    clippy::disallowed_methods,
    reason = "a stand-in is outside the engine and its task tracker; its task ends with its token"
)]
async fn open(exchange: &Arc<Exchange>, address: SocketAddr) -> io::Result<(SocketAddr, CancellationToken)> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let stop = CancellationToken::new();
    let counter = Counter { exchange: exchange.clone(), base: format!("http://{address}"), stop: stop.clone() };
    let app = Router::new().fallback(answer).with_state(counter);
    let doors = Doors { listener, stop: stop.clone() };
    let serving = axum::serve(doors, app.into_make_service_with_connect_info::<Scissors>()).into_future();
    let stopped = stop.clone().cancelled_owned();
    tokio::spawn(async move {
        tokio::select! {
            _ = serving => {}
            () = stopped => {}
        }
    });
    Ok((address, stop))
}

impl fmt::Debug for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carrier").field("address", &self.door.address).finish_non_exhaustive()
    }
}
