//! The built-in desk's catalogue, as its configuration writes it.

use super::{Kind, Listed, StatusRole};
use crate::config::Local;

impl Listed {
    /// What the built-in desk lists, in the order of its configuration. Its ids are the names themselves, so that an
    /// entry keeps its number for as long as it keeps its name; what belongs to a board carries the board's name too,
    /// since two boards may both have a "New".
    pub fn of_local(local: &Local) -> Vec<Self> {
        let plain = |kind: Kind, name: &String| Self {
            kind,
            remote_id: name.clone(),
            name: name.clone(),
            board: None,
            role: None,
        };
        let mut listed: Vec<Self> = local.clients.iter().map(|name| plain(Kind::Client, name)).collect();
        for board in &local.boards {
            let of_board = |kind: Kind, name: &String, role: Option<StatusRole>| Self {
                kind,
                remote_id: format!("{}\u{1f}{name}", board.name),
                name: name.clone(),
                board: Some(board.name.clone()),
                role,
            };
            listed.push(plain(Kind::Board, &board.name));
            listed.push(of_board(Kind::Status, &board.open_status, Some(StatusRole::Opening)));
            listed.push(of_board(Kind::Status, &board.closed_status, Some(StatusRole::Closing)));
            listed.extend(board.categories.iter().map(|name| of_board(Kind::Category, name, None)));
        }
        listed.extend(local.priorities.iter().map(|name| plain(Kind::Priority, name)));
        listed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_entry_has_an_id_of_its_own_within_its_kind() {
        let listed = Listed::of_local(&Local::default());
        let ids: HashSet<_> = listed.iter().map(|l| (l.kind, l.remote_id.clone())).collect();
        assert_eq!(ids.len(), listed.len());
        assert_eq!(listed.iter().filter(|l| l.kind == Kind::Status).count(), 4);
    }

    #[test]
    fn statuses_and_categories_name_a_listed_board() {
        let listed = Listed::of_local(&Local::default());
        for l in listed.iter().filter(|l| matches!(l.kind, Kind::Status | Kind::Category)) {
            assert!(listed.iter().any(|b| b.kind == Kind::Board && Some(&b.remote_id) == l.board.as_ref()));
        }
    }
}
