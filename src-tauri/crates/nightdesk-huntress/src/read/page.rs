//! One page of a listing: its rows, and where the next page begins.

use nightdesk_core::incident::Record;
use nightdesk_core::port::HuntressError;
use url::form_urlencoded;

use super::answer::Answer;
use super::object::Object;
use super::record;
use super::value::{Kind, Value};

/// A page before its rows are read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct List<'a> {
    pub rows: Vec<Value<'a>>,
    /// The token of the next page; `None` ends the walk.
    pub next: Option<String>,
}

/// Reads an answer's page of incident reports: every row as a [`Record`], and the token of the next page. No row is ever
/// left out here: an incident that can't be read is a record all the same (ND-1).
///
/// # Errors
/// [`HuntressError::BadAnswer`], if it isn't JSON, holds no list, or leaves it unclear whether more pages follow (ND-3).
pub fn incident_page(bytes: &[u8]) -> Result<(Vec<Record>, Option<String>), HuntressError> {
    let answer = Answer::read(bytes)?;
    let page = list(&answer.object()?, "incident_reports")?;
    Ok((page.rows.into_iter().map(|row| record::row(row, answer.bytes_of(row))).collect(), page.next))
}

/// Reads the list under `key` and the pagination beside it.
///
/// # Errors
/// [`HuntressError::BadAnswer`], if there is no list, or if the pagination can't be understood: taking that for the last
/// page would let the cursor pass rows nobody has seen (ND-3).
pub(crate) fn list<'a>(answer: &Object<'a>, key: &str) -> Result<List<'a>, HuntressError> {
    let value = answer.get(key);
    let rows = match value.kind() {
        Kind::List => value.items(),
        Kind::Object => rows_of_object(value),
        _ => return Err(HuntressError::BadAnswer(format!("no list `{key}` in the answer"))),
    };
    Ok(List { rows, next: next(answer.get("pagination"))? })
}

/// Lists have been seen as objects (by number, as some serialisers do), and one row may come without a list around it.
fn rows_of_object(value: Value<'_>) -> Vec<Value<'_>> {
    let Some(object) = value.object() else { return vec![value] };
    if object.get("id").is_absent() { object.entries().map(|(_, row)| row).collect() } else { vec![value] }
}

/// The documented end is an absent token; absent, `{}` and `null` have all been seen for the pagination itself.
fn next(pagination: Value<'_>) -> Result<Option<String>, HuntressError> {
    let unclear = |what: &str, value: Value<'_>| {
        HuntressError::BadAnswer(format!("{what} is {value}, so it is unclear whether more pages follow"))
    };
    let Some(fields) = pagination.object() else {
        let empty = pagination.is_absent() || is_empty(pagination);
        return if empty { Ok(None) } else { Err(unclear("pagination", pagination)) };
    };
    let token = fields.get("next_page_token");
    match token.kind() {
        Kind::Text | Kind::Number => {
            // Opaque, so sent back exactly as it came, blank ends included.
            if let Some(text) = token.string().or_else(|| token.text()).filter(|text| !text.trim().is_empty()) {
                return Ok(Some(text));
            }
        }
        Kind::Missing | Kind::Null => {}
        _ if is_empty(token) => {}
        _ => return Err(unclear("next_page_token", token)),
    }
    let from_url = fields.get("next_page_url").string().and_then(|url| token_of(&url));
    if from_url.is_none() && fields.get("next_page").whole().is_some_and(|page| page > 0) {
        tracing::warn!("Huntress pages by number, as it did before page tokens; only the first page is read");
    }
    Ok(from_url)
}

fn is_empty(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Flag => !value.is_yes(),
        Kind::Text => value.string().is_none_or(|text| text.trim().is_empty()),
        Kind::List => value.items().is_empty(),
        Kind::Object => value.object().is_some_and(|object| object.entries().next().is_none()),
        Kind::Missing | Kind::Null | Kind::Number => false,
    }
}

/// The token within an address. The address itself is never followed: it could lead anywhere.
fn token_of(url: &str) -> Option<String> {
    let query = url.split('#').next()?.split_once('?')?.1;
    let (_, token) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "page_token")?;
    Some(token.into_owned()).filter(|token| !token.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<List<'_>, HuntressError> {
        list(&Value::parse(json).unwrap().object().unwrap(), "incident_reports")
    }

    fn next_after(pagination: &str) -> Result<Option<String>, HuntressError> {
        next(Value::parse(pagination).unwrap())
    }

    #[test]
    fn rows_from_a_list_or_an_object() {
        for json in [r#"{"incident_reports":[{"id":1},7]}"#, r#"{"incident_reports":{"0":{"id":1},"1":7}}"#] {
            let rows: Vec<_> = read(json).unwrap().rows.into_iter().map(Value::raw).collect();
            assert_eq!(rows, [r#"{"id":1}"#, "7"], "{json}");
        }
        assert_eq!(read(r#"{"incident_reports":{"id":1,"subject":"x"}}"#).unwrap().rows.len(), 1);
        assert!(read(r#"{"incident_reports":[]}"#).unwrap().rows.is_empty());
    }

    #[test]
    fn no_list_is_a_bad_answer() {
        for json in
            ["{}", r#"{"incident_reports":null}"#, r#"{"incident_reports":"none"}"#, r#"{"incident_reports":0}"#]
        {
            let error = read(json).unwrap_err();
            assert_eq!(error, HuntressError::BadAnswer("no list `incident_reports` in the answer".into()), "{json}");
        }
    }

    #[test]
    fn every_known_end() {
        assert_eq!(next(Value::MISSING), Ok(None));
        for json in [
            "null",
            "{}",
            "[]",
            "\"\"",
            "false",
            r#"{"next_page_token":null}"#,
            r#"{"next_page_token":""}"#,
            r#"{"next_page_token":false,"next_page_url":null}"#,
            r#"{"next_page_url":"https://api.huntress.io/v1/agents?limit=10"}"#,
            r#"{"current_page":1,"next_page":2}"#,
        ] {
            assert_eq!(next_after(json), Ok(None), "{json}");
        }
    }

    #[test]
    fn every_known_token() {
        for (json, token) in [
            (r#"{"next_page_token":"MjAyMi0wMy0wMVQxODo1NDoyNFo="}"#, "MjAyMi0wMy0wMVQxODo1NDoyNFo="),
            (r#"{"next_page_token":77}"#, "77"),
            (r#"{"next_page_url":"https://api.huntress.io/v1/agents?page_token=a%2Bb%3D&limit=10#x"}"#, "a+b="),
            (r#"{"next_page_token":null,"next_page_url":"/v1/agents?limit=10&page_token=t2"}"#, "t2"),
        ] {
            assert_eq!(next_after(json), Ok(Some(token.to_owned())), "{json}");
        }
    }

    #[test]
    fn nd_3_an_unclear_pagination_is_not_taken_for_the_end() {
        for json in ["\"more\"", "3", "[1]", "true", r#"{"next_page_token":["x"]}"#, r#"{"next_page_token":{"a":1}}"#] {
            assert!(matches!(next_after(json), Err(HuntressError::BadAnswer(_))), "{json}");
        }
    }
}
