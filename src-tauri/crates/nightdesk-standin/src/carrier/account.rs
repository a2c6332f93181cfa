//! The account at the carrier: who may ask, and which number is ours.

/// Account, keys and number. The ids are new for each stand-in, so that two of them never give out the same one.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) sid: String,
    pub(crate) token: String,
    pub(crate) key: String,
    pub(crate) secret: String,
    pub(crate) number: String,
}

impl Account {
    pub(crate) fn new() -> Self {
        Self { sid: mint("AC"), token: mint(""), key: mint("SK"), secret: mint(""), number: "+12015550100".to_owned() }
    }

    /// Whether these Basic credentials, decoded, are the account's: by its token or by its API key.
    pub(crate) fn accepts(&self, credentials: &str) -> bool {
        credentials == format!("{}:{}", self.sid, self.token) || credentials == format!("{}:{}", self.key, self.secret)
    }
}

/// A new id of the vendor's form: two letters and 32 digits.
pub(crate) fn mint(prefix: &str) -> String {
    format!("{prefix}{:032x}", rand::random::<u128>())
}

/// An id that belongs to another one, and is the same each time it is asked for.
pub(crate) fn derived(prefix: &str, sid: &str, nth: usize) -> String {
    let seed = sid.get(2..).and_then(|digits| u128::from_str_radix(digits, 16).ok()).unwrap_or_default();
    let step = u128::try_from(nth).unwrap_or_default() + 1;
    format!("{prefix}{:032x}", seed.wrapping_add(step.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)))
}
