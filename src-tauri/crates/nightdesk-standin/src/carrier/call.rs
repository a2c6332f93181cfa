//! One call, as it was asked for.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::account::{Account, mint};
use super::leg::{Leg, Meddling};
use super::listing::mail_date;
use super::ring::{Dial, Rung, ring};
use super::script::OnCall;
use super::twiml;

/// Why a call was made.
#[derive(Clone, Debug)]
pub(crate) enum Cause {
    /// With a document to play.
    Twiml { document: String, dial: Dial },
    /// By a flow's execution, as its nth.
    Execution { sid: String, nth: usize },
}

/// A call, how its phone takes it, and who has meddled since. What becomes of it is computed from that.
#[derive(Clone, Debug)]
pub(crate) struct PlacedCall {
    pub(crate) sid: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) at: DateTime<Utc>,
    pub(crate) cause: Cause,
    pub(crate) phone: OnCall,
    pub(crate) meddling: Meddling,
    pub(crate) taken: bool,
}

impl PlacedCall {
    pub(crate) fn new(from: &str, to: &str, at: DateTime<Utc>, cause: Cause, phone: OnCall) -> Self {
        Self {
            sid: mint("CA"),
            from: from.to_owned(),
            to: to.to_owned(),
            at,
            cause,
            phone,
            meddling: Meddling::default(),
            taken: false,
        }
    }

    /// The vendor's form.
    pub(crate) fn wire(&self, leg: &Leg, account: &Account, now: DateTime<Utc>) -> Value {
        let uri = format!("/2010-04-01/Accounts/{}/Calls/{}", account.sid, self.sid);
        let names = ["notifications", "recordings", "events", "payments", "siprec", "streams", "transcriptions"];
        let under = |name: &str| {
            let mut letters = name.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            format!("{uri}/{}{}.json", first.unwrap_or_default(), letters.as_str())
        };
        let subresources: serde_json::Map<String, Value> =
            names.iter().map(|name| ((*name).to_owned(), json!(under(name)))).collect();
        let over = leg.is_over(now);
        let updated = [leg.rings, leg.answered.unwrap_or(leg.rings), leg.ended];
        let updated = updated.into_iter().filter(|at| *at <= now).max().unwrap_or(self.at);
        json!({
            "account_sid": account.sid,
            "answered_by": leg.answered_by(now),
            "api_version": "2010-04-01",
            "caller_name": Value::Null,
            "date_created": mail_date(self.at),
            "date_updated": mail_date(updated),
            "direction": "outbound-api",
            "duration": leg.duration(now).map(|seconds| seconds.to_string()),
            "end_time": over.then(|| mail_date(leg.ended)),
            "forwarded_from": Value::Null,
            "from": self.from,
            "from_formatted": self.from,
            "group_sid": Value::Null,
            "parent_call_sid": Value::Null,
            "phone_number_sid": Value::Null,
            "price": Value::Null,
            "price_unit": "USD",
            "queue_time": "0",
            "sid": self.sid,
            "start_time": (now >= leg.rings).then(|| mail_date(leg.rings)),
            "status": leg.status(now),
            "subresource_uris": subresources,
            "to": self.to,
            "to_formatted": self.to,
            "trunk_sid": Value::Null,
            "uri": format!("{uri}.json"),
        })
    }
}

/// The time line of a call with a document of its own.
pub(crate) fn leg_of_twiml(document: &str, dial: &Dial, phone: &OnCall, meddling: &Meddling) -> Leg {
    match ring(dial, phone, meddling) {
        Rung::Over(leg) => leg,
        Rung::Talk(leg, mut conversation) => {
            if !conversation.is_over() {
                twiml::play(document, &mut conversation);
            }
            leg.closed(conversation)
        }
    }
}
