//! The listener and its connections.

use super::certificate::{Certificate, Standing};
use super::post::{self, Receiving};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// So many connections are served at once; more wait to be accepted. With the body's limit this bounds the memory that
/// strangers can make the desk hold: 32 MiB.
const CONNECTIONS: usize = 128;

/// Longest wait for a handshake, and for a request's head. Honest clients need milliseconds.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// What is under way when the door closes may take so long.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// After an error of the listener itself (mostly: no file handles left) it isn't asked again at once.
const PAUSE: Duration = Duration::from_millis(100);

/// An address that is listened on.
pub(super) struct Door {
    address: SocketAddr,
    certificate: Option<Arc<Certificate>>,
    stop: CancellationToken,
    connections: TaskTracker,
}

impl Door {
    /// Binds and begins to accept.
    ///
    /// # Errors
    /// Why not, for a person.
    pub async fn open(
        listen: SocketAddr,
        tls: Option<(&str, &str)>,
        receiving: Arc<Receiving>,
        tasks: &TaskTracker,
    ) -> Result<Self, String> {
        let certificate = tls.map(|(cert, key)| Certificate::open(cert, key)).transpose()?.map(Arc::new);
        let acceptor = match &certificate {
            Some(certificate) => Some(TlsAcceptor::from(Arc::new(certificate.server_config()?))),
            None => None,
        };
        // The configuration asks for a certificate too; this is the last place where plain text could leave the machine.
        if acceptor.is_none() && !listen.ip().is_loopback() {
            return Err(format!("webhook_in.listen {listen} is reachable from other machines and needs a certificate"));
        }
        let listener = TcpListener::bind(listen).await.map_err(|error| why(listen, &error))?;
        let address = listener.local_addr().map_err(|error| why(listen, &error))?;
        let (stop, connections) = (CancellationToken::new(), TaskTracker::new());
        let accepting = Accepting {
            listener,
            acceptor,
            receiving,
            stop: stop.clone(),
            connections: connections.clone(),
            room: Arc::new(Semaphore::new(CONNECTIONS)),
        };
        tasks.spawn(accepting.run());
        Ok(Self { address, certificate, stop, connections })
    }

    /// The address that is listened on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How the certificate stands, where there is one.
    pub fn certificate(&self) -> Option<Standing> {
        self.certificate.as_ref().map(|c| c.standing())
    }

    /// Completes when another certificate was looked at.
    pub async fn certificate_changed(&self) {
        match &self.certificate {
            Some(certificate) => certificate.changed.notified().await,
            None => std::future::pending().await,
        }
    }

    /// Accepts nothing more, lets what is under way end, and frees the address.
    pub async fn close(self) {
        self.stop.cancel();
        self.connections.close();
        let _late = tokio::time::timeout(CLOSE_WITHIN, self.connections.wait()).await;
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn why(listen: SocketAddr, error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => format!(
            "webhook_in.listen {listen} is in use by another program; end that one, or choose another port and tell your tunnel"
        ),
        ErrorKind::PermissionDenied => {
            format!("webhook_in.listen {listen} is not allowed to this user; choose a port above 1023")
        }
        ErrorKind::AddrNotAvailable => format!("webhook_in.listen {listen} is no address of this machine"),
        _ => format!("webhook_in.listen {listen} can't be listened on: {error}"),
    }
}

struct Accepting {
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    receiving: Arc<Receiving>,
    stop: CancellationToken,
    connections: TaskTracker,
    room: Arc<Semaphore>,
}

impl Accepting {
    async fn run(self) {
        // Counted as a connection, so that a closed door has also let go of its address.
        let _open = self.connections.token();
        loop {
            let accepted = async {
                let room = self.room.clone().acquire_owned().await.ok();
                (self.listener.accept().await, room)
            };
            let (accepted, room) = tokio::select! {
                accepted = accepted => accepted,
                () = self.stop.cancelled() => return,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let serve = serve(stream, peer, self.acceptor.clone(), self.receiving.clone(), self.stop.clone());
                    self.connections.spawn(async move {
                        serve.await;
                        drop(room);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }
}

async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    acceptor: Option<TlsAcceptor>,
    receiving: Arc<Receiving>,
    stop: CancellationToken,
) {
    // Answers are small, and each is waited for.
    let _best_effort = stream.set_nodelay(true);
    match acceptor {
        None => converse(stream, peer, receiving, stop).await,
        Some(acceptor) => match tokio::time::timeout(HEAD_WITHIN, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => converse(stream, peer, receiving, stop).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS with a client"),
            Err(_) => tracing::debug!(%peer, "a client did not finish its TLS handshake"),
        },
    }
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    peer: SocketAddr,
    receiving: Arc<Receiving>,
    stop: CancellationToken,
) {
    let service = TowerToHyperService::new(post::router(receiving, peer.ip()));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection broke off");
    }
}
