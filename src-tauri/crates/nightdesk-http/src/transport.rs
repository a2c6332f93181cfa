//! From the HTTP library's errors to ours.
//!
//! Nothing of reqwest's own text is kept: it holds the address with its query, and behind a proxy the proxy's. Only an
//! error kind's fixed words and rustls's reasons (names and dates of a certificate) pass.

use std::error::Error as _;
use std::io::{self, ErrorKind};
use std::time::Duration;

use crate::reach::Forbidden;
use crate::{ConnectKind, Error};

/// What went wrong in one exchange with `host`; `status` is that of an answer already begun.
pub(crate) fn classify(error: &reqwest::Error, host: &str, limit: Duration, status: Option<u16>) -> Error {
    let cause = Cause::of(error);
    let host = host.to_owned();
    if let Some(Forbidden(reason)) = cause.forbidden {
        return Error::ForbiddenAddress { host, reason };
    }
    if error.is_connect() {
        let kind = cause.connect_kind(error);
        Error::Connect { host, kind, detail: cause.words() }
    } else if error.is_timeout() {
        Error::Timeout { host, limit, status }
    } else if cause.lost {
        Error::Reset { host, status }
    } else {
        Error::Io { host, detail: cause.words(), status }
    }
}

/// What the chain of sources tells.
#[derive(Default)]
struct Cause {
    io: Option<ErrorKind>,
    tls: Option<String>,
    lost: bool,
    garbled: bool,
    forbidden: Option<Forbidden>,
}

impl Cause {
    fn of(error: &reqwest::Error) -> Self {
        let mut cause = Self::default();
        let mut next = error.source();
        while let Some(source) = next {
            if let Some(io) = source.downcast_ref::<io::Error>() {
                cause.read_io(io);
            } else if let Some(tls) = source.downcast_ref::<rustls::Error>() {
                cause.tls = Some(tls.to_string());
            } else if let Some(forbidden) = source.downcast_ref::<Forbidden>() {
                cause.forbidden = Some(*forbidden);
            } else if let Some(http) = source.downcast_ref::<hyper::Error>() {
                cause.lost |= http.is_incomplete_message() || http.is_canceled() || http.is_closed();
                cause.garbled |= http.is_parse();
            }
            next = source.source();
        }
        cause
    }

    fn read_io(&mut self, error: &io::Error) {
        self.io = Some(error.kind());
        self.lost |= matches!(
            error.kind(),
            ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::BrokenPipe
                | ErrorKind::NotConnected
                | ErrorKind::UnexpectedEof
        );
        // An io::Error passes over the error it wraps when asked for its source, and rustls errors arrive wrapped.
        if let Some(inner) = error.get_ref() {
            if let Some(tls) = inner.downcast_ref::<rustls::Error>() {
                self.tls = Some(tls.to_string());
            } else if let Some(io) = inner.downcast_ref::<io::Error>() {
                self.read_io(io);
            }
        }
    }

    fn connect_kind(&self, error: &reqwest::Error) -> ConnectKind {
        if error.is_dns() {
            return ConnectKind::Dns;
        }
        if self.tls.is_some() {
            return ConnectKind::Tls;
        }
        if error.is_timeout() {
            return ConnectKind::TimedOut;
        }
        match self.io {
            Some(ErrorKind::ConnectionRefused) => ConnectKind::Refused,
            Some(ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::NetworkDown) => {
                ConnectKind::Unreachable
            }
            _ => ConnectKind::Other,
        }
    }

    fn words(&self) -> String {
        match (&self.tls, self.io) {
            (Some(tls), _) => tls.clone(),
            (None, Some(kind)) => kind.to_string(),
            (None, None) if self.garbled => "the answer is not HTTP".to_owned(),
            (None, None) => "the exchange broke off".to_owned(),
        }
    }
}
