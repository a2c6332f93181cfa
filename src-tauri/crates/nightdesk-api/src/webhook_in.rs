//! Huntress's webhooks: the receiver's state and settings, and the log of what came and what was refused.

use crate::config::{self, ConfigApplied};
use crate::config_view::DraftProblem;
use crate::error::{Code, Detail, Error};
use chrono::{DateTime, Utc};
use nightdesk_core::config::{WEBHOOK_IN_PATH, WebhookIn};
use nightdesk_engine::configure;
use nightdesk_engine::inbox;
use nightdesk_engine::receiver::{receiver_state, wrongly_signed};
use nightdesk_store::{Setting, StoredIncident, Tally, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The secret's name.
const SECRET: &str = "WEBHOOK_SIGNING_SECRET";

/// The receiver, as one look shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "WebhookIn")]
pub struct WebhookInView {
    /// The configuration's revision.
    pub revision: i64,
    /// The section in force.
    pub draft: WebhookInDraft,
    /// Whether posts are taken in.
    pub state: ReceiverStanding,
    /// Why they aren't, or what else is wrong, in a sentence.
    pub trouble: Option<String>,
    /// The address that is listened on, with its port.
    pub listening: Option<String>,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
    /// The address to enter at Huntress; `null` until `public_url` is known.
    pub address: Option<String>,
    /// What a tunnel or proxy on this machine forwards to.
    pub forward_to: Option<String>,
    /// The path below the address from outside.
    pub path: String,
    /// The name of the signing secret (`secret_set` stores it, `secrets` says whether it is there).
    pub secret: String,
    /// Deliveries that were accepted, each once.
    pub received: i64,
    /// Posts that were refused.
    pub refused: i64,
    /// Accepted ones that wait to be processed.
    pub waiting: i64,
    /// Why they wait, where they do for long.
    pub waits_for: Option<String>,
    /// When the last one was accepted.
    pub last_at: Option<DateTime<Utc>>,
    /// New incidents that polls found since the last webhook, and none brought.
    pub silence: Option<WebhookSilence>,
}

/// Whether posts are taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReceiverStanding {
    /// No receiver is configured: polls alone find incidents.
    Off,
    /// Posts are taken in.
    Listening,
    /// One is configured and doesn't listen; `trouble` says why.
    NotListening,
    /// It listens and has no secret to verify by, so that everything is put off.
    NoSecret,
}

/// What polls found and no webhook brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WebhookSilence {
    /// When a poll found the first of them.
    pub since: DateTime<Utc>,
    /// How many.
    pub incidents: u32,
    /// Whether it has lasted so long that the desk alarms.
    pub reported: bool,
}

/// `[webhook_in]` as a form edits it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WebhookInDraft {
    /// The address and port that are listened on; `null` for no receiver.
    pub listen: Option<String>,
    /// The certificate's file; needed for anything but loopback.
    pub tls_cert: Option<String>,
    /// Its key's file.
    pub tls_key: Option<String>,
    /// The HTTPS address from outside.
    pub public_url: Option<String>,
}

/// A section to be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WebhookInAsked {
    /// The section.
    pub draft: WebhookInDraft,
}

/// A section to be applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WebhookInToApply {
    /// The section.
    pub draft: WebhookInDraft,
    /// Refused where another revision is in force by now.
    pub if_revision: Option<i64>,
}

/// What a section would change, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WebhookInChecked {
    /// A line for each difference.
    pub difference: Vec<String>,
    /// What is wrong; empty for a section that can be applied.
    pub problems: Vec<DraftProblem>,
}

/// When an incident came by which way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FirstSeen {
    /// By which way it was first seen: `poll`, `sweep`, `by_id` or `webhook`.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// When a poll or sweep first brought it.
    pub polled_at: Option<DateTime<Utc>>,
    /// When a webhook first brought it.
    pub posted_at: Option<DateTime<Utc>>,
    /// How much later the second of the two ways was; `null` while only one has brought it.
    pub gap_seconds: Option<i64>,
}

impl FirstSeen {
    pub(crate) fn of(stored: &StoredIncident) -> Self {
        let StoredIncident { first_seen_by, first_seen_at, polled_at, posted_at, .. } = stored;
        // Processed later than it came, where routing was incomplete.
        let at = posted_at.map_or(*first_seen_at, |posted| posted.min(*first_seen_at));
        let gap = polled_at.zip(*posted_at).map(|(polled, posted)| (polled - posted).num_seconds().abs());
        Self { by: first_seen_by.word().to_owned(), at, polled_at: *polled_at, posted_at: *posted_at, gap_seconds: gap }
    }
}

/// The receiver.
///
/// # Errors
/// The store's.
pub fn webhook_in(tx: &Tx<'_>) -> Result<WebhookInView, Error> {
    let (config, revision) = configure::current(tx)?;
    let section = &config.webhook_in;
    let found = receiver_state(tx)?;
    let silence = inbox::silence(tx)?.filter(|_| section.is_set_up());
    let waiting = tx.webhooks_waiting()?;
    let waits_for = (waiting > 0).then(|| waits_for(tx)).transpose()?.flatten();
    let state = match (section.is_set_up(), &found.listening, &found.secret_error) {
        (false, ..) => ReceiverStanding::Off,
        (true, None, _) => ReceiverStanding::NotListening,
        (true, Some(_), Some(_)) => ReceiverStanding::NoSecret,
        (true, Some(_), None) => ReceiverStanding::Listening,
    };
    let listening = found.listening.clone().filter(|_| section.is_set_up());
    let trouble = match state {
        ReceiverStanding::Off => None,
        ReceiverStanding::NotListening if found.error.is_none() => {
            Some("the engine isn't running, or begins to listen at this moment".to_owned())
        }
        _ => found.trouble().map(str::to_owned),
    };
    Ok(WebhookInView {
        revision,
        draft: WebhookInDraft::of(section),
        state,
        trouble,
        since: found.since.filter(|_| listening.is_some()),
        address: section.address(),
        // With a certificate of its own it needs nothing before it, and an address that stands for all isn't one to go to.
        forward_to: listening.as_deref().filter(|_| section.tls().is_none()).map(|at| format!("http://{at}")),
        listening,
        path: WEBHOOK_IN_PATH.to_owned(),
        secret: SECRET.to_owned(),
        received: tx.tally(Tally::WebhooksReceived)?,
        refused: tx.tally(Tally::WebhooksRefused)?,
        waiting,
        waits_for,
        last_at: tx.mark(Setting::WebhookInLastAt)?,
        silence: silence.map(|s| WebhookSilence { since: s.since, incidents: s.incidents, reported: s.reported }),
    })
}

fn waits_for(tx: &Tx<'_>) -> Result<Option<String>, Error> {
    let context = nightdesk_engine::context::Context::load(tx)?;
    if context.bound.is_none() {
        return Ok(Some(format!("routing: {}", context.config.routing.missing().join(", "))));
    }
    Ok(context.account.is_none().then(|| "the first successful poll, which names the account".to_owned()))
}

/// What a person should know at once of the receiver, as sentences.
pub(crate) fn alarms(tx: &Tx<'_>, section: &WebhookIn, now: DateTime<Utc>) -> Result<Vec<String>, Error> {
    if !section.is_set_up() {
        return Ok(Vec::new());
    }
    let state = receiver_state(tx)?;
    let mut out: Vec<String> = [&state.error, &state.secret_error, &state.certificate_error]
        .into_iter()
        .flatten()
        .cloned()
        .chain(state.certificate_ends(now))
        .chain(wrongly_signed(tx, now)?)
        .map(|why| format!("Huntress's webhooks: {why}"))
        .collect();
    if let Some(why) = waits_for(tx)? {
        let said = match tx.webhooks_waiting()? {
            0 => None,
            1 => Some("1 webhook of Huntress's waits".to_owned()),
            n => Some(format!("{n} webhooks of Huntress's wait")),
        };
        out.extend(said.map(|said| format!("{said}, unseen, for {why}")));
    }
    out.extend(inbox::silence(tx)?.filter(|s| s.reported).map(|s| s.words()));
    Ok(out)
}

/// Checks a section against what is in force. What is wrong with it is an answer here, not an error.
///
/// # Errors
/// The store's.
pub fn webhook_in_check(tx: &Tx<'_>, draft: &WebhookInDraft) -> Result<WebhookInChecked, Error> {
    match config::config_check(tx, &draft.file(), false) {
        Ok(found) => Ok(WebhookInChecked { difference: found.difference, problems: Vec::new() }),
        Err(Error { detail: Some(Detail::Problems(problems)), .. }) => {
            let problem = |p: crate::config_file::Problem| DraftProblem {
                key: p.key,
                message: p.message,
                remedy: Some(p.expected),
            };
            Ok(WebhookInChecked { difference: Vec::new(), problems: problems.into_iter().map(problem).collect() })
        }
        Err(error) => Err(error),
    }
}

/// Puts a section in force; the rest of the configuration stays as it is. The engine follows at once.
///
/// # Errors
/// `Conflict` for a stale base; `InvalidInput` with every problem. Nothing may then be committed.
pub fn webhook_in_apply(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    asked: &WebhookInToApply,
) -> Result<ConfigApplied, Error> {
    config::config_apply(tx, now, actor, &asked.draft.file(), false, asked.if_revision).map_err(|mut error| {
        if error.code == Code::Conflict {
            error.message = "somebody changed the configuration meanwhile; nothing was applied. Look at what is in \
                             force now and apply your changes again"
                .into();
        }
        // A form has no lines.
        if let Some(Detail::Problems(problems)) = &mut error.detail {
            problems.iter_mut().for_each(|p| p.line = None);
        }
        error
    })
}

impl WebhookInDraft {
    fn of(section: &WebhookIn) -> Self {
        Self {
            listen: section.listen.map(|at| at.to_string()),
            tls_cert: section.tls_cert.clone(),
            tls_key: section.tls_key.clone(),
            public_url: section.public_url.clone(),
        }
    }

    /// As the file that it amounts to, so that both are checked by the same rules. What a form leaves empty is unset.
    fn file(&self) -> String {
        let keys = [
            ("listen", &self.listen),
            ("tls_cert", &self.tls_cert),
            ("tls_key", &self.tls_key),
            ("public_url", &self.public_url),
        ];
        let lines = keys.into_iter().filter_map(|(key, value)| {
            let value = value.as_deref().map(str::trim).filter(|v| !v.is_empty())?;
            Some(format!("{key} = {}\n", toml::Value::String(value.to_owned())))
        });
        format!("[webhook_in]\n{}", lines.collect::<String>())
    }
}
