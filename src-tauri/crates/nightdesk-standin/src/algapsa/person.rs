//! What people do in the product itself, each under their name. Every change moves the ticket's `updated_at`, and the
//! answer is `false` when there is no such ticket or no such thing to give it.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::comment::{NewComment, write_comment};
use super::desk::Desk;
use super::id::id_of;
use super::state::State;
use super::ticket::{TicketRow, number};

/// Somebody at work: who, and when.
struct Hand {
    user: String,
    at: DateTime<Utc>,
}

impl Desk {
    /// Opens a ticket with the board's first status and the first priority; its id. `None` when the board has no open
    /// status, or there is no such board or client, or no priority.
    pub fn person_opens(&self, title: &str, board: &str, client: &str, by: &str) -> Option<String> {
        self.edit(|state, at| {
            let board = state.board_key(board)?;
            let (client, status) = (state.client_key(client)?, state.first_status(&board)?.id.clone());
            let priority = state.priorities.values().min_by_key(|one| one.order_number)?.id.clone();
            let entered_by = state.user_named(by);
            state.made_tickets += 1;
            let row = TicketRow {
                made: state.made_tickets,
                id: id_of("ticket", &state.made_tickets.to_string()),
                number: number(state.made_tickets),
                title: title.to_owned(),
                url: None,
                board,
                client,
                status,
                priority,
                category: None,
                subcategory: None,
                assigned_to: None,
                attributes: Value::Null,
                source: "web_app",
                is_closed: false,
                entered_at: at,
                entered_by: entered_by.clone(),
                updated_at: at,
                updated_by: None,
                closed_at: None,
                closed_by: None,
            };
            let id = row.id.clone();
            state.store(row, &entered_by, at);
            Some(id)
        })
    }

    /// Moves a ticket to another board, where it takes the status that people find preselected, or a closed one if it
    /// was closed and there is one.
    pub fn person_moves(&self, ticket: &str, board: &str, by: &str) -> bool {
        self.person(ticket, by, |state, row, hand| {
            let board = state.board_key(board)?;
            let closed = state.statuses_of(&board).into_iter().find(|one| one.is_closed).filter(|_| row.is_closed);
            let status = closed.or_else(|| state.first_status(&board))?;
            row.board = board;
            row.take_status(status, &hand.user, hand.at);
            Some(())
        })
    }

    /// Gives a ticket to another client.
    pub fn person_sets_client(&self, ticket: &str, client: &str, by: &str) -> bool {
        self.person(ticket, by, |state, row, _| {
            row.client = state.client_key(client)?;
            Some(())
        })
    }

    /// Puts a ticket into a status of its board.
    pub fn person_sets_status(&self, ticket: &str, status: &str, by: &str) -> bool {
        self.person(ticket, by, |state, row, hand| {
            let statuses = state.statuses_of(&row.board);
            let status = statuses.into_iter().find(|one| one.id == status || one.name == status)?;
            row.take_status(status, &hand.user, hand.at);
            Some(())
        })
    }

    /// Closes a ticket with its board's first closed status; close rules don't hold people up.
    pub fn person_closes(&self, ticket: &str, by: &str) -> bool {
        self.person(ticket, by, |state, row, hand| {
            let status = state.statuses_of(&row.board).into_iter().find(|one| one.is_closed)?;
            row.take_status(status, &hand.user, hand.at);
            Some(())
        })
    }

    /// Reopens a ticket with the status that new ones of its board get.
    pub fn person_reopens(&self, ticket: &str, by: &str) -> bool {
        self.person(ticket, by, |state, row, hand| {
            row.take_status(state.first_status(&row.board)?, &hand.user, hand.at);
            Some(())
        })
    }

    /// Changes a ticket's priority.
    pub fn person_sets_priority(&self, ticket: &str, priority: &str, by: &str) -> bool {
        self.person(ticket, by, |state, row, _| {
            row.priority = state.priority_key(priority)?;
            Some(())
        })
    }

    /// Changes a ticket's title.
    pub fn person_retitles(&self, ticket: &str, title: &str, by: &str) -> bool {
        self.person(ticket, by, |_, row, _| {
            title.clone_into(&mut row.title);
            Some(())
        })
    }

    /// Assigns a ticket to a user, or to nobody.
    pub fn person_assigns(&self, ticket: &str, to: Option<&str>, by: &str) -> bool {
        let to = to.map(|name| self.add_user(name));
        self.person(ticket, by, |_, row, _| {
            row.assigned_to = to;
            Some(())
        })
    }

    /// Writes an internal note on a ticket. That doesn't move the ticket's `updated_at`.
    pub fn person_comments(&self, ticket: &str, text: &str, by: &str) -> bool {
        self.edit(|state, at| {
            let Some(id) = state.ticket_key(ticket) else { return false };
            let by = state.user_named(by);
            write_comment(state, at, NewComment { is_internal: true, ..NewComment::new(&id, text, &by) });
            true
        })
    }

    /// Deletes a ticket with all that hangs on it. Nothing is left that could say who did it, as in the vendor's lists.
    pub fn person_deletes(&self, ticket: &str, by: &str) -> bool {
        self.edit(|state, _| {
            state.user_named(by);
            state.ticket_key(ticket).is_some_and(|id| state.remove_ticket(&id))
        })
    }

    /// Gives a ticket another date of its last change, as an import of somebody's old tickets does; `false` when there is none.
    pub fn import_dates(&self, ticket: &str, updated_at: DateTime<Utc>) -> bool {
        self.edit(|state, _| {
            let row = state.ticket_key(ticket).and_then(|id| state.tickets.get_mut(&id));
            row.map(|row| row.updated_at = updated_at).is_some()
        })
    }

    fn person(&self, ticket: &str, by: &str, change: impl FnOnce(&State, &mut TicketRow, &Hand) -> Option<()>) -> bool {
        self.edit(|state, at| {
            let Some(mut row) = state.ticket_key(ticket).and_then(|id| state.tickets.get(&id)).cloned() else {
                return false;
            };
            let hand = Hand { user: state.user_named(by), at };
            if change(state, &mut row, &hand).is_none() {
                return false;
            }
            row.touch(&hand.user, at);
            state.store(row, &hand.user, at);
            true
        })
    }
}
