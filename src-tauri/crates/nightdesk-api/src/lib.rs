//! What a client of Nightdesk may ask, do and hear.
//!
//! Queries and commands are functions of a transaction, so that a caller decides what happens together; each answers
//! in the shape that the command line's contract promises. Nothing here knows how a client is connected.
#![warn(missing_docs)]

mod account;
mod alarm;
pub mod board;
pub mod card;
pub mod carry_over;
pub mod client;
mod config;
pub mod config_draft;
pub mod config_file;
pub mod config_view;
pub mod contact;
mod contact_edit;
mod contact_pin;
pub mod delivery_view;
pub mod dry_run;
pub mod email;
pub mod email_status;
pub mod email_test;
mod error;
mod first_look;
mod guess;
pub mod incident_view;
mod ledger;
mod ledger_export;
pub mod ledger_page;
pub mod mail_wording;
mod names;
mod native_alert;
mod notice;
mod organization;
mod organization_table;
mod outbox;
mod page_edit;
pub mod page_suppressed;
pub mod page_view;
mod page_words;
pub mod paging_status;
pub mod poll_log;
pub mod preferences;
pub mod psa_connect;
mod psa_copy;
pub mod psa_status;
mod quarantine;
mod rehome;
mod request;
mod revision;
pub mod rpc;
pub mod security;
pub mod setup;
pub mod shell;
mod sight;
mod status;
pub mod status_card;
mod ticket;
pub mod ticket_view;
mod webhook_edit;
pub mod webhook_in;
pub mod webhook_log;
mod webhook_out;
pub mod wording;
pub mod words;
mod work;

pub use account::{Accounts as WatchedAccounts, account_accept, accounts};
pub use carry_over::CarryOver;
pub use config::{
    ConfigApplied, ConfigChecked, ConfigShown, DeskAsked, config_apply, config_apply_against, config_check,
    config_check_against, config_desk, config_preview, config_show,
};
pub use contact::contacts;
pub use contact_edit::{ContactDraft, ContactSet, contact_set};
pub use contact_pin::{
    ContactConfirm, ContactVerify, Entered, PinEntered, PinOutcome, PinSent, contact_confirm, contact_phone,
};
pub use email_status::{EmailStatus, email_status};
pub use email_test::{EmailTested, email_test, email_test_end, email_tested};
pub use error::{Code, Detail, Error};
pub use first_look::{FirstLook, first_look};
pub use ledger::{Ledger, ledger, ledger_beside_backup};
pub use ledger_export::{Header, ledger_export, ledger_verify_export};
pub use native_alert::{
    Acknowledge, Acknowledged, AlertSeen, StoredAlert, acknowledge_alerts, alarm, alert_is_answered, alert_seen,
    alerts_to_acknowledge, open_pages,
};
pub use nightdesk_engine::poller::PollReport;
pub use notice::{NOTICE_TYPES, NoticeLine, NoticesAsked, notices};
pub use organization::{Organization, Remapped, Suggestion, org, orgs, orgs_ignore, orgs_map, orgs_unmap};
pub use organization_table::{Imported, orgs_export, orgs_import};
pub use outbox::{Delivery, dismiss, outbox, redrive};
pub use page_edit::{
    ContactAsked, PagesToTake, causing, contact_test, drill, page, page_take, page_take_desk, page_take_one, pages_take,
};
pub use page_suppressed::{suppressed, suppressed_of};
pub use page_view::{drill_view, drills, pages, pages_of};
pub use paging_status::paging_status;
pub use psa_status::{PsaStatus, desk_in_force, psa_status, psa_sync, psa_waits};
pub use quarantine::{Quarantined, quarantine, quarantined_incident};
pub use rehome::{Rehomed, Undone, latest_undo, rehome, undo};
pub use request::{Request, RequestId, Retried, VerificationReport, answer, ask, secrets_changed, withdraw};
pub use revision::revisions;
pub use sight::{WatchCheck, engine_stirs, open_desk_page, watch_alarm, watch_check};
pub use status::{Account, Accounts, Gap, LastPoll, Outbox, Routing, Status, Webhooks, status};
pub use ticket::{Ticket, TicketInFull, TicketsAsked, TimelineLine, ticket, ticket_id, tickets};
pub use webhook_edit::{
    WebhookAsked, WebhookDraft, WebhookEnabled, WebhookMessageAsked, WebhookQueued, WebhookRotated, WebhookSecret,
    WebhookSet, WebhookTried, webhook_delete, webhook_enable, webhook_generation, webhook_resend, webhook_rotate,
    webhook_set, webhook_test, webhook_tried, webhook_waiting,
};
pub use webhook_in::webhook_in;
pub use webhook_log::{
    Received, ReceivedAsked, ReceivedView, webhook_received, webhooks_received, webhooks_received_with_id,
};
pub use webhook_out::{
    Webhook, WebhookAttempt, WebhookAttemptsAsked, WebhookRequest, WebhookResponse, webhook_attempts, webhooks,
};
pub use work::{assign, close, note, reopen};
