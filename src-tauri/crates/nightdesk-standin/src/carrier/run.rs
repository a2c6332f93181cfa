//! A flow's run, computed from its start: which widget when, what it said, and what it wrote into the context.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::conversation::{Conversation, Question, Reaction, Utterance};
use super::definition::{Definition, Kind, Widget};
use super::leg::{Leg, Meddling};
use super::ring::{Detection, Dial, LONGEST, Rung, ring};
use super::script::OnCall;
use super::twiml::{application_error, repeated};
use super::{liquid, markup, split};

/// The vendor stops a flow at so many visits of one widget in a row, and after so many steps.
const MOST_VISITS: usize = 10;
const MOST_STEPS: usize = 1_000;

/// A call that a flow has made.
pub(crate) struct Made<'a> {
    pub(crate) sid: &'a str,
    pub(crate) phone: &'a OnCall,
    pub(crate) meddling: &'a Meddling,
}

/// One transition.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) at: DateTime<Utc>,
    pub(crate) event: String,
    pub(crate) from: String,
    pub(crate) to: Option<String>,
}

/// What has become of a run, as far as its calls are known.
pub(crate) struct Run {
    pub(crate) steps: Vec<Step>,
    pub(crate) writes: Vec<(DateTime<Utc>, String, Value)>,
    pub(crate) legs: Vec<Leg>,
    /// When it is over; `None` while it waits for a call that isn't made yet.
    pub(crate) over: Option<DateTime<Utc>>,
    /// The next call to make: when, to whom, from whom.
    pub(crate) wants: Option<(DateTime<Utc>, String, String)>,
}

/// What a run starts from.
pub(crate) struct Start<'a> {
    pub(crate) definition: &'a Definition,
    pub(crate) context: Value,
    pub(crate) at: DateTime<Utc>,
    /// When somebody ended it from outside.
    pub(crate) stopped: Option<DateTime<Utc>>,
    pub(crate) calls: &'a [Made<'a>],
}

struct Runner<'a> {
    start: &'a Start<'a>,
    now: DateTime<Utc>,
    context: Value,
    talk: Option<(Leg, Conversation)>,
    run: Run,
}

/// How a widget was left.
enum Exit {
    Event(&'static str),
    /// Through this transition of the widget.
    Through(usize),
    End,
    Waits,
}

/// Runs a flow.
pub(crate) fn run(start: &Start<'_>) -> Run {
    let run = Run { steps: Vec::new(), writes: Vec::new(), legs: Vec::new(), over: None, wants: None };
    let mut runner = Runner { start, now: start.at, context: start.context.clone(), talk: None, run };
    runner.go();
    runner.run
}

impl Runner<'_> {
    fn go(&mut self) {
        let mut name = self.start.definition.initial.clone();
        let mut visits = 0;
        while let Some(widget) = self.start.definition.widgets.get(&name) {
            if self.start.stopped.is_some_and(|at| at <= self.now) || self.run.steps.len() >= MOST_STEPS {
                break;
            }
            let transition = match self.visit(&name, widget) {
                Exit::Waits => return,
                Exit::End => None,
                Exit::Through(at) => widget.transitions.get(at),
                Exit::Event(event) => widget.transitions.iter().find(|one| one.event == event),
            };
            let Some(transition) = transition else { break };
            let next = transition.next.clone();
            self.run.steps.push(Step {
                at: self.now,
                event: transition.event.clone(),
                from: name.clone(),
                to: next.clone(),
            });
            let Some(next) = next else { break };
            visits = if next == name { visits + 1 } else { 0 };
            if visits >= MOST_VISITS {
                break;
            }
            name = next;
        }
        self.hang_up();
        self.run.over = Some(self.start.stopped.map_or(self.now, |at| at.min(self.now)));
    }

    fn visit(&mut self, name: &str, widget: &Widget) -> Exit {
        match widget.kind {
            Kind::Trigger => Exit::Event("incomingRequest"),
            Kind::Call => self.call(name, widget),
            Kind::Split => self.split(widget),
            Kind::Gather => self.gather(name, widget),
            Kind::Say => self.say(widget),
        }
    }

    fn call(&mut self, name: &str, widget: &Widget) -> Exit {
        self.hang_up();
        let (to, from) = (self.field(widget, "to"), self.field(widget, "from"));
        let Some(made) = self.start.calls.get(self.run.legs.len()) else {
            self.run.wants = Some((self.now, to, from));
            return Exit::Waits;
        };
        let detects = widget.properties.get("detect_answering_machine").and_then(Value::as_bool) == Some(true);
        let detection = match (detects, self.field(widget, "machine_detection").as_str()) {
            (false, _) => Detection::Off,
            (true, "DetectMessageEnd") => Detection::MessageEnd,
            (true, _) => Detection::Start,
        };
        let dial = Dial {
            at: self.now,
            timeout: TimeDelta::seconds(self.number(widget, "timeout", 60)),
            send_digits: Some(self.field(widget, "send_digits")).filter(|digits| !digits.is_empty()),
            detection,
            time_limit: LONGEST,
        };
        match ring(&dial, made.phone, made.meddling) {
            Rung::Over(leg) => {
                self.now = leg.ended;
                self.write(name, json!({ "CallSid": made.sid, "CallStatus": leg.outcome, "To": to, "From": from }));
                let event = match leg.outcome {
                    "busy" => Exit::Event("busy"),
                    "no-answer" => Exit::Event("noAnswer"),
                    "failed" => Exit::Event("failed"),
                    _ => Exit::End,
                };
                self.run.legs.push(leg);
                event
            }
            Rung::Talk(leg, talk) => {
                self.now = talk.now();
                let gone = talk.is_over();
                // What is written here stays: the vendor's context isn't told when the call ends later.
                let mut values = Map::new();
                for (key, value) in [("CallSid", made.sid), ("CallStatus", "in-progress"), ("To", &to), ("From", &from)]
                {
                    values.insert(key.to_owned(), json!(value));
                }
                if let Some((_, who)) = leg.detected {
                    values.insert("AnsweredBy".to_owned(), json!(who));
                }
                self.write(name, Value::Object(values));
                self.talk = Some((leg, talk));
                if gone { Exit::End } else { Exit::Event("answered") }
            }
        }
    }

    fn split(&mut self, widget: &Widget) -> Exit {
        let matched = widget.transitions.iter().position(|transition| {
            transition.event == "match"
                && transition.conditions.iter().all(|condition| {
                    let argument = liquid::render(&condition.argument, &self.context);
                    let value = liquid::render(&condition.value, &self.context);
                    split::holds(&condition.kind, &argument, &value) == Some(true)
                })
        });
        matched.map_or(Exit::Event("noMatch"), Exit::Through)
    }

    fn gather(&mut self, name: &str, widget: &Widget) -> Exit {
        let Some(prompt) = self.speech(widget) else { return Exit::End };
        let question = Question {
            count: Some(self.number(widget, "number_of_digits", 0))
                .and_then(|count| usize::try_from(count).ok())
                .filter(|count| *count > 0),
            patience: TimeDelta::seconds(self.number(widget, "timeout", 5)),
            finish: match widget.properties.get("finish_on_key") {
                None => Some('#'),
                Some(_) => self.field(widget, "finish_on_key").chars().next(),
            },
        };
        let Some((_, talk)) = &mut self.talk else { return Exit::End };
        let reaction = talk.ask(&prompt, question);
        self.now = talk.now();
        match reaction {
            Reaction::Gone => Exit::End,
            Reaction::Silence => Exit::Event("timeout"),
            Reaction::Keys(digits) => {
                self.write(name, json!({ "Digits": digits, "CallStatus": "in-progress", "msg": "Gather End" }));
                Exit::Event("keypress")
            }
        }
    }

    fn say(&mut self, widget: &Widget) -> Exit {
        let Some(utterances) = self.speech(widget) else { return Exit::End };
        let Some((_, talk)) = &mut self.talk else { return Exit::End };
        talk.say(&utterances);
        self.now = talk.now();
        if talk.is_over() { Exit::End } else { Exit::Event("audioComplete") }
    }

    /// The widget's words, its repeats included. What can't be read as markup is an application error, and the end.
    fn speech(&mut self, widget: &Widget) -> Option<Vec<Utterance>> {
        let text = self.field(widget, "say");
        let once = markup::parse(&text).and_then(|content| markup::speech(&content));
        match once {
            Ok(once) => Some(repeated(&once, self.number(widget, "loop", 1))),
            Err(_) => {
                if let Some((_, talk)) = &mut self.talk {
                    application_error(talk);
                    self.now = talk.now();
                }
                None
            }
        }
    }

    fn field(&self, widget: &Widget, name: &str) -> String {
        match widget.properties.get(name) {
            Some(Value::String(text)) => liquid::render(text, &self.context),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
            _ => String::new(),
        }
    }

    fn number(&self, widget: &Widget, name: &str, usual: i64) -> i64 {
        self.field(widget, name).trim().parse().unwrap_or(usual)
    }

    fn write(&mut self, name: &str, values: Value) {
        if let Some(widgets) = self.context.get_mut("widgets").and_then(Value::as_object_mut) {
            widgets.insert(name.to_owned(), values.clone());
        }
        self.run.writes.push((self.now, name.to_owned(), values));
    }

    fn hang_up(&mut self) {
        if let Some((leg, talk)) = self.talk.take() {
            self.run.legs.push(leg.closed(talk));
        }
    }
}
