//! What a sender of mail needs to know, checked.

use nightdesk_core::config::{Auth, Email, GOOGLE_LOGIN, GRAPH, MICROSOFT_LOGIN, Security};
use url::Url;

/// Settings that can't work, in words for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Something is missing.
    #[error("email.{0} is missing")]
    Missing(&'static str),
    /// An address can't be used.
    #[error("email.{setting}: {reason}")]
    Address {
        /// Which setting.
        setting: &'static str,
        /// Why.
        reason: String,
    },
    /// No request could be made at all.
    #[error("mail can't be sent from this machine: {0}")]
    Setup(String),
}

/// What a sender of mail needs to know: the configuration's own section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings(pub Email);

#[derive(Debug)]
pub(super) struct Checked {
    pub from: String,
    pub way: Way,
    pub token: Option<TokenSource>,
}

#[derive(Debug)]
pub(super) enum Way {
    Smtp(Server),
    /// Where a message is posted.
    Graph(Url),
}

/// A mail server.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub auth: Auth,
    pub username: String,
}

/// Who gives tokens, and for what.
#[derive(Debug, Clone)]
pub(super) struct TokenSource {
    pub url: Url,
    pub client_id: String,
    pub scope: Option<&'static str>,
    /// Google wants the application's own secret with each request; to Microsoft a desktop application has none.
    pub with_secret: bool,
}

/// Microsoft's names for what is asked for, by its page on signing in to SMTP with OAuth; `offline_access` brings the next refresh token.
const SMTP_SCOPE: &str = "https://outlook.office.com/SMTP.Send offline_access";
const GRAPH_SCOPE: &str = "https://graph.microsoft.com/Mail.Send offline_access";

pub(super) fn check(settings: Settings) -> Result<Checked, Error> {
    let email = settings.0;
    let token = if email.auth.is_by_token() { Some(token(&email)?) } else { None };
    let way = if email.auth == Auth::Graph {
        let root = base("graph_base_url", email.graph_base_url.as_deref().unwrap_or(GRAPH))?;
        Way::Graph(match email.username.as_deref() {
            Some(user) => below(&root, &["v1.0", "users", user, "sendMail"]),
            None => below(&root, &["v1.0", "me", "sendMail"]),
        })
    } else {
        let host = email.smtp_host.clone().ok_or(Error::Missing("smtp_host"))?;
        let username = match email.auth {
            Auth::None => String::new(),
            _ => email.username.clone().ok_or(Error::Missing("username"))?,
        };
        Way::Smtp(Server { host, port: email.smtp_port, security: email.security, auth: email.auth, username })
    };
    Ok(Checked { from: email.from, way, token })
}

fn token(email: &Email) -> Result<TokenSource, Error> {
    let client_id = email.client_id.clone().ok_or(Error::Missing("client_id"))?;
    let login = |default: &'static str| base("login_base_url", email.login_base_url.as_deref().unwrap_or(default));
    Ok(match (&email.tenant, email.auth) {
        (Some(tenant), auth) => TokenSource {
            url: below(&login(MICROSOFT_LOGIN)?, &[tenant, "oauth2", "v2.0", "token"]),
            client_id,
            scope: Some(if auth == Auth::Graph { GRAPH_SCOPE } else { SMTP_SCOPE }),
            with_secret: false,
        },
        (None, Auth::Graph) => return Err(Error::Missing("tenant")),
        (None, _) => {
            TokenSource { url: below(&login(GOOGLE_LOGIN)?, &["token"]), client_id, scope: None, with_secret: true }
        }
    })
}

fn base(setting: &'static str, text: &str) -> Result<Url, Error> {
    let refuse = |reason: String| Error::Address { setting, reason };
    let url = Url::parse(text.trim()).map_err(|_| refuse("is not an address".to_owned()))?;
    nightdesk_http::address::check(&url).map_err(|error| refuse(error.to_string()))?;
    Ok(url)
}

fn below(root: &Url, path: &[&str]) -> Url {
    let mut url = root.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}
