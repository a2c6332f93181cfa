//! The carrier that a configuration names.

use crate::Secrets;
use nightdesk_api as api;
use nightdesk_core::config::{Paging, Provider};
use nightdesk_core::port::CarrierError;
use nightdesk_engine::context::Context;
use nightdesk_senders::twilio::{Settings, TwilioClient};
use nightdesk_store::Tx;
use std::sync::Arc;

/// A client for the carrier that this section names, with the secret that these hold by then. `keys` is the carrier's id
/// of what asks for keys, as it was last answered.
///
/// # Errors
/// [`CarrierError::NotConfigured`] without an account or number, and where no request could be made at all.
pub fn carrier(paging: &Paging, keys: Option<String>, secrets: Arc<Secrets>) -> Result<TwilioClient, CarrierError> {
    let (Some(account_sid), Some(from)) = (paging.account_sid.clone(), paging.from.clone()) else {
        return Err(CarrierError::NotConfigured);
    };
    match paging.provider {
        Provider::Twilio => {
            let settings = Settings {
                account_sid,
                from,
                base_url: paging.base_url.clone(),
                studio_base_url: paging.studio_base_url.clone(),
                keys,
            };
            TwilioClient::connect(settings, secrets).map_err(|error| CarrierError::Unreachable(error.to_string()))
        }
    }
}

/// The same for the configuration in force; the secret is asked for only once it is needed.
///
/// # Errors
/// As [`carrier`], and the store's.
pub fn carrier_in_force(tx: &Tx<'_>, secrets: Arc<Secrets>) -> Result<TwilioClient, api::Error> {
    Ok(carrier(&Context::load(tx)?.config.paging, None, secrets)?)
}
