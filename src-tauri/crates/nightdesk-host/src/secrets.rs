//! Secrets by name: from the environment, else from the OS keychain, or from an encrypted file where the user has
//! chosen one for want of a keychain. Never in the database, a log or a message (ND-12).

mod file;
mod keychain;
mod name;

pub use keychain::Keychain;
pub use name::Name;

use crate::DataDir;
use file::SecretFile;
use keychain::OsKeychain;
use nightdesk_core::port::{CarrierError, HuntressError, PsaError, SecretError};
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What the environment's variables begin with.
const PREFIX: &str = "NIGHTDESK_SECRET_";

/// Why a secret couldn't be read or written. `Display` says what to do; none of it holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No such name.
    #[error("there is no secret named {name}; there are {}", Name::list())]
    UnknownName {
        /// As given.
        name: String,
    },
    /// Nothing but blanks was given.
    #[error("the value of {0} is empty; give it on standard input")]
    Empty(Name),
    /// Neither environment nor keychain has it.
    #[error(
        "{name} is not stored (or the keychain is locked); enter it with `nightdesk secret set {name}` or set {PREFIX}{name} in the environment"
    )]
    Missing {
        /// Which.
        name: Name,
    },
    /// The keychain exists but didn't let us in.
    #[error("the keychain is locked or refused access ({0}); unlock it, or set {PREFIX}<NAME> in the environment")]
    Locked(String),
    /// The encrypted file waits for its passphrase.
    #[error("the secrets are in an encrypted file that waits for its passphrase: enter it in Nightdesk's window")]
    FileLocked,
    /// The passphrase isn't the file's, or the file was changed.
    #[error("this is not the passphrase of the encrypted file, or the file was changed; try again")]
    WrongPassphrase,
    /// Too short to keep anything safe.
    #[error("the passphrase is too short: at least {LEAST_PASSPHRASE} characters, for nothing else protects the file")]
    WeakPassphrase,
    /// The encrypted file can't be read or written.
    #[error("the encrypted file of secrets cannot be used ({0})")]
    File(String),
    /// There is no keychain.
    #[error("this machine has no keychain that answers ({0}); set {PREFIX}<NAME> in the environment instead")]
    NoKeychain(String),
}

/// The shortest passphrase that is taken.
pub const LEAST_PASSPHRASE: usize = 10;

/// Where secrets that aren't in the environment are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The OS keychain.
    Keychain,
    /// The encrypted file, open.
    File,
    /// The encrypted file, waiting for its passphrase.
    LockedFile,
}

/// Gives a variable's value, as `std::env::var` does for the process's own.
pub type Environment = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The secrets of one process. Keychain values that were read are kept until [`Secrets::forget`], because they are asked
/// for before each request.
pub struct Secrets {
    environment: Environment,
    keychain: Arc<dyn Keychain>,
    file: Option<SecretFile>,
    read: Mutex<HashMap<Name, SecretString>>,
}

impl Secrets {
    /// Those of this process's environment and this user's keychain.
    pub fn system() -> Self {
        Self::new(Box::new(|name| std::env::var(name).ok()), Arc::new(OsKeychain))
    }

    /// Those of another environment and keychain.
    pub fn new(environment: Environment, keychain: Arc<dyn Keychain>) -> Self {
        Self { environment, keychain, file: None, read: Mutex::default() }
    }

    /// The same with a data directory's encrypted file. Where there is one, the user chose it, and it stands in the
    /// keychain's place until it is removed; where there is none, nothing ever makes one but [`Secrets::choose_file`].
    pub fn beside(mut self, dir: &DataDir) -> Self {
        self.file = Some(SecretFile::at(dir.secrets()));
        self
    }

    /// Where secrets that aren't in the environment are kept now.
    pub fn place(&self) -> Place {
        match &self.file {
            Some(file) if file.is_open() => Place::File,
            Some(file) if file.exists() => Place::LockedFile,
            _ => Place::Keychain,
        }
    }

    /// Keeps secrets in the encrypted file from here on, at the user's own wish: makes it, or opens the one there is.
    /// Takes a second of work on purpose.
    ///
    /// # Errors
    /// [`Error::WeakPassphrase`], [`Error::WrongPassphrase`] for a file that is there, [`Error::File`].
    pub fn choose_file(&self, passphrase: &SecretString) -> Result<(), Error> {
        let file = self.file.as_ref().ok_or_else(|| Error::File("none is used here".into()))?;
        if file.exists() {
            file.unlock(passphrase)?
        } else {
            file.create(passphrase)?
        }
        self.forget();
        Ok(())
    }

    /// Opens the encrypted file that is there.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`], [`Error::File`].
    pub fn unlock(&self, passphrase: &SecretString) -> Result<(), Error> {
        match &self.file {
            Some(file) if file.exists() => file.unlock(passphrase)?,
            _ => return Err(Error::File("there is none: the keychain is used".into())),
        }
        self.forget();
        Ok(())
    }

    /// What is asked where the environment has nothing.
    fn kept_in(&self) -> &dyn Keychain {
        match &self.file {
            Some(file) if file.is_open() || file.exists() => file,
            _ => self.keychain.as_ref(),
        }
    }

    /// Only these, and no keychain: for the demo, which must touch nothing of the user's.
    pub fn fixed(values: impl IntoIterator<Item = (Name, String)>) -> Self {
        let values: HashMap<String, SecretString> =
            values.into_iter().map(|(n, v)| (variable(n), SecretString::from(v))).collect();
        let environment = move |name: &str| values.get(name).map(|v| v.expose_secret().to_owned());
        Self::new(Box::new(environment), Arc::new(keychain::NoKeychain))
    }

    /// Whether the environment gives this secret, so that the keychain's value isn't used.
    pub fn is_in_environment(&self, name: Name) -> bool {
        self.in_environment(name).is_some()
    }

    /// A secret's value.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Locked`], [`Error::NoKeychain`].
    pub fn get(&self, name: Name) -> Result<SecretString, Error> {
        if let Some(value) = self.in_environment(name) {
            return Ok(value);
        }
        if let Some(value) = self.kept().get(&name) {
            return Ok(value.clone());
        }
        let found = self.kept_in().get(name.word())?.ok_or(Error::Missing { name })?;
        self.kept().insert(name, found.clone());
        Ok(found)
    }

    /// A secret's value as it is stored now, whatever was read before.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn get_anew(&self, name: Name) -> Result<SecretString, Error> {
        self.kept().remove(&name);
        self.get(name)
    }

    /// Stores a secret in the keychain, without the line break that a terminal or `echo` puts after it.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Locked`], [`Error::NoKeychain`].
    pub fn set(&self, name: Name, value: &SecretString) -> Result<(), Error> {
        let value = without_line_break(value.expose_secret());
        if value.trim().is_empty() {
            return Err(Error::Empty(name));
        }
        self.kept_in().set(name.word(), &SecretString::from(value))?;
        self.forget();
        Ok(())
    }

    /// Whether a secret can be read. A keychain that has no such entry is tried with a write, because a locked one
    /// answers just the same.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn test(&self, name: Name) -> Result<(), Error> {
        self.forget();
        match self.get(name) {
            Err(Error::Missing { .. }) => {
                self.probe()?;
                // The write may have had the user unlock it.
                self.get(name).map(drop)
            }
            other => other.map(drop),
        }
    }

    /// Removes a secret from the keychain; answers whether it was there.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::NoKeychain`].
    pub fn delete(&self, name: Name) -> Result<bool, Error> {
        self.forget();
        self.kept_in().delete(name.word())
    }

    /// Tries the keychain itself: writes a value of no meaning, reads it back, removes it.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::NoKeychain`].
    pub fn probe(&self) -> Result<(), Error> {
        const ENTRY: &str = "PROBE";
        match self.place() {
            Place::File => return Ok(()),
            Place::LockedFile => return Err(Error::FileLocked),
            Place::Keychain => {}
        }
        self.keychain.set(ENTRY, &SecretString::from("probe"))?;
        let found = self.keychain.get(ENTRY)?;
        self.keychain.delete(ENTRY)?;
        found.map(drop).ok_or_else(|| Error::Locked("what was just stored could not be read back".into()))
    }

    /// Reads everything anew from here on: somebody changed a secret.
    pub fn forget(&self) {
        self.kept().clear();
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<Name, SecretString>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_environment(&self, name: Name) -> Option<SecretString> {
        let value = (self.environment)(&variable(name))?;
        let value = without_line_break(&value);
        (!value.trim().is_empty()).then(|| SecretString::from(value))
    }

    fn for_mail(&self, name: Name) -> Result<SecretString, nightdesk_senders::mail::Unavailable> {
        self.get(name).map_err(|error| {
            nightdesk_senders::mail::Unavailable(match error {
                Error::Missing { .. } => error.to_string(),
                // The others say what is wrong with the keychain, and not what it was asked for.
                other => format!("{name} can't be read: {other}"),
            })
        })
    }

    fn for_huntress(&self, name: Name) -> Result<SecretString, HuntressError> {
        self.get(name).map_err(|error| match error {
            Error::Missing { name } => HuntressError::NoCredentials { name: name.word() },
            other => HuntressError::Keychain(other.to_string()),
        })
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

impl nightdesk_huntress::Credentials for Secrets {
    fn huntress(&self) -> Result<(SecretString, SecretString), HuntressError> {
        Ok((self.for_huntress(Name::HuntressApiKey)?, self.for_huntress(Name::HuntressApiSecret)?))
    }
}

impl nightdesk_huntress::webhook::WebhookSecrets for Secrets {
    fn signing(&self) -> Result<SecretString, SecretError> {
        let name = Name::WebhookSigningSecret;
        self.get_anew(name).map_err(|error| {
            SecretError::Missing(match error {
                Error::Missing { .. } => error.to_string(),
                // The others say what is wrong with the keychain, and not what it was asked for.
                other => format!("{name} can't be read: {other}"),
            })
        })
    }
}

impl nightdesk_senders::twilio::Credentials for Secrets {
    fn twilio(&self) -> Result<SecretString, CarrierError> {
        let name = Name::TwilioAuthToken;
        self.get(name).map_err(|error| {
            CarrierError::NoSecret(match error {
                Error::Missing { .. } => error.to_string(),
                // The others say what is wrong with the keychain, and not what it was asked for.
                other => format!("{name} can't be read: {other}"),
            })
        })
    }
}

impl nightdesk_psa::algapsa::Credentials for Secrets {
    fn algapsa(&self) -> Result<SecretString, PsaError> {
        self.get(Name::AlgapsaApiKey).map_err(|error| match error {
            Error::Missing { name } => PsaError::NoCredentials(name.word()),
            other => PsaError::Keychain(other.to_string()),
        })
    }
}

impl nightdesk_senders::mail::Credentials for Secrets {
    fn password(&self) -> Result<SecretString, nightdesk_senders::mail::Unavailable> {
        self.for_mail(Name::SmtpPassword)
    }

    fn refresh_token(&self) -> Result<SecretString, nightdesk_senders::mail::Unavailable> {
        self.for_mail(Name::SmtpRefreshToken)
    }

    fn keep_refresh_token(&self, token: &SecretString) {
        let name = Name::SmtpRefreshToken;
        if self.is_in_environment(name) {
            // It wins over the keychain, so keeping another one there would be of no use.
            tracing::warn!(
                "{name} is given in the environment and can't be renewed: it works for 90 days at Microsoft"
            );
        } else if let Err(error) = self.set(name, token) {
            tracing::error!(%error, "the renewed {name} could not be kept; mail works until the old one runs out");
        }
    }
}

fn variable(name: Name) -> String {
    format!("{PREFIX}{name}")
}

fn without_line_break(value: &str) -> String {
    let value = value.strip_suffix('\n').unwrap_or(value);
    value.strip_suffix('\r').unwrap_or(value).to_owned()
}

#[cfg(test)]
mod tests;
