//! XML as a small tree: TwiML documents, and what a `<Say>` holds.

use chrono::TimeDelta;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::conversation::Utterance;

/// Text or an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Text(String),
    Element(Element),
}

/// An element with its attributes and its content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    pub(crate) content: Vec<Node>,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn open(tag: &BytesStart<'_>) -> Result<Self, String> {
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        Ok(Self { name: tag.name().as_ref().to_owned(), attributes, content: Vec::new() })
    }

    fn push_text(&mut self, text: &str) {
        match self.content.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ => self.content.push(Node::Text(text.to_owned())),
        }
    }
}

/// Reads a document or a fragment. A stray `&` or `<` is an error, as it is for the vendor's parser.
pub(crate) fn parse(xml: &str) -> Result<Vec<Node>, String> {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let depth = open.len();
        let Some(top) = open.last_mut() else { return Err("more ends than starts".to_owned()) };
        match event {
            Event::Start(tag) => open.push(Element::open(&tag)?),
            Event::Empty(tag) => top.content.push(Node::Element(Element::open(&tag)?)),
            Event::End(_) => {
                let done = open.pop().unwrap_or_default();
                match open.last_mut() {
                    Some(parent) => parent.content.push(Node::Element(done)),
                    None => return Err("more ends than starts".to_owned()),
                }
            }
            Event::Text(text) => top.push_text(&text),
            Event::CData(text) => top.push_text(&text),
            Event::GeneralRef(entity) => {
                let character = entity.resolve_char_ref().map_err(|error| error.to_string())?;
                match (character, resolve_xml_entity(&entity)) {
                    (Some(character), _) => top.push_text(&character.to_string()),
                    (None, Some(text)) => top.push_text(text),
                    (None, None) => return Err(format!("the entity {} is unknown", &*entity)),
                }
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof if depth == 1 => return Ok(open.pop().unwrap_or_default().content),
            Event::Eof => return Err(format!("<{}> isn't closed", top.name)),
        }
    }
}

/// What is heard of a `<Say>`'s content: its words, and the silence of breaks.
pub(crate) fn speech(content: &[Node]) -> Result<Vec<Utterance>, String> {
    let mut heard = Vec::new();
    for node in content {
        match node {
            Node::Text(text) => say(&mut heard, text),
            Node::Element(element) => match element.name.as_str() {
                "break" => heard.push(Utterance::Silence(break_time(element)?)),
                "sub" => say(&mut heard, element.attribute("alias").unwrap_or_default()),
                "s" | "p" | "w" | "emphasis" | "lang" | "phoneme" | "prosody" | "say-as" => {
                    for inner in speech(&element.content)? {
                        match inner {
                            Utterance::Words(words) => say(&mut heard, &words),
                            silence @ Utterance::Silence(_) => heard.push(silence),
                        }
                    }
                }
                other => return Err(format!("<{other}> can't be spoken")),
            },
        }
    }
    Ok(heard)
}

fn say(heard: &mut Vec<Utterance>, text: &str) {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return;
    }
    match heard.last_mut() {
        Some(Utterance::Words(before)) => {
            before.push(' ');
            before.push_str(&words);
        }
        _ => heard.push(Utterance::Words(words)),
    }
}

fn break_time(element: &Element) -> Result<TimeDelta, String> {
    let Some(time) = element.attribute("time") else {
        return Ok(match element.attribute("strength") {
            Some("none") => TimeDelta::zero(),
            Some("strong") => TimeDelta::milliseconds(1_000),
            Some("x-strong") => TimeDelta::milliseconds(1_200),
            _ => TimeDelta::milliseconds(400),
        });
    };
    let milliseconds = match (time.strip_suffix("ms"), time.strip_suffix('s')) {
        (Some(number), _) => number.parse::<f64>().ok(),
        (None, Some(number)) => number.parse::<f64>().ok().map(|seconds| seconds * 1_000.0),
        _ => None,
    };
    match milliseconds {
        #[allow(clippy::cast_possible_truncation, reason = "between 0 and 10,000")]
        Some(number @ 0.0..=10_000.0) => Ok(TimeDelta::milliseconds(number as i64)),
        _ => Err(format!("a break of {time}")),
    }
}
