//! Plain tables: columns and blanks, nothing to get in the way of `grep`.

use super::words::line;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};

/// A table of rows under these headings. On a terminal it keeps to its width; elsewhere nothing is wrapped.
#[derive(Debug)]
pub struct Rows {
    table: Table,
}

impl Rows {
    /// A table with these headings.
    pub fn new(headings: &[&str]) -> Self {
        let mut table = Table::new();
        table.load_preset(presets::NOTHING).set_header(headings.iter().map(|h| h.to_uppercase()));
        table.set_content_arrangement(if table.is_tty() {
            ContentArrangement::Dynamic
        } else {
            ContentArrangement::Disabled
        });
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        Self { table }
    }

    /// Sets a column's numbers to the right.
    pub fn right(mut self, column: usize) -> Self {
        if let Some(column) = self.table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        self
    }

    /// Keeps a column of ids or states in one piece on a narrow terminal.
    pub fn whole(mut self, column: usize) -> Self {
        if let Some(column) = self.table.column_mut(column) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        self
    }

    /// Wraps at this width, whatever the terminal's.
    #[cfg(test)]
    fn within(mut self, width: u16) -> Self {
        self.table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        self
    }

    /// Adds a row. Each cell becomes one line of plain text.
    pub fn row<I: IntoIterator<Item = S>, S: AsRef<str>>(&mut self, cells: I) {
        self.table.add_row(cells.into_iter().map(|c| line(c.as_ref())));
    }

    /// The table as text, without blanks at the ends of its lines.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for row in self.table.lines() {
            out.push_str(row.trim_end());
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_line_up_and_stay_one_line() {
        let mut rows = Rows::new(&["id", "title"]).right(0);
        rows.row(["7", "a\nb\u{1b}[31mred"]);
        rows.row(["12", "short"]);
        let text = rows.text();
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(!text.contains('\u{1b}'), "{text:?}");
        assert!(text.lines().all(|l| l == l.trim_end()));
    }

    #[test]
    fn a_narrow_table_wraps() {
        let mut rows = Rows::new(&["id", "title"]).whole(0).within(24);
        rows.row(["7", "many words that do not fit on one line"]);
        assert!(rows.text().lines().all(|l| l.chars().count() <= 24), "{}", rows.text());
    }
}
