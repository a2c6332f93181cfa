//! Notes on tickets, which customers never see.

use nightdesk_core::content::shortened;
use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::{Found, Outgoing, PortFuture, Sender};
use nightdesk_core::psa::Note;
use nightdesk_http::Method;
use serde_json::{Value, json};

use super::exchange::{data, rows};
use super::gate::{Turn, Urgency};
use super::miss::Miss;
use super::refusal::Errand;
use super::{AlgaPsa, json};

pub(super) const NOTE: Errand = Errand::new("add notes", "ticket:update");
const NOTES: Errand = Errand::new("read notes", "ticket:read");

/// The longest comment, in UTF-16 units: the strictest way to count the PSA's "visible characters".
const LONGEST: usize = 5000;

/// The most comments of a page.
const MOST: usize = 200;

/// Pages that are looked through, newest first: a note in doubt is minutes old.
const PAGES: usize = 2;

/// The key of our marker in a comment's metadata.
const MARKER: &str = "nightdesk_marker";

/// The sender of kind `psa_note`: the payload is a [`Note`].
#[derive(Debug)]
pub(super) struct Notes(pub AlgaPsa);

impl Sender for Notes {
    fn kind(&self) -> Kind {
        Kind::PsaNote
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Lookup
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        Box::pin(async move {
            match read(outgoing) {
                Ok(note) => self.0.note(outgoing, &note).await,
                Err(error) => Outcome::Permanent { error },
            }
        })
    }

    fn look_up<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(async move {
            let Ok(note) = read(outgoing) else { return Found::No };
            match self.0.find_note(self.0.turn(Urgency::Note), &note).await {
                Ok(Some(id)) => Found::Yes { remote_ref: Some(id) },
                Ok(None) => Found::No,
                // With the ticket its notes went; a further attempt says so.
                Err(miss) if miss.is_gone() => Found::No,
                Err(miss) => miss.found(),
            }
        })
    }

    fn closed_until(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        self.0.inner.gate.closed_until(Urgency::Note)
    }
}

/// The note as it is sent, if there is anything to send.
fn read(outgoing: &Outgoing) -> Result<Note, String> {
    let note: Note = serde_json::from_value(outgoing.payload.clone()).map_err(|_| {
        "the note is stored in a form that this version can't read: write it in AlgaPSA by hand".to_owned()
    })?;
    let text = shortened(note.text.trim(), LONGEST);
    if text.is_empty() { Err("the note has no words".to_owned()) } else { Ok(Note { text, ..note }) }
}

impl AlgaPsa {
    async fn note(&self, outgoing: &Outgoing, note: &Note) -> Outcome {
        let turn = self.turn(Urgency::Note);
        if outgoing.attempt > 1 || outgoing.possible_repeat {
            match self.find_note(turn, note).await {
                Ok(None) => {}
                Ok(Some(id)) => return Outcome::Delivered { remote_ref: Some(id) },
                Err(miss) if miss.is_gone() => return Miss::gone(),
                Err(miss) => return miss.before_the_write(),
            }
        }
        // Left out, `is_internal` would be false, which the customer can read.
        let body = json!({
            "comment_text": note.text,
            "is_internal": true,
            "metadata": { MARKER: note.marker },
            "suppressContactNotifications": true,
        });
        let url = self.url(&["tickets", &note.id, "comments"], &[]);
        match self.put(turn, Method::POST, url, &body, NOTE).await.and_then(data) {
            Ok(row) => {
                self.inner.people.made_by_us(&row);
                match json::text(&row, "comment_id") {
                    Some(id) => Outcome::Delivered { remote_ref: Some(id.to_owned()) },
                    None => Miss::Unreadable("AlgaPSA's answer holds no comment_id".into()).outcome(),
                }
            }
            Err(miss) if miss.is_gone() => Miss::gone(),
            Err(miss) => miss.outcome(),
        }
    }

    /// The id of the comment that is this note.
    async fn find_note(&self, turn: Turn, note: &Note) -> Result<Option<String>, Miss> {
        for page in 0..PAGES {
            let (limit, offset) = (MOST.to_string(), (page * MOST).to_string());
            let query = [("order", "desc"), ("limit", limit.as_str()), ("offset", offset.as_str())];
            let url = self.url(&["tickets", &note.id, "comments"], &query);
            let rows = rows(&mut self.get(turn, url, NOTES).await?)?;
            rows.iter().for_each(|row| self.inner.people.learn(row));
            if let Some(row) = rows.iter().find(|row| is_it(row, note)) {
                let id = json::text(row, "comment_id");
                return match id {
                    Some(id) => Ok(Some(id.to_owned())),
                    None => Err(Miss::Unreadable("AlgaPSA's answer is a comment without an id".into())),
                };
            }
            if rows.len() < MOST {
                break;
            }
        }
        Ok(None)
    }
}

/// The marker decides where there is one, since two notes may well have the same words; else the words do.
fn is_it(row: &Value, note: &Note) -> bool {
    let metadata = match row.get("metadata") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(other) => other.clone(),
        None => Value::Null,
    };
    match json::text(&metadata, MARKER) {
        Some(marker) => marker == note.marker,
        None => ["comment_text", "note", "markdown_content"]
            .iter()
            .any(|name| json::text(row, name).is_some_and(|text| text.trim() == note.text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_known_by_its_marker_and_else_by_its_words() {
        let note = Note { id: "t".into(), marker: "N-1".into(), text: "Severity raised".into() };
        assert!(is_it(&json!({ "comment_text": "edited", "metadata": { MARKER: "N-1" } }), &note));
        assert!(!is_it(&json!({ "comment_text": "Severity raised", "metadata": { MARKER: "N-2" } }), &note));
        assert!(is_it(&json!({ "comment_text": "Severity raised\n", "metadata": null }), &note));
        assert!(!is_it(&json!({ "comment_text": "Severity", "metadata": {} }), &note));
    }

    #[test]
    fn a_long_note_is_cut_to_what_is_taken() {
        for text in ["x".repeat(5001), "é".repeat(9000), "😀".repeat(3000)] {
            let cut = shortened(&text, LONGEST);
            assert!(cut.encode_utf16().count() <= LONGEST && cut.ends_with('…'));
        }
        assert_eq!(shortened(&"x".repeat(5000), LONGEST).len(), 5000);
    }
}
