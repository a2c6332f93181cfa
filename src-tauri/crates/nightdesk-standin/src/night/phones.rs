//! The people on call in the demo: who they are, what their phones do that night, and what is heard of them.

use crate::carrier::{Answerer, Call, Carrier, OnCall, OnText};
use nightdesk_core::config::{Channel, Config, Contact, Paging};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// The call tree, in order: all numbers are of ranges kept free for fiction.
const PEOPLE: [(&str, &str, &[Channel]); 3] = [
    ("Dana Reyes", "+12125550141", &[Channel::Sms, Channel::Call]),
    ("Sam Okafor", "+442079460123", &[Channel::Call]),
    ("Priya Nair", "+61491570156", &[Channel::Sms, Channel::Call]),
];

/// Adds the people and the stand-in carrier to the night's configuration.
pub fn on_call(config: &mut Config, carrier: &Carrier) {
    config.contacts = PEOPLE
        .iter()
        .map(|(name, phone, channels)| Contact {
            name: (*name).into(),
            phone: (*phone).into(),
            channels: channels.to_vec(),
            extension: None,
            wait_minutes: None,
        })
        .collect();
    config.paging = Paging {
        account_sid: Some(carrier.account_sid()),
        from: Some(carrier.number()),
        base_url: carrier.url(),
        studio_base_url: carrier.studio_url(),
        step_wait_minutes: 2,
        ..Paging::default()
    };
}

/// The numbers of the night, which were verified before it.
pub fn verified() -> impl Iterator<Item = &'static str> {
    PEOPLE.iter().map(|(_, phone, _)| *phone)
}

/// What the phones do: the first contact sleeps through the first call, the second one's voicemail takes one, and
/// everybody answers in the end, by key or by text.
pub fn script(carrier: &Carrier) {
    let [dana, sam, priya] = PEOPLE.map(|(_, phone, _)| carrier.phone(phone));
    dana.next_calls([OnCall::NoAnswer, OnCall::acknowledges('1'), OnCall::Voicemail, OnCall::acknowledges('2')]);
    dana.on_call(OnCall::acknowledges('1'));
    dana.next_texts([OnText::Delivered { after: Duration::from_secs(3) }]);
    dana.on_text(OnText::Delivered { after: Duration::from_secs(3) });
    sam.next_calls([OnCall::Voicemail, OnCall::Busy]).on_call(OnCall::acknowledges('1'));
    priya.on_text(OnText::ReplyWithCode { after: Duration::from_secs(25) }).on_call(OnCall::NoAnswer);
}

/// Tells what is heard of the phones.
pub struct Switchboard {
    carrier: Carrier,
    texts: HashSet<String>,
    calls: HashMap<String, &'static str>,
}

impl Switchboard {
    /// Nothing was heard yet.
    pub fn new(carrier: Carrier) -> Self {
        Self { carrier, texts: HashSet::new(), calls: HashMap::new() }
    }

    /// What is new since the last time, a sentence each.
    pub fn news(&mut self) -> Vec<String> {
        let mut out = Vec::new();
        for text in self.carrier.texts() {
            if self.texts.insert(text.sid.clone()) {
                out.push(format!("{} is texted: {:?}", name(&text.to), text.body));
            }
        }
        for call in self.carrier.calls() {
            let words = heard(&call);
            if self.calls.insert(call.sid.clone(), words) != Some(words) {
                out.push(format!("{}'s phone {words}", name(&call.to)));
            }
        }
        out
    }
}

fn name(number: &str) -> &str {
    PEOPLE.iter().find(|(_, phone, _)| *phone == number).map_or(number, |(name, _, _)| name)
}

fn heard(call: &Call) -> &'static str {
    let digits = call.digits();
    match (call.status.as_str(), digits.as_str()) {
        ("queued" | "ringing", _) => "rings",
        ("in-progress" | "completed", "1") => "was answered: 1, taken",
        ("in-progress" | "completed", "2") => "was answered: 2, passed on",
        ("in-progress" | "completed", _) if call.answerer == Answerer::Machine => "went to voicemail",
        ("completed", _) => "was answered, and nobody pressed a key",
        ("in-progress", _) => "was answered",
        ("busy", _) => "is busy",
        ("canceled", _) => "stopped ringing",
        ("failed", _) => "could not be reached",
        _ => "rang, and nobody answered",
    }
}
