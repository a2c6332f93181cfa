//! A call's own record, and the words that it is told in.

use nightdesk_core::port::{AnsweredBy, CallStage, CallStatus, CarrierError, Obstacle};
use serde_json::Value;

use super::miss::{self, Miss};
use super::{TwilioClient, codes, json};

/// A call as Twilio keeps it.
#[derive(Debug, Clone)]
pub(super) struct Record(pub Value);

impl Record {
    pub fn stage(&self) -> CallStage {
        of(json::text(&self.0, "status").unwrap_or_default())
    }

    pub fn sid(&self) -> Option<&str> {
        json::text(&self.0, "sid")
    }

    pub fn answered_by(&self) -> Option<&str> {
        json::text(&self.0, "answered_by")
    }

    /// Told once the call is over; of one that nobody took it says nothing.
    pub fn seconds(&self) -> Option<u32> {
        json::number(&self.0, "duration").filter(|_| self.stage() == CallStage::Ended)
    }
}

impl TwilioClient {
    pub(super) async fn record(&self, call: &str) -> Result<Record, Miss> {
        self.get(self.account_url(&["Calls", &format!("{call}.json")], &[])).await.map(Record)
    }

    /// How far a call has come.
    pub(super) async fn call_status(&self, call: &str) -> Result<CallStatus, CarrierError> {
        let record = self.record(call).await?;
        if json::text(&record.0, "status").is_none() {
            return Err(CarrierError::BadAnswer("its answer holds no status".into()));
        }
        let stage = self.told(&record).await;
        Ok(CallStatus {
            stage,
            by: answered_by(record.answered_by()),
            key: None,
            asks: false,
            seconds: record.seconds(),
        })
    }

    /// The record's stage; of a failed call with the reason, which only its notifications tell.
    pub(super) async fn told(&self, record: &Record) -> CallStage {
        let stage = record.stage();
        let CallStage::Failed { .. } = stage else { return stage };
        let Some(sid) = record.sid() else { return stage };
        let url = self.account_url(&["Calls", sid, "Notifications.json"], &[]);
        let Ok(rows) = self.list(url, "notifications", 1, |_| false).await else { return stage };
        let told: Vec<u32> = rows.iter().filter_map(|row| json::number(row, "error_code")).collect();
        let code = told.iter().copied().find(|code| codes::known(*code).is_some()).or(told.first().copied());
        if code.is_none() {
            return stage;
        }
        let (obstacle, error) = miss::obstacle(code);
        CallStage::Failed { obstacle, error }
    }

    /// Ends a call; one that is over already is no error.
    pub(super) async fn complete(&self, call: &str) -> Result<(), Miss> {
        let url = self.account_url(&["Calls", &format!("{call}.json")], &[]);
        match self.post(url, &[("Status", "completed")]).await {
            Ok(_) | Err(Miss::Refused { code: Some(21220), .. }) => Ok(()),
            Err(miss) => Err(miss),
        }
    }
}

/// The stage that a status word means.
pub(super) fn of(status: &str) -> CallStage {
    match status {
        "ringing" => CallStage::Ringing,
        "in-progress" | "answered" => CallStage::Answered,
        "completed" => CallStage::Ended,
        "no-answer" => CallStage::NoAnswer,
        "busy" => CallStage::Busy,
        "canceled" => CallStage::Cancelled,
        "failed" => CallStage::Failed {
            obstacle: Obstacle::Unknown,
            error: "the call could not be put through: check the contact's number, and Monitor, Logs, Calls in the Twilio console"
                .into(),
        },
        // queued, initiated, and whatever comes to be: never more than is certain.
        _ => CallStage::Waiting,
    }
}

/// A run that is over and has made no call.
pub(super) fn never_called() -> CallStage {
    CallStage::Failed {
        obstacle: Obstacle::Unknown,
        error: "the flow ended without a call: check the contact's number, and Studio, the flow's logs in the Twilio console"
            .into(),
    }
}

/// Only `human` is a person: Twilio's other words are kinds of machines, `fax`, and `unknown`.
pub(super) fn answered_by(word: Option<&str>) -> AnsweredBy {
    match word {
        Some("human") => AnsweredBy::Human,
        Some(word) if word.starts_with("machine") || word == "fax" => AnsweredBy::Machine,
        _ => AnsweredBy::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_word_of_the_document() {
        for (word, stage) in [
            ("queued", CallStage::Waiting),
            ("initiated", CallStage::Waiting),
            ("ringing", CallStage::Ringing),
            ("in-progress", CallStage::Answered),
            ("completed", CallStage::Ended),
            ("busy", CallStage::Busy),
            ("no-answer", CallStage::NoAnswer),
            ("canceled", CallStage::Cancelled),
            ("new-word", CallStage::Waiting),
        ] {
            assert_eq!(of(word), stage, "{word}");
        }
        assert!(matches!(of("failed"), CallStage::Failed { .. }));
    }

    #[test]
    fn who_took_it() {
        for machine in ["machine_start", "machine_end_beep", "machine", "fax"] {
            assert_eq!(answered_by(Some(machine)), AnsweredBy::Machine);
        }
        assert_eq!(answered_by(Some("human")), AnsweredBy::Human);
        assert_eq!((answered_by(Some("unknown")), answered_by(None)), (AnsweredBy::Unknown, AnsweredBy::Unknown));
    }

    #[test]
    fn a_length_is_told_of_a_call_that_was_taken_and_is_over() {
        let seconds = |value| Record(value).seconds();
        assert_eq!(seconds(json!({ "status": "completed", "duration": "17" })), Some(17));
        assert_eq!(seconds(json!({ "status": "completed", "duration": null })), None);
        assert_eq!(seconds(json!({ "status": "no-answer", "duration": "0" })), None);
    }
}
