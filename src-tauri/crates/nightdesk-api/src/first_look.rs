//! What a window shows before it has asked anything: it is made with this, so that its first picture is the desk's.

use crate::board::{Board, board};
use crate::error::Error;
use crate::preferences::{Preferences, preferences};
use crate::rpc::At;
use crate::status_card::{StatusCard, card};
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// As many cards as a window shows at once when it opens.
const CARDS: usize = 13;

/// The first look. What is asked for afterwards replaces it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FirstLook {
    /// The status card.
    pub card: StatusCard,
    /// How the desk looks.
    pub preferences: Preferences,
    /// The top of the triage board.
    pub board: Board,
}

/// Takes the first look; `None` before the first poll, when there may be something else to show than boards.
///
/// # Errors
/// The store's.
pub fn first_look(tx: &Tx<'_>, at: &At) -> Result<Option<FirstLook>, Error> {
    let card = card(tx, at)?;
    if card.status.last_poll.at.is_none() {
        return Ok(None);
    }
    Ok(Some(FirstLook { card, preferences: preferences(tx)?, board: top(board(tx, at.now)?, CARDS) }))
}

/// The board's first cards; each group says how many more it has.
fn top(mut board: Board, cards: usize) -> Board {
    let mut left = cards;
    for group in &mut board.groups {
        let keep = group.tickets.len().min(left);
        group.more = i64::try_from(group.tickets.len() - keep).unwrap_or(i64::MAX);
        group.tickets.truncate(keep);
        left -= keep;
    }
    board
}
