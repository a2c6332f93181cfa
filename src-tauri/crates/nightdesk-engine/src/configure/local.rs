//! The built-in desk's catalogue.

use nightdesk_core::catalogue::{Kind, Listed, StatusRole};
use nightdesk_core::config::{Local, LocalBoard};

/// The catalogue that `[local]` describes. There is no other system to give ids, so they follow from the names: an entry
/// of a new name is a new entry, and tickets stay on the old one.
pub fn local_catalogue(local: &Local) -> Vec<Listed> {
    let plain = |kind: Kind, name: &String| Listed {
        kind,
        remote_id: format!("{}:{name}", kind.word()),
        name: name.clone(),
        board: None,
        role: None,
    };
    let mut listed: Vec<Listed> = local.boards.iter().map(|b| plain(Kind::Board, &b.name)).collect();
    listed.extend(local.boards.iter().flat_map(of_board));
    listed.extend(local.clients.iter().map(|c| plain(Kind::Client, c)));
    listed.extend(local.priorities.iter().map(|p| plain(Kind::Priority, p)));
    listed
}

fn of_board(board: &LocalBoard) -> Vec<Listed> {
    let part = |kind: Kind, name: &String, role| Listed {
        kind,
        remote_id: format!("{}:{}/{name}", kind.word(), board.name),
        name: name.clone(),
        board: Some(format!("{}:{}", Kind::Board.word(), board.name)),
        role,
    };
    let mut parts = vec![
        part(Kind::Status, &board.open_status, Some(StatusRole::Opening)),
        part(Kind::Status, &board.closed_status, Some(StatusRole::Closing)),
    ];
    parts.extend(board.categories.iter().map(|c| part(Kind::Category, c, None)));
    parts
}
