//! Indicators of a report: what kinds, and how many of each.
//!
//! The document says a list of strings and an object of numbers. A live answer had an object where the list belongs, and a
//! consumer that insisted on the document stopped polling over it; so any shape is read and none is a reason to complain.

use super::fields::WORD;
use super::value::{Kind, Value};

/// The kinds of indicators found.
pub(super) fn types(value: Value<'_>) -> Vec<String> {
    let words: Vec<Option<String>> = match value.kind() {
        Kind::List => value.items().into_iter().map(name_of).collect(),
        Kind::Object => {
            let Some(object) = value.object() else { return Vec::new() };
            object.entries().map(|(key, value)| kind_of_entry(key, value)).collect()
        }
        Kind::Text => {
            let text = value.string().unwrap_or_default();
            text.split(',').map(|word| Some(word.trim().chars().take(WORD).collect())).collect()
        }
        Kind::Missing | Kind::Null | Kind::Flag | Kind::Number => Vec::new(),
    };
    words.into_iter().flatten().filter(|word| !word.is_empty()).collect()
}

fn name_of(item: Value<'_>) -> Option<String> {
    item.object().map_or(item, |object| object.first(&["name", "type", "indicator_type"])).word(WORD)
}

/// `{"footholds": true}`, `{"footholds": 2}` and `{"0": "footholds"}` all name footholds.
fn kind_of_entry(key: &str, value: Value<'_>) -> Option<String> {
    match value.kind() {
        Kind::Text if value.whole().is_none() => value.word(WORD),
        Kind::Missing | Kind::Null => None,
        Kind::Flag if !value.is_yes() => None,
        _ if value.whole() == Some(0) => None,
        _ => Some(key.trim().chars().take(WORD).collect()),
    }
}

/// Indicators by kind, zeros included, in the order they came.
pub(super) fn counts(value: Value<'_>) -> Vec<(String, i64)> {
    if let Some(object) = value.object() {
        return object.entries().filter_map(|(key, count)| counted(key, count)).collect();
    }
    value.items().into_iter().flat_map(pair).collect()
}

fn counted(key: &str, count: Value<'_>) -> Option<(String, i64)> {
    let key: String = super::value::clean(key).trim().chars().take(WORD).collect();
    Some((key, count.whole()?)).filter(|(key, _)| !key.is_empty())
}

/// `["footholds", 1]`, `{"name": "footholds", "count": 1}` or `{"footholds": 1}`.
fn pair(item: Value<'_>) -> Vec<(String, i64)> {
    if let [name, count] = item.items()[..] {
        return name.word(WORD).and_then(|name| counted(&name, count)).into_iter().collect();
    }
    let Some(object) = item.object() else { return Vec::new() };
    match object.first(&["name", "type", "indicator_type", "key"]).word(WORD) {
        Some(name) => counted(&name, object.first(&["count", "value", "total"])).into_iter().collect(),
        None => object.entries().filter_map(|(key, count)| counted(key, count)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value<'_> {
        Value::parse(json).unwrap()
    }

    #[test]
    fn types_in_any_shape() {
        for json in [
            r#"["footholds","process_detections"]"#,
            r#"["footholds",null,"",{"name":"process_detections"},{}]"#,
            r#"{"footholds":true,"monitored_files":false,"process_detections":2,"app_control":0,"ai_misuse":null}"#,
            r#"{"0":"footholds","1":"process_detections"}"#,
            r#"{"footholds":{"count":1},"process_detections":["x"],"app_control":"0"}"#,
            r#""footholds, process_detections,""#,
        ] {
            assert_eq!(types(value(json)), ["footholds", "process_detections"], "{json}");
        }
        for json in ["null", "true", "3", "{}", "[]", "\"\""] {
            assert!(types(value(json)).is_empty(), "{json}");
        }
    }

    #[test]
    fn counts_in_any_shape_keep_zeros_and_order() {
        let expected = [("process_detections".to_owned(), 2), ("footholds".to_owned(), 0)];
        for json in [
            r#"{"process_detections":2,"footholds":0,"x":null,"y":[1]}"#,
            r#"{"process_detections":"2","footholds":0.0}"#,
            r#"[["process_detections",2],["footholds",0],["x"],[]]"#,
            r#"[{"name":"process_detections","count":2},{"type":"footholds","value":"0"},{"name":"x"}]"#,
            r#"[{"process_detections":2},{"footholds":0},7]"#,
        ] {
            assert_eq!(counts(value(json)), expected, "{json}");
        }
        for json in ["null", "true", "3", "\"footholds\"", "[]"] {
            assert!(counts(value(json)).is_empty(), "{json}");
        }
    }
}
