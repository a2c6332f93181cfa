//! What is to be done about a report.
//!
//! Documented as an object with up to ten items, but seen with objects in place of lists; `parameters` is declared as
//! strings and exemplified as name and description. Nothing here decides anything, so every shape is read as well as it
//! can be.

use nightdesk_core::incident::{Remediation, Remediations};

use super::fields::WORD;
use super::object::Object;
use super::value::{Kind, Value};

/// The remediations, in whichever wrapping; none if there is nothing like one.
pub(super) fn remediations(value: Value<'_>) -> Remediations {
    let items = match value.object() {
        Some(wrapper) => {
            let items = list(wrapper.get("items"));
            let total = wrapper.get("total_count").whole().unwrap_or(0).max(count(&items));
            let has_more = wrapper.get("has_more").is_yes() || total > count(&items);
            return Remediations { total, has_more, items };
        }
        None => list(value),
    };
    Remediations { total: count(&items), has_more: false, items }
}

fn count(items: &[Remediation]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

fn list(value: Value<'_>) -> Vec<Remediation> {
    let rows = match value.object() {
        // One remediation in place of the list of them, or a list turned into an object.
        Some(one) if !one.first(&["id", "type", "action"]).is_absent() => vec![value],
        Some(object) => object.entries().map(|(_, value)| value).collect(),
        None => value.items(),
    };
    rows.into_iter().filter_map(remediation).collect()
}

fn remediation(row: Value<'_>) -> Option<Remediation> {
    let Some(fields) = row.object() else {
        let action = row.text().filter(|text| !text.is_empty())?;
        return Some(Remediation { action, ..Remediation::default() });
    };
    Some(Remediation {
        id: fields.get("id").id(),
        kind: fields.get("type").word(WORD).unwrap_or_default(),
        action: fields.get("action").text().unwrap_or_default(),
        status: fields.get("status").word(WORD).unwrap_or_default(),
        parameters: parameters(fields.get("parameters")),
    })
}

/// Readable lines, `name: description` where both are there.
fn parameters(value: Value<'_>) -> Vec<String> {
    match value.kind() {
        Kind::List => value.items().into_iter().flat_map(parameter).collect(),
        _ => parameter(value),
    }
}

fn parameter(value: Value<'_>) -> Vec<String> {
    match value.object() {
        Some(object) => lines(&object),
        None => value.text().filter(|text| !text.is_empty()).into_iter().collect(),
    }
}

fn lines(object: &Object<'_>) -> Vec<String> {
    let text = |name: &str| object.get(name).text().filter(|text| !text.is_empty());
    match (text("name"), text("description").or_else(|| text("value"))) {
        (Some(name), Some(description)) => vec![format!("{name}: {description}")],
        (Some(only), None) | (None, Some(only)) => vec![only],
        (None, None) => object
            .entries()
            .filter_map(|(key, value)| Some(format!("{}: {}", super::value::clean(key), value.text()?)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Remediations {
        remediations(Value::parse(json).unwrap())
    }

    const ITEM: &str = r#"{"id":1,"type":"manual","action":"Delete File","status":"approved",
        "parameters":[{"name":"path","description":"c:\\evil"}]}"#;

    #[test]
    fn every_wrapping() {
        let expected = Remediation {
            id: Some(1),
            kind: "manual".into(),
            action: "Delete File".into(),
            status: "approved".into(),
            parameters: vec!["path: c:\\evil".into()],
        };
        for json in [
            format!(r#"{{"total_count":1,"has_more":false,"items":[{ITEM}]}}"#),
            format!(r#"{{"items":{{"0":{ITEM}}}}}"#),
            format!(r#"{{"items":{ITEM}}}"#),
            format!("[{ITEM}]"),
            format!("[null,{ITEM},\"\"]"),
        ] {
            let read = read(&json);
            assert_eq!(read.items, std::slice::from_ref(&expected), "{json}");
            assert_eq!((read.total, read.has_more), (1, false), "{json}");
        }
        for json in ["null", "true", "3", "\"none\"", "[]", "{}"] {
            assert_eq!(read(json), Remediations::default(), "{json}");
        }
    }

    #[test]
    fn more_than_came_is_said() {
        let all = read(&format!(r#"{{"total_count":"12","has_more":true,"items":[{ITEM}]}}"#));
        assert_eq!((all.total, all.has_more), (12, true));
        assert!(read(&format!(r#"{{"total_count":12,"items":[{ITEM}]}}"#)).has_more);
        assert_eq!(read(r#"["isolate the host"]"#).items[0].action, "isolate the host");
    }

    #[test]
    fn parameters_in_any_shape() {
        for (json, expected) in [
            (r#"["laptop01","laptop02"]"#, vec!["laptop01", "laptop02"]),
            (r#"[{"name":"path"},{"description":"x"},{"a":1,"b":null},null]"#, vec!["path", "x", "a: 1"]),
            (r#"{"path":"c:\\evil","sizes":[1, 2]}"#, vec!["path: c:\\evil", "sizes: [1,2]"]),
            (r#"{"name":"path","description":"c:\\evil"}"#, vec!["path: c:\\evil"]),
            (r#""laptop01""#, vec!["laptop01"]),
            ("7", vec!["7"]),
            ("null", vec![]),
            ("\"\"", vec![]),
        ] {
            assert_eq!(parameters(Value::parse(json).unwrap()), expected, "{json}");
        }
    }
}
