//! Why there is no answer.

use std::time::Duration;

/// A request that brought no complete answer. The texts are for people and name the host at most: never a path, a query,
/// a header's value or a `Location`.
///
/// Where a `status` stands beside a failure, the server had begun to answer with it before the rest was lost.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not an address a request can go to. Nothing was sent.
    #[error("the address cannot be used: {reason}")]
    InvalidUrl { reason: &'static str },
    /// Plain http to another machine. Nothing was sent.
    #[error(
        "{host} must be reached over https: plain http is allowed to this machine alone (localhost, 127.0.0.0/8, ::1)"
    )]
    InsecureUrl { host: String },
    /// An address inside where only those outside may be used, or the other way round. Nothing was sent.
    #[error("{host} may not be used: it is {reason}")]
    ForbiddenAddress { host: String, reason: &'static str },
    /// A header or credential that HTTP cannot carry. Nothing was sent.
    #[error("the {name} header holds what HTTP cannot carry, such as a line break: enter its value again")]
    InvalidHeader { name: String },
    /// The HTTP or TLS machinery could not be set up. Nothing was sent.
    #[error("requests cannot be made from this machine: {detail} (https needs the system's CA certificates)")]
    Setup { detail: String },
    /// No connection, so the request itself was not sent.
    #[error("no connection to {host}: {}", describe(*kind, detail))]
    Connect { host: String, kind: ConnectKind, detail: String },
    /// The attempt outlasted [`Limits::total_timeout`](crate::Limits).
    #[error("{host} gave no complete answer within {} s", limit.as_secs_f64())]
    Timeout { host: String, limit: Duration, status: Option<u16> },
    /// The connection ended before the answer did.
    #[error("{host} closed the connection before its answer was complete")]
    Reset { host: String, status: Option<u16> },
    /// A 3xx. It is not followed: credentials would go along.
    #[error("{host} answered with a redirect ({status}), which is not followed: check the configured address")]
    Redirect { host: String, status: u16 },
    /// A body beyond [`Limits::max_body`](crate::Limits), in bytes.
    #[error("the answer of {host} is larger than {limit} bytes and was not read further")]
    TooLarge { host: String, limit: usize, status: u16 },
    /// The pacer called the request off. Of a GET, earlier attempts may have been sent.
    #[error("the request was called off before it was sent")]
    Stopped,
    /// Something else went wrong on the wire; mostly an answer that is not HTTP.
    #[error("talking to {host} failed: {detail}")]
    Io { host: String, detail: String, status: Option<u16> },
}

/// What kept a connection from being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectKind {
    /// The name has no address, or no name server answered.
    Dns,
    /// Nothing listens there.
    Refused,
    /// No route: this machine is offline, or the network is.
    Unreachable,
    /// No connection within [`Limits::connect_timeout`](crate::Limits).
    TimedOut,
    /// The certificate or the handshake was not acceptable.
    Tls,
    /// None of these.
    Other,
}

fn describe(kind: ConnectKind, detail: &str) -> String {
    match kind {
        ConnectKind::Dns => "its name could not be looked up; check the name and this machine's network".to_owned(),
        ConnectKind::Refused => "nothing accepts connections there".to_owned(),
        ConnectKind::Unreachable => "no route there; is this machine online?".to_owned(),
        ConnectKind::TimedOut => "it did not respond in time".to_owned(),
        ConnectKind::Tls => format!("TLS failed ({detail}); check the certificate, this machine's clock and any proxy"),
        ConnectKind::Other => detail.to_owned(),
    }
}

impl Error {
    /// Whether the same request may succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Connect { kind, .. } => *kind != ConnectKind::Tls,
            Self::Timeout { .. } | Self::Reset { .. } | Self::Io { .. } => true,
            _ => false,
        }
    }

    /// Whether an answer began to arrive, so that the server is known to have dealt with the request. With [`never_sent`]
    /// also false the outcome is unknown: something that is not repeatable is in doubt then (ND-5).
    ///
    /// [`never_sent`]: Self::never_sent
    pub fn answered(&self) -> bool {
        self.status().is_some()
    }

    /// Whether it is certain that the last attempt of the request did not leave this machine. For anything but a GET the
    /// last attempt is the only one.
    pub fn never_sent(&self) -> bool {
        matches!(
            self,
            Self::InvalidUrl { .. }
                | Self::InsecureUrl { .. }
                | Self::ForbiddenAddress { .. }
                | Self::InvalidHeader { .. }
                | Self::Setup { .. }
                | Self::Connect { .. }
                | Self::Stopped
        )
    }

    /// The status of an answer that was cut off, too large or a redirect.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Redirect { status, .. } | Self::TooLarge { status, .. } => Some(*status),
            Self::Timeout { status, .. } | Self::Reset { status, .. } | Self::Io { status, .. } => *status,
            _ => None,
        }
    }
}
