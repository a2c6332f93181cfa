//! One ticket: reading, changing, closing and deleting it.

use serde_json::{Value, json};

use super::creation::{Known, LONGEST_TITLE, note_attributes, status_of_board};
use super::refusal::{Outcome, Refusal, Reply};
use super::route::Asked;
use super::submission::{Given, Submission};
use super::ticket::TicketRow;

/// `GET /tickets/{id}`.
pub(crate) fn read(asked: &Asked<'_>, id: &str) -> Outcome {
    Ok(Reply::data(asked.ticket(id)?.whole(asked.state)))
}

/// `DELETE /tickets/{id}`.
pub(crate) fn delete(asked: &mut Asked<'_>, id: &str) -> Outcome {
    let row = asked.ticket(id)?;
    asked.state.remove_ticket(&row.id);
    Ok(Reply::gone())
}

/// `PUT /tickets/{id}`: what is given is changed, the rest stays.
pub(crate) fn update(asked: &mut Asked<'_>, id: &str) -> Outcome {
    let mut body = Submission::of(&asked.request.body);
    let title = body.text("title", LONGEST_TITLE);
    let url = body.url("url");
    let (board, client) = (body.id("board_id"), body.id("client_id"));
    let (status, priority) = (body.id("status_id"), body.id("priority_id"));
    let (location, contact) = (body.id("location_id"), body.nullable_id("contact_name_id"));
    let (category, subcategory) = (body.id("category_id"), body.id("subcategory_id"));
    let assigned_to = body.nullable_id("assigned_to");
    let attributes = body.object("attributes", true);
    let tags = body.list("tags").is_some();
    let closing = Override::read(&mut body);
    body.silence();
    let ignored = body.settle()?;
    let mut row = asked.ticket(id)?;
    asked.ignore(ignored);
    // The validator knows the field and the table has no such column.
    if tags {
        return Err(Refusal::internal());
    }
    let moved = board.as_ref().is_some_and(|board| *board != row.board);
    if moved && status.is_none() {
        return Err(Refusal::unfit("status_id", "Another board needs a status of that board"));
    }
    let effective_board = board.clone().unwrap_or_else(|| row.board.clone());
    if let Some(status) = &status {
        let closes = status_of_board(asked.state, &effective_board, status)? && !row.is_closed;
        closing.may(asked, closes, &effective_board)?;
    }
    let given = match &assigned_to {
        Given::Is(id) => Some(id.clone()),
        Given::Absent | Given::Null => None,
    };
    let known = Known { board: board.as_ref(), client: client.as_ref(), priority: priority.as_ref() };
    known.check(asked.state, [&category, &subcategory], &given)?;
    if location.is_some() || contact.value().is_some() {
        return Err(Refusal::bad_reference());
    }
    row.board = effective_board;
    row.title = title.unwrap_or(row.title);
    row.client = client.unwrap_or(row.client);
    row.priority = priority.unwrap_or(row.priority);
    row.url = url.or(row.url);
    row.category = category.or(row.category);
    row.subcategory = subcategory.or(row.subcategory);
    if assigned_to != Given::Absent {
        row.assigned_to = given;
    }
    match attributes {
        Given::Absent => {}
        Given::Null => row.attributes = Value::Null,
        Given::Is(whole) => {
            note_attributes(asked, &whole);
            row.attributes = whole;
        }
    }
    write(asked, row, status.as_deref())
}

/// `PUT /tickets/{id}/status`.
pub(crate) fn set_status(asked: &mut Asked<'_>, id: &str) -> Outcome {
    let mut body = Submission::of(&asked.request.body);
    body.require("status_id");
    let status = body.id("status_id").unwrap_or_default();
    let (closed_at, closed_by) = (body.moment("closed_at"), body.id("closed_by"));
    let closing = Override::read(&mut body);
    body.silence();
    let ignored = body.settle()?;
    let row = asked.ticket(id)?;
    asked.ignore(ignored);
    let closed = status_of_board(asked.state, &row.board, &status)?;
    closing.may(asked, closed && !row.is_closed, &row.board)?;
    if closed_by.as_ref().is_some_and(|id| !asked.state.users.contains_key(id)) {
        return Err(Refusal::bad_reference());
    }
    let closes = closed && !row.is_closed;
    let key = row.id.clone();
    let reply = write(asked, row, Some(&status))?;
    let Some(row) = asked.state.tickets.get_mut(&key).filter(|_| closes) else { return Ok(reply) };
    row.closed_at = closed_at.or(row.closed_at);
    row.closed_by = closed_by.or(row.closed_by.take());
    let row = row.clone();
    Ok(Reply::data(row.whole(asked.state)))
}

/// Stores a changed ticket, in a status if one was given, and shows it.
pub(crate) fn write(asked: &mut Asked<'_>, mut row: TicketRow, status: Option<&str>) -> Outcome {
    let (at, actor) = (asked.moment(), asked.actor());
    if let Some(status) = status.and_then(|id| asked.state.statuses.get(id)) {
        row.take_status(status, &actor, at);
    }
    row.touch(&actor, at);
    let shown = row.clone();
    asked.state.store(row, &actor, at);
    Ok(Reply::data(shown.whole(asked.state)))
}

/// A wish to close against the board's rules.
struct Override {
    wanted: bool,
    reason: Option<String>,
}

impl Override {
    fn read(body: &mut Submission) -> Self {
        let wanted = body.flag("override_close_rules") == Some(true);
        let reason = body.nullable_text("override_close_rules_reason");
        Self { wanted, reason }
    }

    /// # Errors
    /// 400 with one detail for each rule of the board, unless the user may override them and says why.
    fn may(&self, asked: &Asked<'_>, closes: bool, board: &str) -> Result<(), Refusal> {
        let rules = asked.state.close_rules.get(board).filter(|rules| closes && !rules.is_empty());
        let Some(rules) = rules else { return Ok(()) };
        if !self.wanted {
            let detail = |rule: &String| json!({ "code": "custom", "path": ["status_id"], "message": rule });
            return Err(Refusal::invalid(rules.iter().map(detail).collect()));
        }
        asked.must_be_allowed("ticket:close_override")?;
        match self.reason.as_deref().map(str::trim) {
            None | Some("") => Err(Refusal::unfit("override_close_rules_reason", "An override needs a reason")),
            Some(_) => Ok(()),
        }
    }
}
