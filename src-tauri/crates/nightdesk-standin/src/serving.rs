//! The open door of a stand-in that speaks HTTP.

use std::future::IntoFuture as _;
use std::io;
use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::connection::{Doors, Scissors};

/// Listens until it is stopped or dropped, which closes every connection, kept-alive ones too.
#[derive(Debug)]
pub(crate) struct Serving {
    address: SocketAddr,
    stop: CancellationToken,
}

impl Serving {
    /// Serves at an address. `app` is told where that is, without a trailing slash, and the token that ends it.
    ///
    /// # Errors
    /// When the address can't be bound, or isn't on loopback.
    #[allow(
        clippy::disallowed_methods,
        reason = "a stand-in is outside the engine and its task tracker; its task ends with its token"
    )]
    pub(crate) async fn open(
        address: SocketAddr,
        app: impl FnOnce(String, CancellationToken) -> Router,
    ) -> io::Result<Self> {
        if !address.ip().is_loopback() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a stand-in serves on loopback only"));
        }
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let app = app(format!("http://{address}"), stop.clone());
        let doors = Doors { listener, stop: stop.clone() };
        let serving = axum::serve(doors, app.into_make_service_with_connect_info::<Scissors>()).into_future();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move {
            tokio::select! {
                _ = serving => {}
                () = stopped => {}
            }
        });
        Ok(Self { address, stop })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`, without a trailing slash.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops listening and closes every connection.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
