//! Executions: create, fetch, list, end, and what they hold.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::exchange::State;
use super::execution::Execution;
use super::form::{Form, is_number};
use super::listing::Page;
use super::parameters::{CREATE_EXECUTION, LIST_EXECUTIONS, LIST_FLOWS, UPDATE_EXECUTION};
use super::refusal::{Outcome, Refusal, Reply};
use super::server::Desk;

pub(crate) fn create(
    state: &mut State,
    desk: &Desk<'_>,
    flow_sid: &str,
    form: &Form,
    path: &str,
    now: DateTime<Utc>,
) -> Outcome {
    form.check(CREATE_EXECUTION)?;
    let field = |name: &str| {
        let missing = || Refusal::parameter(format!("Missing required parameter {name} in the post body"));
        form.filled(name).ok_or_else(missing)
    };
    let (to, from) = (field("To")?, field("From")?);
    let flow = state.flows.iter().find(|flow| flow.sid == flow_sid).ok_or_else(|| Refusal::not_found(path))?;
    let Some((version, definition)) = flow.live.clone() else {
        return Err(Refusal::new(404, 20_404, "This flow has no published revision"));
    };
    if !is_number(to) {
        return Err(Refusal::new(400, 21_211, format!("Invalid 'To' Phone Number: {to}")));
    }
    if from != desk.account.number {
        return Err(Refusal::new(400, 21_210, format!("Source phone number {from} is not yours")));
    }
    let active = |one: &&Execution| {
        one.over.is_none() && one.to == to && one.from == from && one.is_active(&state.run(one), now)
    };
    if let Some(other) = state.executions.iter().find(active) {
        let message = format!("Execution {} is already active for this contact: end it first", other.sid);
        return Err(Refusal::new(409, 20_409, message));
    }
    let parameters = match form.filled("Parameters") {
        Some(text) => serde_json::from_str(text).map_err(|error| Refusal::parameter(error.to_string()))?,
        None => json!({}),
    };
    let execution = Execution::new((flow_sid, version, definition), to, from, parameters, now);
    let sid = execution.sid.clone();
    state.executions.push(execution);
    state.settle(now);
    let made = find(state, flow_sid, &sid, path)?;
    Ok(Reply::created(made.wire(&state.run(made), desk.account, desk.base, now)))
}

fn find<'a>(state: &'a State, flow_sid: &str, sid: &str, path: &str) -> Result<&'a Execution, Refusal> {
    let found = state.executions.iter().find(|one| one.sid == sid && one.flow_sid == flow_sid);
    found.ok_or_else(|| Refusal::not_found(path))
}

/// What of an execution is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    Whole,
    Context,
    Steps,
}

pub(crate) fn fetch(
    state: &State,
    desk: &Desk<'_>,
    (flow_sid, sid, part): (&str, &str, Part),
    query: &Form,
    path: &str,
    now: DateTime<Utc>,
) -> Outcome {
    let execution = find(state, flow_sid, sid, path)?;
    let run = state.run(execution);
    Ok(Reply::ok(match part {
        Part::Whole => execution.wire(&run, desk.account, desk.base, now),
        Part::Context => execution.context_wire(&run, desk.account, desk.base, now),
        Part::Steps => {
            query.check(LIST_FLOWS)?;
            let rows = execution.steps_wire(&run, desk.account, desk.base, now);
            Page::of(query, rows)?.with_meta(desk.base, path, query, "steps")
        }
    }))
}

/// Ends an execution. What its call is saying at that moment is still said to the end.
pub(crate) fn update(
    state: &mut State,
    desk: &Desk<'_>,
    flow_sid: &str,
    sid: &str,
    form: &Form,
    path: &str,
    now: DateTime<Utc>,
) -> Outcome {
    form.check(UPDATE_EXECUTION)?;
    let Some(status) = form.filled("Status") else {
        return Err(Refusal::parameter("Missing required parameter Status in the post body"));
    };
    let active = {
        let execution = find(state, flow_sid, sid, path)?;
        execution.is_active(&state.run(execution), now)
    };
    if status == "active" && !active {
        return Err(Refusal::new(400, 20_001, "An ended execution can't be made active again"));
    }
    if status == "ended" && active {
        for execution in state.executions.iter_mut().filter(|one| one.sid == sid) {
            execution.stopped = Some(now);
        }
    }
    let execution = find(state, flow_sid, sid, path)?;
    Ok(Reply::ok(execution.wire(&state.run(execution), desk.account, desk.base, now)))
}

pub(crate) fn list(
    state: &State,
    desk: &Desk<'_>,
    flow_sid: &str,
    query: &Form,
    path: &str,
    now: DateTime<Utc>,
) -> Outcome {
    query.check(LIST_EXECUTIONS)?;
    if !state.flows.iter().any(|flow| flow.sid == flow_sid) {
        return Err(Refusal::not_found(path));
    }
    let moment = |name: &str| match query.filled(name).map(DateTime::parse_from_rfc3339) {
        None => Ok(None),
        Some(Ok(at)) => Ok(Some(at.to_utc())),
        Some(Err(_)) => Err(Refusal::parameter(format!("{name} is not a date"))),
    };
    let (from, to) = (moment("DateCreatedFrom")?, moment("DateCreatedTo")?);
    let rows: Vec<(String, Value)> = state
        .executions
        .iter()
        .rev()
        .filter(|one| one.flow_sid == flow_sid)
        .filter(|one| from.is_none_or(|from| one.created >= from) && to.is_none_or(|to| one.created <= to))
        .map(|one| (one, state.run(one)))
        .filter(|(one, run)| {
            query.filled("status").is_none_or(|wanted| (wanted == "active") == one.is_active(run, now))
        })
        .map(|(one, run)| (one.sid.clone(), one.wire(&run, desk.account, desk.base, now)))
        .collect();
    Ok(Reply::ok(Page::of(query, rows)?.with_meta(desk.base, path, query, "executions")))
}
