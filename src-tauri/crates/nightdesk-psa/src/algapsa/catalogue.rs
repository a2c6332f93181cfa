//! Boards, statuses, categories, priorities and clients.

use std::collections::HashSet;

use nightdesk_core::catalogue::{Kind, Listed, StatusRole};
use nightdesk_core::content::line;
use serde_json::Value;

use super::gate::{Turn, Urgency};
use super::list::Paging;
use super::miss::Miss;
use super::refusal::Errand;
use super::{AlgaPsa, json};

pub(super) const BOARDS: Errand = Errand::new("read boards", "ticket:read");
pub(super) const STATUSES: Errand = Errand::new("read statuses", "ticket:read");
pub(super) const PRIORITIES: Errand = Errand::new("read priorities", "ticket:read");
pub(super) const CATEGORIES: Errand = Errand::new("read categories", "ticket_settings:read");
pub(super) const CLIENTS: Errand = Errand::new("read clients", "client:read");

impl AlgaPsa {
    /// Everything that tickets can be filed under; all of it or an error.
    pub(super) async fn read_catalogue(&self) -> Result<Vec<Listed>, Miss> {
        let turn = || self.turn(Urgency::Catalogue);
        let active = |name: &'static str| move |row: &Value| !json::is(row, name);

        let boards = self
            .whole(
                turn,
                &["boards"],
                &[("sort", "display_order"), ("order", "asc")],
                Paging::Page,
                ("board_id", BOARDS),
            )
            .await?;
        let mut listed = entries(Kind::Board, "board", boards.iter().filter(|row| active("is_inactive")(row)));
        readable(&boards, "board_name", "boards")?;
        let known: HashSet<String> = listed.iter().map(|l| l.remote_id.clone()).collect();

        // One call for all boards. The list has no pages, and the one at /statuses wants a board each time.
        let rows = self.whole(turn, &["tickets", "statuses"], &[], Paging::None, ("status_id", STATUSES)).await?;
        readable(&rows, "board_id", "statuses")?;
        readable(&rows, "name", "statuses")?;
        listed.extend(statuses(&listed, rows));
        listed.extend(self.categories(turn, &known).await?);
        let priorities = self.priorities(turn).await?;
        readable(&priorities, "priority_name", "priorities")?;
        listed.extend(entries(Kind::Priority, "priority", priorities.iter()));

        let query = [("is_inactive", "false"), ("sort", "client_name"), ("order", "asc")];
        let clients = self.whole(turn, &["clients"], &query, Paging::Page, ("client_id", CLIENTS)).await?;
        readable(&clients, "client_name", "clients")?;
        listed.extend(entries(Kind::Client, "client", clients.iter().filter(|row| active("is_inactive")(row))));
        Ok(listed)
    }

    /// In the order in which the PSA shows them, where the key may see that; else as the tickets' own list has them.
    async fn priorities(&self, turn: impl Fn() -> Turn + Send + Copy) -> Result<Vec<Value>, Miss> {
        let query = [("item_type", "ticket"), ("sort", "order_number"), ("order", "asc")];
        match self.whole(turn, &["priorities"], &query, Paging::Page, ("priority_id", PRIORITIES)).await {
            Err(Miss::Refused(refusal)) if matches!(refusal.status, 400 | 403 | 404) => {
                self.whole(turn, &["tickets", "priorities"], &[], Paging::None, ("priority_id", PRIORITIES)).await
            }
            Ok(mut rows) => {
                // Others have been seen among them in spite of the filter on servers that don't know it.
                rows.retain(|row| json::text(row, "item_type").is_none_or(|of| of == "ticket"));
                Ok(rows)
            }
            other => other,
        }
    }

    /// A desk can do without categories, and they take a right of their own: none where the key hasn't got it. Subcategories
    /// are left out: a ticket there has one field for each, and a subcategory's name alone is often another's too.
    async fn categories(&self, turn: impl Fn() -> Turn + Send, boards: &HashSet<String>) -> Result<Vec<Listed>, Miss> {
        let rows =
            match self.whole(turn, &["categories", "ticket"], &[], Paging::Offset, ("category_id", CATEGORIES)).await {
                Err(Miss::Refused(refusal)) if refusal.status == 403 => {
                    tracing::info!("the API key may not read categories (ticket_settings:read): none are offered");
                    return Ok(Vec::new());
                }
                other => other?,
            };
        let parents = rows.iter().filter(|row| json::text(row, "parent_category").is_none());
        let mut listed: Vec<(f64, Listed)> = parents
            .filter_map(|row| {
                let board = json::text(row, "board_id").filter(|board| boards.contains(*board))?;
                let entry = entry(Kind::Category, "category", row)?;
                Some((json::order(row, "display_order"), Listed { board: Some(board.to_owned()), ..entry }))
            })
            .collect();
        listed.sort_by(|a, b| a.1.board.cmp(&b.1.board).then(a.0.total_cmp(&b.0)));
        Ok(listed.into_iter().map(|(_, entry)| entry).collect())
    }
}

/// The statuses of the listed boards, each board's in its own order, with what they mean to it.
fn statuses(boards: &[Listed], mut rows: Vec<Value>) -> Vec<Listed> {
    rows.sort_by(|a, b| json::order(a, "order_number").total_cmp(&json::order(b, "order_number")));
    let mut listed = Vec::new();
    for board in boards {
        let (mut has_opening, mut has_closing) = (false, false);
        for row in rows.iter().filter(|row| json::text(row, "board_id") == Some(board.remote_id.as_str())) {
            let Some(entry) = named(Kind::Status, json::text(row, "status_id"), json::text(row, "name")) else {
                continue;
            };
            let role = match (json::is(row, "is_closed"), json::is(row, "is_default")) {
                (false, true) if !has_opening => StatusRole::Opening,
                (false, _) => StatusRole::Open,
                (true, _) if !has_closing => StatusRole::Closing,
                (true, _) => StatusRole::Closed,
            };
            has_opening |= role == StatusRole::Opening;
            has_closing |= role == StatusRole::Closing;
            listed.push(Listed { board: Some(board.remote_id.clone()), role: Some(role), ..entry });
        }
    }
    listed
}

/// A row that can't be read is left out. Where that goes for all, it isn't the rows: an empty list in their place would say
/// that everything was deleted.
fn readable(rows: &[Value], field: &str, list: &str) -> Result<(), Miss> {
    if rows.is_empty() || rows.iter().any(|row| json::text(row, field).is_some()) {
        return Ok(());
    }
    Err(Miss::Unreadable(format!("AlgaPSA's list of {list} holds no {field}")))
}

fn entries<'a>(kind: Kind, word: &str, rows: impl Iterator<Item = &'a Value>) -> Vec<Listed> {
    rows.filter_map(|row| entry(kind, word, row)).collect()
}

/// Rows of most lists name their columns after what they are: `board_id`, `board_name`.
fn entry(kind: Kind, word: &str, row: &Value) -> Option<Listed> {
    named(kind, json::text(row, &format!("{word}_id")), json::text(row, &format!("{word}_name")))
}

fn named(kind: Kind, id: Option<&str>, name: Option<&str>) -> Option<Listed> {
    let name = name.map(line).filter(|name| !name.is_empty());
    match (id, name) {
        (Some(id), Some(name)) => Some(Listed { kind, remote_id: id.to_owned(), name, board: None, role: None }),
        _ => {
            tracing::warn!(kind = kind.word(), "a row of the PSA's catalogue could not be read and was left out");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn board(id: &str) -> Listed {
        Listed { kind: Kind::Board, remote_id: id.into(), name: id.into(), board: None, role: None }
    }

    #[test]
    fn statuses_mean_what_their_own_board_says() {
        let row = |board: &str, name: &str, is_closed: bool, is_default: bool, order_number: i64| {
            json!({ "status_id": format!("{board}-{name}"), "board_id": board, "name": name, "is_closed": is_closed,
                    "is_default": is_default, "order_number": order_number })
        };
        let rows = vec![
            row("b", "Dropped", true, false, 40),
            row("b", "Closed", true, false, 30),
            row("b", "New", false, true, 10),
            row("b", "Waiting", false, false, 20),
            row("a", "Resolved", true, true, 2),
            row("a", "Open", false, false, 1),
            row("gone", "New", false, true, 1),
        ];
        let read: Vec<_> =
            statuses(&[board("a"), board("b")], rows).into_iter().map(|l| (l.remote_id, l.role.unwrap())).collect();
        use StatusRole::{Closed, Closing, Open, Opening};
        let wanted = [
            ("a-Open", Open),
            ("a-Resolved", Closing),
            ("b-New", Opening),
            ("b-Waiting", Open),
            ("b-Closed", Closing),
            ("b-Dropped", Closed),
        ];
        assert_eq!(read, wanted.map(|(id, role)| (id.to_owned(), role)));
    }

    #[test]
    fn a_row_without_a_name_is_left_out() {
        let rows = [json!({ "client_id": "c", "client_name": " A\tB " }), json!({ "client_id": "d" }), json!(7)];
        let listed = entries(Kind::Client, "client", rows.iter());
        assert_eq!(listed.iter().map(|l| l.name.as_str()).collect::<Vec<_>>(), ["A B"]);
        assert!(readable(&rows, "client_name", "clients").is_ok() && readable(&[], "x", "clients").is_ok());
        assert!(matches!(readable(&rows, "title", "clients"), Err(Miss::Unreadable(_))), "all of them deleted? hardly");
    }
}
