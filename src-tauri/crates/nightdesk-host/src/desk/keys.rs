//! The desk's secrets as a window shows and changes them. Values go in and never come out (ND-12).

use super::Desk;
use crate::secrets::{self, Name, Place, Secrets};
use nightdesk_api as api;
use nightdesk_api::Code;
use nightdesk_api::setup::{Keychain, KeychainKind, SecretName, SecretToSet, Secrets as Listed};
use secrecy::SecretString;

impl Desk {
    /// Whether both halves of the API key can be read, and where secrets are kept.
    pub(super) async fn keys(&self) -> Result<(bool, Keychain), api::Error> {
        self.beside(|secrets| {
            let present = Name::HUNTRESS.into_iter().all(|name| secrets.get(name).is_ok());
            Ok((present, keychain(secrets, present)))
        })
        .await
    }

    pub(super) async fn listed(&self) -> Result<Listed, api::Error> {
        self.beside(|secrets| {
            let stored = |name: Name| SecretName { name: name.word().to_owned(), stored: secrets.get(name).is_ok() };
            let names: Vec<SecretName> = Name::ALL.into_iter().map(stored).collect();
            let proven = Name::HUNTRESS.into_iter().all(|name| secrets.get(name).is_ok());
            Ok(Listed { names, keychain: keychain(secrets, proven) })
        })
        .await
    }

    pub(super) async fn set_secret(&self, secret: SecretToSet) -> Result<(), api::Error> {
        let SecretToSet { name, value } = secret;
        let value = SecretString::from(value);
        self.beside(move |secrets| secrets.set(Name::parse(&name)?, &value)).await?;
        self.secrets_changed().await
    }

    pub(super) async fn delete_secret(&self, name: String) -> Result<(), api::Error> {
        self.beside(move |secrets| secrets.delete(Name::parse(&name)?).map(drop)).await?;
        self.secrets_changed().await
    }

    pub(super) async fn unlock(&self, passphrase: SecretString) -> Result<(), api::Error> {
        self.beside(move |secrets| secrets.unlock(&passphrase)).await?;
        self.secrets_changed().await
    }

    /// The engine tries a new key at once.
    pub(super) async fn secrets_changed(&self) -> Result<(), api::Error> {
        self.inner.lately.forget();
        self.change(|tx, _| api::secrets_changed(tx)).await
    }

    /// Runs something with the secrets on a thread where it may wait for a person to unlock them.
    pub(super) async fn beside<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Secrets) -> Result<T, secrets::Error> + Send + 'static,
    ) -> Result<T, api::Error> {
        let secrets = self.secrets().clone();
        tokio::task::spawn_blocking(move || f(&secrets))
            .await
            .map_err(|e| api::Error::new(Code::Internal, format!("the keychain's work failed: {e}")))?
            .map_err(refused)
    }
}

/// A secret's fault as a client hears it.
pub(super) fn refused(error: secrets::Error) -> api::Error {
    use secrets::Error as E;
    let code = match &error {
        E::UnknownName { .. } => Code::NotFound,
        E::Empty(_) | E::WrongPassphrase | E::WeakPassphrase => Code::InvalidInput,
        E::Missing { .. } | E::Locked(_) | E::FileLocked | E::File(_) | E::NoKeychain(_) => Code::SecretUnavailable,
    };
    api::Error::new(code, error.to_string())
}

/// Where secrets are kept. One that can be read proves the place; else it is tried, which may have the user unlock it.
fn keychain(secrets: &Secrets, proven: bool) -> Keychain {
    let in_environment = Name::HUNTRESS.into_iter().all(|name| secrets.is_in_environment(name));
    let kind = match secrets.place() {
        _ if in_environment => KeychainKind::Environment,
        Place::Keychain => KeychainKind::System,
        Place::File => KeychainKind::File,
        Place::LockedFile => KeychainKind::FileLocked,
    };
    let tried = if proven { Ok(()) } else { secrets.probe() };
    Keychain { ok: tried.is_ok(), why: tried.err().map(|e| e.to_string()), kind }
}
