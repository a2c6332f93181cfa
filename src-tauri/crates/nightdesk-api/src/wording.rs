//! The wordings of texts and calls, and how a changed one would read. They are changed with the configuration.

use crate::error::Error;
use crate::names;
use nightdesk_core::message::{Kind, Placeholder, Template, Values};
use nightdesk_engine::context::Context;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A wording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Wording {
    /// Its name, as in `paging.templates`.
    pub name: String,
    /// Whether it is heard and not read.
    pub spoken: bool,
    /// As it comes.
    pub shipped: String,
    /// As it is in force.
    pub current: String,
    /// What may stand in braces.
    pub placeholders: Vec<String>,
    /// What must.
    pub required: Vec<String>,
    /// With example values.
    pub preview: String,
    /// How many segments that has, for a text.
    pub segments: Option<u32>,
}

/// A wording to try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WordingAsked {
    /// Which.
    pub name: String,
    /// The words; none for those that it comes with.
    pub text: String,
}

/// How a wording would read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WordingPreview {
    /// With example values; `None` where it can't be used.
    pub preview: Option<String>,
    /// How many segments that has, for a text.
    pub segments: Option<u32>,
    /// Why it can't be used, and what to change.
    pub problem: Option<String>,
}

fn shown(template: &Template) -> (String, Option<u32>) {
    let rendered = template.render(&Values::example());
    (rendered.text, rendered.segments.and_then(|s| u32::try_from(s.count).ok()))
}

/// Every wording, in the order in which they are shown.
///
/// # Errors
/// The store's.
pub fn wordings(tx: &Tx<'_>) -> Result<Vec<Wording>, Error> {
    let config = Context::load(tx)?.config;
    let words = |list: &[Placeholder]| list.iter().map(|p| p.word().to_owned()).collect();
    let wording = |kind: Kind| {
        let changed = config.paging.templates.get(kind.name());
        let read = changed.and_then(|text| Template::parse(kind, text).ok());
        let (preview, segments) = shown(&read.unwrap_or_else(|| Template::shipped(kind)));
        Wording {
            name: kind.name().to_owned(),
            spoken: kind.is_spoken(),
            shipped: kind.wording().to_owned(),
            current: changed.cloned().unwrap_or_else(|| kind.wording().to_owned()),
            placeholders: words(kind.allowed()),
            required: words(kind.required()),
            preview,
            segments,
        }
    };
    Ok(Kind::ALL.into_iter().map(wording).collect())
}

/// How a wording would read; one that can't be used is an answer, not an error.
///
/// # Errors
/// `InvalidInput` for a name that there isn't.
pub fn wording_preview(asked: &WordingAsked) -> Result<WordingPreview, Error> {
    let known = || Kind::ALL.iter().map(|k| k.name().to_owned()).collect();
    let kind = Kind::named(&asked.name).ok_or_else(|| names::unknown("wording", &asked.name, known()))?;
    let text = if asked.text.trim().is_empty() { kind.wording() } else { asked.text.as_str() };
    Ok(match Template::parse(kind, text) {
        Ok(template) => {
            let (preview, segments) = shown(&template);
            WordingPreview { preview: Some(preview), segments, problem: None }
        }
        Err(problem) => WordingPreview { preview: None, segments: None, problem: Some(problem.to_string()) },
    })
}
