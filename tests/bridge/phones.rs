//! The people on call, and what their phones do.

use nightdesk_standin::carrier::{Carrier, OnCall, OnText};
use serde::Deserialize;
use std::time::Duration;

/// The first contact's number.
pub const DANA: &str = "+12125550102";

/// The second one's.
pub const KIM: &str = "+12125550103";

/// `[paging]` for this carrier, and a call tree of Dana and Kim.
pub fn configuration(carrier: &Carrier) -> String {
    let mut toml = format!(
        "\n[paging]\nprovider = \"twilio\"\naccount_sid = {:?}\nfrom = {:?}\nbase_url = {:?}\nstudio_base_url = {:?}\n",
        carrier.account_sid(),
        carrier.number(),
        carrier.url(),
        carrier.studio_url()
    );
    for (name, phone) in [("Dana", DANA), ("Kim", KIM)] {
        toml.push_str(&format!("\n[[contact]]\nname = {name:?}\nphone = {phone:?}\nchannels = [\"sms\", \"call\"]\n"));
    }
    toml
}

/// What a phone does from now on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Does {
    /// Answers after 4 s and presses 1.
    Acknowledges,
    /// Answers after 4 s and presses nothing.
    Listens,
    /// Rings until the caller gives up.
    NoAnswer,
    /// A voicemail box answers.
    Voicemail,
    /// The call fails, and texts are undelivered.
    Fails,
}

impl Does {
    /// Scripts the phone of this number.
    pub fn script(&self, carrier: &Carrier, number: &str) {
        let text = match self {
            Self::Fails => OnText::Undelivered(30003),
            _ => OnText::Delivered { after: Duration::from_secs(1) },
        };
        let call = match self {
            Self::Acknowledges => OnCall::acknowledges('1'),
            Self::Listens => OnCall::listens(),
            Self::NoAnswer => OnCall::NoAnswer,
            Self::Voicemail => OnCall::Voicemail,
            Self::Fails => OnCall::Fails,
        };
        carrier.phone(number).on_text(text).on_call(call);
    }
}
