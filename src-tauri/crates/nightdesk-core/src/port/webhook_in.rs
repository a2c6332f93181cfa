//! Huntress's webhooks as the engine sees them: a post is verified as raw bytes, stored, and read as an event later.

use crate::incident::Record;
use crate::notice::{Event, Notice};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// How far a post's timestamp may be from our clock, in seconds, either way (Svix and Standard Webhooks: 5 minutes).
pub const TOLERANCE_SECONDS: i64 = 300;

/// What the ids begin with of the posts by which the desk tries its own address: they prove nothing of Huntress's secret.
pub const OWN_TEST: &str = "nightdesk_test_";

/// What a post says of itself in its headers, `svix-*` or `webhook-*`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The delivery id, the same on every retry.
    pub id: Option<&'a str>,
    /// Unix seconds of this attempt.
    pub timestamp: Option<&'a str>,
    /// Pairs of version and signature, separated by spaces.
    pub signature: Option<&'a str>,
}

/// A post whose signature is one of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The delivery id.
    pub id: String,
    /// When this attempt was signed.
    pub signed_at: DateTime<Utc>,
}

/// Why a post is refused. `Display` is a reason for the log; none of it holds a secret or a signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A header of the scheme is absent.
    #[error("not signed: the header {0} is missing")]
    Unsigned(&'static str),
    /// The id isn't one that Svix makes.
    #[error("its delivery id is not of the form that is signed (1 to 255 of A-Z, a-z, 0-9, _ and -)")]
    BadId,
    /// The timestamp isn't whole seconds.
    #[error("its timestamp is not a number of seconds")]
    BadTimestamp,
    /// No signature is by any of our secrets.
    #[error("none of its signatures is by this desk's signing secret; either it is forged, or the secret is another")]
    BadSignature,
    /// Signed by our secret, but too long ago or too far ahead: a replay, or a clock that is wrong.
    #[error("rightly signed, but {} seconds {} by this machine's clock: replayed, or the clock is wrong", .seconds.unsigned_abs(), if *.seconds > 0 { "too old" } else { "ahead" })]
    Stale {
        /// How old it is; below zero when it comes from the future.
        seconds: i64,
    },
    /// Signed long ago or far ahead, and not by our secret.
    #[error("its timestamp is {seconds} seconds off, and none of its signatures is by this desk's signing secret")]
    StaleAndForged {
        /// How old it is; below zero when it comes from the future.
        seconds: i64,
    },
}

/// Why posts can't be verified at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// There is none.
    #[error("{0}")]
    Missing(String),
    /// What is stored isn't a signing secret.
    #[error("the secret WEBHOOK_SIGNING_SECRET can't be used: {0}")]
    Unusable(String),
}

/// The signing secrets as they were read once.
pub trait Verifier: Send + Sync {
    /// Verifies a post's raw body.
    ///
    /// # Errors
    /// [`Refusal`], always where the signature isn't right.
    fn verify(&self, signed: Signed<'_>, body: &[u8], now: DateTime<Utc>) -> Result<Verified, Refusal>;
}

/// What a post tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// An incident report, as if it had been listed.
    Incident {
        /// As received; what can't be read is in its reading (ND-4).
        record: Box<Record>,
        /// What a person at the SOC wrote, for `incident_report.comment_added`.
        comment: Option<String>,
    },
    /// An escalation, platform action or account notice.
    Notice {
        /// As told.
        notice: Box<Notice>,
        /// What happened to it, by the event's name.
        said: Event,
    },
    /// Nothing that this version knows, or not even JSON: kept, and nothing more. Why, in words.
    Unknown(String),
}

/// A post, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Huntress's word for it (`incident_report.created`), cut to a length that a log bears.
    pub event_type: Option<String>,
    /// What it tells of.
    pub about: About,
}

/// Huntress's webhooks.
pub trait WebhookIn: Send + Sync {
    /// The signing secrets as they are stored now.
    ///
    /// # Errors
    /// [`SecretError`], where there is none that can be used.
    fn verifier(&self) -> Result<Arc<dyn Verifier>, SecretError>;

    /// Reads a body that was verified when it came. Total: whatever it holds, there is a post.
    fn read(&self, body: &[u8]) -> Post;
}
