//! Messages: create, fetch, list.

use chrono::{DateTime, TimeDelta, Utc};

use super::account::Account;
use super::exchange::State;
use super::form::{Form, is_number};
use super::listing::{DateRange, Page};
use super::parameters::{CREATE_MESSAGE, LIST_MESSAGES};
use super::refusal::{Outcome, Refusal, Reply};
use super::script::OnText;
use super::text::{Message, meaning};

/// The longest body.
const MOST_CHARACTERS: usize = 1_600;
const USUAL_VALIDITY: i64 = 36_000;

pub(crate) fn create(state: &mut State, account: &Account, form: &Form, now: DateTime<Utc>) -> Outcome {
    form.check(CREATE_MESSAGE)?;
    let refuse = |code: u32, message: &str| Err(Refusal::new(400, code, message));
    let Some(to) = form.filled("To") else { return refuse(21_604, "A 'To' phone number is required") };
    if form.filled("MessagingServiceSid").is_some() {
        return refuse(21_701, "The Messaging Service does not exist");
    }
    let Some(from) = form.filled("From") else { return refuse(21_603, "A 'From' phone number is required") };
    let Some(body) = form.filled("Body") else { return refuse(21_602, "Message body is required") };
    if body.chars().count() > MOST_CHARACTERS {
        return refuse(21_617, "The message body exceeds the 1600 character limit");
    }
    if !is_number(to) {
        return Err(Refusal::new(400, 21_211, format!("Invalid 'To' Phone Number: {to}")));
    }
    if !is_number(from) {
        return Err(Refusal::new(400, 21_212, format!("Invalid 'From' Phone Number: {from}")));
    }
    if from != account.number {
        return Err(Refusal::new(400, 21_606, format!("The 'From' number {from} can't send texts for this account")));
    }
    if to == from {
        return refuse(21_266, "'To' and 'From' number cannot be the same");
    }
    if state.has_opted_out(to, now) {
        return refuse(21_610, meaning(21_610));
    }
    let plan = state.script(to).take_text();
    if let OnText::RejectedAtOnce(code) = plan {
        return refuse(code, meaning(code));
    }
    let validity = TimeDelta::seconds(form.number("ValidityPeriod").unwrap_or(USUAL_VALIDITY));
    let text = Message::outbound(from, to, body, validity, &plan, now);
    let wire = text.wire(account, now);
    let answer = text.answer(&plan);
    state.texts.push(text);
    state.texts.extend(answer);
    Ok(Reply::created(wire))
}

pub(crate) fn fetch(state: &State, account: &Account, sid: &str, path: &str, now: DateTime<Utc>) -> Outcome {
    let text = state.texts.iter().find(|text| text.sid == sid && text.created <= now);
    text.map(|text| Reply::ok(text.wire(account, now))).ok_or_else(|| Refusal::not_found(path))
}

pub(crate) fn list(state: &State, account: &Account, query: &Form, path: &str, now: DateTime<Utc>) -> Outcome {
    query.check(LIST_MESSAGES)?;
    let sent = DateRange::of(query, "DateSent")?;
    let mut texts: Vec<&Message> = state
        .texts
        .iter()
        .filter(|text| text.created <= now)
        .filter(|text| query.filled("To").is_none_or(|to| text.to == to))
        .filter(|text| query.filled("From").is_none_or(|from| text.from == from))
        .filter(|text| DateRange::holds(sent, text.date_sent(now)))
        .collect();
    texts.reverse();
    texts.sort_by_key(|text| std::cmp::Reverse(text.created));
    let rows = texts.into_iter().map(|text| (text.sid.clone(), text.wire(account, now))).collect();
    Ok(Reply::ok(Page::of(query, rows)?.flat(path, query, "messages")))
}
