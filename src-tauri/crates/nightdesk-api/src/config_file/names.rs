//! The names that a desk's catalogue has, wherever it comes from.

use nightdesk_core::catalogue::{Kind, Listed, StatusRole};
use nightdesk_core::config::{DeskKind, Local};

/// Every name that a configuration may use.
pub(super) struct Names<'a> {
    pub(super) clients: Vec<&'a str>,
    pub(super) boards: Vec<BoardNames<'a>>,
    pub(super) priorities: Vec<&'a str>,
    /// The PSA that has them; `None` for the built-in desk.
    psa: Option<DeskKind>,
}

/// A board's names.
pub(super) struct BoardNames<'a> {
    pub(super) name: &'a str,
    pub(super) closed: Vec<&'a str>,
    pub(super) categories: Vec<&'a str>,
}

impl<'a> Names<'a> {
    /// The built-in desk's.
    pub(super) fn local(local: &'a Local) -> Self {
        let boards = local.boards.iter().map(|b| BoardNames {
            name: &b.name,
            closed: vec![&b.closed_status],
            categories: b.categories.iter().map(String::as_str).collect(),
        });
        Self {
            clients: local.clients.iter().map(String::as_str).collect(),
            boards: boards.collect(),
            priorities: local.priorities.iter().map(String::as_str).collect(),
            psa: None,
        }
    }

    /// A PSA's.
    pub(super) fn listed(psa: DeskKind, listed: &'a [Listed]) -> Self {
        let of = |kind| listed.iter().filter(move |l| l.kind == kind).map(|l| l.name.as_str());
        let boards = listed.iter().filter(|l| l.kind == Kind::Board).map(|board| {
            let on = |kind| {
                let is_its = move |l: &&Listed| l.kind == kind && l.board.as_ref() == Some(&board.remote_id);
                listed.iter().filter(is_its)
            };
            BoardNames {
                name: &board.name,
                closed: on(Kind::Status)
                    .filter(|l| l.role.is_some_and(StatusRole::is_closed))
                    .map(|l| l.name.as_str())
                    .collect(),
                categories: on(Kind::Category).map(|l| l.name.as_str()).collect(),
            }
        });
        Self {
            clients: of(Kind::Client).collect(),
            boards: boards.collect(),
            priorities: of(Kind::Priority).collect(),
            psa: Some(psa),
        }
    }

    /// Where they are, to be read after "is no board".
    pub(super) fn place(&self) -> String {
        self.psa.map(|psa| format!(" in {}", psa.name())).unwrap_or_default()
    }
}
