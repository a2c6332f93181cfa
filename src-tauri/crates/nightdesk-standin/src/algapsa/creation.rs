//! `POST /tickets`.

use serde_json::{Value, json};

use super::id::id_of;
use super::refusal::{Outcome, Refusal, Reply};
use super::rich_text;
use super::route::Asked;
use super::state::State;
use super::submission::Submission;
use super::ticket::{TicketRow, number};

/// The longest title, in UTF-16 units.
pub(crate) const LONGEST_TITLE: usize = 255;

const REQUIRED: [&str; 5] = ["title", "board_id", "client_id", "status_id", "priority_id"];

/// Makes a ticket, a second one when it is asked a second time: no header or field keeps the vendor from it.
pub(crate) fn create(asked: &mut Asked<'_>) -> Outcome {
    let mut body = Submission::of(&asked.request.body);
    REQUIRED.into_iter().for_each(|field| body.require(field));
    let title = body.text("title", LONGEST_TITLE);
    let url = body.url("url");
    let (board, client) = (body.id("board_id"), body.id("client_id"));
    let (status, priority) = (body.id("status_id"), body.id("priority_id"));
    let (location, contact) = (body.id("location_id"), body.id("contact_name_id"));
    let (category, subcategory) = (body.id("category_id"), body.id("subcategory_id"));
    let assigned_to = body.id("assigned_to");
    let attributes = body.object("attributes", false).value().unwrap_or(Value::Null);
    let tags = body.list("tags");
    if tags.iter().flatten().any(|tag| !tag.is_string()) {
        body.issues.wrong_type("tags", "an array of strings");
    }
    body.silence();
    asked.ignore(body.settle()?);
    // Every one of these is there, or the body wouldn't have settled.
    let [Some(title), Some(board), Some(client), Some(status), Some(priority)] =
        [title, board, client, status, priority]
    else {
        return Err(Refusal::internal());
    };
    let is_closed = status_of_board(asked.state, &board, &status)?;
    let known = Known { board: Some(&board), client: Some(&client), priority: Some(&priority) };
    known.check(asked.state, [&category, &subcategory], &assigned_to)?;
    // The stand-in's clients have neither locations nor contacts.
    if location.is_some() || contact.is_some() {
        return Err(Refusal::bad_reference());
    }
    note_attributes(asked, &attributes);
    let (at, actor) = (asked.moment(), asked.actor());
    let state = &mut *asked.state;
    state.made_tickets += 1;
    let row = TicketRow {
        made: state.made_tickets,
        id: id_of("ticket", &state.made_tickets.to_string()),
        number: number(state.made_tickets),
        title,
        url,
        board,
        client,
        status,
        priority,
        category,
        subcategory,
        assigned_to,
        attributes,
        source: "api",
        is_closed,
        entered_at: at,
        entered_by: actor.clone(),
        updated_at: at,
        updated_by: None,
        closed_at: is_closed.then_some(at),
        closed_by: is_closed.then(|| actor.clone()),
    };
    let mut shown = row.bare(&state.tenant);
    state.store(row, &actor, at);
    if let Some(tags) = tags {
        shown["tags"] = json!(tags);
        asked.slip("tags on create were answered and not stored");
    }
    Ok(Reply::created(shown))
}

/// Whether the status is a closed one.
///
/// # Errors
/// 400 when it isn't one of the board's.
pub(crate) fn status_of_board(state: &State, board: &str, status: &str) -> Result<bool, Refusal> {
    let status = state.statuses.get(status).filter(|one| one.board_id == board);
    status.map(|one| one.is_closed).ok_or_else(|| Refusal::unfit("status_id", "The status isn't one of the board's"))
}

/// Ids that must lead somewhere, as far as they are given.
pub(crate) struct Known<'a> {
    pub(crate) board: Option<&'a String>,
    pub(crate) client: Option<&'a String>,
    pub(crate) priority: Option<&'a String>,
}

impl Known<'_> {
    pub(crate) fn check(
        &self,
        state: &State,
        categories: [&Option<String>; 2],
        user: &Option<String>,
    ) -> Result<(), Refusal> {
        let there = self.board.is_none_or(|id| state.boards.contains_key(id))
            && self.client.is_none_or(|id| state.clients.contains_key(id))
            && self.priority.is_none_or(|id| state.priorities.contains_key(id))
            && categories.into_iter().flatten().all(|id| state.categories.contains_key(id))
            && user.as_ref().is_none_or(|id| state.users.contains_key(id));
        if there { Ok(()) } else { Err(Refusal::bad_reference()) }
    }
}

/// A body that nobody will see as it was meant is worth a note, though the vendor takes it.
pub(crate) fn note_attributes(asked: &mut Asked<'_>, attributes: &Value) {
    match attributes.get("description") {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) if rich_text::is_broken(text) => {
            asked.slip("attributes.description begins as rich text and isn't");
        }
        Some(Value::String(_)) => {}
        Some(_) => asked.slip("attributes.description isn't a string"),
    }
}
