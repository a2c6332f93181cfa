//! What the engine needs of a carrier of texts and calls beside sending, which goes through the outbox.

use super::PortFuture;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a delivery of kind `sms` carries; its destination is the number, in E.164.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextOut {
    /// The whole text, without links (ND-16).
    pub body: String,
    /// What is sent in its place when an earlier attempt may have arrived; told apart by it when the carrier is asked.
    pub repeat: String,
    /// Seconds after which the carrier no longer delivers it, 1 to 36,000: a stale alert misleads.
    pub valid_for: u32,
}

/// What a delivery of kind `call` carries; its destination is the number, in E.164.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallOut {
    /// What a person hears, before the keys are named.
    pub spoken: String,
    /// What a machine is told.
    pub voicemail: String,
    /// Whether keys are asked for (1, 2 and *); a PIN is only read out.
    pub keys: bool,
    /// Digits for a phone menu, dialled once it answers.
    pub extension: Option<String>,
}

/// Why a text or call came to nothing, by what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// It may work later.
    Passing,
    /// No text will reach this number; a call may.
    NoTexts,
    /// Its owner has sent STOP: no text until they send START.
    OptedOut,
    /// The number doesn't exist or can't be reached in any way.
    BadNumber,
    /// The carrier takes the text for spam: its wording must change.
    Wording,
    /// The account, the sender's number or a permission must be set right at the carrier.
    Configuration,
    /// The carrier doesn't say.
    Unknown,
}

/// How far a text has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextState {
    /// Not with the recipient's network yet.
    Waiting,
    /// With the network, which may never say more.
    Sent,
    /// On the handset.
    Delivered,
    /// It never will be.
    Failed {
        /// What follows.
        obstacle: Obstacle,
        /// The carrier's number for it, with our words.
        error: String,
        /// The same text, sent once more, may well arrive.
        again: bool,
    },
}

/// Who took a call, as far as the carrier can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// A person.
    Human,
    /// A voicemail or another machine.
    Machine,
    /// Not told.
    Unknown,
}

/// How far a call has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallStage {
    /// Not dialled yet.
    Waiting,
    /// It rings.
    Ringing,
    /// Somebody or something took it.
    Answered,
    /// It is over, having been taken.
    Ended,
    /// Nobody took it.
    NoAnswer,
    /// The line was busy.
    Busy,
    /// Hung up before anybody took it, by us.
    Cancelled,
    /// It could not be made.
    Failed {
        /// What follows.
        obstacle: Obstacle,
        /// The carrier's number for it, with our words.
        error: String,
    },
}

impl CallStage {
    /// Whether nothing more comes of it.
    pub fn is_over(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Ringing | Self::Answered)
    }
}

/// A call as the carrier tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallStatus {
    /// How far it has come.
    pub stage: CallStage,
    /// Who took it.
    pub by: AnsweredBy,
    /// The first key that says something: `1` or `2`. Only this, never an answer alone, acknowledges.
    pub key: Option<char>,
    /// Whether it asks for a key at all: where the carrier offers nothing that could, a call only speaks.
    pub asks: bool,
    /// Seconds that it lasted, once it is over and was taken.
    pub seconds: Option<u32>,
}

/// A text that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The carrier's own id for it, unique.
    pub id: String,
    /// Who sent it, in E.164.
    pub from: String,
    /// What it says. Anybody can write anything: text, never a command beyond a code.
    pub body: String,
    /// When it came.
    pub at: DateTime<Utc>,
}

/// Why the carrier couldn't be asked. A closed set: each has its own remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CarrierError {
    /// There is no `[paging]` section with an account and a number.
    #[error("no carrier is set up; enter paging.account_sid and paging.from in the configuration")]
    NotConfigured,
    /// The carrier's secret isn't stored, or the keychain is closed.
    #[error("{0}")]
    NoSecret(String),
    /// The carrier refuses the account, the secret or a permission.
    #[error("the carrier refused it: {0}")]
    Refused(String),
    /// It asks for patience.
    #[error("the carrier asks to wait")]
    Busy {
        /// For how long.
        retry_after: Option<std::time::Duration>,
    },
    /// It has no such text or call.
    #[error("the carrier has no such record")]
    NotFound,
    /// No answer, or a fault of its own.
    #[error("the carrier could not be reached: {0}")]
    Unreachable(String),
    /// An answer that can't be read.
    #[error("the carrier answered something that could not be read: {0}")]
    BadAnswer(String),
}

/// A carrier, as the engine follows what it sent. Sending itself is two [`super::Sender`]s: kinds `sms` and `call`.
pub trait Carrier: Send + Sync {
    /// How far a text has come; `reference` is what its sender answered when it was accepted.
    fn text<'a>(&'a self, reference: &'a str) -> PortFuture<'a, Result<TextState, CarrierError>>;

    /// How far a call has come.
    fn call<'a>(&'a self, reference: &'a str) -> PortFuture<'a, Result<CallStatus, CarrierError>>;

    /// Ends a call that still rings or runs; one that is over already is no error.
    fn hang_up<'a>(&'a self, reference: &'a str) -> PortFuture<'a, Result<(), CarrierError>>;

    /// Texts that came from this number since, oldest first. Some may be told twice.
    fn replies<'a>(&'a self, from: &'a str, since: DateTime<Utc>) -> PortFuture<'a, Result<Vec<Reply>, CarrierError>>;

    /// Sees to it that calls can ask for a key, and answers the carrier's id of what does it; `known` is the one of
    /// last time. `None` where the carrier can't: calls then only speak, and say so.
    fn keys<'a>(&'a self, known: Option<&'a str>) -> PortFuture<'a, Result<Option<String>, CarrierError>>;

    /// What asks for keys is trusted to be what it was last time, until [`Self::keys`] has been answered: a call that leaves
    /// or is looked up as soon as an engine starts asks for its key like any other.
    fn recall(&self, keys: &str) {
        let _unused = keys;
    }

    /// A keyed hash of a PIN, under a key derived from the carrier's secret: worthless without it.
    fn seal(&self, text: &str) -> Result<[u8; 32], CarrierError>;
}
