//! Texts: sending, finding again, following.

use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::{CarrierError, Found, Outgoing, PortFuture, Sender, TextOut, TextState};
use serde_json::Value;

use super::miss::{self, Miss};
use super::{TwilioClient, codes, json, reference, settings};

/// Seconds that Twilio takes as a text's validity.
const VALID: std::ops::RangeInclusive<u32> = 1..=36_000;

/// The most characters that Twilio takes.
const MOST: usize = 1_600;

/// Rows of the list in which a text is looked for: far more than leave for one number within a minute.
const RECENT: &str = "100";

/// The sender of texts: the destination is the number in E.164, the payload a [`TextOut`].
#[derive(Debug, Clone)]
pub struct Texts(pub(super) TwilioClient);

impl Sender for Texts {
    fn kind(&self) -> Kind {
        Kind::Sms
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Lookup
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        Box::pin(async move {
            match read(outgoing) {
                Ok(text) => self.0.send_text(outgoing, &text).await.unwrap_or_else(Miss::outcome),
                Err(error) => Outcome::Permanent { error },
            }
        })
    }

    fn look_up<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(async move {
            match read(outgoing) {
                Ok(text) => {
                    let found = self.0.find_text(&outgoing.destination, &text).await;
                    found.unwrap_or_else(|miss| Found::Unknown(CarrierError::from(miss).to_string()))
                }
                // It can't have been sent either.
                Err(_) => Found::No,
            }
        })
    }
}

/// What is to be sent, if Twilio could take it at all.
fn read(outgoing: &Outgoing) -> Result<TextOut, String> {
    let text: TextOut = serde_json::from_value(outgoing.payload.clone())
        .map_err(|_| "the text is stored in a form that this version can't read: page again by hand".to_owned())?;
    let body = wording(outgoing, &text);
    let refused = |number| codes::known(number).map_or_else(String::new, codes::Code::sentence);
    match body.chars().count() {
        _ if !settings::is_e164(&outgoing.destination) => Err(refused(21211)),
        _ if body.trim().is_empty() => Err(refused(21602)),
        count if count > MOST => Err(refused(21617)),
        _ => Ok(text),
    }
}

fn wording<'a>(outgoing: &Outgoing, text: &'a TextOut) -> &'a str {
    if outgoing.possible_repeat { &text.repeat } else { &text.body }
}

impl TwilioClient {
    async fn send_text(&self, outgoing: &Outgoing, text: &TextOut) -> Result<Outcome, Miss> {
        let valid_for = text.valid_for.clamp(*VALID.start(), *VALID.end()).to_string();
        // Nothing is asked to be discarded or hidden at Twilio: a text in doubt is found again by body and number.
        let form = [
            ("To", outgoing.destination.as_str()),
            ("From", self.inner.from.as_str()),
            ("Body", wording(outgoing, text)),
            ("ValidityPeriod", valid_for.as_str()),
            ("SmartEncoded", "true"),
        ];
        let answer = self.post(self.account_url(&["Messages.json"], &[]), &form).await?;
        let sid = id(&answer)?;
        Ok(Outcome::Accepted { remote_ref: Some(sid.to_owned()) })
    }

    /// Newest first and without a date: `DateSent` is missing as long as a text waits at Twilio.
    async fn find_text(&self, to: &str, text: &TextOut) -> Result<Found, Miss> {
        let query = [("To", to), ("From", self.inner.from.as_str()), ("PageSize", RECENT)];
        let rows = self.list(self.account_url(&["Messages.json"], &query), "messages", 1, |_| false).await?;
        let sent = rows.iter().find(|row| {
            json::text(row, "direction") == Some("outbound-api")
                && json::text(row, "to") == Some(to)
                && json::text(row, "body").is_some_and(|body| same(body, &text.body) || same(body, &text.repeat))
        });
        match sent.map(id) {
            Some(Ok(sid)) => Ok(Found::Yes { remote_ref: Some(sid.to_owned()) }),
            Some(Err(miss)) => Err(miss),
            None => Ok(Found::No),
        }
    }

    /// How far a text has come.
    pub(super) async fn text_state(&self, sid: &str) -> Result<TextState, CarrierError> {
        if !reference::is_id(sid) {
            return Err(CarrierError::NotFound);
        }
        let answer = self.get(self.account_url(&["Messages", &format!("{sid}.json")], &[])).await?;
        let status = json::text(&answer, "status")
            .ok_or_else(|| CarrierError::BadAnswer("its answer holds no status".into()))?;
        Ok(state(status, json::number(&answer, "error_code").filter(|code| *code > 0)))
    }
}

/// By letters and digits alone, because smart encoding puts plain signs for fancy ones; at the end, because a trial account
/// puts words of its own in front.
fn same(body: &str, wording: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let wording = letters(wording);
    !wording.is_empty() && letters(body).ends_with(&wording)
}

/// The id of what was made or found.
pub(super) fn id(answer: &Value) -> Result<&str, Miss> {
    let sid = json::text(answer, "sid").filter(|sid| reference::is_id(sid));
    sid.ok_or_else(|| Miss::Unreadable("its answer holds no id".into()))
}

fn state(status: &str, code: Option<u32>) -> TextState {
    match status {
        "sent" => TextState::Sent,
        "delivered" | "read" => TextState::Delivered,
        "failed" | "undelivered" => {
            let (obstacle, error) = miss::obstacle(code);
            TextState::Failed { obstacle, error, again: code.is_some_and(codes::is_worth_another) }
        }
        "canceled" => TextState::Failed {
            obstacle: nightdesk_core::port::Obstacle::Unknown,
            error: "the text was cancelled at the carrier: see Monitor, Logs, Messaging in the Twilio console".into(),
            again: false,
        },
        // queued, accepted, scheduled, sending, and whatever comes to be: never more than is certain.
        _ => TextState::Waiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses() {
        for waiting in ["queued", "accepted", "scheduled", "sending", "partially_delivered", "new-word"] {
            assert_eq!(state(waiting, None), TextState::Waiting, "{waiting}");
        }
        assert_eq!(state("sent", None), TextState::Sent);
        assert_eq!(state("delivered", None), TextState::Delivered);
        assert_eq!(state("read", None), TextState::Delivered);
        for failed in ["failed", "undelivered", "canceled"] {
            assert!(matches!(state(failed, Some(30007)), TextState::Failed { again: false, .. }), "{failed}");
        }
        assert!(matches!(state("undelivered", Some(30003)), TextState::Failed { again: true, .. }));
        assert!(matches!(state("undelivered", None), TextState::Failed { again: false, .. }));
    }

    #[test]
    fn a_body_is_known_again_behind_a_trial_accounts_words() {
        assert!(same("Sent from your Twilio trial account - CRITICAL ack 4821", "CRITICAL ack 4821"));
        assert!(same("it's - ok", "it\u{2019}s \u{2014} ok"), "as smart encoding leaves it");
        assert!(same("A", " A ") && !same("A", " - ") && !same("CRITICAL ack 4821", "CRITICAL ack 4822"));
    }
}
