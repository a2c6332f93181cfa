//! The part of Liquid that a flow's fields use: `{{ path.to.a.value }}`.

use serde_json::Value;

/// Fills a field from a flow's context. What isn't there is nothing.
pub(crate) fn render(field: &str, context: &Value) -> String {
    let mut filled = String::new();
    let mut rest = field;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((path, behind)) = after.split_once("}}") else {
            rest = after;
            break;
        };
        match lookup(path.trim(), context) {
            Some(Value::String(text)) => filled.push_str(text),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => filled.push_str(&value.to_string()),
            _ => {}
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

fn lookup<'a>(path: &str, context: &'a Value) -> Option<&'a Value> {
    path.split('.').try_fold(context, |at, name| at.get(name))
}

/// What the stand-in, or Liquid, can't make sense of.
pub(crate) fn fault(field: &str) -> Option<String> {
    if field.contains("{%") {
        return Some("the stand-in knows no Liquid tags".to_owned());
    }
    for after in field.split("{{").skip(1) {
        let Some((path, _)) = after.split_once("}}") else { return Some("a {{ isn't closed".to_owned()) };
        let fine = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if path.trim().is_empty() || !path.trim().chars().all(fine) {
            return Some(format!("the stand-in can't read {{{{{path}}}}}"));
        }
    }
    None
}
