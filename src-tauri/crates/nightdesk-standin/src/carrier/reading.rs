//! What a person reads in a text or hears in a call: the code to answer with, and the PIN.

const SIX: usize = 6;

/// What a text asks its reader to answer: the 4 to 6 digits that follow the word "Reply", with the word in capitals
/// before them where there is one ("Reply ACK 4821" is answered `ACK 4821`, "reply 4821 to take it" is answered `4821`).
pub(crate) fn asked_for(body: &str) -> Option<String> {
    let lower = body.to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower.get(from..)?.find("reply") {
        from += found + "reply".len();
        let mut before = "";
        for word in body.get(from..)?.split_whitespace().take(6) {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            if (4..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit()) {
                let shouted = before.len() > 1 && before.bytes().all(|byte| byte.is_ascii_uppercase());
                return Some(if shouted { format!("{before} {word}") } else { word.to_owned() });
            }
            before = word;
        }
    }
    None
}

/// The six-digit PIN in a text or in speech, where the digits may be said one at a time.
pub(crate) fn pin(words: &str) -> Option<String> {
    let whole = words.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| is_digits(word, SIX));
    if let Some(pin) = whole {
        return Some(pin.to_owned());
    }
    let mut run = String::new();
    for word in words.split(|c: char| c.is_whitespace() || ",.;:-".contains(c)).filter(|word| !word.is_empty()) {
        if is_digits(word, 1) {
            run.push_str(word);
        } else if is_said_pin(&run) {
            break;
        } else {
            run.clear();
        }
    }
    is_said_pin(&run).then(|| run.chars().take(SIX).collect())
}

/// Six single digits, perhaps said several times over.
fn is_said_pin(run: &str) -> bool {
    !run.is_empty() && run.len().is_multiple_of(SIX)
}

fn is_digits(word: &str, count: usize) -> bool {
    word.len() == count && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{asked_for, pin};

    #[test]
    fn the_answer_is_what_the_text_asks_for() {
        assert_eq!(asked_for("Critical on LAPTOP01 at Acme. Reply ACK 4821 to take it.").as_deref(), Some("ACK 4821"));
        assert_eq!(asked_for("... reply 482913.").as_deref(), Some("482913"));
        assert_eq!(asked_for("Reply with the code 4821").as_deref(), Some("4821"));
        assert_eq!(asked_for("Incident 77777 at Acme. No reply needed."), None);
        assert_eq!(asked_for("No reply yet at 03:10. Reply '4821'").as_deref(), Some("4821"));
    }

    #[test]
    fn a_pin_is_read_in_one_piece_or_digit_by_digit() {
        assert_eq!(pin("Nightdesk code: 042817. Valid 10 minutes.").as_deref(), Some("042817"));
        assert_eq!(pin("Your code is 0, 4, 2, 8, 1, 7. Again: 0, 4, 2, 8, 1, 7.").as_deref(), Some("042817"));
        assert_eq!(pin("Your code is 0 4 2 8 1 7. 0 4 2 8 1 7.").as_deref(), Some("042817"));
        assert_eq!(pin("Valid for 10 minutes, call 1 of 3"), None);
    }
}
