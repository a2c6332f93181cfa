//! Single values: marks of time, counters, the applied configuration, and who holds which duty.

use crate::store::{maybe_time, ms, time};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension;

/// A named value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Setting {
    /// The watched account, as JSON.
    Account,
    /// Another account that the key turned out to belong to, as JSON: polling has stopped and asks.
    OtherAccount,
    KeyFingerprint,
    AccountCheckedAt,
    Cursor,
    LastProvenRead,
    WatchingSince,
    PausedSince,
    PauseReason,
    NextPollAt,
    LastSweepAt,
    SweepNumber,
    OrganizationsListedAt,
    NoticesListedAt,
    EngineSeenAt,
    Bucket,
    ClockSkewMs,
    RoutingWasComplete,
    LastBackupAt,
    LastCheckAt,
    LastRetentionAt,
    BlindAlarmAt,
    AuthFailures,
    Unaccounted,
    StoreId,
    /// This file is a backup; the engine that meets the mark works on what was restored from one.
    IsBackup,
    /// When the store was last restored from a backup. What is created outside for something older may be there already.
    RestoredAt,
    Destinations,
    Preferences,
    /// When paging first could reach somebody: what was open then isn't dialled.
    PagingArmedAt,
    /// The carrier's id of what asks for keys in calls.
    PagingKeys,
    /// Why the carrier refused the account or its secret when it was last asked, or that there is no secret.
    PagingRefused,
    /// When something was last refused that the account may be the reason for.
    PagingDoubtedAt,
    /// When mail was last taken for a default address, and by what way, as JSON.
    MailProved,
    /// Since when mail fails, by what way and why, as JSON; absent while it doesn't.
    MailFails,
    /// Where Huntress's webhooks are listened for, or why they aren't, as JSON.
    WebhookInState,
    /// When a webhook was last accepted.
    WebhookInLastAt,
    /// Since when polls have found new incidents that no webhook brought, and how many, as JSON.
    WebhookInMissed,
    /// When it was said that webhooks have fallen silent.
    WebhookInSilentAt,
    /// Which PSA holds the tickets: its kind and address. Absent for the built-in desk.
    PsaDesk,
    /// Since when it does.
    PsaSince,
    /// Open tickets are still to be carried over to the desk that holds them now.
    PsaCarries,
    /// When the PSA's catalogue was last read whole.
    PsaCatalogueAt,
    /// Somebody wants it read now.
    PsaAsked,
    /// Up to which of the PSA's times its changes were taken in.
    PsaChangesTo,
    /// When all open tickets were last compared with the PSA's.
    PsaSweptAt,
    /// Since when the PSA can't be read, and why, as JSON; absent while it can.
    PsaFails,
    /// When the PSA last answered.
    PsaSeenAt,
}

impl Setting {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::OtherAccount => "other_account",
            Self::KeyFingerprint => "key_fingerprint",
            Self::AccountCheckedAt => "account_checked_at",
            Self::Cursor => "cursor",
            Self::LastProvenRead => "last_proven_read",
            Self::WatchingSince => "watching_since",
            Self::PausedSince => "paused_since",
            Self::PauseReason => "pause_reason",
            Self::NextPollAt => "next_poll_at",
            Self::LastSweepAt => "last_sweep_at",
            Self::SweepNumber => "sweep_number",
            Self::OrganizationsListedAt => "organizations_listed_at",
            Self::NoticesListedAt => "notices_listed_at",
            Self::EngineSeenAt => "engine_seen_at",
            Self::Bucket => "bucket",
            Self::ClockSkewMs => "clock_skew_ms",
            Self::RoutingWasComplete => "routing_was_complete",
            Self::LastBackupAt => "last_backup_at",
            Self::LastCheckAt => "last_check_at",
            Self::LastRetentionAt => "last_retention_at",
            Self::BlindAlarmAt => "blind_alarm_at",
            Self::AuthFailures => "auth_failures",
            Self::Unaccounted => "unaccounted",
            Self::StoreId => "store_id",
            Self::IsBackup => "is_backup",
            Self::RestoredAt => "restored_at",
            Self::Preferences => "preferences",
            Self::PagingArmedAt => "paging_armed_at",
            Self::PagingKeys => "paging_keys",
            Self::PagingRefused => "paging_refused",
            Self::PagingDoubtedAt => "paging_doubted_at",
            Self::MailProved => "mail_proved",
            Self::MailFails => "mail_fails",
            Self::WebhookInState => "webhook_in_state",
            Self::WebhookInLastAt => "webhook_in_last_at",
            Self::WebhookInMissed => "webhook_in_missed",
            Self::WebhookInSilentAt => "webhook_in_silent_at",
            Self::PsaDesk => "psa_desk",
            Self::PsaSince => "psa_since",
            Self::PsaCarries => "psa_carries",
            Self::PsaCatalogueAt => "psa_catalogue_at",
            Self::PsaAsked => "psa_asked",
            Self::PsaChangesTo => "psa_changes_to",
            Self::PsaSweptAt => "psa_swept_at",
            Self::PsaFails => "psa_fails",
            Self::PsaSeenAt => "psa_seen_at",
            Self::Destinations => "destinations",
        }
    }
}

/// A counter that is kept with every change, because counting a million rows takes too long for a status card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Tally {
    Seen,
    Ticketed,
    RecordOnly,
    Withheld,
    Quarantined,
    OpenIncidents,
    Tickets,
    WebhooksReceived,
    WebhooksRefused,
}

impl Tally {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Ticketed => "ticketed",
            Self::RecordOnly => "record_only",
            Self::Withheld => "withheld",
            Self::Quarantined => "quarantined",
            Self::OpenIncidents => "open_incidents",
            Self::Tickets => "tickets",
            Self::WebhooksReceived => "webhooks_received",
            Self::WebhooksRefused => "webhooks_refused",
        }
    }

    /// The counter of a class.
    pub fn of(class: nightdesk_core::routing::Class) -> Self {
        use nightdesk_core::routing::Class as C;
        match class {
            C::Quarantined => Self::Quarantined,
            C::Withheld => Self::Withheld,
            C::Ticketed => Self::Ticketed,
            C::RecordOnly => Self::RecordOnly,
        }
    }
}

/// An applied configuration, as its two JSON texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredConfig {
    /// Counts up with each change.
    pub revision: i64,
    /// When it was applied.
    pub applied_at: DateTime<Utc>,
    /// The configuration.
    pub body: String,
    /// Routing bound to catalogue numbers, once it is complete.
    pub bound: Option<String>,
}

impl Tx<'_> {
    /// A named value.
    pub fn setting(&self, setting: Setting) -> Result<Option<String>, Error> {
        let mut st = self.tx.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
        Ok(st.query_row([setting.name()], |r| r.get(0)).optional()?)
    }

    /// Sets or, with `None`, removes a named value.
    pub fn set(&self, setting: Setting, value: Option<&str>) -> Result<(), Error> {
        match value {
            Some(v) => self
                .tx
                .prepare_cached("INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")?
                .execute((setting.name(), v))?,
            None => self.tx.prepare_cached("DELETE FROM setting WHERE name = ?1")?.execute([setting.name()])?,
        };
        Ok(())
    }

    /// A named time.
    pub fn mark(&self, setting: Setting) -> Result<Option<DateTime<Utc>>, Error> {
        Ok(maybe_time(self.setting(setting)?.and_then(|v| v.parse().ok())))
    }

    /// Sets or removes a named time.
    pub fn set_mark(&self, setting: Setting, at: Option<DateTime<Utc>>) -> Result<(), Error> {
        self.set(setting, at.map(|t| ms(t).to_string()).as_deref())
    }

    /// A counter.
    pub fn tally(&self, tally: Tally) -> Result<i64, Error> {
        let mut st = self.tx.prepare_cached("SELECT n FROM tally WHERE name = ?1")?;
        let stored: i64 = st.query_row([tally.name()], |r| r.get(0)).optional()?.unwrap_or(0);
        Ok(stored + self.tallies.borrow().get(tally.name()).copied().unwrap_or(0))
    }

    /// Changes a counter; written with the transaction's end.
    pub fn count(&self, tally: Tally, by: i64) {
        *self.tallies.borrow_mut().entry(tally.name()).or_insert(0) += by;
    }

    /// The configuration in force.
    pub fn configuration(&self) -> Result<Option<StoredConfig>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT revision, applied_at, body, bound FROM configuration ORDER BY revision DESC LIMIT 1",
        )?;
        let row = st
            .query_row([], |r| {
                Ok(StoredConfig { revision: r.get(0)?, applied_at: time(r.get(1)?), body: r.get(2)?, bound: r.get(3)? })
            })
            .optional()?;
        Ok(row)
    }

    /// Puts a configuration in force; answers its revision.
    pub fn add_configuration(&self, at: DateTime<Utc>, body: &str, bound: Option<&str>) -> Result<i64, Error> {
        self.touch(Topic::Configuration);
        let mut st = self.tx.prepare_cached(
            "INSERT INTO configuration (revision, applied_at, body, bound)
             VALUES ((SELECT COALESCE(MAX(revision), 0) + 1 FROM configuration), ?1, ?2, ?3) RETURNING revision",
        )?;
        Ok(st.query_row((ms(at), body, bound), |r| r.get(0))?)
    }

    /// Takes a duty over: raises its epoch, which voids every claim made under an earlier one (ND-6).
    pub fn take_duty(&self, duty: &str, owner: &str, until: DateTime<Utc>) -> Result<i64, Error> {
        let mut st = self.tx.prepare_cached(
            "INSERT INTO duty (name, owner, epoch, expires_at) VALUES (?1, ?2, 1, ?3)
             ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, epoch = duty.epoch + 1, expires_at = excluded.expires_at
             RETURNING epoch",
        )?;
        Ok(st.query_row((duty, owner, ms(until)), |r| r.get(0))?)
    }

    /// The present epoch of a duty; 0 before anyone took it.
    pub fn epoch(&self, duty: &str) -> Result<i64, Error> {
        let mut st = self.tx.prepare_cached("SELECT epoch FROM duty WHERE name = ?1")?;
        Ok(st.query_row([duty], |r| r.get(0)).optional()?.unwrap_or(0))
    }
}
