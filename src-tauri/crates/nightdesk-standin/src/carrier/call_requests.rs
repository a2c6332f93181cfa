//! Calls: create, fetch, list, hang up.

use chrono::{DateTime, TimeDelta, Utc};

use super::account::Account;
use super::call::{Cause, PlacedCall};
use super::exchange::State;
use super::form::{Form, is_number};
use super::listing::{DateRange, Page};
use super::parameters::{CREATE_CALL, LIST_CALLS, LIST_NOTIFICATIONS, UPDATE_CALL};
use super::refusal::{Outcome, Refusal, Reply};
use super::ring::{Detection, Dial, LONGEST};

const MOST_TWIML: usize = 4_000;
const MOST_DIGITS: usize = 32;

pub(crate) fn create(state: &mut State, account: &Account, form: &Form, now: DateTime<Utc>) -> Outcome {
    form.check(CREATE_CALL)?;
    let refuse = |code: u32, message: &str| Err(Refusal::new(400, code, message));
    let Some(to) = form.filled("To") else { return refuse(21_201, "No 'To' number is specified") };
    let Some(from) = form.filled("From") else { return refuse(21_213, "No 'From' number is specified") };
    if !is_number(to) {
        return Err(Refusal::new(400, 21_217, format!("Phone number {to} does not appear to be valid")));
    }
    if !is_number(from) {
        return Err(Refusal::new(400, 21_212, format!("Invalid 'From' Phone Number: {from}")));
    }
    if from != account.number {
        return Err(Refusal::new(400, 21_210, format!("Source phone number {from} is not yours")));
    }
    let Some(document) = form.filled("Twiml") else {
        return refuse(21_205, "The stand-in can fetch nothing: give the instructions as Twiml");
    };
    if document.chars().count() > MOST_TWIML {
        return Err(Refusal::parameter("Twiml is longer than 4000 characters"));
    }
    let send_digits = form.filled("SendDigits").map(str::to_owned);
    if let Some(digits) = &send_digits
        && (digits.len() > MOST_DIGITS || !digits.chars().all(|key| "0123456789*#wW".contains(key)))
    {
        return Err(Refusal::parameter(format!("SendDigits can't be {digits:?}")));
    }
    let dial = Dial {
        at: now,
        timeout: TimeDelta::seconds(form.number("Timeout").unwrap_or(60)),
        send_digits,
        detection: match form.get("MachineDetection") {
            Some("Enable") => Detection::Start,
            Some("DetectMessageEnd") => Detection::MessageEnd,
            _ => Detection::Off,
        },
        time_limit: form.number("TimeLimit").map_or(LONGEST, TimeDelta::seconds),
    };
    let phone = state.script(to).take_call();
    let call = PlacedCall::new(from, to, now, Cause::Twiml { document: document.to_owned(), dial }, phone);
    let wire = call.wire(&state.leg(&call), account, now);
    state.calls.push(call);
    Ok(Reply::created(wire))
}

pub(crate) fn fetch(state: &State, account: &Account, sid: &str, path: &str, now: DateTime<Utc>) -> Outcome {
    let call = state.calls.iter().find(|call| call.sid == sid).ok_or_else(|| Refusal::not_found(path))?;
    Ok(Reply::ok(call.wire(&state.leg(call), account, now)))
}

/// Hangs up. `canceled` is for calls that nobody has answered yet; `completed` ends any.
pub(crate) fn update(
    state: &mut State,
    account: &Account,
    sid: &str,
    form: &Form,
    path: &str,
    now: DateTime<Utc>,
) -> Outcome {
    form.check(UPDATE_CALL)?;
    let Some(status) = form.filled("Status") else { return Err(Refusal::parameter("Status is missing")) };
    let at = state.calls.iter().position(|call| call.sid == sid).ok_or_else(|| Refusal::not_found(path))?;
    let before = state.leg(&state.calls[at]);
    let answered = before.answered.is_some_and(|answered| now >= answered);
    if before.is_over(now) || (status == "canceled" && answered) {
        return Err(Refusal::new(400, 21_220, "Invalid call state: the call can't be ended so any more"));
    }
    state.calls[at].meddling.hung_up = Some(now);
    let call = &state.calls[at];
    Ok(Reply::ok(call.wire(&state.leg(call), account, now)))
}

pub(crate) fn list(state: &State, account: &Account, query: &Form, path: &str, now: DateTime<Utc>) -> Outcome {
    query.check(LIST_CALLS)?;
    let (started, ended) = (DateRange::of(query, "StartTime")?, DateRange::of(query, "EndTime")?);
    let mut found: Vec<_> = state
        .calls
        .iter()
        .filter(|call| query.filled("To").is_none_or(|to| call.to == to))
        .filter(|call| query.filled("From").is_none_or(|from| call.from == from))
        .filter(|_| query.filled("ParentCallSid").is_none())
        .map(|call| (call, state.leg(call)))
        .filter(|(_, leg)| query.filled("Status").is_none_or(|status| leg.status(now) == status))
        .filter(|(_, leg)| DateRange::holds(started, Some(leg.rings).filter(|at| now >= *at)))
        .filter(|(_, leg)| DateRange::holds(ended, Some(leg.ended).filter(|at| now >= *at)))
        .collect();
    found.reverse();
    found.sort_by_key(|(call, _)| std::cmp::Reverse(call.at));
    let rows = found.into_iter().map(|(call, leg)| (call.sid.clone(), call.wire(&leg, account, now))).collect();
    Ok(Reply::ok(Page::of(query, rows)?.flat(path, query, "calls")))
}

/// What the carrier's own log says of a call. Why a call can't be connected is a secret of the script's: the log is empty,
/// as it often is.
pub(crate) fn notifications(state: &State, sid: &str, query: &Form, path: &str) -> Outcome {
    query.check(LIST_NOTIFICATIONS)?;
    if !state.calls.iter().any(|call| call.sid == sid) {
        return Err(Refusal::not_found(path));
    }
    Ok(Reply::ok(Page::of(query, Vec::new())?.flat(path, query, "notifications")))
}
