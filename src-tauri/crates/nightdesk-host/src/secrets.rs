//! Secrets by name: from the environment, else from the OS keychain. Never in the database, a log or a message (ND-12).

mod keychain;
mod name;

pub use keychain::Keychain;
pub use name::Name;

use keychain::OsKeychain;
use nightdesk_core::port::HuntressError;
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
    /// There is no keychain.
    #[error("this machine has no keychain that answers ({0}); set {PREFIX}<NAME> in the environment instead")]
    NoKeychain(String),
}

/// Gives a variable's value, as `std::env::var` does for the process's own.
pub type Environment = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The secrets of one process. Keychain values that were read are kept until [`Secrets::forget`], because they are asked
/// for before each request.
pub struct Secrets {
    environment: Environment,
    keychain: Arc<dyn Keychain>,
    read: Mutex<HashMap<Name, SecretString>>,
}

impl Secrets {
    /// Those of this process's environment and this user's keychain.
    pub fn system() -> Self {
        Self::new(Box::new(|name| std::env::var(name).ok()), Arc::new(OsKeychain))
    }

    /// Those of another environment and keychain.
    pub fn new(environment: Environment, keychain: Arc<dyn Keychain>) -> Self {
        Self { environment, keychain, read: Mutex::default() }
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
        let found = self.keychain.get(name.word())?.ok_or(Error::Missing { name })?;
        self.kept().insert(name, found.clone());
        Ok(found)
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
        self.keychain.set(name.word(), &SecretString::from(value))?;
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
        self.keychain.delete(name.word())
    }

    /// Tries the keychain itself: writes a value of no meaning, reads it back, removes it.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::NoKeychain`].
    pub fn probe(&self) -> Result<(), Error> {
        const ENTRY: &str = "PROBE";
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

fn variable(name: Name) -> String {
    format!("{PREFIX}{name}")
}

fn without_line_break(value: &str) -> String {
    let value = value.strip_suffix('\n').unwrap_or(value);
    value.strip_suffix('\r').unwrap_or(value).to_owned()
}

#[cfg(test)]
mod tests;
