//! Comments on tickets.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::id::id_of;
use super::rich_text;
use super::stamp::stamp;
use super::state::State;

/// A comment as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// UUID.
    pub id: String,
    /// The ticket that it is on.
    pub ticket_id: String,
    /// Its text as it was sent.
    pub text: String,
    /// Whether the customer is kept from seeing it.
    pub is_internal: bool,
    /// Whether it is marked as what solved the matter.
    pub is_resolution: bool,
    /// What the writer attached to it, `null` when nothing.
    pub metadata: Value,
    /// The name of the user who wrote it.
    pub by: String,
    /// When it was written.
    pub at: DateTime<Utc>,
}

#[derive(Clone, Debug)]
pub(crate) struct CommentRow {
    pub(crate) id: String,
    pub(crate) ticket: String,
    pub(crate) parent: Option<String>,
    /// The comment that began the thread, which may be itself.
    pub(crate) thread: String,
    pub(crate) text: String,
    pub(crate) is_internal: bool,
    pub(crate) is_resolution: bool,
    pub(crate) metadata: Value,
    pub(crate) created_by: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: Option<DateTime<Utc>>,
}

impl CommentRow {
    pub(crate) fn json(&self, state: &State, markdown: bool) -> Value {
        json!({
            "comment_id": self.id,
            "ticket_id": self.ticket,
            "thread_id": self.thread,
            "parent_comment_id": self.parent,
            "comment_text": self.text,
            "note": self.text,
            "comment_html": rich_text::html(&self.text),
            "markdown_content": markdown.then(|| rich_text::visible(&self.text)),
            "is_internal": self.is_internal,
            "is_resolution": self.is_resolution,
            "is_system_generated": false,
            "created_by": self.created_by,
            "created_by_name": state.user_name(Some(&self.created_by)),
            "author_contact_id": null,
            "created_at": stamp(self.created_at),
            "updated_at": self.updated_at.map(stamp),
            "deleted_at": null,
            "metadata": self.metadata,
            "tenant": state.tenant,
        })
    }

    pub(crate) fn seen(&self, state: &State) -> Comment {
        Comment {
            id: self.id.clone(),
            ticket_id: self.ticket.clone(),
            text: self.text.clone(),
            is_internal: self.is_internal,
            is_resolution: self.is_resolution,
            metadata: self.metadata.clone(),
            by: state.user_name(Some(&self.created_by)).unwrap_or_default(),
            at: self.created_at,
        }
    }
}

/// What makes a comment.
pub(crate) struct NewComment {
    pub(crate) ticket: String,
    pub(crate) text: String,
    pub(crate) by: String,
    pub(crate) parent: Option<(String, String)>,
    pub(crate) is_internal: bool,
    pub(crate) is_resolution: bool,
    pub(crate) metadata: Value,
}

impl NewComment {
    pub(crate) fn new(ticket: &str, text: &str, by: &str) -> Self {
        Self {
            ticket: ticket.to_owned(),
            text: text.to_owned(),
            by: by.to_owned(),
            parent: None,
            is_internal: false,
            is_resolution: false,
            metadata: Value::Null,
        }
    }
}

/// Puts a comment on a ticket. The ticket's row stays as it is: nothing in the vendor's contract says that a comment
/// touches it, so a client that waits to see comments in the list of changed tickets must be told that it won't.
pub(crate) fn write_comment(state: &mut State, at: DateTime<Utc>, new: NewComment) -> CommentRow {
    state.made_comments += 1;
    let id = id_of("comment", &state.made_comments.to_string());
    let (parent, thread) = new.parent.map_or((None, id.clone()), |(parent, thread)| (Some(parent), thread));
    let row = CommentRow {
        id,
        ticket: new.ticket.clone(),
        parent,
        thread,
        text: new.text,
        is_internal: new.is_internal,
        is_resolution: new.is_resolution,
        metadata: new.metadata,
        created_by: new.by,
        created_at: at,
        updated_at: None,
    };
    state.comments.entry(new.ticket).or_default().push(row.clone());
    row
}
