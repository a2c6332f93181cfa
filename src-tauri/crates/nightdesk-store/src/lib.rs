//! Nightdesk's store: one SQLite file in the data directory.
//!
//! Synchronous. A [`Store`] is one connection; [`Store::read`] and [`Store::write`] run a closure in one transaction,
//! and every method of [`Tx`] is one query. No caller holds a rusqlite type, and what PostgreSQL would do differently
//! (pragmas, full-text search, backup) is in the module `sqlite` alone.
#![warn(missing_docs)]

mod attempts;
mod backup;
mod cards;
mod claims;
mod contacts;
mod endpoints;
mod error;
mod exchanges;
mod incidents;
mod ledger;
mod look_ups;
mod mail;
mod mapping;
mod migrate;
mod moves;
mod notices;
mod outbox;
mod pages;
mod psa;
mod quarantine;
mod requests;
mod settings;
mod sqlite;
mod standing;
mod steps;
mod store;
mod strays;
mod sweeps;
mod tickets;
mod watch;
mod webhooks_in;

pub use attempts::AttemptRow;
pub use backup::{Backup, Recovery};
pub use cards::{CardRow, OpenCount};
pub use claims::{Claimant, Due};
pub use contacts::{CallAdvice, ContactRow, PIN_MARKER, TextObstacle};
pub use endpoints::{Disabled, EndpointRow};
pub use error::Error;
pub use exchanges::{MessageRow, PostRow};
pub use incidents::{FirstSeen, IncidentUpdate, NewIncident, StoredIncident};
pub use ledger::{LedgerEntry, LedgerHead};
pub use look_ups::{COMPLETING, LookUp, LookUpKind};
pub use mapping::{How, OrganizationRow};
pub use migrate::SCHEMA_VERSION;
pub use moves::{MoveBody, MoveRow, MovedTicket, Placement};
pub use notices::StoredNotice;
pub use outbox::{Claimed, DeliveryFilter, DeliveryRow, Fence, NewDelivery, Settlement};
pub use pages::{PageRow, Purpose, RunRow};
pub use psa::{PsaCopy, PsaTicketRow};
pub use quarantine::{NewQuarantine, QuarantineRow};
pub use requests::RequestRow;
pub use settings::{Setting, StoredConfig, Tally};
pub use standing::{Standing, StandingCount, StandingFilter, Standings};
pub use steps::{NewStep, StepRow, SuppressionRow};
pub use store::{Opening, Store, Topic, Tx};
pub use strays::Stray;
pub use tickets::{NewTicket, TicketFilter, TicketRow, TimelineEntry};
pub use watch::{GapRow, NumberedPoll, PollRow};
pub use webhooks_in::{Kept, NewWebhook, RefusedSince, RefusedWebhook, WaitingWebhook, WebhookFilter, WebhookLine};
