//! A mail server, spoken to command by command.

use super::credentials::Credentials;
use super::miss::Miss;
use super::pool::Pool;
use super::settings::Server;
use super::token::Tokens;
use super::wire::Wire;
use lettre::transport::smtp::authentication::{Credentials as Login, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{self as smtp, Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use nightdesk_core::config::{Auth, Security};
use secrecy::{ExposeSecret, SecretString};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::timeout;

/// Until a connection stands; in which sign-in and the envelope must be done; and in which the server must have decided
/// about the message. Together below what an attempt may take: else the dispatcher would end it and know less than we do.
const CONNECTING: Duration = Duration::from_secs(12);
const ASKING: Duration = Duration::from_secs(10);
const DECIDING: Duration = Duration::from_secs(30);

/// Connections at once: Exchange Online refuses a mailbox's fourth.
const AT_ONCE: usize = 2;

/// How long a message waits for one of them.
const WAITING: Duration = Duration::from_secs(20);

/// The server wants to hear more of a sign-in (RFC 4954).
const CHALLENGE: u16 = 334;

pub(super) struct Line {
    server: Server,
    name: String,
    tokens: Option<Tokens>,
    credentials: Arc<dyn Credentials>,
    pool: Pool,
    places: Semaphore,
    tls: OnceCell<TlsParameters>,
}

impl Line {
    pub fn new(server: Server, tokens: Option<Tokens>, credentials: Arc<dyn Credentials>) -> Self {
        let host = &server.host;
        let name =
            if host.contains(':') { format!("[{host}]:{}", server.port) } else { format!("{host}:{}", server.port) };
        Self {
            server,
            name,
            tokens,
            credentials,
            pool: Pool::default(),
            places: Semaphore::new(AT_ONCE),
            tls: OnceCell::new(),
        }
    }

    /// Hands a message over.
    pub async fn send(&self, message: &Wire) -> Result<(), Miss> {
        let place = timeout(WAITING, self.places.acquire()).await;
        let Ok(Ok(_place)) = place else {
            return Err(Miss::Passing(format!("{} is busy with other messages of ours", self.name), None));
        };
        let mut connection = match self.pool.take().await {
            Some(connection) => connection,
            None => self.open().await?,
        };
        let sent = self.hand_over(&mut connection, message).await;
        match &sent {
            Ok(()) => self.pool.put(connection),
            // A courtesy, for as long as it takes to write it. In the middle of a message it would become part of it.
            Err(Miss::Lost(_)) => {}
            Err(_) => {
                let _gone = timeout(Duration::from_secs(1), connection.quit()).await;
            }
        }
        sent
    }

    async fn hand_over(&self, connection: &mut AsyncSmtpConnection, message: &Wire) -> Result<(), Miss> {
        let envelope = async {
            let mut parameters = Vec::new();
            let addresses = message.envelope.to().iter().chain(message.envelope.from());
            if addresses.into_iter().any(|address| !address.to_string().is_ascii()) {
                if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                    return Err(Miss::Refused(format!("{} takes no addresses with letters beyond ASCII", self.name)));
                }
                parameters.push(MailParameter::SmtpUtfEight);
            }
            let failed = |error| Miss::before_message(&error, &self.name);
            let from = message.envelope.from().cloned();
            connection.command(Mail::new(from, parameters)).await.map_err(failed)?;
            for to in message.envelope.to() {
                connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(failed)?;
            }
            connection.command(Data).await.map_err(failed)?;
            Ok(())
        };
        self.in_time(ASKING, "taken the message's addresses", envelope).await?;
        match timeout(DECIDING, connection.message(&message.bytes)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(Miss::within_message(&error, &self.name)),
            Err(_) => Err(Miss::Lost(format!(
                "{} did not say within {} s whether it has the message",
                self.name,
                DECIDING.as_secs()
            ))),
        }
    }

    /// A connection that is encrypted and signed in as the settings say. A refused token is renewed once.
    async fn open(&self) -> Result<AsyncSmtpConnection, Miss> {
        let connection = self.connect().await?;
        match (&self.tokens, self.sign_in(connection).await) {
            (Some(tokens), Err(Miss::SignIn(_))) => {
                tokens.forget().await;
                self.pool.clear();
                let connection = self.connect().await?;
                self.sign_in(connection).await
            }
            (_, result) => result,
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Miss> {
        let tls = match self.server.security {
            Security::None => None,
            Security::Tls | Security::Starttls => Some(self.tls().await?),
        };
        let connecting = async {
            let found = tokio::net::lookup_host((self.server.host.as_str(), self.server.port)).await;
            let mut addresses: Vec<SocketAddr> = found.map(Iterator::collect).unwrap_or_default();
            if addresses.is_empty() {
                let words = "its name could not be looked up; check the name and this machine's network";
                return Err(Miss::Passing(format!("no connection to the mail server {}: {words}", self.name), None));
            }
            if self.server.security == Security::None {
                // Whatever a name server says: in the clear nothing leaves this machine.
                addresses.retain(|a| a.ip().is_loopback());
                if addresses.is_empty() {
                    let words = "email.security = \"none\" is for a server on this machine alone";
                    return Err(Miss::Setting(format!("{} is another machine: {words}", self.name)));
                }
            }
            let implicit = tls.clone().filter(|_| self.server.security == Security::Tls);
            let hello = ClientId::default();
            let failed = |error| Miss::connecting(&error, &self.name);
            let mut connection =
                AsyncSmtpConnection::connect_tokio1(addresses.as_slice(), Some(CONNECTING), &hello, implicit, None)
                    .await
                    .map_err(failed)?;
            if let (Security::Starttls, Some(tls)) = (self.server.security, tls) {
                if !connection.can_starttls() {
                    let words = "offers no STARTTLS, and nothing is sent to it in the clear: check email.security and email.smtp_port";
                    return Err(Miss::Setting(format!("{} {words}", self.name)));
                }
                connection.starttls(tls, &hello).await.map_err(failed)?;
            }
            Ok(connection)
        };
        self.in_time(CONNECTING, "answered", connecting).await
    }

    async fn sign_in(&self, mut connection: AsyncSmtpConnection) -> Result<AsyncSmtpConnection, Miss> {
        let user = self.server.username.clone();
        let missing = |error: super::Unavailable| Miss::Setting(error.to_string());
        let (by_token, secret): (bool, SecretString) = match (self.server.auth, &self.tokens) {
            (Auth::Password, _) => (false, self.credentials.password().map_err(missing)?),
            (Auth::Xoauth2, Some(tokens)) => (true, tokens.get().await?),
            _ => return Ok(connection),
        };
        let login = Login::new(user, secret.expose_secret().to_owned());
        let signing_in = async {
            if by_token {
                return self.show_token(&mut connection, login).await;
            }
            let answer = connection.auth(&[Mechanism::Plain, Mechanism::Login], &login).await;
            answer.map_err(|error| Miss::signing_in(&error, &self.name)).map(drop)
        };
        self.in_time(ASKING, "taken the sign-in", signing_in).await?;
        Ok(connection)
    }

    /// XOAUTH2 by hand: a token that is refused is answered by a challenge first, and the refusal itself, with the server's
    /// words, comes only after an empty response to it (Google's and Microsoft's notes on XOAUTH2). lettre stops there.
    async fn show_token(&self, connection: &mut AsyncSmtpConnection, login: Login) -> Result<(), Miss> {
        if connection.server_info().get_auth_mechanism(&[Mechanism::Xoauth2]).is_none() {
            let words = "offers no sign-in by token (XOAUTH2): check email.auth, email.smtp_host and email.smtp_port";
            return Err(Miss::Setting(format!("{} {words}", self.name)));
        }
        let failed = |error| Miss::signing_in(&error, &self.name);
        let asked = smtp::Auth::new(Mechanism::Xoauth2, login, None).map_err(failed)?;
        let mut answer = connection.command(asked).await.map_err(failed)?;
        if answer.has_code(CHALLENGE) {
            answer = connection.command("\r\n").await.map_err(failed)?;
        }
        if answer.has_code(CHALLENGE) {
            return Err(Miss::SignIn(format!("signing in failed: {} asks on after the token", self.name)));
        }
        Ok(())
    }

    /// Reading the system's certificates takes time, so it is done once and beside.
    async fn tls(&self) -> Result<TlsParameters, Miss> {
        let host = self.server.host.clone();
        let make = || async move {
            let made = tokio::task::spawn_blocking(move || TlsParameters::new(host)).await;
            made.map_err(|e| e.to_string()).and_then(|made| made.map_err(|e| e.to_string()))
        };
        let failed = |why: String| Miss::Setting(format!("TLS can't be used on this machine: {why}"));
        self.tls.get_or_try_init(make).await.cloned().map_err(failed)
    }

    async fn in_time<T>(
        &self,
        limit: Duration,
        what: &str,
        work: impl Future<Output = Result<T, Miss>>,
    ) -> Result<T, Miss> {
        timeout(limit, work).await.unwrap_or_else(|_| {
            Err(Miss::Passing(format!("{} has not {what} within {} s", self.name, limit.as_secs()), None))
        })
    }
}
