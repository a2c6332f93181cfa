use super::*;
use serde_json::json;
use std::collections::BTreeSet;

fn definition() -> Value {
    serde_json::from_str(DEFINITION).unwrap()
}

fn states() -> Vec<Value> {
    definition()["states"].as_array().unwrap().clone()
}

#[test]
fn every_way_leads_somewhere_and_everything_can_be_reached() {
    let states = states();
    let names: BTreeSet<&str> = states.iter().map(|state| state["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), states.len(), "names are unique");
    let mut reached = BTreeSet::from([definition()["initial_state"].as_str().unwrap().to_owned()]);
    for state in &states {
        for next in state["transitions"].as_array().unwrap().iter().filter_map(|way| way["next"].as_str()) {
            assert!(names.contains(next), "{} leads to {next}", state["name"]);
            reached.insert(next.to_owned());
        }
    }
    assert_eq!(reached.len(), names.len());
}

#[test]
fn the_widgets_that_are_read_are_the_flows_own() {
    let kind = |name: &str| states().iter().find(|state| state["name"] == name).unwrap()["type"].clone();
    for dial in DIALS {
        assert_eq!(kind(dial), "make-outgoing-call-v2");
    }
    assert_eq!(kind(ASKS), "gather-input-on-call");
}

/// Twilio's `Flows/Validate` refuses these as numbers or booleans.
#[test]
fn what_must_be_text_is_text() {
    for state in states() {
        for name in ["trim", "machine_detection_timeout", "profanity_filter", "machine_detection_silence_timeout"] {
            assert!(state["properties"].get(name).is_none_or(Value::is_string), "{name} of {}", state["name"]);
        }
    }
}

/// The keyboard is the only way to be thanked: a voicemail's way never meets the question.
#[test]
fn a_machine_is_never_asked_for_a_key() {
    let states = states();
    let who = states.iter().find(|state| state["name"] == "who").unwrap();
    let machine = who["transitions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|way| way.pointer("/conditions/0/value").is_some_and(|value| value == "machine"));
    assert_eq!(machine.unwrap()["next"], "voicemail");
    let voicemail = states.iter().find(|state| state["name"] == "voicemail").unwrap();
    assert!(voicemail["transitions"].as_array().unwrap().iter().all(|way| way.get("next").is_none()));
}

#[test]
fn what_a_context_tells() {
    let context = json!({
        "flow": { "data": { "marker": "ND-7F3K" } },
        "widgets": {
            "call": { "CallSid": "CA1", "CallStatus": "in-progress", "AnsweredBy": "human" },
            "ack": { "Digits": "1", "CallSid": "CA1" },
        },
    });
    assert_eq!(marker(&context), Some("ND-7F3K"));
    assert_eq!((call_sid(&context), call_status(&context)), (Some("CA1"), Some("in-progress")));
    assert_eq!((answered_by(&context), key(&context)), (Some("human"), Some('1')));
    let menu = json!({ "widgets": { "call_menu": { "CallSid": "CA2" } } });
    assert_eq!(call_sid(&menu), Some("CA2"));
    let asked = json!({ "trigger": { "request": { "parameters": { "marker": "ND-1" } } }, "widgets": {} });
    assert_eq!((marker(&asked), call_sid(&asked), key(&asked)), (Some("ND-1"), None, None));
}

#[test]
fn only_one_or_two_alone_is_a_key() {
    for digits in [json!("*"), json!("12"), json!(""), json!(1), json!("3"), json!(null), json!("1 ")] {
        assert_eq!(key(&json!({ "widgets": { "ack": { "Digits": digits } } })), None, "{digits}");
    }
    assert_eq!(key(&json!({ "widgets": { "ack": { "Digits": "2" } } })), Some('2'));
    for shape in [json!({}), json!({ "widgets": [] }), json!({ "widgets": { "ack": "1" } })] {
        assert_eq!((key(&shape), call_sid(&shape), marker(&shape)), (None, None, None));
    }
}
