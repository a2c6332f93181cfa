//! What endpoints are told: events by Huntress's names, as the body `{type, timestamp, data}` of the Standard Webhooks
//! specification, and when an endpoint that keeps failing is given up.
//!
//! The body's form is documented by `schema/webhook.schema.json`, which the program prints and the tests hold it to.

mod data;
mod event;
mod failing;

pub use data::{IncidentEvent, Named, NoticeEvent, TicketRef, test_data};
pub use event::{Event, EventType, MessageId};
pub use failing::{Failing, counts};

use serde::{Deserialize, Serialize};

/// The JSON Schema of every body that is sent.
pub const SCHEMA: &str = include_str!("../schema/webhook.schema.json");

/// What a delivery of kind `webhook` carries; its destination is the endpoint's address. The body is kept as the very
/// text that is sent, since the signature is over its bytes and every attempt must show the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The message's id: the same on every attempt, and when it is sent again by hand.
    pub id: String,
    /// The event's name.
    pub event_type: String,
    /// The body.
    pub body: String,
    /// How the attempt is signed and how far it may go; filled in when an attempt begins, so that a rotation or a changed
    /// endpoint counts at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
}

/// The terms of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The generation of the signing secret.
    pub generation: u32,
    /// How many generations before it still sign too, for consumers that haven't heard of the rotations.
    pub earlier: u32,
    /// The endpoint may be on an address inside.
    pub allow_private: bool,
}

/// How long the secret from before a rotation goes on signing beside the new one.
pub const OVERLAP_HOURS: i64 = 24;

/// The most secrets from before that sign beside the new one. Each makes the signature's header longer, and a consumer may
/// read only so much of one.
pub const MOST_EARLIER: u32 = 5;

/// Days after which a message that could not be sent is too old to be of use: an endpoint that was off for so long is
/// better filled up from the desk's lists.
pub const KEPT_DAYS: i64 = 30;

#[cfg(test)]
mod tests;
