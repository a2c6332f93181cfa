//! Secrets in an encrypted file, for a machine without a keychain: chosen by the user, never taken silently.
//!
//! The key comes from a passphrase by Argon2id and stays in memory; the file holds nothing but salt, nonce and what
//! XChaCha20-Poly1305 sealed. Whoever takes the file must guess the passphrase at 64 MiB a guess.

use super::{Error, Keychain, LEAST_PASSPHRASE};
use crate::data_dir::write_whole;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Memory a guess costs, in KiB; passes over it; lanes. RFC 9106's second choice, with one lane: the desk has one core
/// to spare.
const COST: (u32, u32, u32) = (64 * 1024, 3, 1);

const FORMAT: &str = "nightdesk-secrets";
const VERSION: u32 = 1;

/// The file as written. What stands before `sealed` is authenticated with it.
#[derive(Clone, Serialize, Deserialize)]
struct Written {
    format: String,
    version: u32,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    nonce: String,
    sealed: String,
}

impl Written {
    /// What the seal covers besides the secrets, so that nobody can lower the cost of a guess.
    fn header(&self) -> String {
        format!("{FORMAT} {} {} {} {} {}", self.version, self.memory_kib, self.passes, self.lanes, self.salt)
    }
}

/// An opened file: its key and what was in it.
struct Open {
    key: SecretBox<[u8; 32]>,
    salt: String,
    entries: BTreeMap<String, SecretString>,
}

/// The file, locked or open.
pub(super) struct SecretFile {
    path: PathBuf,
    open: Mutex<Option<Open>>,
}

impl SecretFile {
    pub(super) fn at(path: PathBuf) -> Self {
        Self { path, open: Mutex::default() }
    }

    pub(super) fn exists(&self) -> bool {
        self.path.exists()
    }

    pub(super) fn is_open(&self) -> bool {
        self.held().is_some()
    }

    /// Makes an empty file under a passphrase.
    pub(super) fn create(&self, passphrase: &SecretString) -> Result<(), Error> {
        if passphrase.expose_secret().trim().chars().count() < LEAST_PASSPHRASE {
            return Err(Error::WeakPassphrase);
        }
        let salt = hex::encode(rand::random::<[u8; 16]>());
        let key = derive(passphrase, &salt, COST)?;
        let open = Open { key, salt, entries: BTreeMap::new() };
        self.write(&open)?;
        *self.held() = Some(open);
        Ok(())
    }

    /// Opens the file that is there.
    pub(super) fn unlock(&self, passphrase: &SecretString) -> Result<(), Error> {
        let text = std::fs::read_to_string(&self.path).map_err(|e| Error::File(e.to_string()))?;
        let written: Written = serde_json::from_str(&text).map_err(|_| Error::File("it is not one of ours".into()))?;
        if written.format != FORMAT || written.version != VERSION {
            return Err(Error::File("a newer Nightdesk wrote it".into()));
        }
        // Asked before any work: a file that somebody put there must not make us use all memory there is.
        let cost = (written.memory_kib, written.passes, written.lanes);
        if cost.0 > 4 * COST.0 || cost.1 > 4 * COST.1 || cost.2 > 4 {
            return Err(Error::File("it asks for more memory than any of ours".into()));
        }
        let key = derive(passphrase, &written.salt, cost)?;
        let nonce: [u8; 24] = unhex(&written.nonce)?;
        let sealed = hex::decode(&written.sealed).map_err(|_| Error::File("it is not one of ours".into()))?;
        let header = written.header();
        let payload = Payload { msg: &sealed, aad: header.as_bytes() };
        let plain = cipher(&key).decrypt(&XNonce::from(nonce), payload).map_err(|_| Error::WrongPassphrase)?;
        let entries: BTreeMap<String, String> =
            serde_json::from_slice(&plain).map_err(|_| Error::File("its contents cannot be read".into()))?;
        let entries = entries.into_iter().map(|(name, value)| (name, SecretString::from(value))).collect();
        *self.held() = Some(Open { key, salt: written.salt, entries });
        Ok(())
    }

    fn write(&self, open: &Open) -> Result<(), Error> {
        let entries: BTreeMap<&str, &str> =
            open.entries.iter().map(|(name, value)| (name.as_str(), value.expose_secret())).collect();
        let plain = serde_json::to_vec(&entries).map_err(|e| Error::File(e.to_string()))?;
        let nonce = rand::random::<[u8; 24]>();
        let mut written = Written {
            format: FORMAT.into(),
            version: VERSION,
            memory_kib: COST.0,
            passes: COST.1,
            lanes: COST.2,
            salt: open.salt.clone(),
            nonce: hex::encode(nonce),
            sealed: String::new(),
        };
        let header = written.header();
        let payload = Payload { msg: &plain, aad: header.as_bytes() };
        let sealed = cipher(&open.key).encrypt(&XNonce::from(nonce), payload);
        written.sealed = hex::encode(sealed.map_err(|_| Error::File("it cannot be sealed".into()))?);
        let text = serde_json::to_string_pretty(&written).map_err(|e| Error::File(e.to_string()))?;
        write_whole(&self.path, &text).map_err(|e| Error::File(e.to_string()))
    }

    fn change(&self, f: impl FnOnce(&mut BTreeMap<String, SecretString>) -> bool) -> Result<bool, Error> {
        let mut held = self.held();
        let open = held.as_mut().ok_or(Error::FileLocked)?;
        let before = open.entries.clone();
        let changed = f(&mut open.entries);
        if changed && let Err(error) = self.write(open) {
            open.entries = before;
            return Err(error);
        }
        Ok(changed)
    }

    fn held(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keychain for SecretFile {
    fn get(&self, entry: &str) -> Result<Option<SecretString>, Error> {
        let held = self.held();
        Ok(held.as_ref().ok_or(Error::FileLocked)?.entries.get(entry).cloned())
    }

    fn set(&self, entry: &str, value: &SecretString) -> Result<(), Error> {
        self.change(|entries| {
            entries.insert(entry.to_owned(), value.clone());
            true
        })
        .map(drop)
    }

    fn delete(&self, entry: &str) -> Result<bool, Error> {
        self.change(|entries| entries.remove(entry).is_some())
    }
}

fn derive(passphrase: &SecretString, salt: &str, cost: (u32, u32, u32)) -> Result<SecretBox<[u8; 32]>, Error> {
    let salt: [u8; 16] = unhex(salt)?;
    let params = Params::new(cost.0, cost.1, cost.2, Some(32)).map_err(|e| Error::File(e.to_string()))?;
    let mut key = [0_u8; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose_secret().as_bytes(), &salt, &mut key)
        .map_err(|e| Error::File(e.to_string()))?;
    Ok(SecretBox::new(Box::new(key)))
}

fn cipher(key: &SecretBox<[u8; 32]>) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key.expose_secret()))
}

fn unhex<const N: usize>(text: &str) -> Result<[u8; N], Error> {
    let bytes = hex::decode(text).ok().and_then(|b| <[u8; N]>::try_from(b).ok());
    bytes.ok_or_else(|| Error::File("it is not one of ours".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase() -> SecretString {
        "three owls at noon".into()
    }

    #[test]
    fn secrets_come_back_after_a_restart_with_the_passphrase_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secrets.enc");
        let file = SecretFile::at(path.clone());
        assert_eq!(file.create(&"short".into()), Err(Error::WeakPassphrase));
        assert!(!file.exists());
        file.create(&phrase()).unwrap();
        file.set("KEY", &"hk_visible".into()).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("hk_visible") && !text.contains(&hex::encode("hk_visible")), "{text}");
        let again = SecretFile::at(path.clone());
        assert!(again.exists() && !again.is_open());
        assert_eq!(again.get("KEY").unwrap_err(), Error::FileLocked);
        assert_eq!(again.set("KEY", &"x".into()), Err(Error::FileLocked));
        assert_eq!(again.unlock(&"four owls at noon".into()), Err(Error::WrongPassphrase));
        again.unlock(&phrase()).unwrap();
        assert_eq!(again.get("KEY").unwrap().unwrap().expose_secret(), "hk_visible");
        assert!(again.delete("KEY").unwrap() && !again.delete("KEY").unwrap());
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions()) & 0o777,
            0o600
        );
    }

    #[test]
    fn a_changed_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secrets.enc");
        SecretFile::at(path.clone()).create(&phrase()).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for (from, to) in
            [("\"passes\": 3", "\"passes\": 1"), ("65536", "99999999"), ("\"version\": 1", "\"version\": 2")]
        {
            let changed = text.replace(from, to);
            assert_ne!(changed, text);
            std::fs::write(&path, changed).unwrap();
            assert!(SecretFile::at(path.clone()).unlock(&phrase()).is_err(), "{to}");
        }
        std::fs::write(&path, "{}").unwrap();
        assert!(matches!(SecretFile::at(path).unlock(&phrase()), Err(Error::File(_))));
    }
}
