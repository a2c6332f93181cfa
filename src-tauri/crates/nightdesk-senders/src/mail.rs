//! E-mail: by SMTP, or by Microsoft Graph.
//!
//! Both get the same message, made by lettre. SMTP connections are driven command by command, because what is known of a
//! failure depends on where it happened: before the message's end was written it certainly had no effect, after that
//! nobody knows. SMTP can't be asked, so the sender is [`Idempotency::None`]: what is in doubt is sent again, marked as a
//! possible repeat and with the same Message-ID, by which servers and mailboxes drop it; a lost alert is worse. `Accepted`
//! means that the server took it: what it does then, SMTP doesn't tell.
//!
//! No log line or debug print holds an address, a message or a secret; lettre's own tracing is off for that reason, since
//! it prints what is written to the server. Errors keep the server's words, which people need, and which may name the
//! recipient.
//!
//! [`Idempotency::None`]: nightdesk_core::delivery::Idempotency::None

mod credentials;
mod graph;
mod line;
mod miss;
mod pool;
mod settings;
mod token;
mod wire;

use line::Line;
use miss::Miss;
use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::mail::MailOut;
use nightdesk_core::port::{Found, Outgoing, PortFuture, Sender};
use nightdesk_http::Limits;
use std::sync::Arc;
use std::time::Duration;

pub use credentials::{Credentials, Unavailable};
pub use settings::{Error, Settings};

/// How Nightdesk names itself to those who give tokens, and to Graph.
const USER_AGENT: &str = concat!("nightdesk/", env!("CARGO_PKG_VERSION"));

/// Together with a token's renewal below the time that a delivery's attempt may take.
const LIMITS: fn() -> Limits = || Limits {
    connect_timeout: Duration::from_secs(8),
    total_timeout: Duration::from_secs(20),
    max_body: 1024 * 1024,
    retries: 0,
    ..Limits::default()
};

/// The sender of mail for one server and account. Tied to its settings; changed ones make a new one. Clones share
/// everything.
#[derive(Clone)]
pub struct Mail {
    inner: Arc<Inner>,
}

struct Inner {
    from: String,
    way: Way,
}

enum Way {
    Smtp(Box<Line>),
    Graph(Box<graph::Graph>),
}

impl Mail {
    /// A sender by these settings. Nothing is connected to yet.
    ///
    /// # Errors
    /// [`Error`] for settings that can't work, in words for the user.
    pub fn new(settings: Settings, credentials: Arc<dyn Credentials>) -> Result<Self, Error> {
        let checked = settings::check(settings)?;
        nightdesk_http::install_crypto();
        let http = || nightdesk_http::Client::new(LIMITS(), USER_AGENT).map_err(|e| Error::Setup(e.to_string()));
        let token = match checked.token {
            Some(of) => Some(token::Tokens::new(of, credentials.clone(), http()?)),
            None => None,
        };
        let way = match (checked.way, token) {
            (settings::Way::Graph(url), Some(tokens)) => Way::Graph(Box::new(graph::Graph::new(url, tokens, http()?))),
            (settings::Way::Graph(_), None) => return Err(Error::Setup("Graph needs a token".to_owned())),
            (settings::Way::Smtp(server), tokens) => Way::Smtp(Box::new(Line::new(server, tokens, credentials))),
        };
        Ok(Self { inner: Arc::new(Inner { from: checked.from, way }) })
    }

    async fn post(&self, outgoing: &Outgoing) -> Result<Outcome, Miss> {
        let mail: MailOut = serde_json::from_value(outgoing.payload.clone())
            .map_err(|_| Miss::Unsendable("the message is stored in a form that this version can't read".to_owned()))?;
        let message = wire::message(&self.inner.from, &outgoing.destination, &mail, outgoing.possible_repeat)?;
        match &self.inner.way {
            Way::Smtp(line) => line.send(&message).await?,
            Way::Graph(graph) => graph.send(&message.bytes).await?,
        }
        Ok(Outcome::Accepted { remote_ref: Some(mail.message_id) })
    }
}

impl Sender for Mail {
    fn kind(&self) -> Kind {
        Kind::Email
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::None
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        Box::pin(async move { self.post(outgoing).await.unwrap_or_else(Miss::outcome) })
    }

    fn look_up<'a>(&'a self, _outgoing: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(std::future::ready(Found::Unknown("mail can't be looked up".to_owned())))
    }
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let way = match &self.inner.way {
            Way::Smtp(_) => "smtp",
            Way::Graph(_) => "graph",
        };
        f.debug_struct("Mail").field("way", &way).finish_non_exhaustive()
    }
}
