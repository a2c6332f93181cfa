//! The one list of what a client may call: names, shapes, and what each does.

use super::host::{At, Host, Shell, Work};
use super::params::*;
use super::{Json, json, params};
use crate::board::Board;
use crate::card::Card;
use crate::client::Client;
use crate::config_view::{ConfigView, DraftAsked, DraftChecked, DraftToApply};
use crate::contact::{Contact, Country};
use crate::delivery_view::{DeliveriesAsked, DeliveryLine, DeliveryView};
use crate::dry_run::{DryRun, DryRunAsked};
use crate::email::{EmailAsked, EmailChecked, EmailToApply, EmailView};
use crate::email_test::{EmailTest, EmailTestAsked, EmailTested};
use crate::error::Error;
use crate::ledger_page::{LedgerAsked, LedgerPage, LedgerVerified};
use crate::mail_wording::{MailPreview, MailPreviewAsked, MailWordings};
use crate::page_suppressed::SuppressedView;
use crate::page_view::{DrillView, PageView};
use crate::poll_log::{GapLine, PollLine, Polled, ReadAgain};
use crate::preferences::{Preferences, PreferencesChange};
use crate::psa_connect::{PsaAsked, PsaChecked, PsaPreview};
use crate::psa_status::PsaStatus;
use crate::security::{SecurityAsked, SecurityBoard};
use crate::setup::{Connect, Connected, Finding, SecretAsked, SecretToSet, Secrets, Setup, Unlock};
use crate::shell::{
    AutostartSet, Goto, Mute, PortalAsked, ShellView, TestAlert, TestAlertShown, TextSaved, TextToSave,
};
use crate::status_card::StatusCard;
use crate::ticket_view::TicketView;
use crate::webhook_in::{WebhookInAsked, WebhookInChecked, WebhookInToApply, WebhookInView};
use crate::webhook_log::{Received, ReceivedAsked, ReceivedNumber, ReceivedView};
use crate::wording::{Wording, WordingAsked, WordingPreview};
use crate::{
    Acknowledge, Acknowledged, ConfigApplied, ContactAsked, ContactConfirm, ContactSet, ContactVerify, Delivery,
    Imported, NoticeLine, NoticesAsked, Organization, PagesToTake, PinEntered, PinSent, Quarantined, Rehomed, Remapped,
    TicketInFull, Undone, WatchedAccounts,
};
use crate::{
    Webhook, WebhookAsked, WebhookAttempt, WebhookAttemptsAsked, WebhookEnabled, WebhookMessageAsked, WebhookQueued,
    WebhookRotated, WebhookSecret, WebhookSet, WebhookTried,
};
use nightdesk_core::paging::How;
use nightdesk_store::Tx;
use serde_json::Value;
use ts_rs::TS;

/// What a method does to the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Asks the store, in one read transaction.
    Reads,
    /// Changes the store, in one transaction: whole or not at all.
    Edits,
    /// The host works: asks Huntress or the keychain.
    Works,
    /// Only a program with a screen can do it.
    Shell,
}

/// A method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub sort: Sort,
}

/// Is told each method with its types.
pub(super) trait Sorts {
    fn method<P: TS + 'static, R: TS + 'static>(&mut self, name: &str, docs: &str);
}

macro_rules! registry {
    (
        reads { $(#[doc = $rd:literal] $r:ident($rp:ty) -> $rr:ty = $rf:expr;)* }
        edits { $(#[doc = $ed:literal] $e:ident($ep:ty) -> $er:ty = $ef:expr;)* }
        works { $(#[doc = $wd:literal] $w:ident($wp:ty) -> $wr:ty = $wf:expr;)* }
        shell { $(#[doc = $sd:literal] $s:ident($sp:ty) -> $sr:ty = $sf:expr;)* }
    ) => {
        /// Every method.
        pub const METHODS: &[Method] = &[
            $(Method { name: stringify!($r), sort: Sort::Reads },)*
            $(Method { name: stringify!($e), sort: Sort::Edits },)*
            $(Method { name: stringify!($w), sort: Sort::Works },)*
            $(Method { name: stringify!($s), sort: Sort::Shell },)*
        ];

        pub(super) fn visit(sorts: &mut impl Sorts) {
            $(sorts.method::<$rp, $rr>(stringify!($r), $rd);)*
            $(sorts.method::<$ep, $er>(stringify!($e), $ed);)*
            $(sorts.method::<$wp, $wr>(stringify!($w), $wd);)*
            $(sorts.method::<$sp, $sr>(stringify!($s), $sd);)*
        }

        pub(super) async fn route(host: &dyn Host, shell: &dyn Shell, method: &str, given: Value) -> Result<Json, Error> {
            match method {
                $(stringify!($r) => {
                    let p: $rp = params(method, given)?;
                    let f: fn(&Tx<'_>, &At, $rp) -> Result<$rr, Error> = $rf;
                    host.read(Box::new(move |tx, at| json(&f(tx, at, p)?))).await
                })*
                $(stringify!($e) => {
                    let p: $ep = params(method, given)?;
                    let f: fn(&Tx<'_>, &At, $ep) -> Result<$er, Error> = $ef;
                    host.write(Box::new(move |tx, at| json(&f(tx, at, p)?))).await
                })*
                $(stringify!($w) => {
                    let p: $wp = params(method, given)?;
                    let f: for<'a> fn(&'a dyn Host, $wp) -> Work<'a, $wr> = $wf;
                    json(&f(host, p).await?)
                })*
                $(stringify!($s) => {
                    let p: $sp = params(method, given)?;
                    let f: for<'a> fn(&'a dyn Shell, $sp) -> Work<'a, $sr> = $sf;
                    json(&f(shell, p).await?)
                })*
                other => Err(super::unknown(other)),
            }
        }
    };
}

registry! {
    reads {
        /// The status card with the counts of badges and tray.
        card(Nothing) -> StatusCard = |tx, at, _| crate::status_card::card(tx, at);
        /// The triage board.
        board(Nothing) -> Board = |tx, at, _| crate::board::board(tx, at.now);
        /// A window of the security board.
        security(SecurityAsked) -> SecurityBoard = |tx, at, p| crate::security::security(tx, at.now, &p);
        /// One ticket with everything around it.
        ticket(TicketAsked) -> TicketView = |tx, at, p| crate::ticket_view::view(tx, at.now, p.id);
        /// The mapping table.
        organizations(Nothing) -> Vec<Organization> = |tx, _, _| crate::orgs(tx);
        /// Every client that is in use, by name.
        clients(Nothing) -> Vec<Client> = |tx, _, _| crate::client::clients(tx);
        /// The watched account, and the key's where that is another.
        accounts(Nothing) -> WatchedAccounts = |tx, _, _| crate::accounts(tx);
        /// The configuration in force with what its form needs.
        config(Nothing) -> ConfigView = |tx, _, _| crate::config_view::config(tx);
        /// How the PSA that holds the tickets stands; `null` for the built-in desk.
        psa_status(Nothing) -> Option<PsaStatus> = |tx, _, _| crate::psa_status(tx);
        /// The call tree, with what is known of each number.
        contacts(Nothing) -> Vec<Contact> = |tx, at, _| crate::contacts(tx, at.now);
        /// Pages, newest first.
        pages(Newest) -> Vec<PageView> = |tx, at, p| crate::pages(tx, at.now, p.limit.min(crate::page_view::MOST));
        /// Pages that were not sent, newest first.
        suppressed(Newest) -> Vec<SuppressedView> = |tx, _, p| crate::suppressed(tx, p.limit.min(crate::page_view::MOST));
        /// Drills and tests of contacts, newest first.
        drills(Newest) -> Vec<DrillView> = |tx, _, p| crate::drills(tx, p.limit);
        /// The wordings of texts and calls; they are changed with the configuration.
        wordings(Nothing) -> Vec<Wording> = |tx, _, _| crate::wording::wordings(tx);
        /// How a wording would read.
        wording_preview(WordingAsked) -> WordingPreview = |_, _, p| crate::wording::wording_preview(&p);
        /// The countries in which people can be reached, with what can be done there.
        countries(Nothing) -> Vec<Country> = |_, _, _| Ok(crate::contact::countries());
        /// Escalations, platform actions and account notices: the open ones first, then the newest.
        notices(NoticesAsked) -> Vec<NoticeLine> = |tx, _, p| crate::notices(tx, &p);
        /// The mail settings in force, with who gets what and whether there is a fallback.
        email(Nothing) -> EmailView = |tx, _, _| crate::email::email(tx);
        /// What mail settings would change and what is wrong with them; applies nothing.
        email_check(EmailAsked) -> EmailChecked = |tx, _, p| crate::email::email_check(tx, &p.draft);
        /// How far a test of mail is; to be asked again whenever the outbox changes.
        email_tested(EmailTestAsked) -> EmailTested = |tx, _, p| crate::email_tested(tx, p.id);
        /// The wordings of mail; they are changed with the mail settings.
        mail_wordings(Nothing) -> MailWordings = |tx, _, _| crate::mail_wording::mail_wordings(tx);
        /// How a message would read with changed wordings.
        mail_preview(MailPreviewAsked) -> MailPreview = |tx, _, p| crate::mail_wording::mail_preview(tx, &p);
        /// What would happen to an incident.
        dry_run(DryRunAsked) -> DryRun = |tx, at, p| crate::dry_run::dry_run(tx, at.now, &p);
        /// The last polls.
        polls(Newest) -> Vec<PollLine> = |tx, _, p| crate::poll_log::polls(tx, p.limit);
        /// The last stretches of time that nobody watched.
        gaps(Newest) -> Vec<GapLine> = |tx, _, p| crate::poll_log::gaps(tx, p.limit);
        /// A page of the ledger, newest first.
        ledger(LedgerAsked) -> LedgerPage = |tx, _, p| crate::ledger_page::page(tx, &p);
        /// Whether the ledger's chain and counts hold.
        ledger_verify(Nothing) -> LedgerVerified = |tx, _, _| crate::ledger_page::verify(tx);
        /// Records that could not be read in full.
        quarantine(Nothing) -> Vec<Quarantined> = |tx, _, _| crate::quarantine(tx);
        /// Deliveries, newest first.
        deliveries(DeliveriesAsked) -> Vec<DeliveryLine> = |tx, _, p| crate::delivery_view::deliveries(tx, &p);
        /// One delivery with its attempts.
        delivery(DeliveryAsked) -> DeliveryView = |tx, _, p| crate::delivery_view::view(tx, p.id);
        /// How the desk looks and sounds to this user.
        preferences(Nothing) -> Preferences = |tx, _, _| crate::preferences::preferences(tx);
        /// The tickets whose alerts nobody has acknowledged, worst first.
        alarm(Nothing) -> Vec<Card> = |tx, at, _| crate::alarm(tx, at.now);
        /// The mapping table as CSV.
        organizations_export(Nothing) -> Table = |tx, _, _| {
            let mut out = Vec::new();
            crate::orgs_export(tx, &mut out)?;
            Ok(Table { csv: String::from_utf8_lossy(&out).into_owned() })
        };
        /// The receiver of Huntress's webhooks: its address, its state, what came.
        webhook_in(Nothing) -> WebhookInView = |tx, _, _| crate::webhook_in(tx);
        /// What settings of the receiver would change and what is wrong with them; applies nothing.
        webhook_in_check(WebhookInAsked) -> WebhookInChecked = |tx, _, p| crate::webhook_in::webhook_in_check(tx, &p.draft);
        /// Huntress's deliveries, accepted and refused, newest first.
        webhooks_received(ReceivedAsked) -> Vec<Received> = |tx, _, p| crate::webhooks_received(tx, &p);
        /// One accepted delivery with its body.
        webhook_received(ReceivedNumber) -> ReceivedView = |tx, _, p| crate::webhook_received(tx, p.number);
        /// The endpoints of webhooks, with their standing.
        webhooks(Nothing) -> Vec<Webhook> = |tx, at, _| crate::webhooks(tx, at.now);
        /// The last attempts to deliver to an endpoint, newest first.
        webhook_attempts(WebhookAttemptsAsked) -> Vec<WebhookAttempt> = |tx, _, p| crate::webhook_attempts(tx, &p);
        /// How far a queued message is.
        webhook_tried(WebhookQueued) -> WebhookTried = |tx, _, p| crate::webhook_tried(tx, &p);
    }
    edits {
        /// Puts settings of the receiver in force, whole or not at all.
        webhook_in_apply(WebhookInToApply) -> ConfigApplied = |tx, at, p| crate::webhook_in::webhook_in_apply(tx, at.now, &at.actor, &p);
        /// Adds, changes or deletes an endpoint; answers all of them.
        webhook_set(WebhookSet) -> Vec<Webhook> = |tx, at, p| crate::webhook_set(tx, at.now, &at.actor, &p);
        /// Makes a new signing secret; the old one signs too for a day.
        webhook_rotate(WebhookAsked) -> WebhookRotated = |tx, at, p| crate::webhook_rotate(tx, at.now, &at.actor, &p.url);
        /// Sends to an endpoint again that was disabled.
        webhook_enable(WebhookAsked) -> WebhookEnabled = |tx, at, p| crate::webhook_enable(tx, at.now, &at.actor, &p.url);
        /// Sends a test message; ask `webhook_tried` what came of it.
        webhook_test(WebhookAsked) -> WebhookQueued = |tx, at, p| crate::webhook_test(tx, at.now, &p.url, None);
        /// Sends a message again, under its own id; ask `webhook_tried` what came of it.
        webhook_resend(WebhookMessageAsked) -> WebhookQueued = |tx, at, p| crate::webhook_resend(tx, at.now, &p.message_id, None);
        /// Moves tickets to a client, all or none.
        rehome(Rehome) -> Rehomed = |tx, at, p| crate::rehome(tx, at.now, &at.actor, &p.tickets, &p.client, p.map_organization);
        /// Takes a re-home, or an undo, back whole.
        undo(Undo) -> Undone = |tx, at, p| {
            let id = p.id.map_or_else(|| crate::latest_undo(tx), Ok)?;
            crate::undo(tx, at.now, &at.actor, id)
        };
        /// Closes a ticket.
        close(TicketAsked) -> TicketInFull = |tx, at, p| crate::close(tx, at.now, &at.actor, p.id);
        /// Reopens a ticket.
        reopen(TicketAsked) -> TicketInFull = |tx, at, p| crate::reopen(tx, at.now, &at.actor, p.id);
        /// Writes on a ticket's timeline.
        note(Note) -> TicketInFull = |tx, at, p| crate::note(tx, at.now, &at.actor, p.id, &p.text);
        /// Assigns a ticket to somebody, or to nobody.
        assign(Assign) -> TicketInFull = |tx, at, p| crate::assign(tx, at.now, &at.actor, p.id, p.who.as_deref());
        /// Maps an organization to a client.
        organization_map(MapOrganization) -> Remapped = |tx, at, p| crate::orgs_map(tx, at.now, &at.actor, p.id, &p.client, p.move_tickets);
        /// Leaves an organization unmapped on purpose.
        organization_unmap(OrganizationAsked) -> Remapped = |tx, at, p| crate::orgs_unmap(tx, at.now, &at.actor, p.id);
        /// Withholds an organization's new tickets.
        organization_ignore(OrganizationAsked) -> Remapped = |tx, at, p| crate::orgs_ignore(tx, at.now, &at.actor, p.id);
        /// Takes a mapping table in, whole or not at all.
        organizations_import(Table) -> Imported = |tx, at, p| crate::orgs_import(tx, at.now, &at.actor, p.csv.as_bytes());
        /// Has the PSA's catalogue and what people changed there read now; ask `psa_status` what came of it.
        psa_sync(Nothing) -> Option<PsaStatus> = |tx, _, _| crate::psa_sync(tx);
        /// Adds, changes, moves or removes one contact; answers the call tree.
        contact_set(ContactSet) -> Vec<Contact> = |tx, at, p| crate::contact_set(tx, at.now, &at.actor, &p);
        /// Pages people for an incident, whatever the window says; answers its newest page.
        page_anyway(IncidentAsked) -> PageView = |tx, at, p| crate::page(tx, at.now, &at.actor, p.incident_id, true);
        /// Takes an incident's pages, or one page by its number; answers the newest.
        page_take(PagesToTake) -> PageView = |tx, at, p| crate::pages_take(tx, at.now, &at.actor, p, How::App);
        /// Tries every channel of everybody who can be reached.
        drill(Nothing) -> DrillView = |tx, at, _| crate::drill(tx, at.now, &at.actor, None);
        /// Tries every channel of one contact.
        contact_test(ContactAsked) -> DrillView = |tx, at, p| crate::contact_test(tx, at.now, &at.actor, &p.name, None);
        /// Puts mail settings in force, whole or not at all.
        email_apply(EmailToApply) -> ConfigApplied = |tx, at, p| crate::email::email_apply(tx, at.now, &at.actor, &p);
        /// Sends a test to each address of a type; `email_tested` says how far it is.
        email_test(EmailTest) -> EmailTested = |tx, at, p| crate::email_test(tx, at.now, &at.actor, p.kind.into(), None);
        /// Sends a delivery again that ended badly or is in doubt.
        redrive(DeliveryAsked) -> Delivery = |tx, at, p| crate::redrive(tx, at.now, p.id);
        /// Lets a delivery that ended badly be: it troubles nobody any more.
        dismiss(DeliveryAsked) -> Delivery = |tx, at, p| crate::dismiss(tx, at.now, &at.actor, p.id);
        /// Acknowledges a ticket's alerts, or all that can be, and takes their pages.
        acknowledge(Acknowledge) -> Acknowledged = |tx, at, p| {
            Ok(Acknowledged { tickets: crate::acknowledge_alerts(tx, at.now, &at.actor, p.ticket_id)? })
        };
        /// Watches the key's account from now on.
        account_accept(AccountAsked) -> WatchedAccounts = |tx, at, p| crate::account_accept(tx, at.now, &at.actor, p.id);
        /// Changes preferences; what is left out stays.
        preferences_set(PreferencesChange) -> Preferences = |tx, _, p| crate::preferences::set(tx, p);
    }
    works {
        /// What a draft would change and what is wrong with it; applies nothing. Names are compared with the PSA's, asked now.
        config_check(DraftAsked) -> DraftChecked = |host, p| host.config_check(p);
        /// Puts a draft in force, whole or not at all. Names are compared with the PSA's, asked now.
        config_apply(DraftToApply) -> ConfigApplied = |host, p| host.config_apply(p);
        /// What a key may do at a PSA; nothing is changed there, and nothing is kept.
        psa_check(PsaAsked) -> PsaChecked = |host, p| host.psa_check(p);
        /// What a PSA offers for routing, and what choosing it would do to what is open; applies nothing.
        psa_preview(DraftAsked) -> PsaPreview = |host, p| host.psa_preview(p);
        /// Polls now and waits for the outcome; how far it is stands on the status card meanwhile.
        poll_now(Nothing) -> Polled = |host, _| host.poll_now();
        /// Fetches a quarantined incident again.
        quarantine_retry(IncidentAsked) -> ReadAgain = |host, p| host.quarantine_retry(p.incident_id);
        /// Sends a PIN to a contact's number and waits until the carrier has it.
        contact_verify(ContactVerify) -> PinSent = |host, p| host.contact_verify(p);
        /// Enters a PIN; a wrong one is an answer, not an error.
        contact_confirm(ContactConfirm) -> PinEntered = |host, p| host.contact_confirm(p);
        /// How far the first set-up has got.
        setup(Nothing) -> Setup = |host, _| host.setup();
        /// Asks Huntress with a key and stores it where it works.
        connect(Connect) -> Connected = |host, p| host.connect(p);
        /// The secrets' names and where they are kept.
        secrets(Nothing) -> Secrets = |host, _| host.secrets();
        /// Stores a secret.
        secret_set(SecretToSet) -> Secrets = |host, p| host.secret_set(p);
        /// Removes a secret.
        secret_delete(SecretAsked) -> Secrets = |host, p| host.secret_delete(p.name);
        /// Opens the encrypted file with its passphrase.
        secrets_unlock(Unlock) -> Secrets = |host, p| host.secrets_unlock(p);
        /// An endpoint's signing secret.
        webhook_secret(WebhookAsked) -> WebhookSecret = |host, p| host.webhook_secret(p.url);
        /// Checks everything that a shift needs.
        doctor(Nothing) -> Vec<Finding> = |host, _| host.doctor();
    }
    shell {
        /// What the program says of itself.
        shell(Nothing) -> ShellView = |shell, _| shell.view();
        /// Starts the desk with the user's session, or no longer.
        autostart_set(AutostartSet) -> ShellView = |shell, p| shell.autostart_set(p.on);
        /// Mutes desk alerts for a while, or ends that.
        mute(Mute) -> ShellView = |shell, p| shell.mute(p.minutes);
        /// Shows a native alert to try it.
        test_alert(TestAlert) -> TestAlertShown = |shell, p| shell.test_alert(p.severity);
        /// Opens the incident's page in Huntress's portal.
        open_portal(PortalAsked) -> () = |shell, p| shell.open_portal(p.ticket_id);
        /// Opens the ticket's page in the PSA that is the desk.
        open_psa(PortalAsked) -> () = |shell, p| shell.open_psa(p.ticket_id);
        /// Opens the folder of the logs.
        open_log_folder(Nothing) -> () = |shell, _| shell.open_log_folder();
        /// Saves a text where the user says.
        save_text(TextToSave) -> TextSaved = |shell, p| shell.save_text(p);
        /// Begins the demo night.
        demo_start(Nothing) -> () = |shell, _| shell.demo_start();
        /// Shows the boards' window at a place, for a window beside it.
        show_window(Goto) -> () = |shell, p| shell.show_window(p);
        /// The window shows its first view: how long its opening took is logged.
        window_painted(Nothing) -> () = |shell, _| shell.window_painted();
        /// The user has confirmed that the desk may quit.
        quit_confirmed(Nothing) -> () = |shell, _| shell.quit_confirmed();
    }
}
