//! TwiML given with a call, and what it does on the line.

use chrono::TimeDelta;

use super::conversation::{Conversation, Question, Reaction, Utterance};
use super::markup::{Element, Node, parse, speech};

/// What the vendor's voice says when a document makes no sense.
const APPLICATION_ERROR: &str = "We are sorry, an application error has occurred. Goodbye.";
/// The vendor's limit for endless loops.
const MOST_LOOPS: usize = 1_000;

enum Verb {
    Say(Vec<Utterance>),
    Gather(Vec<Utterance>, Question),
    Hangup,
}

/// Plays a document. It ends with a hang-up, by its last word or because there is nothing more to do.
pub(crate) fn play(document: &str, on: &mut Conversation) {
    match verbs(document) {
        Ok(verbs) => perform(verbs, on),
        Err(_) => application_error(on),
    }
}

/// Says that the document or the flow makes no sense.
pub(crate) fn application_error(on: &mut Conversation) {
    on.say(&[Utterance::Words(APPLICATION_ERROR.to_owned())]);
}

fn perform(verbs: Vec<Verb>, on: &mut Conversation) {
    for verb in verbs {
        if on.is_over() {
            return;
        }
        match verb {
            Verb::Say(utterances) => on.say(&utterances),
            Verb::Hangup => return,
            Verb::Gather(prompt, question) => match on.ask(&prompt, question) {
                Reaction::Silence => {}
                Reaction::Gone => return,
                // The keys would be posted to an address. Inline TwiML has none that the carrier could reach.
                Reaction::Keys(_) => return application_error(on),
            },
        }
    }
}

/// Whether the vendor could play it.
fn verbs(document: &str) -> Result<Vec<Verb>, String> {
    let nodes = parse(document)?;
    let mut roots = nodes.iter().filter_map(element);
    match (roots.next(), roots.next()) {
        (Some(root), None) if root.name == "Response" => root.content.iter().filter_map(element).map(verb).collect(),
        _ => Err("the document isn't one Response".to_owned()),
    }
}

fn element(node: &Node) -> Option<&Element> {
    match node {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    }
}

fn verb(element: &Element) -> Result<Verb, String> {
    match element.name.as_str() {
        "Say" | "Pause" => utterances(element).map(Verb::Say),
        "Hangup" => Ok(Verb::Hangup),
        "Gather" => {
            let mut prompt = Vec::new();
            for inner in element.content.iter().filter_map(self::element) {
                prompt.extend(utterances(inner)?);
            }
            let finish = element.attribute("finishOnKey").unwrap_or("#").chars().next();
            let patience = TimeDelta::seconds(number(element, "timeout", 5)?);
            let count = element.attribute("numDigits").map(str::parse).transpose().map_err(|_| "numDigits")?;
            Ok(Verb::Gather(prompt, Question { count, patience, finish }))
        }
        other => Err(format!("the stand-in plays no <{other}>")),
    }
}

fn utterances(element: &Element) -> Result<Vec<Utterance>, String> {
    match element.name.as_str() {
        "Pause" => Ok(vec![Utterance::Silence(TimeDelta::seconds(number(element, "length", 1)?))]),
        "Say" => {
            let once = speech(&element.content)?;
            Ok(repeated(&once, number(element, "loop", 1)?))
        }
        other => Err(format!("<{other}> can't be spoken")),
    }
}

/// Speech said so many times; zero means without end.
pub(crate) fn repeated(once: &[Utterance], times: i64) -> Vec<Utterance> {
    let times = match times {
        0 => MOST_LOOPS,
        times => usize::try_from(times).unwrap_or(1).min(MOST_LOOPS),
    };
    (0..times).flat_map(|_| once.iter().cloned()).collect()
}

fn number(element: &Element, name: &str, usual: i64) -> Result<i64, String> {
    match element.attribute(name).map(str::parse::<i64>) {
        None => Ok(usual),
        Some(Ok(number @ 0..=3_600)) => Ok(number),
        Some(_) => Err(format!("{name} is not a number")),
    }
}
