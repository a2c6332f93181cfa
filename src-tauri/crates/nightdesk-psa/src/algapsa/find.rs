//! Looking for a ticket of ours whose creation nobody saw the end of.

use nightdesk_core::psa::{Create, Marker};
use serde_json::Value;

use super::exchange::rows;
use super::gate::Turn;
use super::list::MOST;
use super::miss::Miss;
use super::reading::{READ, unreadable};
use super::row::Ticket;
use super::{AlgaPsa, json};

/// The attribute that holds the incident's reference.
pub(super) const REFERENCE: &str = "source_reference";

/// How many tickets are looked at singly, where the search doesn't show their attributes.
const LOOKED_AT: usize = 2;

/// What a found row is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Ours,
    Anothers,
    /// The row doesn't show what would tell.
    Unclear,
}

impl AlgaPsa {
    /// The ticket of a creation, if it is there. Titles alone can be searched, so one that a person has retitled is found by
    /// its reference only as long as the marker's word is left in the title.
    pub(super) async fn find(&self, turn: Turn, create: &Create) -> Result<Option<Ticket>, Miss> {
        let rows = self.search(turn, &create.marker).await?;
        let is_full = rows.len() >= MOST;
        if let Some(found) = self.pick(turn, create, rows).await? {
            return Ok(Some(found));
        }
        if !is_full {
            return Ok(None);
        }
        // HR-1 is in the title of HR-10 too: with so many of them, only the whole marker finds its own.
        let rows = self.search(turn, &format!("({})", create.marker)).await?;
        let is_full = rows.len() >= MOST;
        match self.pick(turn, create, rows).await? {
            None if is_full => Err(Miss::Unreadable(format!(
                "AlgaPSA finds so many tickets for {} that it can't be told whether this one is among them",
                create.marker
            ))),
            found => Ok(found),
        }
    }

    async fn search(&self, turn: Turn, words: &str) -> Result<Vec<Value>, Miss> {
        let limit = MOST.to_string();
        let query = [("query", words), ("include_closed", "true"), ("limit", limit.as_str())];
        rows(&mut self.get(turn, self.url(&["tickets", "search"], &query), READ).await?)
    }

    /// Ours among the rows; of several, the one that was there first.
    async fn pick(&self, turn: Turn, create: &Create, rows: Vec<Value>) -> Result<Option<Ticket>, Miss> {
        let mut ours = Vec::new();
        let mut looked_at = 0;
        for row in rows {
            match verdict(&row, create) {
                Verdict::Anothers => {}
                Verdict::Ours => ours.push(Ticket::read(&row).map_err(unreadable)?),
                Verdict::Unclear => {
                    let id = json::text(&row, "ticket_id").ok_or_else(|| unreadable("ticket_id"))?;
                    looked_at += 1;
                    if looked_at > LOOKED_AT {
                        return Err(Miss::Unreadable(format!("AlgaPSA finds too many tickets for {}", create.marker)));
                    }
                    match self.row(turn, id).await {
                        Ok((ticket, whole)) if is_ours(&whole, create) => ours.push(ticket),
                        Ok(_) => {}
                        Err(miss) if miss.is_gone() => {}
                        Err(miss) => return Err(miss),
                    }
                }
            }
        }
        ours.sort_by(|a, b| a.entered_at.cmp(&b.entered_at).then_with(|| a.id.cmp(&b.id)));
        if ours.len() > 1 {
            tracing::warn!(
                marker = create.marker,
                tickets = ours.len(),
                "AlgaPSA has several tickets for one incident"
            );
        }
        Ok(ours.into_iter().next())
    }
}

/// A row that shows attributes tells for certain. One that doesn't is worth a look if its title holds the marker as a word.
fn verdict(row: &Value, create: &Create) -> Verdict {
    let title = json::text(row, "title").unwrap_or_default();
    if !holds(title, &create.marker) {
        return if title.is_empty() { Verdict::Unclear } else { Verdict::Anothers };
    }
    match row.get("attributes") {
        None => Verdict::Unclear,
        Some(_) if Ticket::read(row).is_err() => Verdict::Unclear,
        Some(_) if is_ours(row, create) => Verdict::Ours,
        Some(_) => Verdict::Anothers,
    }
}

/// The reference decides where there is one, since two Huntress accounts may have an incident of the same number; else the
/// marker in the title does.
fn is_ours(row: &Value, create: &Create) -> bool {
    let attributes = match row.get("attributes") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(other) => other.clone(),
        None => Value::Null,
    };
    match json::text(&attributes, REFERENCE) {
        Some(reference) => reference == create.reference,
        None => Marker::is_in(&create.marker, json::text(row, "title").unwrap_or_default()),
    }
}

/// Whether the marker stands there as a word of its own.
fn holds(title: &str, marker: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '-');
    let (lower, marker) = (title.to_lowercase(), marker.to_lowercase());
    lower.match_indices(&marker).any(|(at, found)| {
        !is_part(lower[..at].chars().next_back()) && !is_part(lower[at + found.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use nightdesk_core::psa::Filed;
    use serde_json::json;

    fn create() -> Create {
        let filed = Filed {
            title: "x (HR-12)".into(),
            client: "c".into(),
            board: "b".into(),
            status: "s".into(),
            category: None,
            priority: None,
        };
        Create {
            marker: "HR-12".into(),
            reference: "huntress:1:12".into(),
            filed,
            description: String::new(),
            tags: Vec::new(),
            url: None,
            is_urgent: false,
            look_first: false,
        }
    }

    fn row(title: &str, attributes: Value) -> Value {
        json!({ "ticket_id": "t", "title": title, "client_id": "c", "board_id": "b", "status_id": "s", "attributes": attributes })
    }

    #[test]
    fn the_reference_decides_and_else_the_exact_marker() {
        let of = |title: &str, attributes: Value| verdict(&row(title, attributes), &create());
        let reference = |r: &str| json!({ REFERENCE: r });
        assert_eq!(of("x (HR-12)", reference("huntress:1:12")), Verdict::Ours);
        assert_eq!(of("mine now: hr-12!", reference("huntress:1:12")), Verdict::Ours);
        assert_eq!(of("x (HR-12)", reference("huntress:2:12")), Verdict::Anothers, "another account's");
        assert_eq!(of("x (HR-12)", Value::Null), Verdict::Ours, "attributes were replaced there");
        assert_eq!(of("x HR-12", Value::Null), Verdict::Anothers, "a person's own word on it");
        assert_eq!(of("x (HR-123)", reference("huntress:1:12")), Verdict::Anothers);
        let text = json!({ REFERENCE: "huntress:1:12" }).to_string();
        assert_eq!(of("x (HR-12)", json!(text)), Verdict::Ours);
        let mut bare = row("x (HR-12)", Value::Null);
        bare.as_object_mut().unwrap().remove("attributes");
        assert_eq!(verdict(&bare, &create()), Verdict::Unclear);
        assert_eq!(verdict(&json!({ "ticket_id": "t" }), &create()), Verdict::Unclear);
    }
}
