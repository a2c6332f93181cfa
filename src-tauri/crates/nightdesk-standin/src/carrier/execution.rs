//! One execution of a flow.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::account::{Account, derived, mint};
use super::definition::Definition;
use super::listing::iso_date;
use super::run::Run;

/// An execution; what has become of it is computed from its start.
#[derive(Clone, Debug)]
pub(crate) struct Execution {
    pub(crate) sid: String,
    pub(crate) flow_sid: String,
    pub(crate) flow_version: u32,
    pub(crate) definition: Arc<Definition>,
    pub(crate) to: String,
    pub(crate) from: String,
    pub(crate) parameters: Value,
    pub(crate) created: DateTime<Utc>,
    /// When somebody ended it from outside.
    pub(crate) stopped: Option<DateTime<Utc>>,
    /// When it was over, once that is past: nothing can change it then.
    pub(crate) over: Option<DateTime<Utc>>,
    contact_sid: String,
}

impl Execution {
    pub(crate) fn new(
        flow: (&str, u32, Arc<Definition>),
        to: &str,
        from: &str,
        parameters: Value,
        created: DateTime<Utc>,
    ) -> Self {
        let (flow_sid, flow_version, definition) = flow;
        Self {
            sid: mint("FN"),
            flow_sid: flow_sid.to_owned(),
            flow_version,
            definition,
            to: to.to_owned(),
            from: from.to_owned(),
            parameters,
            created,
            stopped: None,
            over: None,
            contact_sid: mint("FC"),
        }
    }

    /// The context at its start.
    pub(crate) fn first_context(&self) -> Value {
        json!({
            "flow": {
                "sid": self.sid,
                "flow_sid": self.flow_sid,
                "channel": { "address": self.from },
                "data": self.parameters,
            },
            "contact": { "channel": { "address": self.to } },
            "trigger": { "request": { "to": self.to, "from": self.from, "parameters": self.parameters } },
            "widgets": {},
        })
    }

    /// The context at a moment.
    pub(crate) fn context(&self, run: &Run, now: DateTime<Utc>) -> Value {
        let mut context = self.first_context();
        let widgets = context.get_mut("widgets").and_then(Value::as_object_mut);
        if let Some(widgets) = widgets {
            for (_, name, values) in run.writes.iter().filter(|(at, ..)| *at <= now) {
                widgets.insert(name.clone(), values.clone());
            }
        }
        context
    }

    pub(crate) fn is_active(&self, run: &Run, now: DateTime<Utc>) -> bool {
        let over = self.stopped.or(run.over);
        over.is_none_or(|at| now < at)
    }

    fn url(&self, base: &str) -> String {
        format!("{base}/v2/Flows/{}/Executions/{}", self.flow_sid, self.sid)
    }

    /// The vendor's form.
    pub(crate) fn wire(&self, run: &Run, account: &Account, base: &str, now: DateTime<Utc>) -> Value {
        let url = self.url(base);
        let last = run.steps.iter().map(|step| step.at).chain(run.over).filter(|at| *at <= now).max();
        json!({
            "sid": self.sid,
            "account_sid": account.sid,
            "flow_sid": self.flow_sid,
            "contact_channel_address": self.to,
            "contact_sid": self.contact_sid,
            "flow_version": self.flow_version,
            // As in the document's examples: what it holds is read at its own address.
            "context": {},
            "status": if self.is_active(run, now) { "active" } else { "ended" },
            "date_created": iso_date(self.created),
            "date_updated": iso_date(last.unwrap_or(self.created)),
            "initiated_by": account.sid,
            "url": url,
            "links": { "steps": format!("{url}/Steps"), "execution_context": format!("{url}/Context") },
        })
    }

    pub(crate) fn context_wire(&self, run: &Run, account: &Account, base: &str, now: DateTime<Utc>) -> Value {
        json!({
            "account_sid": account.sid,
            "context": self.context(run, now),
            "flow_sid": self.flow_sid,
            "execution_sid": self.sid,
            "url": format!("{}/Context", self.url(base)),
        })
    }

    /// The steps so far, newest first, each with its id.
    pub(crate) fn steps_wire(
        &self,
        run: &Run,
        account: &Account,
        base: &str,
        now: DateTime<Utc>,
    ) -> Vec<(String, Value)> {
        let sid = |nth: usize| derived("FT", &self.sid, nth);
        let past = run.steps.iter().enumerate().filter(|(_, step)| step.at <= now);
        let rows = past.map(|(nth, step)| {
            let url = format!("{}/Steps/{}", self.url(base), sid(nth));
            let row = json!({
                "sid": sid(nth),
                "account_sid": account.sid,
                "flow_sid": self.flow_sid,
                "execution_sid": self.sid,
                "parent_step_sid": Value::Null,
                "name": step.event,
                "context": {},
                "transitioned_from": step.from,
                "transitioned_to": step.to.as_deref().unwrap_or("Ended"),
                "type": Value::Null,
                "date_created": iso_date(step.at),
                "date_updated": Value::Null,
                "url": url,
                "links": { "step_context": format!("{url}/Context") },
            });
            (sid(nth), row)
        });
        let mut rows: Vec<_> = rows.collect();
        rows.reverse();
        rows
    }
}
