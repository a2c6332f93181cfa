//! `[email]`: the one e-mail integration. It can be changed but never removed: it is what everything else falls back to.

use crate::mail;
use crate::notice::NotificationType;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the connection to the mail server is kept private.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Not at all: only to this machine.
    None,
    /// Begun in the clear and then encrypted, or not used: never opportunistic.
    Starttls,
    /// Encrypted from the first byte.
    #[default]
    Tls,
}

impl Security {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Starttls, Self::Tls];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Starttls => "starttls",
            Self::Tls => "tls",
        }
    }

    /// The port that servers usually have for it (RFC 8314, RFC 6409).
    pub fn usual_port(self) -> u16 {
        match self {
            Self::None => 25,
            Self::Starttls => 587,
            Self::Tls => 465,
        }
    }
}

/// How the desk signs in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// Not at all.
    #[default]
    None,
    /// By user name and the secret `SMTP_PASSWORD`.
    Password,
    /// By a token for SMTP, got with the secret `SMTP_REFRESH_TOKEN`.
    Xoauth2,
    /// By a token for Microsoft Graph, which then takes the mail: no SMTP at all.
    Graph,
}

impl Auth {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::None, Self::Password, Self::Xoauth2, Self::Graph];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Password => "password",
            Self::Xoauth2 => "xoauth2",
            Self::Graph => "graph",
        }
    }

    /// Whether a refresh token is exchanged for an access token.
    pub fn is_by_token(self) -> bool {
        matches!(self, Self::Xoauth2 | Self::Graph)
    }
}

/// Where tokens are got and mail is posted, unless a test double stands in.
pub const MICROSOFT_LOGIN: &str = "https://login.microsoftonline.com";
/// Google's, for `xoauth2` without a tenant.
pub const GOOGLE_LOGIN: &str = "https://oauth2.googleapis.com";
/// Microsoft Graph's.
pub const GRAPH: &str = "https://graph.microsoft.com";

/// The addresses for single types; an empty list means the default addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Overrides {
    /// For incidents.
    pub incidents: Vec<String>,
    /// For escalations.
    pub escalations: Vec<String>,
    /// For platform actions.
    pub platform_actions: Vec<String>,
    /// For account notices.
    pub account_notices: Vec<String>,
}

impl Overrides {
    /// The list of a type.
    pub fn of(&self, category: NotificationType) -> &Vec<String> {
        match category {
            NotificationType::Incidents => &self.incidents,
            NotificationType::Escalations => &self.escalations,
            NotificationType::PlatformActions => &self.platform_actions,
            NotificationType::AccountNotices => &self.account_notices,
        }
    }

    /// The list of a type, to be changed.
    pub fn of_mut(&mut self, category: NotificationType) -> &mut Vec<String> {
        match category {
            NotificationType::Incidents => &mut self.incidents,
            NotificationType::Escalations => &mut self.escalations,
            NotificationType::PlatformActions => &mut self.platform_actions,
            NotificationType::AccountNotices => &mut self.account_notices,
        }
    }
}

/// `[email]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Email {
    /// The server's name or address; none with [`Auth::Graph`].
    #[serde(default)]
    pub smtp_host: Option<String>,
    /// Its port.
    pub smtp_port: u16,
    /// How the connection is kept private.
    pub security: Security,
    /// How the desk signs in.
    pub auth: Auth,
    /// The user, for every way of signing in but none.
    #[serde(default)]
    pub username: Option<String>,
    /// Microsoft 365's tenant: its id or a domain. Without one, `xoauth2` is Google's.
    #[serde(default)]
    pub tenant: Option<String>,
    /// The application's id at whoever gives the tokens.
    #[serde(default)]
    pub client_id: Option<String>,
    /// Where tokens are got, in place of Microsoft's or Google's: https, or http to loopback.
    #[serde(default)]
    pub login_base_url: Option<String>,
    /// Where Graph is, in place of Microsoft's: https, or http to loopback.
    #[serde(default)]
    pub graph_base_url: Option<String>,
    /// The sender's address: a mailbox that somebody reads, since bounces come back to it.
    pub from: String,
    /// Who gets everything that no override sends elsewhere. Never empty.
    pub default: Vec<String>,
    /// Whether it is also told that something is over.
    pub resolved_notices: bool,
    /// Addresses by type.
    #[serde(default)]
    pub overrides: Overrides,
    /// Changed wordings by name; what is left out is as shipped.
    #[serde(default)]
    pub templates: BTreeMap<String, String>,
}

impl Email {
    /// Who gets news of this type: the override's addresses, else the default ones. Each once, however it is listed.
    pub fn addresses(&self, category: Option<NotificationType>) -> Vec<&str> {
        let list = category.map(|c| self.overrides.of(c)).filter(|l| !l.is_empty()).unwrap_or(&self.default);
        let mut found: Vec<&str> = Vec::new();
        for address in list {
            if !found.iter().any(|f| mail::is_same_address(f, address)) {
                found.push(address);
            }
        }
        found
    }

    /// Who gets a test of this type: whoever gets its news. Where each type has addresses of its own, no news would ever try
    /// the default ones, which everything falls back to: a test of incidents does.
    pub fn trial(&self, category: NotificationType) -> Vec<&str> {
        let mut found = self.addresses(Some(category));
        if category == self.fallback_trial() {
            for address in self.addresses(None) {
                if !found.iter().any(|f| mail::is_same_address(f, address)) {
                    found.push(address);
                }
            }
        }
        found
    }

    /// The type whose test tries the default addresses.
    pub fn fallback_trial(&self) -> NotificationType {
        let is_free = |category: &NotificationType| self.overrides.of(*category).is_empty();
        NotificationType::ALL.into_iter().find(is_free).unwrap_or(NotificationType::Incidents)
    }

    /// What a test proved, for each address that it went to: changed by a change of server, sign-in or sender, and by
    /// nothing else.
    pub fn way(&self) -> String {
        let host = self.smtp_host.as_deref().unwrap_or_default();
        let part = |p: &Option<String>| p.clone().unwrap_or_default();
        format!(
            "{}:{}|{}|{}|{}|{}|{}|{}",
            host,
            self.smtp_port,
            self.security.word(),
            self.auth.word(),
            part(&self.username),
            part(&self.tenant),
            part(&self.client_id),
            self.from
        )
    }

    /// The server as people know it, for messages and the status card.
    pub fn server(&self) -> String {
        match (self.auth, &self.smtp_host) {
            (Auth::Graph, _) => "Microsoft Graph".to_owned(),
            (_, Some(host)) if host.contains(':') => format!("[{host}]:{}", self.smtp_port),
            (_, Some(host)) => format!("{host}:{}", self.smtp_port),
            (_, None) => "no server".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a file would set it.
    fn email() -> Email {
        Email {
            smtp_host: Some("mail.example.com".into()),
            smtp_port: 587,
            security: Security::Starttls,
            auth: Auth::None,
            username: None,
            tenant: None,
            client_id: None,
            login_base_url: None,
            graph_base_url: None,
            from: "nightdesk@example.com".into(),
            default: vec!["soc@example.com".into(), "SOC@Example.com".into(), "b@example.com".into()],
            resolved_notices: true,
            overrides: Overrides { escalations: vec!["leads@example.com".into()], ..Overrides::default() },
            templates: BTreeMap::new(),
        }
    }

    #[test]
    fn an_override_replaces_the_default_and_an_empty_one_does_not() {
        let email = email();
        assert_eq!(email.addresses(Some(NotificationType::Escalations)), ["leads@example.com"]);
        assert_eq!(email.addresses(Some(NotificationType::Incidents)), ["soc@example.com", "b@example.com"]);
        assert_eq!(email.addresses(None), ["soc@example.com", "b@example.com"], "each address once");
    }

    #[test]
    fn some_test_tries_the_default_addresses_whatever_is_overridden() {
        let mut email = email();
        email.overrides.incidents = vec!["night@example.com".into()];
        assert_eq!(email.fallback_trial(), NotificationType::PlatformActions);
        assert_eq!(email.trial(NotificationType::Incidents), ["night@example.com"]);
        assert_eq!(email.trial(NotificationType::PlatformActions), ["soc@example.com", "b@example.com"]);
        email.overrides.platform_actions = vec!["b@example.com".into()];
        email.overrides.account_notices = vec!["b@example.com".into()];
        assert_eq!(email.fallback_trial(), NotificationType::Incidents);
        let all = ["night@example.com", "soc@example.com", "b@example.com"];
        assert_eq!(email.trial(NotificationType::Incidents), all);
        assert_eq!(email.trial(NotificationType::AccountNotices), ["b@example.com"]);
    }

    #[test]
    fn a_test_counts_until_server_or_sender_change() {
        let (email, mut other) = (email(), email());
        other.default.push("c@example.com".into());
        other.resolved_notices = false;
        assert_eq!(email.way(), other.way());
        for change in [
            |e: &mut Email| e.from = "x@example.com".into(),
            |e: &mut Email| e.smtp_port = 25,
            |e: &mut Email| e.security = Security::Tls,
            |e: &mut Email| e.username = Some("u".into()),
            |e: &mut Email| e.smtp_host = None,
        ] {
            let mut other = email.clone();
            change(&mut other);
            assert_ne!(email.way(), other.way());
        }
    }
}
