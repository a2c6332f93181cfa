//! What the carrier last said of the account and its secret: a desk that it refuses is not armed, whatever is configured
//! (ND-17).

use chrono::{DateTime, Duration, Utc};
use nightdesk_core::port::CarrierError;
use nightdesk_store::{Error, Setting, Topic, Tx};

/// How often a carrier that refuses is asked again by itself; a changed secret or configuration is tried at once.
pub(super) const REFUSED_EVERY: Duration = Duration::minutes(5);

/// No more often than this because something was refused on the way.
pub(super) const DOUBTED_EVERY: Duration = Duration::minutes(1);

/// Why the carrier serves nobody, in its own words; `None` where it does or hasn't been asked.
pub(crate) fn trouble(tx: &Tx<'_>) -> Result<Option<String>, Error> {
    tx.setting(Setting::PagingRefused)
}

/// Keeps what asking it came to. That it can't be reached for a moment says nothing about the account.
pub(crate) fn keep<T>(tx: &Tx<'_>, answer: &Result<T, CarrierError>) -> Result<(), Error> {
    let words = match answer {
        Ok(_) => None,
        Err(error @ (CarrierError::Refused(_) | CarrierError::NoSecret(_))) => Some(error.to_string()),
        Err(_) => return Ok(()),
    };
    if tx.setting(Setting::PagingRefused)? == words {
        return Ok(());
    }
    tx.set(Setting::PagingRefused, words.as_deref())?;
    tx.touch(Topic::Pages);
    Ok(())
}

/// Something was refused that may be this number's matter or the whole account's: the carrier is asked which.
pub(super) fn doubt(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    tx.set_mark(Setting::PagingDoubtedAt, Some(now))
}
