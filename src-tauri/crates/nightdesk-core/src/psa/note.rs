//! A long note as several.

/// The longest note, in UTF-16 units, the strictest way to count characters: below what AlgaPSA takes (5000), with room for
/// the pieces' numbers.
const LONGEST: usize = 4800;

/// A text as notes that a PSA takes whole, numbered where there are several. Cut between lines where that is possible.
pub fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut units = 0;
    for line in text.split_inclusive('\n').flat_map(short) {
        let more = line.encode_utf16().count();
        if units + more > LONGEST {
            pieces.push(String::new());
            units = 0;
        }
        units += more;
        if let Some(last) = pieces.last_mut() {
            last.push_str(line);
        }
    }
    let all = pieces.len();
    if all == 1 {
        return pieces;
    }
    pieces.iter().enumerate().map(|(n, piece)| format!("({}/{all})\n{}", n + 1, piece.trim_end())).collect()
}

/// A line, in parts where it alone is too long.
fn short(line: &str) -> Vec<&str> {
    let (mut parts, mut begin, mut units) = (Vec::new(), 0, 0);
    for (at, c) in line.char_indices() {
        if units + c.len_utf16() > LONGEST {
            parts.push(&line[begin..at]);
            (begin, units) = (at, 0);
        }
        units += c.len_utf16();
    }
    parts.push(&line[begin..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_fits_is_one_note_without_a_number() {
        assert_eq!(pieces("Host is isolated.\nDone."), ["Host is isolated.\nDone."]);
    }

    #[test]
    fn a_long_one_is_cut_between_lines_and_numbered() {
        let text = format!("{}\n{}", "a".repeat(4000), "b".repeat(2000));
        let pieces = pieces(&text);
        assert_eq!(pieces.len(), 2);
        assert!(pieces[0].starts_with("(1/2)\naaa") && pieces[0].ends_with('a'), "{}", pieces[0]);
        assert_eq!(pieces[1], format!("(2/2)\n{}", "b".repeat(2000)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn nothing_is_lost_and_every_piece_fits(text in "(\\PC|\n|🙂){0,12000}") {
            let pieces = pieces(&text);
            prop_assert!(pieces.iter().all(|p| p.encode_utf16().count() <= 5000));
            let words = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let body = |p: &String| if pieces.len() == 1 { p.clone() } else { p.split_once('\n').unwrap().1.to_owned() };
            prop_assert_eq!(pieces.iter().map(|p| words(&body(p))).collect::<String>(), words(&text));
        }
    }
}
