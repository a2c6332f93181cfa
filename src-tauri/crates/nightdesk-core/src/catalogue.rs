//! The PSA's catalogue: its clients, boards, statuses, categories and priorities, under numbers of our own.

use crate::ids::CatalogueId;
use serde::{Deserialize, Serialize};

mod local;

/// What a catalogue entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A customer of the MSP, as the PSA knows it.
    Client,
    /// A board that tickets stand on.
    Board,
    /// A status of one board.
    Status,
    /// A ticket category of one board.
    Category,
    /// A priority.
    Priority,
}

impl Kind {
    /// The word for it, as stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Board => "board",
            Self::Status => "status",
            Self::Category => "category",
            Self::Priority => "priority",
        }
    }

    /// The inverse of [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Client, Self::Board, Self::Status, Self::Category, Self::Priority].into_iter().find(|k| k.word() == word)
    }
}

/// What a status means to the board that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusRole {
    /// New tickets get it; so does a reopened one.
    Opening,
    /// An open status that isn't the opening one.
    Open,
    /// The board's own closed status, used where the configured one doesn't exist.
    Closing,
    /// Another closed status.
    Closed,
}

impl StatusRole {
    /// Whether a ticket in such a status is closed.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Closing | Self::Closed)
    }

    /// The word for it, as stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Open => "open",
            Self::Closing => "closing",
            Self::Closed => "closed",
        }
    }

    /// The inverse of [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Opening, Self::Open, Self::Closing, Self::Closed].into_iter().find(|r| r.word() == word)
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Our number for it; stays when the PSA renames it.
    pub id: CatalogueId,
    /// What it is.
    pub kind: Kind,
    /// The PSA's own id. The local desk's is derived from the name.
    pub remote_id: String,
    /// Its present name.
    pub name: String,
    /// The board that a status or category belongs to.
    pub board: Option<CatalogueId>,
    /// A status's meaning.
    pub role: Option<StatusRole>,
    /// False once the PSA no longer lists it. Tickets that use it keep it; nothing new may.
    pub active: bool,
}

/// An entry as a connector reports it, before it has a number of ours. `board` is the board's `remote_id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What it is.
    pub kind: Kind,
    /// The PSA's own id, unique within its kind.
    pub remote_id: String,
    /// Its name.
    pub name: String,
    /// The board that a status or category belongs to, by `remote_id`.
    pub board: Option<String>,
    /// A status's meaning.
    pub role: Option<StatusRole>,
}

/// The whole catalogue, in the PSA's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    entries: Vec<Entry>,
}

impl Catalogue {
    /// A catalogue of these entries.
    pub fn new(entries: Vec<Entry>) -> Self {
        Self { entries }
    }

    /// What is active of it, as a connector reports it.
    pub fn listed(&self) -> Vec<Listed> {
        let remote = |id| self.get(id).map(|e| e.remote_id.clone());
        let active = self.entries.iter().filter(|e| e.active);
        let listed = active.map(|e| Listed {
            kind: e.kind,
            remote_id: e.remote_id.clone(),
            name: e.name.clone(),
            board: e.board.and_then(remote),
            role: e.role,
        });
        listed.collect()
    }

    /// All entries, inactive ones included.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry with this number, active or not.
    pub fn get(&self, id: CatalogueId) -> Option<&Entry> {
        self.entries.iter().find(|e| e.id == id)
    }

    /// The name of an entry, for showing; a number that is gone shows as such.
    pub fn name(&self, id: CatalogueId) -> &str {
        self.get(id).map_or("(removed)", |e| e.name.as_str())
    }

    /// Active entries of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |e| e.kind == kind && e.active)
    }

    /// The active entry of a kind with exactly this name; for statuses and categories, on this board.
    pub fn find(&self, kind: Kind, name: &str, board: Option<CatalogueId>) -> Option<&Entry> {
        self.of(kind).find(|e| e.name == name && (board.is_none() || e.board == board))
    }

    /// As [`Self::find`], where no other has that name: PSAs let two customers be called the same.
    pub fn only(&self, kind: Kind, name: &str) -> Option<&Entry> {
        let mut all = self.of(kind).filter(|e| e.name == name);
        all.next().filter(|_| all.next().is_none())
    }

    /// Whether an entry exists and is still listed by the PSA.
    pub fn is_active(&self, id: CatalogueId) -> bool {
        self.get(id).is_some_and(|e| e.active)
    }

    /// The status that new and reopened tickets of a board get: its opening one, else its first open one.
    pub fn opening_status(&self, board: CatalogueId) -> Option<CatalogueId> {
        let of_board = || self.of(Kind::Status).filter(move |e| e.board == Some(board));
        of_board()
            .find(|e| e.role == Some(StatusRole::Opening))
            .or_else(|| of_board().find(|e| e.role.is_some_and(|r| !r.is_closed())))
            .map(|e| e.id)
    }

    /// The status that closes a ticket of a board: the wanted name where the board has it as a closed status, else
    /// the board's own closed status. Never a status of another board.
    pub fn closed_status(&self, board: CatalogueId, wanted: Option<&str>) -> Option<CatalogueId> {
        let closed = || {
            self.of(Kind::Status).filter(move |e| e.board == Some(board) && e.role.is_some_and(StatusRole::is_closed))
        };
        closed()
            .find(|e| Some(e.name.as_str()) == wanted)
            .or_else(|| closed().find(|e| e.role == Some(StatusRole::Closing)))
            .or_else(|| closed().next())
            .map(|e| e.id)
    }
}
