//! What a client is made of.

use url::Url;

use super::{address, reference};

/// Whom to ask, and as whom. All of it may be shown; the secret comes from [`super::Credentials`].
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// The account (`AC…`).
    pub account_sid: String,
    /// Our number, in E.164.
    pub from: String,
    /// Where texts and calls are asked for; `https://api.twilio.com` outside of tests. A path below the host is kept.
    pub base_url: String,
    /// Where flows are asked for; `https://studio.twilio.com` outside of tests.
    pub studio_base_url: String,
    /// The flow that asks for keys (`FW…`), as [`nightdesk_core::port::Carrier::keys`] last answered it.
    pub keys: Option<String>,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("base_url", &self.base_url)
            .field("studio_base_url", &self.studio_base_url)
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

/// Why a client can't be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An address is none that a secret may be sent to.
    #[error("{setting}: {reason}")]
    Address {
        /// The setting's name in the configuration.
        setting: &'static str,
        /// What is wrong with it, in words for the user.
        reason: String,
    },
    /// The account can't be one.
    #[error(
        "paging.account_sid must be the account's SID (AC and 32 characters), from the front page of the Twilio console"
    )]
    Account,
    /// Our number can't be one.
    #[error("paging.from must be our number at the carrier in international form, such as +15005550006")]
    From,
    /// The means to make a request couldn't be set up.
    #[error("no connection to the carrier can be set up: {0}")]
    Setup(String),
}

/// Settings that can work.
pub(super) struct Checked {
    pub account: Url,
    pub studio: Url,
    pub account_sid: String,
    pub from: String,
    pub keys: Option<String>,
}

pub(super) fn check(settings: Settings) -> Result<Checked, Error> {
    let account_sid = settings.account_sid.trim().to_owned();
    // Other providers of Twilio's shape have ids of another one; what matters is that it is a part of an address.
    if !reference::is_id(&account_sid) {
        return Err(Error::Account);
    }
    let from = settings.from.trim().to_owned();
    if !is_e164(&from) {
        return Err(Error::From);
    }
    let api = address::root("paging.base_url", &settings.base_url)?;
    let studio = address::root("paging.studio_base_url", &settings.studio_base_url)?;
    Ok(Checked {
        account: address::below(&api, &["2010-04-01", "Accounts", &account_sid], &[]),
        studio: address::below(&studio, &["v2"], &[]),
        keys: settings.keys.filter(|flow| reference::is_id(flow)),
        account_sid,
        from,
    })
}

/// Whether it has the form of a number in E.164. Whether there is such a number is the core's to know.
pub(super) fn is_e164(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";

    fn settings() -> Settings {
        Settings {
            account_sid: ACCOUNT.into(),
            from: "+15005550006".into(),
            base_url: "https://api.twilio.com".into(),
            studio_base_url: "https://studio.twilio.com/".into(),
            keys: None,
        }
    }

    #[test]
    fn the_usual_ones() {
        let checked = check(settings()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(checked.account.as_str(), format!("https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}"));
        assert_eq!(checked.studio.as_str(), "https://studio.twilio.com/v2");
        let laml = Settings { base_url: "https://space.signalwire.com/api/laml/".into(), ..settings() };
        let checked = check(laml).unwrap_or_else(|error| panic!("{error}"));
        assert!(checked.account.as_str().starts_with("https://space.signalwire.com/api/laml/2010-04-01/Accounts/AC"));
    }

    #[test]
    fn ones_that_cannot_work_say_which_setting() {
        let refused = |settings: Settings| check(settings).err().map(|error| error.to_string()).unwrap_or_default();
        for from in ["", "15005550006", "+0500555000", "+1500 555 0006", "MG0123456789abcdef0123456789abcdef", "+"] {
            assert!(refused(Settings { from: from.into(), ..settings() }).starts_with("paging.from"), "{from}");
        }
        for account in ["", "AC/..", "AC 1"] {
            let words = refused(Settings { account_sid: account.into(), ..settings() });
            assert!(words.starts_with("paging.account_sid"), "{account}");
        }
        for url in ["", "http://api.twilio.com", "https://u:p@api.twilio.com", "https://api.twilio.com?x=1"] {
            assert!(refused(Settings { base_url: url.into(), ..settings() }).starts_with("paging.base_url"), "{url}");
            let words = refused(Settings { studio_base_url: url.into(), ..settings() });
            assert!(words.starts_with("paging.studio_base_url"), "{url}");
        }
    }

    #[test]
    fn a_debug_print_holds_no_number() {
        assert!(!format!("{:?}", settings()).contains("0006"));
    }
}
