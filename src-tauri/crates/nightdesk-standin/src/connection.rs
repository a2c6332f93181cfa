//! The TCP side: connections that can be broken on purpose and that end when the stand-in stops.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Where a connection is to break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Before anything of the answer.
    Before,
    /// After the head and so many bytes of the body.
    InBody(usize),
}

/// The handler's hold on the connection it answers on.
#[derive(Clone, Default)]
pub(crate) struct Scissors(Arc<Mutex<Option<Cut>>>);

impl Scissors {
    pub(crate) fn cut(&self, cut: Cut) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(cut);
    }

    fn planned(&self) -> Option<Cut> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected<IncomingStream<'_, Doors>> for Scissors {
    fn connect_info(stream: IncomingStream<'_, Doors>) -> Self {
        stream.io().scissors.clone()
    }
}

/// The listener, handing out [`Line`]s.
pub(crate) struct Doors {
    pub(crate) listener: TcpListener,
    pub(crate) stop: CancellationToken,
}

impl Listener for Doors {
    type Io = Line;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, peer) = Listener::accept(&mut self.listener).await;
        let stopped = Box::pin(self.stop.clone().cancelled_owned());
        (Line { stream, scissors: Scissors::default(), stopped, sent: Sent::default() }, peer)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// One connection. A client keeps connections alive, so a stopped stand-in must close them itself or it would seem to
/// go on working.
pub(crate) struct Line {
    stream: TcpStream,
    scissors: Scissors,
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
    sent: Sent,
}

impl Line {
    /// An error for the server, which then drops the connection; with linger at zero the drop sends a reset.
    fn broken(&self) -> io::Error {
        match self.stream.set_zero_linger() {
            Ok(()) => io::ErrorKind::ConnectionReset.into(),
            Err(error) => error,
        }
    }
}

/// How far the answer has got on the wire.
#[derive(Clone, Copy, Default)]
struct Sent {
    /// How much of the blank line that ends the head has gone by (4: all of it).
    head_end: usize,
    body: usize,
}

impl Sent {
    /// The state after one more byte.
    fn plus(mut self, byte: u8) -> Self {
        match (self.head_end, byte) {
            (4, _) => self.body += 1,
            (0 | 2, b'\r') | (1 | 3, b'\n') => self.head_end += 1,
            (_, b'\r') => self.head_end = 1,
            _ => self.head_end = 0,
        }
        self
    }

    fn plus_all(self, bytes: &[u8]) -> Self {
        bytes.iter().fold(self, |sent, byte| sent.plus(*byte))
    }

    /// How many of these bytes may leave before the body has reached its limit.
    fn allowance(mut self, bytes: &[u8], body_limit: usize) -> usize {
        let mut allowed = 0;
        for byte in bytes {
            self = self.plus(*byte);
            if self.body > body_limit {
                break;
            }
            allowed += 1;
        }
        allowed
    }
}

impl AsyncRead for Line {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let line = self.get_mut();
        if line.stopped.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut line.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Line {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let line = self.get_mut();
        match line.scissors.planned() {
            None => Pin::new(&mut line.stream).poll_write(cx, buf),
            Some(Cut::Before) => Poll::Ready(Err(line.broken())),
            Some(Cut::InBody(limit)) => {
                let allowed = line.sent.allowance(buf, limit);
                if allowed == 0 {
                    return Poll::Ready(Err(line.broken()));
                }
                let written = Pin::new(&mut line.stream).poll_write(cx, &buf[..allowed]);
                if let Poll::Ready(Ok(count)) = written {
                    line.sent = line.sent.plus_all(&buf[..count]);
                }
                written
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
