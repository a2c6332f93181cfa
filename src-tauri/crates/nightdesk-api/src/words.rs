//! The words of nightdesk-core's enums as TypeScript has them. Core knows no clients, so their shapes stand here; a
//! test holds them against the enums themselves.

use nightdesk_core::config;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the desk may claim (ND-17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "State")]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Sight {
    Watching,
    Late,
    Blind,
    Paused,
}

/// What leaves the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum DeliveryKind {
    Sms,
    Call,
    Email,
    Webhook,
    Native,
    PsaTicket,
    PsaUpdate,
    PsaNote,
}

/// How far a delivery got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum DeliveryState {
    Queued,
    Claimed,
    Sending,
    Accepted,
    Delivered,
    Acknowledged,
    Retrying,
    InDoubt,
    NeedsHuman,
    Rejected,
    DeadLettered,
    Superseded,
    Cancelled,
    Expired,
}

/// How bad an incident is, for showing and sorting: an unknown severity is treated as critical and says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Severity {
    Critical,
    Unknown,
    High,
    Low,
}

/// A way to reach a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Channel {
    Sms,
    Call,
}

impl From<config::Channel> for Channel {
    fn from(channel: config::Channel) -> Self {
        match channel {
            config::Channel::Sms => Self::Sms,
            config::Channel::Call => Self::Call,
        }
    }
}

impl From<Channel> for config::Channel {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Sms => Self::Sms,
            Channel::Call => Self::Call,
        }
    }
}

/// From which severity on people are paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PagingSeverity {
    Critical,
    High,
    Low,
}

impl From<config::Threshold> for PagingSeverity {
    fn from(threshold: config::Threshold) -> Self {
        match threshold {
            config::Threshold::Critical => Self::Critical,
            config::Threshold::High => Self::High,
            config::Threshold::Low => Self::Low,
        }
    }
}

impl From<PagingSeverity> for config::Threshold {
    fn from(severity: PagingSeverity) -> Self {
        match severity {
            PagingSeverity::Critical => Self::Critical,
            PagingSeverity::High => Self::High,
            PagingSeverity::Low => Self::Low,
        }
    }
}

/// The carriers there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum CarrierName {
    Twilio,
}

impl From<config::Provider> for CarrierName {
    fn from(provider: config::Provider) -> Self {
        match provider {
            config::Provider::Twilio => Self::Twilio,
        }
    }
}

impl From<CarrierName> for config::Provider {
    fn from(name: CarrierName) -> Self {
        match name {
            CarrierName::Twilio => Self::Twilio,
        }
    }
}

/// The desks there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum DeskName {
    Local,
    Algapsa,
}

impl From<config::DeskKind> for DeskName {
    fn from(kind: config::DeskKind) -> Self {
        match kind {
            config::DeskKind::Local => Self::Local,
            config::DeskKind::Algapsa => Self::Algapsa,
        }
    }
}

impl From<DeskName> for config::DeskKind {
    fn from(name: DeskName) -> Self {
        match name {
            DeskName::Local => Self::Local,
            DeskName::Algapsa => Self::Algapsa,
        }
    }
}

/// How a ticket stands in the PSA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PsaStanding {
    /// Something of it hasn't arrived there yet.
    Waiting,
    /// As it is here.
    InStep,
    /// Something of it was refused there, or waits for a person.
    Failed,
    /// Somebody deleted it there.
    Gone,
}

impl PsaStanding {
    /// The word for it, as JSON has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::InStep => "in_step",
            Self::Failed => "failed",
            Self::Gone => "gone",
        }
    }
}

/// Where a page, or a walk through the call tree, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PageState {
    Waiting,
    Running,
    Acknowledged,
    Exhausted,
    Ended,
}

/// What was heard of a contact by one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PageStepState {
    Queued,
    Sent,
    Delivered,
    Ringing,
    Answered,
    Voicemail,
    NoAnswer,
    Busy,
    NoKey,
    PassedOn,
    Acknowledged,
    Failed,
    Skipped,
    Cancelled,
    Unconfirmed,
}

/// By what somebody took a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PageHow {
    Key,
    Reply,
    App,
    Command,
}

/// Why a page was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PageSuppressed {
    Window,
    OldNews,
    Nobody,
    NotArmed,
    ArmedLater,
}

/// What an endpoint of webhooks may be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum WebhookCategory {
    IncidentReports,
    Escalations,
    PlatformActions,
    AccountNotices,
}

/// Why nothing is sent to an endpoint: it said that it wants no more, or failed for days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum WebhookDisabled {
    Gone,
    Failing,
}

impl From<nightdesk_store::Disabled> for WebhookDisabled {
    fn from(why: nightdesk_store::Disabled) -> Self {
        match why {
            nightdesk_store::Disabled::Gone => Self::Gone,
            nightdesk_store::Disabled::Failing => Self::Failing,
        }
    }
}

impl Severity {
    /// By Huntress's word.
    pub fn of(word: Option<&str>) -> Self {
        use nightdesk_core::incident::Severity as Read;
        match Read::parse(word) {
            Read::Critical => Self::Critical,
            Read::High => Self::High,
            Read::Low => Self::Low,
            Read::Unknown(_) => Self::Unknown,
        }
    }

    /// Its place in an order by urgency, as the store has it: unknown counts as critical.
    pub fn rank(self) -> i64 {
        match self {
            Self::Critical | Self::Unknown => 0,
            Self::High => 1,
            Self::Low => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nightdesk_core::config::{Channel as Way, Provider, Threshold};
    use nightdesk_core::{delivery, health, paging};

    fn same<A: Serialize + std::fmt::Debug, B: for<'d> Deserialize<'d>>(of_core: A) {
        let word = serde_json::to_value(&of_core).unwrap();
        assert!(serde_json::from_value::<B>(word).is_ok(), "{of_core:?}");
    }

    #[test]
    fn every_word_of_core_has_its_shape_here() {
        delivery::Kind::ALL.iter().for_each(same::<_, DeliveryKind>);
        delivery::State::ALL.iter().for_each(same::<_, DeliveryState>);
        for state in [health::State::Watching, health::State::Late, health::State::Blind, health::State::Paused] {
            same::<_, Sight>(state);
        }
        Way::ALL.into_iter().for_each(same::<_, Channel>);
        [Threshold::Critical, Threshold::High, Threshold::Low].into_iter().for_each(same::<_, PagingSeverity>);
        same::<_, CarrierName>(Provider::Twilio);
        config::DeskKind::ALL.into_iter().for_each(same::<_, DeskName>);
        config::Category::ALL.into_iter().for_each(same::<_, WebhookCategory>);
        paging::PageState::ALL.into_iter().for_each(same::<_, PageState>);
        paging::StepState::ALL.into_iter().for_each(same::<_, PageStepState>);
        paging::How::ALL.into_iter().for_each(same::<_, PageHow>);
        paging::Suppressed::ALL.into_iter().for_each(same::<_, PageSuppressed>);
    }

    #[test]
    fn an_unknown_severity_ranks_as_critical() {
        assert_eq!(Severity::of(Some("dire")).rank(), Severity::of(Some("CRITICAL")).rank());
        assert!(Severity::of(None) == Severity::Unknown && Severity::of(Some("low")).rank() > 0);
    }
}
