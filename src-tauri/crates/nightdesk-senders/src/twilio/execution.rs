//! Runs of the flow: starting one, finding one again, and following it to its call.

use nightdesk_core::port::{CallStage, CallStatus, CarrierError};
use serde_json::{Value, json};

use super::call::Wanted;
use super::miss::Miss;
use super::stage::{self, Record};
use super::text::id;
use super::{TwilioClient, flow, json, reference, speech};

/// Rows of the list in which a run is looked for, and how many of one contact's are looked into.
const RECENT: &str = "50";
const MOST_LOOKED_INTO: usize = 5;

/// What is known of a run's call.
pub(super) enum Dialled {
    /// Its record.
    Call(Record),
    /// There is none yet.
    NotYet,
    /// There is none, and the run is over.
    Never,
}

impl TwilioClient {
    /// Starts a run, which places the call itself. Answers its reference.
    pub(super) async fn run(&self, flow: &str, wanted: &Wanted<'_>) -> Result<String, Miss> {
        let parameters = json!({
            "spoken": speech::plain(&wanted.call.spoken),
            "voicemail": speech::plain(&wanted.call.voicemail),
            "marker": wanted.marker,
            "extension": wanted.digits.as_deref().unwrap_or_default(),
        })
        .to_string();
        let form = [("To", wanted.to), ("From", self.inner.from.as_str()), ("Parameters", parameters.as_str())];
        let answer = self.post(self.studio_url(&["Flows", flow, "Executions"], &[]), &form).await?;
        id(&answer).map(|execution| reference::of_run(flow, execution))
    }

    /// The run that carries the call's marker: markers count on from a backup, so one from before it was sent is another's.
    pub(super) async fn find_run(&self, flow: &str, wanted: &Wanted<'_>) -> Result<Option<String>, Miss> {
        for row in self.runs_to(flow, wanted.to, &[]).await? {
            if !wanted.can_be(&row) {
                continue;
            }
            let execution = id(&row)?;
            let context = self.context(flow, execution).await?;
            if flow::marker(&context) == Some(wanted.marker) {
                return Ok(Some(reference::of_run(flow, execution)));
            }
        }
        Ok(None)
    }

    /// The newest runs to a number.
    async fn runs_to(&self, flow: &str, to: &str, query: &[(&str, &str)]) -> Result<Vec<Value>, Miss> {
        let mut query = query.to_vec();
        query.push(("PageSize", RECENT));
        let url = self.studio_url(&["Flows", flow, "Executions"], &query);
        let mut rows = self.list(url, "executions", 1, |_| false).await?;
        rows.retain(|row| json::text(row, "contact_channel_address") == Some(to));
        rows.truncate(MOST_LOOKED_INTO);
        Ok(rows)
    }

    /// Ends runs to a number whose call is over. Twilio lets one run at a time reach a number, so one that hangs after its
    /// call would silence the number for good. What goes wrong here goes wrong again at the next attempt.
    pub(super) async fn end_stuck(&self, flow: &str, to: &str) {
        let Ok(rows) = self.runs_to(flow, to, &[("status", "active")]).await else { return };
        for execution in rows.iter().filter_map(|row| id(row).ok()) {
            let Ok(context) = self.context(flow, execution).await else { continue };
            let over = match self.dialled(flow, execution, &context).await {
                Ok(Dialled::Call(record)) => record.stage().is_over(),
                _ => false,
            };
            if over {
                let ended = self.end_run(flow, execution).await.is_ok();
                tracing::warn!(ended, "a run at the carrier outlived its call and kept the next from starting");
            }
        }
    }

    pub(super) async fn end_run(&self, flow: &str, execution: &str) -> Result<(), Miss> {
        let url = self.studio_url(&["Flows", flow, "Executions", execution], &[]);
        self.post(url, &[("Status", "ended")]).await.map(|_| ())
    }

    /// What a run knows: its data, and what its widgets have heard.
    pub(super) async fn context(&self, flow: &str, execution: &str) -> Result<Value, Miss> {
        let url = self.studio_url(&["Flows", flow, "Executions", execution, "Context"], &[]);
        let answer = self.get(url).await?;
        match answer.get("context") {
            Some(context @ Value::Object(_)) => Ok(context.clone()),
            _ => Err(Miss::Unreadable("its answer holds no context".into())),
        }
    }

    /// The record of a run's call, once there is one. A run tells its call only when that is answered or over; until then
    /// it is the newest call to the number since the run began, because calls to one number go one at a time.
    pub(super) async fn dialled(&self, flow: &str, execution: &str, context: &Value) -> Result<Dialled, Miss> {
        if let Some(call) = flow::call_sid(context) {
            return self.record(call).await.map(Dialled::Call);
        }
        let run = self.get(self.studio_url(&["Flows", flow, "Executions", execution], &[])).await?;
        let none = if json::text(&run, "status") == Some("ended") { Dialled::Never } else { Dialled::NotYet };
        let (Some(to), Some(begun)) = (json::text(&run, "contact_channel_address"), json::time(&run, "date_created"))
        else {
            return Ok(none);
        };
        let query = [("To", to), ("From", self.inner.from.as_str()), ("PageSize", "5")];
        let rows = self.list(self.account_url(&["Calls.json"], &query), "calls", 1, |_| false).await?;
        // Both times are Twilio's own and to the second.
        let newest = rows.into_iter().find(|row| json::time(row, "date_created").is_some_and(|made| made >= begun));
        Ok(newest.map_or(none, |row| Dialled::Call(Record(row))))
    }

    /// How far a run's call has come.
    pub(super) async fn run_status(&self, flow: &str, execution: &str) -> Result<CallStatus, CarrierError> {
        let context = self.context(flow, execution).await?;
        let record = match (self.dialled(flow, execution, &context).await?, flow::call_status(&context)) {
            (Dialled::Call(record), _) => record,
            (_, Some(word)) => return Ok(status(&context, stage::of(word), None)),
            (Dialled::Never, None) => return Ok(status(&context, stage::never_called(), None)),
            (Dialled::NotYet, None) => return Ok(status(&context, CallStage::Waiting, None)),
        };
        let stage = self.told(&record).await;
        if stage != CallStage::Ended || flow::key(&context).is_some() {
            return Ok(status(&context, stage, Some(&record)));
        }
        // The key may have been pressed, and the call ended, between the two answers: a key must not be lost.
        let context = self.context(flow, execution).await?;
        Ok(status(&context, stage, Some(&record)))
    }
}

fn status(context: &Value, stage: CallStage, record: Option<&Record>) -> CallStatus {
    let by = stage::answered_by(flow::answered_by(context).or(record.and_then(Record::answered_by)));
    CallStatus { stage, by, key: flow::key(context), asks: true, seconds: record.and_then(Record::seconds) }
}
