//! How a consumer answers.

use axum::body::Body;
use axum::http::Response;
use chrono::{DateTime, Utc};

/// What a post is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// 204.
    Take,
    /// This status, with a word of text.
    Status(u16),
    /// Nothing, until the consumer hangs up or is stopped, or the client has enough.
    Hang,
    /// 302 to this address.
    Redirect(String),
    /// 503, to be asked again after so many seconds.
    BusyFor(u64),
    /// 503, to be asked again at this time.
    BusyUntil(DateTime<Utc>),
    /// 410: no more, ever.
    Gone,
}

impl Reaction {
    pub(super) fn status(&self) -> u16 {
        match self {
            Self::Take => 204,
            Self::Status(status) => *status,
            Self::Hang => 0,
            Self::Redirect(_) => 302,
            Self::BusyFor(_) | Self::BusyUntil(_) => 503,
            Self::Gone => 410,
        }
    }

    pub(super) fn response(&self) -> Response<Body> {
        let mut response = Response::new(match self {
            Self::Take => Body::empty(),
            other => Body::from(format!("status {}", other.status())),
        });
        *response.status_mut() = axum::http::StatusCode::from_u16(self.status()).unwrap_or_default();
        let header = match self {
            Self::Redirect(to) => Some(("location", to.clone())),
            Self::BusyFor(seconds) => Some(("retry-after", seconds.to_string())),
            Self::BusyUntil(at) => Some(("retry-after", at.format("%a, %d %b %Y %H:%M:%S GMT").to_string())),
            _ => None,
        };
        if let Some((name, value)) = header
            && let Ok(value) = value.parse()
        {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
