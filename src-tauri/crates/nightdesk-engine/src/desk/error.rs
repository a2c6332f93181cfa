//! Why an act of a person is refused.

use chrono::{DateTime, Utc};
use nightdesk_core::ids::{MoveId, OrganizationId, TicketId};
use std::fmt;

/// Names or numbers in a sentence, joined by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed(pub Vec<String>);

impl Listed {
    /// Of anything that can be shown.
    pub fn of<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> Self {
        Self(items.into_iter().map(|i| i.to_string()).collect())
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

fn did_you_mean(near: &Listed) -> String {
    if near.0.is_empty() {
        "add it to the PSA's clients first, or choose another name".to_owned()
    } else {
        format!("the nearest names are {near}")
    }
}

fn by(who: &Option<String>, at: &Option<DateTime<Utc>>) -> String {
    match (who, at) {
        (Some(who), Some(at)) => format!(" (changed by {who} at {})", at.format("%Y-%m-%d %H:%M:%S UTC")),
        _ => String::new(),
    }
}

/// Why nothing was done. `Display` is a sentence for a person that names the thing and says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No ticket was named.
    #[error("no ticket was named: give at least one ticket's id")]
    NoTickets,
    /// Some tickets don't exist.
    #[error("there is no ticket {0}: nothing was changed; look at the list of tickets for the right id")]
    UnknownTickets(Listed),
    /// A client's name that the PSA doesn't have.
    #[error("there is no client {name:?}: {}", did_you_mean(near))]
    UnknownClient {
        /// As it was given.
        name: String,
        /// The nearest names, quoted.
        near: Listed,
    },
    /// A name that several clients bear.
    #[error(
        "the name {name:?} fits several clients: {choices}; give one of these exactly, and rename one where they are the same"
    )]
    AmbiguousClient {
        /// As it was given.
        name: String,
        /// The clients, quoted.
        choices: Listed,
    },
    /// Without complete routing nobody knows which board is which.
    #[error("routing is incomplete, so there is no board to move tickets to: complete [routing] and apply it first")]
    RoutingIncomplete,
    /// Everything is already as it was asked to be.
    #[error("there is nothing to move: {tickets} already stands with client {client:?}, and no other ticket waits")]
    NothingToDo {
        /// The tickets' numbers.
        tickets: Listed,
        /// The client's name.
        client: String,
    },
    /// The organization to map can't be told from these tickets.
    #[error("no organization can be mapped: {0} has none; re-home it without mapping")]
    NoOrganization(Listed),
    /// Nor from these.
    #[error(
        "only one organization can be mapped at a time, but these tickets belong to organizations {0}; re-home each organization's tickets on their own"
    )]
    SeveralOrganizations(Listed),
    /// No such re-home.
    #[error("there is no re-home {0} to take back: give the undo_id that the re-home answered")]
    UnknownMove(MoveId),
    /// It was taken back before.
    #[error(
        "re-home {id} was already taken back at {}; to redo it, take that undo back by its own undo_id",
        at.format("%Y-%m-%d %H:%M:%S UTC")
    )]
    AlreadyUndone {
        /// Which.
        id: MoveId,
        /// When.
        at: DateTime<Utc>,
    },
    /// Somebody changed the same thing since.
    #[error(
        "it can't be taken back: the {field} of {what} is {now} by now{}; nothing was changed, re-home it by hand if it is wrong",
        by(who, at)
    )]
    ChangedMeanwhile {
        /// The ticket by its number, or the organization.
        what: String,
        /// `client`, `board` or `mapping`.
        field: &'static str,
        /// What it is now.
        now: String,
        /// Who changed it, where that is known.
        who: Option<String>,
        /// When.
        at: Option<DateTime<Utc>>,
    },
    /// The place to go to is no longer in the catalogue.
    #[error("{kind} {name:?} is no longer in the PSA's catalogue: bring it back there, or choose another in [routing]")]
    Vanished {
        /// `client` or `board`.
        kind: &'static str,
        /// Its last name.
        name: String,
    },
    /// It is closed.
    #[error("ticket {0} is already closed: reopen it first if there is more to do")]
    AlreadyClosed(String),
    /// It is open.
    #[error("ticket {0} is open already: there is nothing to reopen")]
    AlreadyOpen(String),
    /// A note without words.
    #[error("the note is empty: write what should stand on the ticket")]
    EmptyNote,
    /// An assignee without a name.
    #[error("the assignee's name is empty: name a person, or unassign the ticket")]
    EmptyAssignee,
    /// An organization that was neither listed nor mapped.
    #[error("organization {0} is not known here: look at the list of organizations for the right id")]
    UnknownOrganization(OrganizationId),
    /// A table with problems; nothing of it was imported.
    #[error("nothing was imported: {}", .0.join("; "))]
    Table(Vec<String>),
    /// The store.
    #[error(transparent)]
    Store(#[from] nightdesk_store::Error),
}

impl Error {
    pub(crate) fn unknown_tickets(ids: &[TicketId]) -> Self {
        Self::UnknownTickets(Listed::of(ids))
    }
}
