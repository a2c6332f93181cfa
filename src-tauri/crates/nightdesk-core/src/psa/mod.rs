//! Tickets in a PSA: what is asked of it, what is seen there, and what the difference means. Ids are the PSA's own.

mod bucket;
mod follow;
mod marker;
mod note;
mod reference;
mod step;

pub use bucket::{BURST, Bucket, PER_MINUTE};
pub use follow::{Difference, Field, differences, merge, rebase};
pub use marker::{Marker, title_with};
pub use note::pieces;
pub use reference::Reference;
pub use step::{Mirror, Pending, Step, next_step};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Where and how a ticket stands in the PSA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// Its title, the marker included.
    pub title: String,
    /// The client.
    pub client: String,
    /// The board.
    pub board: String,
    /// The status, one of that board's.
    pub status: String,
    /// The category, one of that board's.
    pub category: Option<String>,
    /// The priority; `None` only where a person took it away.
    pub priority: Option<String>,
}

/// The payload of a ticket's creation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    /// What the title ends with and look-ups compare.
    pub marker: String,
    /// The incident, for machines: account and id. Kept beside the title, which people may change.
    pub reference: String,
    /// How it shall stand.
    pub filed: Filed,
    /// What it is about, in the plain Markdown of [`crate::content::description`].
    pub description: String,
    /// Words to tag it by.
    pub tags: Vec<String>,
    /// The incident in Huntress's portal.
    pub url: Option<String>,
    /// A critical one, which goes before others.
    pub is_urgent: bool,
    /// It may be there already, from before: looked for even on the first attempt.
    pub look_first: bool,
}

/// The payload of an update. Repeating it changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// The ticket.
    pub id: String,
    /// How it stood when last seen: a field that differs there now was changed by a person, and is left alone.
    pub was: Filed,
    /// How it shall stand.
    pub wants: Filed,
    /// How it stands here, for the desk's own books: a connector needs only the two above.
    pub here: Filed,
    /// About a critical one.
    pub is_urgent: bool,
}

/// The payload of a note, which customers never see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The ticket.
    pub id: String,
    /// What look-ups compare; the same on every attempt.
    pub marker: String,
    /// In plain text.
    pub text: String,
}

/// How the reason of a refused update begins where the ticket isn't there any more: somebody deleted it, which is
/// respected and raises no alarm.
pub const GONE: &str = "the ticket was deleted there";

/// A ticket as the PSA shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Its id.
    pub id: String,
    /// The number that people call it by.
    pub number: Option<String>,
    /// How it stands.
    pub filed: Filed,
    /// Whether it is closed there.
    pub is_closed: bool,
    /// When it was last changed, by the PSA's clock.
    pub updated_at: Option<DateTime<Utc>>,
    /// Who changed it last, by name where the PSA tells.
    pub by: Option<String>,
}
