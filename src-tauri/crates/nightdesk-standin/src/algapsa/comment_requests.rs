//! `/tickets/{id}/comments`.

use serde_json::Value;

use super::comment::{CommentRow, NewComment, write_comment};
use super::query::Query;
use super::refusal::{Outcome, Refusal, Reply};
use super::rich_text;
use super::route::{Asked, well_formed};
use super::submission::Submission;

/// Characters that a reader sees.
const LONGEST: usize = 5_000;
const LARGEST_LIST: usize = 200;
/// The vendor's contract names no default; a short one shows up a client that relies on a long one.
const LIST_UNLESS_GIVEN: usize = 50;

/// `POST`. The vendor's default is a comment that the customer sees.
pub(crate) fn write(asked: &mut Asked<'_>, id: &str) -> Outcome {
    let mut body = Submission::of(&asked.request.body);
    let text = text(&mut body);
    let internal = body.flag("is_internal");
    let is_resolution = body.flag("is_resolution") == Some(true);
    let parent = body.id("parent_comment_id");
    let metadata = body.object("metadata", false).value().unwrap_or(Value::Null);
    if body.number("time_spent").is_some_and(|spent| spent < 0.0) {
        body.issues.add("too_small", "time_spent", "Must be at least 0");
    }
    body.silence();
    let ignored = body.settle()?;
    let ticket = asked.ticket(id)?.id;
    asked.ignore(ignored);
    let parent = match parent {
        None => None,
        Some(parent) => {
            let comments = asked.state.comments.get(&ticket).into_iter().flatten();
            let found = comments.into_iter().find(|one| one.id == parent);
            Some(found.cloned().ok_or_else(Refusal::bad_reference)?)
        }
    };
    // A reply is seen by whoever sees the comment that began the thread, whatever it asks for itself.
    let is_internal = match &parent {
        None => internal == Some(true),
        Some(parent) => root_is_internal(asked, parent),
    };
    if !is_internal {
        asked.slip("the customer can see this comment");
    }
    let (at, by) = (asked.moment(), asked.actor());
    let parent = parent.map(|parent| (parent.id, parent.thread));
    let new = NewComment { parent, is_internal, is_resolution, metadata, ..NewComment::new(&ticket, &text, &by) };
    let row = write_comment(asked.state, at, new);
    Ok(Reply::created(row.json(asked.state, false)))
}

/// `PUT …/{comment}`, of one's own comments.
pub(crate) fn rewrite(asked: &mut Asked<'_>, id: &str, comment: &str) -> Outcome {
    let mut body = Submission::of(&asked.request.body);
    let text = text(&mut body);
    let ignored = body.settle()?;
    well_formed(comment)?;
    let ticket = asked.ticket(id)?.id;
    asked.ignore(ignored);
    let (at, actor) = (asked.moment(), asked.actor());
    let comments = asked.state.comments.get_mut(&ticket).into_iter().flatten();
    let row = comments.into_iter().find(|one| one.id == comment).ok_or_else(|| Refusal::not_found("Comment"))?;
    if row.created_by != actor {
        return Err(Refusal::forbidden("the right to change what others wrote"));
    }
    row.text = text;
    row.updated_at = Some(at);
    let row = row.clone();
    Ok(Reply::data(row.json(asked.state, false)))
}

/// `GET`: no block of pages, only an offset and a limit.
pub(crate) fn list(asked: &mut Asked<'_>, id: &str) -> Outcome {
    let mut query = Query::of(asked.request);
    let limit = query.number("limit", 1, LARGEST_LIST, LIST_UNLESS_GIVEN);
    let offset = query.number("offset", 0, usize::MAX, 0);
    let descending = query.descending("order", false);
    let markdown = query.choice("content_format", &["full", "markdown"]) == Some("markdown");
    let ignored = query.settle()?;
    let ticket = asked.ticket(id)?.id;
    asked.ignore(ignored);
    let mut rows: Vec<&CommentRow> = asked.state.comments.get(&ticket).into_iter().flatten().collect();
    if descending {
        rows.reverse();
    }
    let shown = rows.into_iter().skip(offset).take(limit).map(|row| row.json(asked.state, markdown));
    Ok(Reply::data(shown.collect()))
}

fn text(body: &mut Submission) -> String {
    body.require("comment_text");
    let text = body.string("comment_text").unwrap_or_default();
    let seen = rich_text::visible(&text);
    if body.issues.is_empty() && seen.trim().is_empty() {
        body.issues.add("too_small", "comment_text", "Must have at least 1 visible character");
    } else if seen.encode_utf16().count() > LONGEST {
        body.issues.add("too_big", "comment_text", format!("Must have at most {LONGEST} visible characters"));
    }
    text
}

fn root_is_internal(asked: &Asked<'_>, reply_to: &CommentRow) -> bool {
    let comments = asked.state.comments.get(&reply_to.ticket).into_iter().flatten();
    comments.into_iter().find(|one| one.id == reply_to.thread).is_none_or(|root| root.is_internal)
}
