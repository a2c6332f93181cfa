//! A ticket as a card: what a dispatcher decides by at one look.

use crate::page_view::CardPage;
use crate::psa_copy::Copies;
use crate::ticket::Ticket;
use crate::words::Severity;
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::Catalogue;
use nightdesk_core::content;
use nightdesk_core::delivery::{Kind, State};
use nightdesk_core::ids::IncidentKey;
use nightdesk_store::CardRow;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use ts_rs::TS;

/// A ticket's card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Card {
    /// The ticket as listed.
    #[serde(flatten)]
    pub ticket: Ticket,
    /// Its severity for showing and sorting.
    pub severity_class: Severity,
    /// The host's name, once it was looked up.
    pub host: Option<String>,
    /// Huntress's word for the platform.
    pub platform: Option<String>,
    /// When the SOC sent the report.
    pub reported_at: Option<DateTime<Utc>>,
    /// Why its record could not be read in full.
    pub quarantine: Option<String>,
    /// What became of the last alert or page about it, in a few words.
    pub delivery: Option<String>,
    /// Its priority rests on an unknown severity.
    pub assumed: bool,
    /// Its page, while one is open and for a day after somebody took it or nobody did.
    pub page: Option<CardPage>,
}

impl Card {
    /// Since when it waits for somebody.
    pub(crate) fn since(&self) -> DateTime<Utc> {
        self.reported_at.unwrap_or(self.ticket.created_at)
    }

    /// A row with its numbers as names.
    pub(crate) fn of(
        row: &CardRow,
        catalogue: &Catalogue,
        pages: &HashMap<IncidentKey, CardPage>,
        copies: &Copies,
    ) -> Self {
        let plain = |text: &Option<String>| text.as_deref().map(content::line).filter(|t| !t.is_empty());
        Self {
            ticket: Ticket::of(&row.ticket, catalogue, copies),
            severity_class: Severity::of(row.ticket.severity.as_deref()),
            host: plain(&row.hostname),
            platform: plain(&row.platform),
            reported_at: row.sent_at,
            quarantine: row.quarantine.clone(),
            delivery: row.told.map(|(kind, state)| told(kind, state)),
            assumed: row.ticket.priority_assumed,
            page: row.ticket.incident.and_then(|key| pages.get(&key).cloned()),
        }
    }
}

/// What became of the last thing that told people, in a few words.
fn told(kind: Kind, state: State) -> String {
    use State as S;
    let what = match kind {
        Kind::Native => "alert",
        Kind::Sms => "text",
        Kind::Call => "call",
        Kind::Email => "mail",
        Kind::Webhook | Kind::PsaTicket | Kind::PsaUpdate | Kind::PsaNote => "message",
    };
    let became = match state {
        S::Queued | S::Claimed => "waits",
        S::Sending => "is on its way",
        S::Accepted if kind == Kind::Native => "held back",
        S::Accepted => "sent",
        S::Delivered if kind == Kind::Native => "shown",
        S::Delivered => "delivered",
        S::Acknowledged => "acknowledged",
        S::Retrying => "failed for now",
        S::InDoubt => "in doubt",
        S::NeedsHuman => "needs a person",
        S::Rejected => "refused",
        S::DeadLettered => "failed",
        S::Superseded => "replaced",
        S::Cancelled => "cancelled",
        S::Expired => "too late",
    };
    format!("{what} {became}")
}
