//! The GSM 03.38 alphabet, and what is written for letters that it lacks.

/// Units that a character takes in GSM-7: one, two where it needs an escape, none where the alphabet lacks it.
pub(super) fn gsm_units(c: char) -> Option<usize> {
    match c {
        'A'..='Z' | 'a'..='z' | '0'..='9' | ' ' | '\n' | '\r' => Some(1),
        '!' | '"' | '#' | '$' | '%' | '&' | '\'' | '(' | ')' | '*' | '+' | ',' | '-' | '.' | '/' => Some(1),
        ':' | ';' | '<' | '=' | '>' | '?' | '@' | '_' | '£' | '¥' | '¤' | '§' | '¡' | '¿' => Some(1),
        'è' | 'é' | 'ù' | 'ì' | 'ò' | 'Ç' | 'Ø' | 'ø' | 'Å' | 'å' | 'Æ' | 'æ' | 'ß' | 'É' => Some(1),
        'Ä' | 'Ö' | 'Ñ' | 'Ü' | 'ä' | 'ö' | 'ñ' | 'ü' | 'à' => Some(1),
        'Δ' | 'Φ' | 'Γ' | 'Λ' | 'Ω' | 'Π' | 'Ψ' | 'Σ' | 'Θ' | 'Ξ' => Some(1),
        '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' | '\u{c}' => Some(2),
        _ => None,
    }
}

/// What stands for a character that GSM-7 lacks and that doesn't decompose. Never a dot, which could make a link.
pub(super) fn near(c: char) -> Option<&'static str> {
    Some(match c {
        '‘' | '’' | '‚' | '‛' | '′' | '‵' | 'ʹ' | 'ʻ' | 'ʼ' | '`' | '‹' | '›' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' | '〝' | '〞' => "\"",
        '‐'..='―' | '−' | '⁃' | '˗' | '•' | '‣' | '·' | '∙' | '●' | '▪' | '■' => "-",
        '→' => "->",
        '←' => "<-",
        '⇒' => "=>",
        '×' => "x",
        '÷' | '⁄' | '∕' => "/",
        '¦' => "|",
        '©' => "(c)",
        '®' => "(r)",
        'µ' | 'μ' => "u",
        'ł' => "l",
        'Ł' => "L",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'þ' => "th",
        'Þ' => "Th",
        'œ' => "oe",
        'Œ' => "OE",
        'ı' => "i",
        'ħ' => "h",
        'Ħ' => "H",
        'ŧ' => "t",
        'Ŧ' => "T",
        'ŋ' => "ng",
        'Ŋ' => "NG",
        'ĸ' => "k",
        'ẞ' => "SS",
        _ => return None,
    })
}

/// Characters that act on a screen or take no room instead of standing on it: controls, direction marks, joiners,
/// selectors, tags and fillers. They can make a text read as something else, and hide a link from a reader.
pub(super) fn is_unseen(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_has_its_127_characters_and_10_behind_the_escape() {
        let one = ('\0'..='\u{ffff}').filter(|c| gsm_units(*c) == Some(1)).count();
        let two = ('\0'..='\u{ffff}').filter(|c| gsm_units(*c) == Some(2)).count();
        assert_eq!((one, two), (127, 10), "the 128th place is the escape itself");
    }

    #[test]
    fn what_stands_in_is_in_the_alphabet_and_no_dot() {
        for c in '\0'..=char::MAX {
            let Some(spelled) = near(c) else { continue };
            assert_eq!(gsm_units(c), None, "{c}");
            assert!(spelled.chars().all(|s| gsm_units(s).is_some() && s != '.'), "{c}");
        }
    }
}
