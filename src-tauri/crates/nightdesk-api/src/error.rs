//! Why a question or command could not be answered: a closed set of causes, each with its own remedy.

use crate::config_file::Problem;
use nightdesk_core::port::{CarrierError, HuntressError, PsaError};
use nightdesk_engine::{contacts, desk};
use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

/// The causes there are. A client decides by these, never by the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Huntress or the PSA could not be reached, or answered nonsense.
    Offline,
    /// Huntress refused the key.
    HuntressAuth,
    /// The account's request limit is used up.
    RateLimited,
    /// Polling waits for routing.
    RoutingIncomplete,
    /// A secret is missing or the keychain can't be read.
    SecretUnavailable,
    /// There is no such thing.
    NotFound,
    /// It is not, or no longer, in a state that allows it.
    Conflict,
    /// What was asked makes no sense: a wrong name, number or file.
    InvalidInput,
    /// A newer program wrote the database (ND-15).
    DatabaseTooNew,
    /// The database needs a migration that only the lock's holder may make.
    DatabaseTooOld,
    /// Another process has been writing for too long.
    DatabaseBusy,
    /// The database is damaged.
    DatabaseDamaged,
    /// The database's file or folder can't be read or written.
    DatabaseUnreadable,
    /// No room on the disk.
    DiskFull,
    /// The work was stopped.
    Stopped,
    /// Anything else: a fault of this program.
    Internal,
}

/// More about an error, for a client that can use it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// What could have been asked for instead.
    Choices(Vec<String>),
    /// Everything that is wrong with a file, in the order of its lines.
    Problems(Vec<Problem>),
}

/// An error. `message` is a sentence for a person, with the remedy where there is one; it holds no secret (ND-12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[ts(rename = "RpcError")]
pub struct Error {
    /// The cause.
    pub code: Code,
    /// In words.
    pub message: String,
    /// More, where there is more.
    pub detail: Option<Detail>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(Detail::Problems(problems)) = &self.detail {
            for problem in problems {
                write!(f, "\n{problem}")?;
            }
        }
        Ok(())
    }
}

impl Error {
    /// An error without more to it.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), detail: None }
    }

    /// What was asked makes no sense.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidInput, message)
    }

    /// There is no such thing.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Code::NotFound, message)
    }

    /// Not in this state.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(Code::Conflict, message)
    }

    /// A file with these problems; `what` names the file's kind and what did not happen.
    pub fn problems(what: &str, problems: Vec<Problem>) -> Self {
        let n = problems.len();
        let found = if n == 1 { "1 problem".to_owned() } else { format!("{n} problems") };
        Self { code: Code::InvalidInput, message: format!("{what}: {found}"), detail: Some(Detail::Problems(problems)) }
    }
}

impl From<nightdesk_store::Error> for Error {
    fn from(e: nightdesk_store::Error) -> Self {
        use nightdesk_store::Error as E;
        let code = match &e {
            E::TooNew { .. } => Code::DatabaseTooNew,
            E::NeedsMigration { .. } => Code::DatabaseTooOld,
            E::Busy => Code::DatabaseBusy,
            E::Full => Code::DiskFull,
            E::Damaged(_) => Code::DatabaseDamaged,
            E::Io(_) => Code::DatabaseUnreadable,
            E::Fenced => Code::Conflict,
            E::Value(_) | E::Sqlite(_) => Code::Internal,
        };
        Self::new(code, e.to_string())
    }
}

impl From<HuntressError> for Error {
    fn from(e: HuntressError) -> Self {
        use HuntressError as E;
        let code = match &e {
            E::Refused { .. } => Code::HuntressAuth,
            E::NoCredentials { .. } | E::Keychain(_) => Code::SecretUnavailable,
            E::RateLimited { .. } => Code::RateLimited,
            E::NotFound => Code::NotFound,
            E::Stopped => Code::Stopped,
            E::Rejected { .. } | E::Fault { .. } | E::Unreachable(_) | E::BadAnswer(_) | E::Redirect { .. } => {
                Code::Offline
            }
        };
        Self::new(code, e.to_string())
    }
}

impl From<PsaError> for Error {
    fn from(e: PsaError) -> Self {
        let code = match &e {
            PsaError::Unreachable(_) | PsaError::BadAnswer(_) => Code::Offline,
            PsaError::RateLimited { .. } => Code::RateLimited,
            PsaError::Refused(_) | PsaError::NoCredentials(_) | PsaError::Keychain(_) => Code::SecretUnavailable,
        };
        Self::new(code, e.to_string())
    }
}

impl From<CarrierError> for Error {
    fn from(e: CarrierError) -> Self {
        use CarrierError as E;
        let code = match &e {
            E::NotConfigured => Code::Conflict,
            E::NoSecret(_) | E::Refused(_) => Code::SecretUnavailable,
            E::NotFound => Code::NotFound,
            E::Busy { .. } | E::Unreachable(_) | E::BadAnswer(_) => Code::Offline,
        };
        Self::new(code, e.to_string())
    }
}

impl From<contacts::Error> for Error {
    fn from(e: contacts::Error) -> Self {
        use contacts::Error as E;
        let code = match e {
            E::Store(e) => return e.into(),
            E::Carrier(e) => return e.into(),
            E::Unknown { .. } => Code::NotFound,
            E::NoTexts { .. } | E::NoCalls { .. } | E::NotAPin | E::Unreadable(_) => Code::InvalidInput,
            E::TooMany { .. } | E::Changed { .. } | E::TooLate => Code::Conflict,
        };
        Self::new(code, e.to_string())
    }
}

impl From<desk::Error> for Error {
    fn from(e: desk::Error) -> Self {
        use desk::Error as E;
        let code = match &e {
            E::Store(_) => Code::Internal,
            E::UnknownTickets(_) | E::UnknownMove(_) | E::UnknownOrganization(_) => Code::NotFound,
            E::RoutingIncomplete => Code::RoutingIncomplete,
            E::NothingToDo { .. }
            | E::AlreadyUndone { .. }
            | E::ChangedMeanwhile { .. }
            | E::Vanished { .. }
            | E::AlreadyClosed(_)
            | E::AlreadyOpen(_) => Code::Conflict,
            E::NoTickets
            | E::UnknownClient { .. }
            | E::AmbiguousClient { .. }
            | E::NoOrganization(_)
            | E::SeveralOrganizations(_)
            | E::EmptyNote
            | E::EmptyAssignee
            | E::Table(_) => Code::InvalidInput,
        };
        match e {
            E::Store(e) => e.into(),
            e => Self::new(code, e.to_string()),
        }
    }
}
