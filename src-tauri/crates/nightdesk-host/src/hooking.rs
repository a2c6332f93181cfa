//! The secrets of webhooks' endpoints, derived from one master key in the keychain.

use crate::Secrets;
use crate::secrets::{Error, Name};
use nightdesk_senders::webhook::{KeyError, Keys, MasterKey};
use secrecy::SecretString;

impl Secrets {
    /// The master key. Where there is none yet it is made and stored: nobody has been given a secret derived from
    /// another one. A keychain that is merely locked refuses the write, so that no key in it is ever replaced.
    ///
    /// # Errors
    /// What keeps it from being read or stored, and a value that is no key.
    fn webhook_out_key(&self) -> Result<MasterKey, KeyError> {
        let name = Name::WebhookOutKey;
        match self.get(name) {
            Ok(stored) => return MasterKey::read(&stored),
            Err(Error::Missing { .. }) => {}
            Err(error) => return Err(KeyError::NoKey(format!("{name} can't be read: {error}"))),
        }
        self.set(name, &MasterKey::new(rand::random()).to_base64()).map_err(|error| {
            KeyError::NoKey(format!("webhooks can't be signed: {name} isn't stored and none could be made: {error}"))
        })?;
        // Read back: of two programs that make one at once, both go on with what the keychain kept.
        let stored = self.get(name).map_err(|error| KeyError::NoKey(error.to_string()))?;
        MasterKey::read(&stored)
    }

    /// An endpoint's signing secret, as its consumer is given it.
    ///
    /// # Errors
    /// As the key's.
    pub fn webhook_secret(&self, url: &str, generation: u32) -> Result<SecretString, KeyError> {
        Ok(self.webhook_out_key()?.derive(url, generation).to_whsec())
    }
}

impl Keys for Secrets {
    fn webhook_out(&self) -> Result<MasterKey, KeyError> {
        self.webhook_out_key()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Keychain;
    use secrecy::ExposeSecret;
    use std::sync::{Arc, Mutex};

    #[derive(Default)]
    struct Drawer(Mutex<Option<String>>, bool);

    impl Keychain for Drawer {
        fn get(&self, _: &str) -> Result<Option<SecretString>, Error> {
            Ok(self.0.lock().unwrap().clone().filter(|_| !self.1).map(SecretString::from))
        }
        fn set(&self, _: &str, value: &SecretString) -> Result<(), Error> {
            if self.1 {
                return Err(Error::Locked("locked".into()));
            }
            *self.0.lock().unwrap() = Some(value.expose_secret().to_owned());
            Ok(())
        }
        fn delete(&self, _: &str) -> Result<bool, Error> {
            Ok(false)
        }
    }

    fn shown(secrets: &Secrets) -> Result<String, KeyError> {
        Ok(secrets.webhook_secret("https://a.example/", 1)?.expose_secret().to_owned())
    }

    #[test]
    fn the_key_is_made_once_and_kept() {
        let drawer = Arc::new(Drawer::default());
        let secrets = || Secrets::new(Box::new(|_| None), drawer.clone());
        let first = shown(&secrets()).unwrap();
        assert!(first.starts_with("whsec_"));
        assert_eq!(shown(&secrets()).unwrap(), first);
    }

    #[test]
    fn a_locked_keychain_is_an_error_and_nothing_is_made() {
        let drawer = Arc::new(Drawer(Mutex::new(Some("kept".into())), true));
        let secrets = Secrets::new(Box::new(|_| None), drawer.clone());
        assert!(shown(&secrets).unwrap_err().to_string().contains("locked"));
        assert_eq!(drawer.0.lock().unwrap().as_deref(), Some("kept"));
    }

    #[test]
    fn a_key_that_is_none_is_said_to_be_so() {
        let find = |name: &str| (name == "NIGHTDESK_SECRET_WEBHOOK_OUT_KEY").then(|| "not a key".to_owned());
        let secrets = Secrets::new(Box::new(find), Arc::new(Drawer::default()));
        assert_eq!(shown(&secrets), Err(KeyError::NotAKey));
    }
}
