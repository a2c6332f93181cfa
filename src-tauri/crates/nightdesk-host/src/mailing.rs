//! The mail server that the configuration names at the moment, as the engine's sender.

use crate::Secrets;
use nightdesk_core::config::{Email, Overrides};
use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::{Found, Outgoing, PortFuture, Sender};
use nightdesk_senders::mail::{Mail, Settings};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// A sender of mail that follows `[email]` while the engine runs.
pub struct SwitchingMail {
    secrets: Arc<Secrets>,
    present: RwLock<Present>,
}

struct Present {
    /// The section, without what the engine alone uses.
    email: Option<Email>,
    mail: Result<Mail, String>,
}

impl SwitchingMail {
    /// The sender of this section. One that can't be used shows as an error of everything that it is given.
    pub fn new(email: Option<&Email>, secrets: Arc<Secrets>) -> Self {
        let email = email.map(by_what);
        let mail = mail(email.as_ref(), secrets.clone());
        Self { secrets, present: RwLock::new(Present { email, mail }) }
    }

    /// Goes on with another section. What changes neither server, sign-in nor sender keeps its connections.
    pub fn follow(&self, email: Option<&Email>) {
        let email = email.map(by_what);
        let mut present = self.present.write().unwrap_or_else(PoisonError::into_inner);
        if present.email != email {
            let mail = mail(email.as_ref(), self.secrets.clone());
            *present = Present { email, mail };
        }
    }

    /// Signs in anew from here on: somebody changed a secret.
    pub fn renew(&self) {
        let mut present = self.present.write().unwrap_or_else(PoisonError::into_inner);
        present.mail = mail(present.email.as_ref(), self.secrets.clone());
    }

    fn mail(&self) -> Result<Mail, String> {
        self.present.read().unwrap_or_else(PoisonError::into_inner).mail.clone()
    }
}

fn by_what(email: &Email) -> Email {
    Email {
        default: Vec::new(),
        overrides: Overrides::default(),
        templates: BTreeMap::new(),
        resolved_notices: true,
        ..email.clone()
    }
}

fn mail(email: Option<&Email>, secrets: Arc<Secrets>) -> Result<Mail, String> {
    let Some(email) = email else { return Err("mail isn't set up: enter [email] in the configuration".to_owned()) };
    Mail::new(Settings(email.clone()), secrets).map_err(|error| error.to_string())
}

impl Sender for SwitchingMail {
    fn kind(&self) -> Kind {
        Kind::Email
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::None
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        Box::pin(async move {
            match self.mail() {
                Ok(mail) => mail.send(outgoing).await,
                Err(error) => Outcome::NeedsHuman { error },
            }
        })
    }

    fn look_up<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(async move {
            match self.mail() {
                Ok(mail) => mail.look_up(outgoing).await,
                Err(error) => Found::Unknown(error),
            }
        })
    }
}
