//! A flow's definition, read and checked.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{liquid, split};

/// What a widget does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Trigger,
    Call,
    Split,
    Gather,
    Say,
}

impl Kind {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "trigger" => Self::Trigger,
            "make-outgoing-call-v2" => Self::Call,
            "split-based-on" => Self::Split,
            "gather-input-on-call" => Self::Gather,
            "say-play" => Self::Say,
            _ => return None,
        })
    }

    fn events(self) -> &'static [&'static str] {
        match self {
            Self::Trigger => {
                &["incomingMessage", "incomingCall", "incomingConversationMessage", "incomingRequest", "incomingParent"]
            }
            Self::Call => &["answered", "busy", "noAnswer", "failed"],
            Self::Split => &["match", "noMatch"],
            Self::Gather => &["keypress", "speech", "timeout"],
            Self::Say => &["audioComplete"],
        }
    }

    fn required(self) -> &'static [&'static str] {
        match self {
            Self::Trigger | Self::Gather | Self::Say => &[],
            Self::Call => &["to", "from"],
            Self::Split => &["input"],
        }
    }

    /// The properties that the vendor's editor writes; others would have no effect there.
    fn properties(self) -> &'static [&'static str] {
        match self {
            Self::Trigger => &["offset"],
            Self::Call => &[
                "offset",
                "to",
                "from",
                "timeout",
                "record",
                "recording_channels",
                "recording_status_callback",
                "trim",
                "detect_answering_machine",
                "machine_detection",
                "machine_detection_timeout",
                "machine_detection_speech_threshold",
                "machine_detection_speech_end_threshold",
                "machine_detection_silence_timeout",
                "sip_auth_username",
                "sip_auth_password",
                "send_digits",
            ],
            Self::Split => &["offset", "input"],
            Self::Gather => &[
                "offset",
                "say",
                "play",
                "language",
                "voice",
                "loop",
                "timeout",
                "number_of_digits",
                "finish_on_key",
                "stop_gather",
                "hints",
                "gather_language",
                "speech_timeout",
                "speech_model",
                "profanity_filter",
                "save_response_as",
            ],
            Self::Say => &["offset", "say", "play", "digits", "language", "voice", "loop"],
        }
    }
}

/// A condition of a split's match.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) kind: String,
    pub(crate) argument: String,
    pub(crate) value: String,
}

/// A way out of a widget.
#[derive(Clone, Debug)]
pub(crate) struct Transition {
    pub(crate) event: String,
    pub(crate) next: Option<String>,
    pub(crate) conditions: Vec<Condition>,
}

/// One widget.
#[derive(Clone, Debug)]
pub(crate) struct Widget {
    pub(crate) kind: Kind,
    pub(crate) properties: Map<String, Value>,
    pub(crate) transitions: Vec<Transition>,
}

/// A definition that makes sense.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) initial: String,
    pub(crate) widgets: BTreeMap<String, Widget>,
}

/// What is wrong with a definition, in the form in which the vendor lists it.
#[derive(Default)]
struct Complaints(Vec<Value>);

impl Complaints {
    fn add(&mut self, place: &str, message: &str) {
        self.0.push(json!({ "message": message, "property_path": format!("#{place}") }));
    }
}

/// Reads a definition, or lists what is wrong with it.
pub(crate) fn read(definition: &Value) -> Result<Definition, Vec<Value>> {
    let mut wrong = Complaints::default();
    let mut widgets = BTreeMap::new();
    let states = definition.get("states").and_then(Value::as_array);
    if states.is_none() {
        wrong.add("/states", "states is missing");
    }
    for (at, state) in states.into_iter().flatten().enumerate() {
        let place = format!("/states/{at}");
        let name = state.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        if name.is_empty() || widgets.contains_key(&name) {
            wrong.add(&format!("{place}/name"), "a name is missing or not unique");
        }
        match state.get("type").and_then(Value::as_str).and_then(Kind::named) {
            None => wrong.add(&format!("{place}/type"), "the stand-in doesn't know this widget type"),
            Some(kind) => {
                widgets.insert(name, widget(kind, state, &place, &mut wrong));
            }
        }
    }
    let initial = definition.get("initial_state").and_then(Value::as_str).unwrap_or_default().to_owned();
    if widgets.get(&initial).is_none_or(|widget| widget.kind != Kind::Trigger) {
        wrong.add("/initial_state", "the initial state isn't a trigger");
    }
    for (name, widget) in &widgets {
        for next in widget.transitions.iter().filter_map(|transition| transition.next.as_ref()) {
            if !widgets.contains_key(next) {
                wrong.add(&format!("/states/{name}/transitions"), &format!("there is no {next}"));
            }
        }
    }
    if wrong.0.is_empty() { Ok(Definition { initial, widgets }) } else { Err(wrong.0) }
}

fn widget(kind: Kind, state: &Value, place: &str, wrong: &mut Complaints) -> Widget {
    let properties = state.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    for name in kind.required().iter().filter(|name| !properties.contains_key(**name)) {
        wrong.add(&format!("{place}/properties/{name}"), "a required property is missing");
    }
    if matches!(kind, Kind::Gather | Kind::Say) && !properties.contains_key("say") {
        wrong.add(&format!("{place}/properties/say"), "the stand-in speaks and plays no recordings");
    }
    for (name, value) in &properties {
        let place = format!("{place}/properties/{name}");
        if !kind.properties().contains(&name.as_str()) {
            wrong.add(&place, "this property is unknown");
        }
        if let Some(fault) = value.as_str().and_then(liquid::fault) {
            wrong.add(&place, &fault);
        }
    }
    let list = state.get("transitions").and_then(Value::as_array).cloned().unwrap_or_default();
    let transitions = list.iter().enumerate().map(|(at, one)| {
        let place = format!("{place}/transitions/{at}");
        transition(kind, one, &place, wrong)
    });
    Widget { kind, transitions: transitions.collect(), properties }
}

fn transition(kind: Kind, value: &Value, place: &str, wrong: &mut Complaints) -> Transition {
    let text = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let event = text(value, "event");
    if !kind.events().contains(&event.as_str()) {
        wrong.add(&format!("{place}/event"), "this widget has no such event");
    }
    let listed = value.get("conditions").and_then(Value::as_array).cloned().unwrap_or_default();
    let conditions: Vec<Condition> = listed
        .iter()
        .map(|one| Condition {
            kind: text(one, "type"),
            argument: one.pointer("/arguments/0").and_then(Value::as_str).unwrap_or_default().to_owned(),
            value: text(one, "value"),
        })
        .collect();
    if (event == "match") == conditions.is_empty() {
        wrong.add(&format!("{place}/conditions"), "conditions belong to a match, and a match needs them");
    }
    if conditions.iter().any(|condition| !split::KINDS.contains(&condition.kind.as_str())) {
        wrong.add(&format!("{place}/conditions"), "the stand-in doesn't know this kind of condition");
    }
    let next = value.get("next").and_then(Value::as_str).map(str::to_owned);
    Transition { event, next, conditions }
}
