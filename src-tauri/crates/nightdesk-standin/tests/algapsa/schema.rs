//! As much of JSON Schema as the vendor's document uses.

use chrono::DateTime;
use serde_json::{Map, Value};

/// The schema of a name, or the one that a reference leads to.
pub fn named<'a>(document: &'a Value, name: &str) -> &'a Value {
    let schema = &document["components"]["schemas"][name.rsplit('/').next().unwrap()];
    assert!(schema.is_object(), "{name} is in the document");
    schema
}

/// Fails with every place where a value doesn't fit a schema.
pub fn assert_fits(document: &Value, schema: &Value, value: &Value, what: &str) {
    let mut faults = Vec::new();
    check(document, schema, value, what, &mut faults);
    assert!(faults.is_empty(), "{}\n{value:#}", faults.join("\n"));
}

fn check(document: &Value, schema: &Value, value: &Value, place: &str, faults: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        return check(document, named(document, reference), value, place, faults);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let fits = choices.iter().any(|choice| {
            let mut of_choice = Vec::new();
            check(document, choice, value, place, &mut of_choice);
            of_choice.is_empty()
        });
        if !fits {
            faults.push(format!("{place} fits none of {}", schema["anyOf"]));
        }
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().map(|one| one.as_str().unwrap()).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|one| is_of(value, one)) {
        faults.push(format!("{place} = {value} is not {types:?}"));
        return;
    }
    if value.is_null() {
        return;
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
    {
        faults.push(format!("{place} = {value} is not among {values:?}"));
    }
    let text = value.as_str().unwrap_or_default();
    match schema["format"].as_str() {
        Some("uuid") if !is_uuid(text) => faults.push(format!("{place} = {value} is no UUID")),
        Some("date-time") if DateTime::parse_from_rfc3339(text).is_err() => {
            faults.push(format!("{place} = {value} is no time"));
        }
        _ => {}
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            faults.push(format!("{place} lacks {name}"));
        }
    }
    let empty = Map::new();
    for (name, inner) in schema["properties"].as_object().unwrap_or(&empty) {
        if let Some(field) = value.get(name) {
            check(document, inner, field, &format!("{place}.{name}"), faults);
        }
    }
    if schema["items"].is_object() {
        for (at, item) in value.as_array().into_iter().flatten().enumerate() {
            check(document, &schema["items"], item, &format!("{place}[{at}]"), faults);
        }
    }
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
