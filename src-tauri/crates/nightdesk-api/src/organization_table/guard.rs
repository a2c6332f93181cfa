//! Cells that a spreadsheet would run as a formula: an organization's name comes from outside.

/// What begins a formula; tabs and returns because spreadsheets drop them and look at what follows. The apostrophe is
/// the guard itself, so that a name which begins with one comes back as it was.
const RISKY: &[char] = &['=', '+', '-', '@', '\t', '\r', '\''];

/// A cell as it is written.
pub(super) fn guarded(cell: &str) -> String {
    if cell.starts_with(RISKY) { format!("'{cell}") } else { cell.to_owned() }
}

/// The inverse of [`guarded`].
pub(super) fn bare(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(RISKY)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_formula_becomes_text() {
        assert_eq!(guarded("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(guarded("Acme"), "Acme");
        assert_eq!(bare("'s-Hertogenbosch Logistics"), "'s-Hertogenbosch Logistics", "typed by hand");
    }

    proptest! {
        #[test]
        fn every_cell_comes_back(cell in "['=+@a-]{0,4}\\PC{0,8}") {
            let written = guarded(&cell);
            prop_assert_eq!(bare(&written), cell);
        }
    }
}
