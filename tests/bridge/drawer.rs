//! A keychain in memory, which a test can take away: the user's own is never touched.

use nightdesk_core::SecretString;
use nightdesk_host::secrets::{Error, Keychain};
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Default)]
pub struct Drawer {
    entries: Mutex<HashMap<String, SecretString>>,
    missing: AtomicBool,
}

impl Drawer {
    /// Takes the whole keychain away, or brings it back.
    pub fn take_away(&self, missing: bool) {
        self.missing.store(missing, Ordering::SeqCst);
    }

    fn there(&self) -> Result<std::sync::MutexGuard<'_, HashMap<String, SecretString>>, Error> {
        if self.missing.load(Ordering::SeqCst) {
            return Err(Error::NoKeychain("no service of that name".into()));
        }
        Ok(self.entries.lock().unwrap())
    }
}

impl Keychain for Drawer {
    fn get(&self, entry: &str) -> Result<Option<SecretString>, Error> {
        Ok(self.there()?.get(entry).cloned())
    }

    fn set(&self, entry: &str, value: &SecretString) -> Result<(), Error> {
        self.there()?.insert(entry.into(), value.clone());
        Ok(())
    }

    fn delete(&self, entry: &str) -> Result<bool, Error> {
        Ok(self.there()?.remove(entry).is_some())
    }
}
