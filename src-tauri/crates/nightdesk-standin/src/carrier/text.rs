//! One text, and what has become of it.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::account::{Account, mint};
use super::listing::mail_date;
use super::reading::asked_for;
use super::script::{OnText, span};
use super::segments::segments;

const LEAVES: TimeDelta = TimeDelta::seconds(1);
const ARRIVES: TimeDelta = TimeDelta::seconds(2);
const BOUNCES: TimeDelta = TimeDelta::seconds(3);
const VALIDITY_OVER: u32 = 30_036;

/// A text with its whole future.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) sid: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) body: String,
    pub(crate) inbound: bool,
    pub(crate) created: DateTime<Utc>,
    sent: DateTime<Utc>,
    /// The last status, when it is reached and the error code; none when no receipt comes.
    settled: Option<(DateTime<Utc>, &'static str, Option<u32>)>,
    /// When the person has it before their eyes.
    pub(crate) read: Option<DateTime<Utc>>,
    pub(crate) taken: bool,
}

impl Message {
    /// A text to a phone that does this with it.
    pub(crate) fn outbound(
        from: &str,
        to: &str,
        body: &str,
        validity: TimeDelta,
        plan: &OnText,
        now: DateTime<Utc>,
    ) -> Self {
        let arrives = now + ARRIVES;
        let (settled, read) = match plan {
            OnText::Delivered { after } if span(*after) > validity => {
                (Some((now + validity, "undelivered", Some(VALIDITY_OVER))), None)
            }
            OnText::Delivered { after } => (Some((now + span(*after), "delivered", None)), Some(now + span(*after))),
            OnText::ReplyWith(..) | OnText::ReplyWithCode { .. } => (Some((arrives, "delivered", None)), Some(arrives)),
            OnText::Undelivered(code) | OnText::RejectedAtOnce(code) => {
                (Some((now + BOUNCES, "undelivered", Some(*code))), None)
            }
            OnText::UndeliveredLate(code, after) => (Some((now + span(*after), "undelivered", Some(*code))), None),
            OnText::NoReceipt => (None, Some(arrives)),
        };
        let sent = settled.map_or(now + LEAVES, |(at, ..)| at.min(now + LEAVES));
        Self { created: now, sent, settled, read, ..Self::bare(from, to, body) }
    }

    /// A text from a phone, which arrives at this moment.
    pub(crate) fn inbound(from: &str, to: &str, body: &str, at: DateTime<Utc>) -> Self {
        Self { created: at, sent: at, inbound: true, taken: true, ..Self::bare(from, to, body) }
    }

    fn bare(from: &str, to: &str, body: &str) -> Self {
        Self {
            sid: mint("SM"),
            from: from.to_owned(),
            to: to.to_owned(),
            body: body.to_owned(),
            inbound: false,
            created: DateTime::UNIX_EPOCH,
            sent: DateTime::UNIX_EPOCH,
            settled: None,
            read: None,
            taken: false,
        }
    }

    /// The answer that this text gets, if its reader gives one.
    pub(crate) fn answer(&self, plan: &OnText) -> Option<Self> {
        let (words, after) = match plan {
            OnText::ReplyWith(words, after) => (words.clone(), *after),
            OnText::ReplyWithCode { after } => (asked_for(&self.body)?, *after),
            _ => return None,
        };
        Some(Self::inbound(&self.to, &self.from, &words, self.read? + span(after)))
    }

    pub(crate) fn status(&self, now: DateTime<Utc>) -> (&'static str, Option<u32>) {
        if self.inbound {
            return ("received", None);
        }
        match self.settled {
            Some((at, status, code)) if now >= at => (status, code),
            _ if now >= self.sent => ("sent", None),
            _ => ("queued", None),
        }
    }

    /// When it left, once it has.
    pub(crate) fn date_sent(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        Some(self.sent).filter(|at| now >= *at)
    }

    fn updated(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let settled = self.settled.map(|(at, ..)| at).filter(|at| now >= *at);
        settled.or(self.date_sent(now)).unwrap_or(self.created)
    }

    /// The vendor's form.
    pub(crate) fn wire(&self, account: &Account, now: DateTime<Utc>) -> Value {
        let (status, code) = self.status(now);
        let uri = format!("/2010-04-01/Accounts/{}/Messages/{}", account.sid, self.sid);
        json!({
            "account_sid": account.sid,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": mail_date(self.created),
            "date_sent": self.date_sent(now).map(mail_date),
            "date_updated": mail_date(self.updated(now)),
            "direction": if self.inbound { "inbound" } else { "outbound-api" },
            "error_code": code,
            "error_message": code.map(meaning),
            "from": self.from,
            "messaging_service_sid": Value::Null,
            "num_media": "0",
            "num_segments": segments(&self.body).to_string(),
            "price": Value::Null,
            "price_unit": "USD",
            "sid": self.sid,
            "status": status,
            "subresource_uris": { "media": format!("{uri}/Media.json") },
            "to": self.to,
            "uri": format!("{uri}.json"),
        })
    }
}

/// What an error code means, in words of the stand-in's.
pub(crate) fn meaning(code: u32) -> &'static str {
    match code {
        21_211 => "The 'To' number is not a valid phone number",
        21_408 => "Texts to the region of the 'To' number are not enabled for this account",
        21_610 => "The recipient has unsubscribed from this sender",
        21_612 => "This sender can't reach the 'To' number",
        21_614 => "The 'To' number is not a mobile number",
        30_001 => "Queue overflow",
        30_002 => "Account suspended",
        30_003 => "The handset is switched off or out of reach",
        30_004 => "Message blocked",
        30_005 => "The handset is unknown",
        30_006 => "A landline, or a carrier out of reach",
        30_007 => "Filtered by the carrier",
        30_032 => "The toll-free sender isn't verified",
        30_034 => "The sender isn't registered",
        VALIDITY_OVER => "The validity period was over before the text could be delivered",
        _ => "Unknown error",
    }
}
