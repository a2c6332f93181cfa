//! Tags, which hang on a thing of any kind and are put there by a call of their own.

use serde_json::{Value, json};

use super::id::is_uuid;
use super::refusal::{Outcome, Refusal, Reply};
use super::route::Asked;
use super::submission::Submission;

const LONGEST: usize = 50;

const KINDS: [&str; 7] = ["contact", "client", "ticket", "project", "project_task", "workflow_form", "opportunity"];

/// A tag on a thing.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    pub(crate) id: String,
    pub(crate) text: String,
}

impl Tag {
    fn json(&self, kind: &str, of: &str, tenant: &str) -> Value {
        json!({
            "tag_id": self.id,
            "tag_text": self.text,
            "tagged_id": of,
            "tagged_type": kind,
            "background_color": null,
            "text_color": null,
            "tenant": tenant,
        })
    }
}

/// `GET /tags/entity/{kind}/{id}`.
pub(crate) fn list(asked: &mut Asked<'_>, kind: &str, of: &str) -> Outcome {
    exists(asked, kind, of)?;
    Ok(Reply::data(shown(asked, kind, of)))
}

/// `POST /tags/entity/{kind}/{id}`. The vendor takes kind and id from the body and never looks at the path's.
pub(crate) fn attach(asked: &mut Asked<'_>, path_kind: &str, path_id: &str) -> Outcome {
    let mut body = Submission::of(&asked.request.body);
    ["entity_id", "entity_type", "tags"].into_iter().for_each(|field| body.require(field));
    let of = body.id("entity_id").unwrap_or_default();
    let kind = body.string("entity_type").unwrap_or_default();
    if !kind.is_empty() && !KINDS.contains(&kind.as_str()) {
        body.issues.add("invalid_enum_value", "entity_type", format!("Must be one of {}", KINDS.join(", ")));
    }
    let texts = texts(&mut body);
    asked.ignore(body.settle()?);
    if kind != path_kind || of != path_id {
        asked.slip(format!("the path's {path_kind}/{path_id} was ignored for the body's {kind}/{of}"));
    }
    exists(asked, &kind, &of)?;
    let tags = asked.state.tags.entry((kind.clone(), of.clone())).or_default();
    for text in texts {
        // The same tag twice is one tag, whatever its case.
        if !tags.iter().any(|tag| tag.text.to_lowercase() == text.to_lowercase()) {
            tags.push(Tag { id: super::id::id_of("tag", &format!("{of}/{text}")), text });
        }
    }
    Ok(Reply::created(shown(asked, &kind, &of)))
}

fn texts(body: &mut Submission) -> Vec<String> {
    let Some(items) = body.list("tags") else { return Vec::new() };
    if items.is_empty() {
        body.issues.add("too_small", "tags", "Must have at least 1 item");
    }
    let mut texts = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let text = item.as_str().or_else(|| item.get("tag_text")?.as_str());
        match text {
            Some(text) if (1..=LONGEST).contains(&text.encode_utf16().count()) => texts.push(text.to_owned()),
            Some(_) => {
                body.issues.add("too_big", &format!("tags.{at}"), format!("Must have 1 to {LONGEST} characters"));
            }
            None => body.issues.wrong_type(&format!("tags.{at}"), "a string or an object with tag_text"),
        }
    }
    texts
}

fn exists(asked: &Asked<'_>, kind: &str, of: &str) -> Result<(), Refusal> {
    if !is_uuid(of) || !KINDS.contains(&kind) {
        return Err(Refusal::bad_request("Not a kind and id of a thing"));
    }
    let there = match kind {
        "ticket" => asked.state.tickets.contains_key(of),
        "client" => asked.state.clients.contains_key(of),
        _ => false,
    };
    if there { Ok(()) } else { Err(Refusal::not_found("Entity")) }
}

fn shown(asked: &Asked<'_>, kind: &str, of: &str) -> Value {
    let tags = asked.state.tags.get(&(kind.to_owned(), of.to_owned()));
    tags.into_iter().flatten().map(|tag| tag.json(kind, of, &asked.state.tenant)).collect()
}
