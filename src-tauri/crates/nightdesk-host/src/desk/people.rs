//! Verifying contacts' numbers from a window.

use super::Desk;
use crate::carrier_in_force;
use nightdesk_api as api;
use nightdesk_api::{ContactConfirm, ContactVerify, Entered, PinEntered, PinSent, Request, VerificationReport};
use nightdesk_core::port::CarrierError;

impl Desk {
    /// Asks the engine for a PIN to a contact's number.
    pub(super) async fn verify_contact(&self, asked: ContactVerify) -> Result<PinSent, api::Error> {
        let name = asked.name.clone();
        self.ask(move |tx, _| api::contact_phone(tx, &name)).await?;
        let request = Request::ContactVerify { name: asked.name, channel: asked.by.map(Into::into) };
        Ok(self.request::<VerificationReport>(request).await?.into())
    }

    /// Seals what was entered, on a thread where the keychain may be waited for, and compares it in a transaction that is
    /// committed whatever comes of it.
    pub(super) async fn confirm_contact(&self, entered: ContactConfirm) -> Result<PinEntered, api::Error> {
        let ContactConfirm { name, pin } = entered;
        let asked = name.clone();
        let secrets = self.secrets().clone();
        let (phone, carrier) =
            self.ask(move |tx, _| Ok((api::contact_phone(tx, &asked)?, carrier_in_force(tx, secrets)?))).await?;
        let sealed = tokio::task::spawn_blocking(move || Ok::<_, api::Error>(Entered::new(&carrier, &phone, &pin)?));
        let entered =
            sealed.await.map_err(|e| CarrierError::NoSecret(format!("the keychain's work failed: {e}")))??;
        self.change(move |tx, at| api::contact_confirm(tx, at.now, &at.actor, &name, &entered)).await
    }
}
