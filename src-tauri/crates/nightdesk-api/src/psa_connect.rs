//! Connecting to a PSA: what a key may do there, and what choosing it would do here.

use crate::carry_over::CarryOver;
use crate::config_draft::RoutingDraft;
use crate::config_view::{Choices, DraftProblem};
use chrono::{DateTime, Utc};
use nightdesk_core::port;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which PSA to ask, and by which key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PsaAsked {
    /// Its address; the one in force where none is given.
    pub base_url: Option<String>,
    /// A key that is only tried; the stored one where none is given.
    pub key: Option<String>,
}

/// Without the key (ND-12).
impl std::fmt::Debug for PsaAsked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PsaAsked").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// What a key may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PsaChecked {
    /// Where it was asked.
    pub base_url: Option<String>,
    /// Whether nothing that the desk needs is lacking.
    pub ok: bool,
    /// Why the PSA couldn't be asked.
    pub error: Option<String>,
    /// What to do about that.
    pub remedy: Option<String>,
    /// Every right that the desk uses, in the order in which it does.
    pub rights: Vec<PsaRight>,
}

/// One right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PsaRight {
    /// What the key would do, in words.
    pub to: String,
    /// The PSA's own name for the permission, where it has one.
    pub permission: Option<String>,
    /// Whether it may; `None` where it couldn't be found out.
    pub granted: Option<bool>,
    /// What the PSA said, where it refused.
    pub said: Option<String>,
    /// Without it the desk can't work; otherwise something is missing, which `to` says.
    pub is_needed: bool,
    /// What to do where it is lacking.
    pub fix: Option<String>,
}

/// What a PSA offers, and what choosing it would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PsaPreview {
    /// What can be chosen there; `None` where it couldn't be read.
    pub choices: Option<Choices>,
    /// The draft's routing with what doesn't exist there replaced by the likeliest name, for a person to confirm.
    pub guesses: Option<RoutingDraft>,
    /// Why it couldn't be read, and what to do about it.
    pub error: Option<String>,
    /// As of when the kept catalogue is that serves in its place.
    pub as_of: Option<DateTime<Utc>>,
    /// What is wrong with the draft.
    pub problems: Vec<DraftProblem>,
    /// What applying the draft would do to what is open, where it names another desk and nothing is wrong with it.
    pub carry_over: Option<CarryOver>,
}

impl PsaChecked {
    /// What was found out at this address.
    pub fn of(base_url: Option<String>, access: port::Access) -> Self {
        let rights: Vec<PsaRight> = access.rights.into_iter().map(PsaRight::from).collect();
        let ok = rights.iter().all(|r| r.granted == Some(true) || !r.is_needed);
        Self { base_url, ok, error: None, remedy: None, rights }
    }

    /// It couldn't be asked.
    pub fn failed(base_url: Option<String>, error: &port::PsaError) -> Self {
        let why = error.to_string();
        let remedy = crate::psa_status::remedy(&why).to_owned();
        Self { base_url, ok: false, error: Some(why), remedy: Some(remedy), rights: Vec::new() }
    }

    /// The rights that are lacking.
    pub fn lacking(&self) -> impl Iterator<Item = &PsaRight> {
        self.rights.iter().filter(|r| r.granted == Some(false))
    }
}

impl From<port::Right> for PsaRight {
    fn from(right: port::Right) -> Self {
        let port::Right { to, permission, granted, said, is_needed } = right;
        let fix = (granted == Some(false)).then(|| match &permission {
            Some(name) => format!("give the key's user a role with the permission {name} in the PSA"),
            None => format!("let the key's user {to} in the PSA"),
        });
        Self { to, permission, granted, said, is_needed, fix }
    }
}
