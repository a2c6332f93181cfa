//! The OS keychain: Secret Service, macOS Keychain or Windows Credential Manager.

use super::Error;
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error as Fault};
use secrecy::{ExposeSecret, SecretString};
use std::sync::mpsc;
use std::time::Duration;

/// What entries are filed under, so that both programs share them.
const SERVICE: &str = "nightdesk";

/// A keychain that asks the user to unlock it waits for them; the desk doesn't wait longer than this.
const PATIENCE: Duration = Duration::from_secs(20);

/// A place for secrets. Calls may block.
pub trait Keychain: Send + Sync {
    /// An entry's value, if it is there.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::NoKeychain`].
    fn get(&self, entry: &str) -> Result<Option<SecretString>, Error>;

    /// Stores an entry, or replaces it.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::NoKeychain`].
    fn set(&self, entry: &str, value: &SecretString) -> Result<(), Error>;

    /// Removes an entry; answers whether it was there.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::NoKeychain`].
    fn delete(&self, entry: &str) -> Result<bool, Error>;
}

/// This user's keychain. Opened anew for each call: a service that starts after us, as after a login, is found then.
pub(super) struct OsKeychain;

impl Keychain for OsKeychain {
    fn get(&self, entry: &str) -> Result<Option<SecretString>, Error> {
        beside(entry, |entry| match entry.get_password() {
            Err(Fault::NoEntry) => Ok(None),
            other => other.map(|value| Some(SecretString::from(value))),
        })
    }

    fn set(&self, entry: &str, value: &SecretString) -> Result<(), Error> {
        let value = value.clone();
        beside(entry, move |entry| entry.set_password(value.expose_secret()))
    }

    fn delete(&self, entry: &str) -> Result<bool, Error> {
        beside(entry, |entry| match entry.delete_credential() {
            Err(Fault::NoEntry) => Ok(false),
            other => other.map(|()| true),
        })
    }
}

/// No keychain at all.
pub(super) struct NoKeychain;

impl Keychain for NoKeychain {
    fn get(&self, _entry: &str) -> Result<Option<SecretString>, Error> {
        Ok(None)
    }

    fn set(&self, _entry: &str, _value: &SecretString) -> Result<(), Error> {
        Err(Error::NoKeychain("none is used here".into()))
    }

    fn delete(&self, _entry: &str) -> Result<bool, Error> {
        Ok(false)
    }
}

/// Runs a keychain call on a thread of its own. The Secret Service client blocks on D-Bus, which inside an async
/// runtime may panic, and may wait for a person.
fn beside<T: Send + 'static>(
    entry: &str,
    f: impl FnOnce(&Entry) -> keyring_core::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let (answer, receive) = mpsc::channel();
    let name = entry.to_owned();
    let work = move || {
        let done = open().and_then(|store| store.build(SERVICE, &name, None)).and_then(|entry| f(&entry));
        // Nobody listens any more when patience has run out.
        let _late = answer.send(done.map_err(|fault| explain(&fault)));
    };
    std::thread::Builder::new()
        .name("keychain".into())
        .spawn(work)
        .map_err(|e| Error::NoKeychain(format!("no thread for it: {e}")))?;
    let wait = move || match receive.recv_timeout(PATIENCE) {
        Ok(done) => done,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(Error::Locked("it did not answer in time".into())),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(Error::NoKeychain("its client failed".into())),
    };
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        // Other tasks move to another worker meanwhile.
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(wait),
        _ => wait(),
    }
}

#[cfg(target_os = "macos")]
fn open() -> keyring_core::Result<std::sync::Arc<impl CredentialStoreApi>> {
    apple_native_keyring_store::keychain::Store::new()
}

#[cfg(target_os = "windows")]
fn open() -> keyring_core::Result<std::sync::Arc<impl CredentialStoreApi>> {
    windows_native_keyring_store::Store::new()
}

#[cfg(not(any(target_os = "macos", target_os = "windows")))]
fn open() -> keyring_core::Result<std::sync::Arc<impl CredentialStoreApi>> {
    zbus_secret_service_keyring_store::Store::new()
}

/// In our words: some of the library's own errors print the stored bytes.
fn explain(fault: &Fault) -> Error {
    match fault {
        Fault::NoStorageAccess(reason) => Error::Locked(reason.to_string()),
        Fault::PlatformFailure(reason) => Error::NoKeychain(reason.to_string()),
        Fault::BadEncoding(_) | Fault::BadDataFormat(..) => {
            Error::Locked("the stored value is not text; set it again".into())
        }
        Fault::Ambiguous(_) => Error::Locked("it has more than one such entry; delete the others".into()),
        other => Error::NoKeychain(other.to_string()),
    }
}
