//! From dialling to an answer, or to none.

use chrono::{DateTime, TimeDelta, Utc};

use super::conversation::{Answerer, Conversation};
use super::hand::Hand;
use super::leg::{Leg, Meddling};
use super::script::{OnCall, span};

const DIALLING: TimeDelta = TimeDelta::seconds(1);
/// Twilio rings so much longer than it was told.
const BUFFER: TimeDelta = TimeDelta::seconds(5);
const MENU_ANSWERS: TimeDelta = TimeDelta::seconds(2);
const MENU_PATIENCE: TimeDelta = TimeDelta::seconds(20);
const MACHINE_ANSWERS: TimeDelta = TimeDelta::seconds(20);
const GREETING: TimeDelta = TimeDelta::seconds(8);
const HEARS_A_PERSON: TimeDelta = TimeDelta::seconds(2);
const HEARS_A_MACHINE: TimeDelta = TimeDelta::seconds(3);
/// Twilio's longest call, unless told otherwise.
pub(crate) const LONGEST: TimeDelta = TimeDelta::hours(4);

/// Answering machine detection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detection {
    Off,
    /// Reports as soon as it knows.
    Start,
    /// Waits for the end of a machine's greeting.
    MessageEnd,
}

/// How a call is dialled.
#[derive(Clone, Debug)]
pub(crate) struct Dial {
    pub(crate) at: DateTime<Utc>,
    pub(crate) timeout: TimeDelta,
    pub(crate) send_digits: Option<String>,
    pub(crate) detection: Detection,
    pub(crate) time_limit: TimeDelta,
}

/// What came of dialling.
pub(crate) enum Rung {
    /// Nobody answered.
    Over(Leg),
    /// Somebody did. The leg has no end yet.
    Talk(Leg, Conversation),
}

/// Who is at the other end, once something has answered.
struct Pickup {
    after: TimeDelta,
    who: Answerer,
    joined: TimeDelta,
    leaves: Option<TimeDelta>,
    presses: Vec<(TimeDelta, char)>,
}

impl Pickup {
    fn at_once(after: TimeDelta, who: Answerer) -> Self {
        Self { after, who, joined: after, leaves: None, presses: Vec::new() }
    }
}

/// Dials, as this phone would take it. All times from the first ring.
pub(crate) fn ring(dial: &Dial, phone: &OnCall, meddling: &Meddling) -> Rung {
    let rings = dial.at + DIALLING;
    let (given_up, outcome) = match phone {
        OnCall::Busy => (rings + TimeDelta::seconds(2), "busy"),
        OnCall::Fails => (rings + TimeDelta::seconds(1), "failed"),
        _ => (rings + dial.timeout + BUFFER, "no-answer"),
    };
    let pickup = picks_up(phone, dial.send_digits.as_deref()).filter(|pickup| rings + pickup.after < given_up);
    let answer = pickup.as_ref().map_or(given_up, |pickup| rings + pickup.after);
    if let Some(at) = meddling.hung_up.filter(|at| *at < answer) {
        return Rung::Over(Leg::unanswered(dial.at, rings, at.max(dial.at), "canceled"));
    }
    let Some(pickup) = pickup else { return Rung::Over(Leg::unanswered(dial.at, rings, given_up, outcome)) };
    talk(dial, rings, pickup, meddling)
}

fn talk(dial: &Dial, rings: DateTime<Utc>, pickup: Pickup, meddling: &Meddling) -> Rung {
    let answered = rings + pickup.after;
    let mut end = answered + dial.time_limit;
    for gone in [pickup.leaves.map(|leaves| rings + leaves), meddling.hung_up].into_iter().flatten() {
        end = end.min(gone);
    }
    // The document: digits to send switch the detection off.
    let detected = match (&dial.send_digits, dial.detection, pickup.who) {
        (Some(_), ..) | (_, Detection::Off, _) => None,
        (_, _, Answerer::Person) => Some((answered + HEARS_A_PERSON, "human")),
        (_, Detection::MessageEnd, Answerer::Machine) => Some((answered + GREETING, "machine_end_beep")),
        (_, _, Answerer::Machine) => Some((answered + HEARS_A_MACHINE, "machine_start")),
        (_, _, Answerer::Menu | Answerer::Nobody) => Some((answered + HEARS_A_MACHINE, "unknown")),
    };
    let keyed = dial.send_digits.as_deref().map_or(TimeDelta::zero(), keying);
    let from = detected.map_or(answered + keyed, |(at, _)| at);
    let mut leg = Leg::unanswered(dial.at, rings, end, "completed");
    leg.answered = Some(answered);
    leg.detected = detected.filter(|(at, _)| *at < end);
    leg.answerer = pickup.who;
    leg.sent_digits.clone_from(&dial.send_digits);
    let hand = Hand::new(pickup.presses, &meddling.pressed);
    Rung::Talk(leg, Conversation::new(from, end, rings + pickup.joined, hand))
}

fn picks_up(phone: &OnCall, send_digits: Option<&str>) -> Option<Pickup> {
    match phone {
        OnCall::NoAnswer | OnCall::Busy | OnCall::Fails => None,
        OnCall::Answers { after, presses } => {
            let presses = presses.iter().map(|(delay, key)| (span(*delay), *key)).collect();
            Some(Pickup { presses, ..Pickup::at_once(span(*after), Answerer::Person) })
        }
        OnCall::Voicemail => Some(Pickup::at_once(MACHINE_ANSWERS, Answerer::Machine)),
        OnCall::HangsUp { after } => {
            let leaves = Some(MENU_ANSWERS + span(*after));
            Some(Pickup { leaves, ..Pickup::at_once(MENU_ANSWERS, Answerer::Menu) })
        }
        OnCall::Menu { digits, then } => {
            let sent: Option<String> =
                send_digits.map(|sent| sent.chars().filter(|key| !key.eq_ignore_ascii_case(&'w')).collect());
            let stranded =
                Pickup { leaves: Some(MENU_ANSWERS + MENU_PATIENCE), ..Pickup::at_once(MENU_ANSWERS, Answerer::Menu) };
            if sent.as_deref() != Some(digits) {
                return Some(stranded);
            }
            // The extension that doesn't answer leaves the caller with the menu.
            let Some(mut inner) = picks_up(then, None) else { return Some(stranded) };
            let put_through = MENU_ANSWERS + send_digits.map_or(TimeDelta::zero(), keying);
            inner.joined += put_through;
            inner.leaves = inner.leaves.map(|leaves| leaves + put_through);
            inner.after = MENU_ANSWERS;
            Some(inner)
        }
    }
}

/// How long it takes to send digits: `w` is half a second, `W` a second.
fn keying(digits: &str) -> TimeDelta {
    digits.chars().map(|key| TimeDelta::milliseconds(if key == 'W' { 1_000 } else { 500 })).sum()
}
