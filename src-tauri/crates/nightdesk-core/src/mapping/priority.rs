//! A first guess at which priority stands for which severity.

use super::normalise;
use crate::config::Priorities;

/// Guesses the priorities of a PSA by their names, for a person to confirm: critical from "Critical", else "Urgent";
/// high from "High"; low from "Low", else "Medium". A name that is just the word wins over one that contains it as a
/// word ("P1 - Critical"). What can't be guessed stays unset.
pub fn priority_by_name<S: AsRef<str>>(names: &[S]) -> Priorities {
    let names: Vec<(&str, String)> = names.iter().map(|n| (n.as_ref(), normalise(n.as_ref()))).collect();
    let mut taken: Vec<&str> = Vec::new();
    let mut guesses = [None, None, None];
    for exactly in [true, false] {
        for (guess, words) in guesses.iter_mut().zip([&["critical", "urgent"][..], &["high"], &["low", "medium"]]) {
            if guess.is_some() {
                continue;
            }
            let fits = |word: &str, name: &str| if exactly { name == word } else { says(name, word) };
            let found = words
                .iter()
                .find_map(|word| names.iter().find(|(shown, name)| fits(word, name) && !taken.contains(shown)));
            if let Some((shown, _)) = found {
                taken.push(shown);
                *guess = Some((*shown).to_owned());
            }
        }
    }
    let [critical, high, low] = guesses;
    Priorities { critical, high, low }
}

/// Whether a normalised name holds the word whole ("workflow" doesn't say "low") and doesn't deny it ("non-critical").
fn says(name: &str, word: &str) -> bool {
    let mut before = "";
    name.split(' ').any(|part| {
        let hit = part == word && !matches!(before, "non" | "not" | "no");
        before = part;
        hit
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(names: &[&str]) -> [Option<String>; 3] {
        let Priorities { critical, high, low } = priority_by_name(names);
        [critical, high, low]
    }

    fn some(names: [&str; 3]) -> [Option<String>; 3] {
        names.map(|n| (!n.is_empty()).then(|| n.to_owned()))
    }

    #[test]
    fn plain_names() {
        assert_eq!(guess(&["Medium", "HIGH", "Critical"]), some(["Critical", "HIGH", "Medium"]));
        assert_eq!(guess(&["Urgent"]), some(["Urgent", "", ""]));
        assert_eq!(guess(&["Weird"]), some(["", "", ""]));
        assert_eq!(guess(&["Urgent", "Critical", "High", "Medium", "Low"]), some(["Critical", "High", "Low"]));
        assert_eq!(guess(&[]), some(["", "", ""]));
    }

    #[test]
    fn names_that_contain_the_word() {
        assert_eq!(
            guess(&["P1 - Critical", "P2 (High)", "P3/Medium", "P4: Low"]),
            some(["P1 - Critical", "P2 (High)", "P4: Low"])
        );
        assert_eq!(guess(&["Workflow", "Highway", "Critically"]), some(["", "", ""]));
        assert_eq!(guess(&["Non-critical", "Urgent"]), some(["Urgent", "", ""]));
        assert_eq!(guess(&["P1 Critical", "Critical"]), some(["Critical", "", ""]));
        assert_eq!(guess(&["Critical / High", "High"]), some(["Critical / High", "High", ""]));
    }
}
