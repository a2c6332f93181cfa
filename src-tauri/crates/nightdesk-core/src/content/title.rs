//! A ticket's title.

use super::plain::{line, said, shortened};
use crate::incident::Incident;

/// The longest title, in UTF-16 units: what AlgaPSA's validator accepts, counted in the strictest of the usual ways.
pub const TITLE_UNITS: usize = 255;

/// A ticket's title: our tags, then the SOC's subject, on one line. `unmapped` adds the tag of the triage board.
pub fn title(incident: &Incident, unmapped: bool) -> String {
    let words = said(incident.subject.as_deref()).unwrap_or_else(|| {
        let severity = said(incident.severity.word()).unwrap_or_else(|| "unrated".into());
        format!("{severity} incident #{}", incident.id)
    });
    let tags = if unmapped { "[Huntress] [Unmapped Org]" } else { "[Huntress]" };
    shortened(&line(&format!("{tags} {words}")), TITLE_UNITS)
}

#[cfg(test)]
mod tests {
    use super::super::description::tests::incident;
    use super::*;
    use crate::incident::Severity;

    fn with(subject: Option<&str>) -> Incident {
        Incident { subject: subject.map(Into::into), ..incident(42) }
    }

    #[test]
    fn tags_then_the_subject() {
        assert_eq!(
            title(&with(Some("CRITICAL - Incident on SRV01")), false),
            "[Huntress] CRITICAL - Incident on SRV01"
        );
        assert_eq!(title(&with(Some("Incident")), true), "[Huntress] [Unmapped Org] Incident");
        assert_eq!(title(&with(Some("a\r\nb\u{0}\u{1b}c")), false), "[Huntress] a b c");
    }

    #[test]
    fn without_a_subject_severity_and_number() {
        for subject in [None, Some(""), Some(" \n\u{0}")] {
            assert_eq!(title(&with(subject), false), "[Huntress] critical incident #42");
        }
        let unrated = Incident { severity: Severity::Unknown(None), ..with(None) };
        assert_eq!(title(&unrated, true), "[Huntress] [Unmapped Org] unrated incident #42");
        let new_word = Incident { severity: Severity::Unknown(Some("dire\n".into())), ..with(None) };
        assert_eq!(title(&new_word, false), "[Huntress] dire incident #42");
    }

    #[test]
    fn never_longer_than_a_psa_takes() {
        for subject in ["x".repeat(244), "x".repeat(245), "é".repeat(900), "😀".repeat(300)] {
            let title = title(&with(Some(&subject)), false);
            assert!(title.encode_utf16().count() <= TITLE_UNITS);
            assert_eq!(title.ends_with('…'), subject.len() > 244);
        }
    }
}
