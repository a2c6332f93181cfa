//! The mail settings as a form shows and edits them. They are part of the configuration, and changed by its rules.

use crate::config::{self, ConfigApplied};
use crate::config_file::{self, Problem};
use crate::config_view::DraftProblem;
use crate::email_status::{EmailStatus, email_status};
use crate::error::{Code, Detail, Error};
use chrono::{DateTime, Utc};
use nightdesk_core::config::{Auth, Email, Overrides, Security};
use nightdesk_core::mail::is_same_address;
use nightdesk_core::notice::NotificationType;
use nightdesk_engine::configure;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// A type of notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum MailType {
    Incidents,
    Escalations,
    PlatformActions,
    AccountNotices,
}

impl From<NotificationType> for MailType {
    fn from(of: NotificationType) -> Self {
        match of {
            NotificationType::Incidents => Self::Incidents,
            NotificationType::Escalations => Self::Escalations,
            NotificationType::PlatformActions => Self::PlatformActions,
            NotificationType::AccountNotices => Self::AccountNotices,
        }
    }
}

impl From<MailType> for NotificationType {
    fn from(of: MailType) -> Self {
        match of {
            MailType::Incidents => Self::Incidents,
            MailType::Escalations => Self::Escalations,
            MailType::PlatformActions => Self::PlatformActions,
            MailType::AccountNotices => Self::AccountNotices,
        }
    }
}

/// How the connection to the mail server is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// Not at all: only to this machine.
    None,
    /// Begun in the clear and then encrypted, or not used.
    Starttls,
    /// Encrypted from the first byte.
    Tls,
}

/// How the desk signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MailAuth {
    /// Not at all.
    None,
    /// `username`, and the secret `SMTP_PASSWORD`.
    Password,
    /// `username`, `client_id`, for Microsoft 365 `tenant`, and the secret `SMTP_REFRESH_TOKEN`.
    Xoauth2,
    /// Microsoft Graph takes the mail: `tenant`, `client_id`, and the secret `SMTP_REFRESH_TOKEN`.
    Graph,
}

/// `[email.overrides]`: an empty list means the default addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct EmailOverrides {
    pub incidents: Vec<String>,
    pub escalations: Vec<String>,
    pub platform_actions: Vec<String>,
    pub account_notices: Vec<String>,
}

/// `[email]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EmailDraft {
    /// The mail server; not needed with `graph`.
    pub smtp_host: Option<String>,
    /// Its port; `null` for the usual one.
    pub smtp_port: Option<u32>,
    /// How the connection is kept private.
    pub security: MailSecurity,
    /// How the desk signs in.
    pub auth: MailAuth,
    /// The user.
    pub username: Option<String>,
    /// Microsoft 365's tenant.
    pub tenant: Option<String>,
    /// The application's id.
    pub client_id: Option<String>,
    /// Where tokens are got, for a test double.
    pub login_base_url: Option<String>,
    /// Where Graph is, for a test double.
    pub graph_base_url: Option<String>,
    /// The sender.
    pub from: String,
    /// Who gets what no override sends elsewhere; at least one.
    pub default: Vec<String>,
    /// Whether it is also told that something is over.
    pub resolved_notices: bool,
    /// Addresses by type.
    pub overrides: EmailOverrides,
    /// Changed wordings by name; leaving one out resets it.
    #[ts(type = "Record<string, string>")]
    pub templates: BTreeMap<String, String>,
}

/// The mail settings in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EmailView {
    /// The configuration's revision.
    pub revision: i64,
    /// What is in force; where nothing is, what a form begins with.
    pub draft: EmailDraft,
    /// How the fallback stands.
    pub status: EmailStatus,
    /// Who gets what, by type.
    pub types: Vec<MailTypeLine>,
    /// What is allowed and still worth a second look.
    pub warnings: Vec<String>,
    /// The secrets that this sign-in needs, by name.
    pub secrets: Vec<String>,
}

/// Who gets news of a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MailTypeLine {
    /// The type.
    #[serde(rename = "type")]
    pub kind: MailType,
    /// Whether it has addresses of its own.
    pub overridden: bool,
    /// Who gets it, each once.
    pub addresses: Vec<String>,
}

/// Mail settings to be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EmailAsked {
    /// The draft.
    pub draft: EmailDraft,
}

/// Mail settings to be applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EmailToApply {
    /// The draft.
    pub draft: EmailDraft,
    /// Refused where another revision is in force by now.
    pub if_revision: Option<i64>,
}

/// What mail settings would change, and what is wrong with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EmailChecked {
    /// The revision that they were compared with.
    pub revision: i64,
    /// A line for each difference.
    pub difference: Vec<String>,
    /// What is wrong; empty for settings that can be applied.
    pub problems: Vec<DraftProblem>,
    /// What is allowed and still worth a second look.
    pub warnings: Vec<String>,
    /// Whether what was proved of the present settings would hold for these: else a test is due.
    pub keeps_proof: bool,
}

/// The mail settings in force.
///
/// # Errors
/// The store's.
pub fn email(tx: &Tx<'_>) -> Result<EmailView, Error> {
    let (in_force, revision) = configure::current(tx)?;
    let email = in_force.email.as_ref();
    Ok(EmailView {
        revision,
        draft: email.map_or_else(EmailDraft::blank, EmailDraft::of),
        status: email_status(tx, &in_force)?,
        types: email.map(types).unwrap_or_default(),
        warnings: email.map(config_file::email_warnings).unwrap_or_default(),
        secrets: email.map(|e| secrets(e.auth, e.tenant.is_some())).unwrap_or_default(),
    })
}

fn types(email: &Email) -> Vec<MailTypeLine> {
    let line = |of: NotificationType| MailTypeLine {
        kind: of.into(),
        overridden: !email.overrides.of(of).is_empty(),
        addresses: email.addresses(Some(of)).into_iter().map(str::to_owned).collect(),
    };
    NotificationType::ALL.map(line).to_vec()
}

/// The secrets that a way of signing in needs. Google's tokens need the application's own secret, too.
pub fn secrets(auth: Auth, has_tenant: bool) -> Vec<String> {
    let names: &[&str] = match (auth, has_tenant) {
        (Auth::None, _) => &[],
        (Auth::Password, _) => &["SMTP_PASSWORD"],
        (Auth::Xoauth2, false) => &["SMTP_REFRESH_TOKEN", "SMTP_PASSWORD"],
        (Auth::Xoauth2 | Auth::Graph, _) => &["SMTP_REFRESH_TOKEN"],
    };
    names.iter().map(|n| (*n).to_owned()).collect()
}

/// Checks mail settings against what is in force. What is wrong with them is an answer here, not an error.
///
/// # Errors
/// The store's.
pub fn email_check(tx: &Tx<'_>, draft: &EmailDraft) -> Result<EmailChecked, Error> {
    let (before, revision) = configure::current(tx)?;
    let wanted = draft.to_email();
    let is_old = |before: &Email, address: &str| before.default.iter().any(|old| is_same_address(old, address));
    let keeps_proof = before.email.as_ref().is_some_and(|before| {
        before.way() == wanted.way() && wanted.default.iter().all(|address| is_old(before, address))
    });
    match config::config_check(tx, &file(&wanted), false) {
        Ok(found) => Ok(EmailChecked {
            revision: found.revision,
            difference: found.difference,
            problems: Vec::new(),
            warnings: found.warnings,
            keeps_proof,
        }),
        Err(Error { detail: Some(Detail::Problems(problems)), .. }) => Ok(EmailChecked {
            revision,
            difference: Vec::new(),
            problems: problems.into_iter().map(problem).collect(),
            warnings: Vec::new(),
            keeps_proof,
        }),
        Err(error) => Err(error),
    }
}

fn problem(p: Problem) -> DraftProblem {
    DraftProblem { key: p.key, message: p.message, remedy: Some(p.expected) }
}

/// Puts mail settings in force; the rest of the configuration stays as it is.
///
/// # Errors
/// `Conflict` for a stale base; `InvalidInput` with every problem. Nothing may then be committed.
pub fn email_apply(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, asked: &EmailToApply) -> Result<ConfigApplied, Error> {
    let text = file(&asked.draft.to_email());
    config::config_apply(tx, now, actor, &text, false, asked.if_revision).map_err(|mut error| {
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

/// Settings as the file that they amount to, so that both are checked by the same rules.
fn file(email: &Email) -> String {
    let mut text = String::new();
    config_file::render_email(&mut text, email);
    text
}

impl EmailDraft {
    /// What a form begins with.
    fn blank() -> Self {
        Self {
            smtp_host: None,
            smtp_port: None,
            security: MailSecurity::Tls,
            auth: MailAuth::Password,
            username: None,
            tenant: None,
            client_id: None,
            login_base_url: None,
            graph_base_url: None,
            from: String::new(),
            default: Vec::new(),
            resolved_notices: true,
            overrides: EmailOverrides::default(),
            templates: BTreeMap::new(),
        }
    }

    fn of(email: &Email) -> Self {
        let Overrides { incidents, escalations, platform_actions, account_notices } = email.overrides.clone();
        Self {
            smtp_host: email.smtp_host.clone(),
            smtp_port: Some(u32::from(email.smtp_port)),
            security: match email.security {
                Security::None => MailSecurity::None,
                Security::Starttls => MailSecurity::Starttls,
                Security::Tls => MailSecurity::Tls,
            },
            auth: match email.auth {
                Auth::None => MailAuth::None,
                Auth::Password => MailAuth::Password,
                Auth::Xoauth2 => MailAuth::Xoauth2,
                Auth::Graph => MailAuth::Graph,
            },
            username: email.username.clone(),
            tenant: email.tenant.clone(),
            client_id: email.client_id.clone(),
            login_base_url: email.login_base_url.clone(),
            graph_base_url: email.graph_base_url.clone(),
            from: email.from.clone(),
            default: email.default.clone(),
            resolved_notices: email.resolved_notices,
            overrides: EmailOverrides { incidents, escalations, platform_actions, account_notices },
            templates: email.templates.clone(),
        }
    }

    /// Unchecked. What a form leaves empty is unset.
    fn to_email(&self) -> Email {
        let set = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let list = |of: &[String]| of.iter().map(|a| a.trim().to_owned()).filter(|a| !a.is_empty()).collect::<Vec<_>>();
        let security = match self.security {
            MailSecurity::None => Security::None,
            MailSecurity::Starttls => Security::Starttls,
            MailSecurity::Tls => Security::Tls,
        };
        let EmailOverrides { incidents, escalations, platform_actions, account_notices } = &self.overrides;
        Email {
            smtp_host: set(&self.smtp_host),
            // One that is no port is 0 here, which the check refuses.
            smtp_port: self.smtp_port.map_or(security.usual_port(), |port| u16::try_from(port).unwrap_or(0)),
            security,
            auth: match self.auth {
                MailAuth::None => Auth::None,
                MailAuth::Password => Auth::Password,
                MailAuth::Xoauth2 => Auth::Xoauth2,
                MailAuth::Graph => Auth::Graph,
            },
            username: set(&self.username),
            tenant: set(&self.tenant),
            client_id: set(&self.client_id),
            login_base_url: set(&self.login_base_url),
            graph_base_url: set(&self.graph_base_url),
            from: self.from.trim().to_owned(),
            default: list(&self.default),
            resolved_notices: self.resolved_notices,
            overrides: Overrides {
                incidents: list(incidents),
                escalations: list(escalations),
                platform_actions: list(platform_actions),
                account_notices: list(account_notices),
            },
            templates: self
                .templates
                .iter()
                .filter(|(_, t)| !t.trim().is_empty())
                .map(|(n, t)| (n.clone(), t.clone()))
                .collect(),
        }
    }
}
