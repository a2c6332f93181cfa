//! Messages that weren't taken, and what that is to the outbox.

use lettre::transport::smtp::Error as SmtpError;
use nightdesk_core::content::line;
use nightdesk_core::delivery::Outcome;
use std::error::Error as _;
use std::io::{self, ErrorKind};
use std::time::Duration;

/// The longest that is kept of a server's words, in characters.
const LONGEST: usize = 300;

/// What Microsoft answers where signing in by password is switched off: `550 5.7.30` by its note on Exchange Online of
/// January 2026; before, and where an administrator has switched it off for the tenant, `535 5.7.139`.
const BASIC_IS_OFF: [&str; 2] = ["5.7.30", "5.7.139"];

const SIGN_IN: &str = "Microsoft 365 no longer takes a password here: switch to Microsoft 365 sign-in, with email.auth = \"xoauth2\" or \"graph\"";

/// Why a message wasn't taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Miss {
    /// Nothing left, and something here or at the server must be set right.
    Setting(String),
    /// The message can't be sent by anybody.
    Unsendable(String),
    /// Certainly without effect; it may work later.
    Passing(String, Option<Duration>),
    /// The server will never take it.
    Refused(String),
    /// The server may have it.
    Lost(String),
    /// Signing in was refused.
    SignIn(String),
}

impl Miss {
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Setting(error) | Self::SignIn(error) => Outcome::NeedsHuman { error },
            Self::Unsendable(error) | Self::Refused(error) => Outcome::Permanent { error },
            Self::Passing(error, retry_after) => Outcome::Temporary { error, retry_after },
            Self::Lost(error) => Outcome::Unknown { error },
        }
    }

    /// A connection that didn't come about.
    pub fn connecting(error: &SmtpError, server: &str) -> Self {
        if let Some(refused) = Self::answered(error, server) {
            return refused;
        }
        let cause = Cause::of(error);
        if let Some(tls) = cause.tls {
            return Self::Setting(format!(
                "the certificate of {server} isn't trusted, or it speaks no TLS there ({tls}): check the server's name and port, email.security, and this machine's clock"
            ));
        }
        let words = match cause.io {
            Some(ErrorKind::ConnectionRefused) => "nothing accepts connections there",
            Some(ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::NetworkDown) => {
                "no route there; is this machine online?"
            }
            Some(ErrorKind::TimedOut) => "it did not respond in time",
            _ if error.is_client() => return Self::Setting(format!("{server}: {}", words_of(error))),
            _ => "the connection broke off, or what answers there is no mail server",
        };
        Self::Passing(format!("no connection to the mail server {server}: {words}"), None)
    }

    /// A sign-in that failed.
    pub fn signing_in(error: &SmtpError, server: &str) -> Self {
        match Self::answered(error, server) {
            Some(Self::Refused(words)) => Self::SignIn(format!("signing in failed: {words}")),
            Some(other) => other,
            None if error.is_client() => Self::SignIn(format!(
                "signing in at {server} failed: {}; check email.auth and email.security",
                words_of(error)
            )),
            None => Self::Passing(format!("the connection to {server} broke off while signing in"), None),
        }
    }

    /// A command before the message itself.
    pub fn before_message(error: &SmtpError, server: &str) -> Self {
        Self::answered(error, server)
            .unwrap_or_else(|| Self::Passing(format!("the connection to {server} broke off before the message"), None))
    }

    /// The message itself, or what should have answered it.
    pub fn within_message(error: &SmtpError, server: &str) -> Self {
        Self::answered(error, server).unwrap_or_else(|| {
            Self::Lost(format!("the connection to {server} broke off before it said whether it has the message"))
        })
    }

    /// By the server's own answer, where there was one.
    fn answered(error: &SmtpError, server: &str) -> Option<Self> {
        let code = error.status()?;
        let words = format!("{code} {}", words_of(error));
        if BASIC_IS_OFF.iter().any(|sign| words.contains(sign)) {
            return Some(Self::Setting(format!("{server} answered \"{words}\": {SIGN_IN}")));
        }
        if error.is_transient() {
            return Some(Self::Passing(format!("{server} answered for now: {words}"), None));
        }
        // 530 and 538: it wants a sign-in, or encryption, that the settings don't have (RFC 4954).
        Some(match code.to_string().as_str() {
            "530" | "538" => {
                Self::Setting(format!("{server} answered \"{words}\": check email.auth and email.security"))
            }
            _ => Self::Refused(format!("{server} refused it: {words}")),
        })
    }
}

/// An error's innermost words, as one line.
fn words_of(error: &SmtpError) -> String {
    let words = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    line(&words).chars().take(LONGEST).collect()
}

/// What the chain of sources tells. A refused connection and a bad certificate are the same error to lettre.
#[derive(Default)]
struct Cause {
    io: Option<ErrorKind>,
    tls: Option<String>,
}

impl Cause {
    fn of(error: &SmtpError) -> Self {
        let mut cause = Self::default();
        let mut next = error.source();
        while let Some(source) = next {
            if let Some(io) = source.downcast_ref::<io::Error>() {
                cause.read(io);
            } else if let Some(tls) = source.downcast_ref::<rustls::Error>() {
                cause.tls = Some(tls.to_string());
            }
            next = source.source();
        }
        cause
    }

    /// An io::Error passes over the error it wraps when asked for its source, and rustls's arrive wrapped.
    fn read(&mut self, error: &io::Error) {
        self.io = Some(error.kind());
        if let Some(inner) = error.get_ref() {
            if let Some(tls) = inner.downcast_ref::<rustls::Error>() {
                self.tls = Some(tls.to_string());
            } else if let Some(io) = inner.downcast_ref::<io::Error>() {
                self.read(io);
            }
        }
    }
}
