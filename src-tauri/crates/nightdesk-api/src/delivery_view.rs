//! Deliveries as their view shows them: what each is about, whether it can be sent again, and how each attempt went.

use crate::outbox::Delivery;
use chrono::{DateTime, Utc};
use nightdesk_core::ids::DeliveryId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which deliveries to list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DeliveriesAsked {
    /// In this state.
    pub state: Option<String>,
    /// At most so many, newest first.
    pub limit: u32,
}

/// A delivery with what a person decides by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeliveryLine {
    /// As listed.
    #[serde(flatten)]
    pub delivery: Delivery,
    /// When it was planned.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub settled_at: Option<DateTime<Utc>>,
    /// Its ticket's number as people say it.
    pub ticket_number: Option<String>,
    /// Its ticket's title.
    pub title: Option<String>,
    /// Whether a person can have it sent again now.
    pub can_redrive: bool,
    /// Why it stands where it stands, in a sentence.
    pub why: Option<String>,
}

/// A delivery with its attempts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeliveryView {
    /// The delivery.
    pub line: DeliveryLine,
    /// Its attempts in order.
    pub attempts: Vec<Attempt>,
    /// The delivery whose failure it makes up for.
    #[ts(type = "number | null")]
    pub fallback_of: Option<DeliveryId>,
    /// When it is too late to be of use.
    pub expires_at: Option<DateTime<Utc>>,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// When its row was written, before a byte left.
    pub began_at: DateTime<Utc>,
    /// When its outcome was known.
    pub ended_at: Option<DateTime<Utc>>,
    /// In a word.
    pub outcome: Option<String>,
    /// In words.
    pub detail: Option<String>,
}
