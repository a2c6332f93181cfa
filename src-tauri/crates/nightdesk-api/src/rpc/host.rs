//! What the registry stands on: the desk's data and work, and the program around it.

use super::Json;
use crate::config::ConfigApplied;
use crate::config_view::{DraftAsked, DraftChecked, DraftToApply};
use crate::contact_pin::{ContactConfirm, ContactVerify, PinEntered, PinSent};
use crate::error::Error;
use crate::poll_log::{Polled, ReadAgain};
use crate::psa_connect::{PsaAsked, PsaChecked, PsaPreview};
use crate::setup::{Connect, Connected, Finding, SecretToSet, Secrets, Setup, Unlock};
use crate::shell::{Goto, ShellView, TestAlertShown, TextSaved, TextToSave};
use crate::status_card::Polling;
use crate::webhook_edit::WebhookSecret;
use crate::words::Severity;
use chrono::{DateTime, Utc};
use nightdesk_core::ids::{IncidentId, TicketId};
use nightdesk_store::Tx;
use std::future::Future;
use std::pin::Pin;

/// Something under way.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Something to be done in one transaction.
pub type Job = Box<dyn FnOnce(&Tx<'_>, &At) -> Result<Json, Error> + Send>;

/// When and by whom something is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The engine's clock.
    pub now: DateTime<Utc>,
    /// The person, as timelines and ledger name them.
    pub actor: String,
    /// The poll that runs now, which only the process of the engine knows.
    pub polling: Option<Polling>,
}

/// The desk of a data directory, as a client in the engine's process has it.
pub trait Host: Send + Sync {
    /// Runs a job in a read transaction, off the async workers.
    fn read(&self, job: Job) -> Work<'_, Json>;

    /// Runs a job in a write transaction: all of it, or on an error none of it.
    fn write(&self, job: Job) -> Work<'_, Json>;

    /// Asks the engine for a poll that begins after now, and waits for its outcome.
    fn poll_now(&self) -> Work<'_, Polled>;

    /// Asks the engine to fetch a quarantined incident again.
    fn quarantine_retry(&self, id: IncidentId) -> Work<'_, ReadAgain>;

    /// Asks the engine to send a PIN to a contact's number.
    fn contact_verify(&self, asked: ContactVerify) -> Work<'_, PinSent>;

    /// Seals what somebody entered and compares it with the PIN.
    fn contact_confirm(&self, entered: ContactConfirm) -> Work<'_, PinEntered>;

    /// How far the first set-up has got.
    fn setup(&self) -> Work<'_, Setup>;

    /// Asks Huntress with a key, and stores it where it works.
    fn connect(&self, with: Connect) -> Work<'_, Connected>;

    /// The secrets' names and where they are kept.
    fn secrets(&self) -> Work<'_, Secrets>;

    /// Stores a secret.
    fn secret_set(&self, secret: SecretToSet) -> Work<'_, Secrets>;

    /// Removes a secret.
    fn secret_delete(&self, name: String) -> Work<'_, Secrets>;

    /// Opens the encrypted file.
    fn secrets_unlock(&self, with: Unlock) -> Work<'_, Secrets>;

    /// Checks a draft, by the PSA's catalogue where it leads to one.
    fn config_check(&self, asked: DraftAsked) -> Work<'_, DraftChecked>;

    /// Puts a draft in force, by the PSA's catalogue where it leads to one.
    fn config_apply(&self, asked: DraftToApply) -> Work<'_, ConfigApplied>;

    /// Asks a PSA what a key may do there.
    fn psa_check(&self, asked: PsaAsked) -> Work<'_, PsaChecked>;

    /// Reads a PSA's catalogue, and tries what choosing it would do.
    fn psa_preview(&self, asked: DraftAsked) -> Work<'_, PsaPreview>;

    /// An endpoint's signing secret.
    fn webhook_secret(&self, url: String) -> Work<'_, WebhookSecret>;

    /// Checks everything that a shift needs.
    fn doctor(&self) -> Work<'_, Vec<Finding>>;
}

/// The program around the desk, as far as a window asks it for something.
pub trait Shell: Send + Sync {
    /// What it says of itself.
    fn view(&self) -> Work<'_, ShellView>;

    /// Starts with the user's session, or no longer.
    fn autostart_set(&self, on: bool) -> Work<'_, ShellView>;

    /// Mutes desk alerts for so many minutes; `None` unmutes.
    fn mute(&self, minutes: Option<u32>) -> Work<'_, ShellView>;

    /// Shows a native alert to try it.
    fn test_alert(&self, severity: Severity) -> Work<'_, TestAlertShown>;

    /// Opens the incident's page in Huntress's portal.
    fn open_portal(&self, ticket: TicketId) -> Work<'_, ()>;

    /// Opens the ticket's page in the PSA that is the desk.
    fn open_psa(&self, ticket: TicketId) -> Work<'_, ()>;

    /// Opens the folder of the logs.
    fn open_log_folder(&self) -> Work<'_, ()>;

    /// Saves a text where the user says.
    fn save_text(&self, text: TextToSave) -> Work<'_, TextSaved>;

    /// Begins the demo night.
    fn demo_start(&self) -> Work<'_, ()>;

    /// Shows the boards' window at a place, asked by a window beside it.
    fn show_window(&self, _place: Goto) -> Work<'_, ()> {
        Box::pin(std::future::ready(Err(Error::conflict("there is no other window here"))))
    }

    /// The window shows its first view.
    fn window_painted(&self) -> Work<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// The user has confirmed that the desk may quit.
    fn quit_confirmed(&self) -> Work<'_, ()>;
}
