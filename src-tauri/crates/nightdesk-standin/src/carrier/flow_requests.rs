//! Flows: validate, create, update, fetch, list.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::account::mint;
use super::definition::{Definition, read};
use super::exchange::State;
use super::flow::Flow;
use super::form::Form;
use super::listing::Page;
use super::parameters::{CREATE_FLOW, LIST_FLOWS};
use super::refusal::{Outcome, Refusal, Reply};
use super::server::Desk;

/// A definition with what is wrong with it.
type Reading = (Value, Result<Definition, Vec<Value>>);

fn definition(form: &Form) -> Result<Option<Reading>, Refusal> {
    let Some(text) = form.filled("Definition") else { return Ok(None) };
    let value: Value = serde_json::from_str(text).map_err(|error| Refusal::parameter(error.to_string()))?;
    let reading = read(&value);
    Ok(Some((value, reading)))
}

fn missing(name: &str) -> Refusal {
    Refusal::parameter(format!("Missing required parameter {name} in the post body"))
}

fn invalid(errors: Vec<Value>) -> Refusal {
    let details = json!({ "errors": errors, "warnings": [] });
    Refusal { details: Some(details), ..Refusal::parameter("Flow definition failed validation") }
}

pub(crate) fn validate(form: &Form) -> Outcome {
    form.check(CREATE_FLOW)?;
    for name in ["FriendlyName", "Status"] {
        form.filled(name).ok_or_else(|| missing(name))?;
    }
    let (_, reading) = definition(form)?.ok_or_else(|| missing("Definition"))?;
    reading.map(|_| Reply::ok(json!({ "valid": true }))).map_err(invalid)
}

pub(crate) fn create(state: &mut State, desk: &Desk<'_>, form: &Form, now: DateTime<Utc>) -> Outcome {
    form.check(CREATE_FLOW)?;
    let name = form.filled("FriendlyName").ok_or_else(|| missing("FriendlyName"))?;
    let mut flow = Flow {
        sid: mint("FW"),
        friendly_name: name.to_owned(),
        published: false,
        definition: Value::Null,
        live: None,
        revision: 0,
        commit_message: None,
        errors: Vec::new(),
        created: now,
        updated: None,
    };
    let reading = definition(form)?.ok_or_else(|| missing("Definition"))?;
    revise(&mut flow, form, Some(reading))?;
    let wire = flow.wire(desk.account, desk.base, false);
    state.flows.push(flow);
    Ok(Reply::created(wire))
}

pub(crate) fn update(
    state: &mut State,
    desk: &Desk<'_>,
    sid: &str,
    form: &Form,
    path: &str,
    now: DateTime<Utc>,
) -> Outcome {
    form.check(CREATE_FLOW)?;
    let flow = state.flows.iter_mut().find(|flow| flow.sid == sid).ok_or_else(|| Refusal::not_found(path))?;
    let mut revised = flow.clone();
    revise(&mut revised, form, definition(form)?)?;
    revised.updated = Some(now);
    if let Some(name) = form.filled("FriendlyName") {
        name.clone_into(&mut revised.friendly_name);
    }
    *flow = revised;
    Ok(Reply::ok(flow.wire(desk.account, desk.base, false)))
}

/// A new revision. A draft may be wrong; what is published may not.
fn revise(flow: &mut Flow, form: &Form, reading: Option<Reading>) -> Result<(), Refusal> {
    let status = form.filled("Status").ok_or_else(|| missing("Status"))?;
    let (value, reading) = match reading {
        Some(reading) => reading,
        None => (flow.definition.clone(), read(&flow.definition)),
    };
    flow.revision += 1;
    flow.published = status == "published";
    flow.definition = value;
    flow.commit_message = form.filled("CommitMessage").map(str::to_owned);
    match reading {
        Ok(definition) => {
            flow.errors = Vec::new();
            if flow.published {
                flow.live = Some((flow.revision, Arc::new(definition)));
            }
        }
        Err(errors) if flow.published => return Err(invalid(errors)),
        Err(errors) => flow.errors = errors,
    }
    Ok(())
}

pub(crate) fn fetch(state: &State, desk: &Desk<'_>, sid: &str, path: &str) -> Outcome {
    let flow = state.flows.iter().find(|flow| flow.sid == sid).ok_or_else(|| Refusal::not_found(path))?;
    Ok(Reply::ok(flow.wire(desk.account, desk.base, false)))
}

pub(crate) fn list(state: &State, desk: &Desk<'_>, query: &Form, path: &str) -> Outcome {
    query.check(LIST_FLOWS)?;
    let flows = state.flows.iter().rev();
    let rows = flows.map(|flow| (flow.sid.clone(), flow.wire(desk.account, desk.base, true))).collect();
    Ok(Reply::ok(Page::of(query, rows)?.with_meta(desk.base, path, query, "flows")))
}
