//! A message's subject, in a form of our own that stays as it is, so that mail rules can sort by it:
//!
//! ```text
//! Nightdesk [EDR] CRITICAL Incident | Ransomware canary tripped on DC01 (Contoso Dental)
//! ```
//!
//! It follows the parts of Huntress's own titles, by its help article on them: product where it is known, severity in
//! capitals, what it is, what happened and on which host, and the organization last, in brackets. What is too long is
//! shortened in the middle: neither the severity nor the organization ever goes.

use crate::content::line;
use crate::incident::Incident;
use crate::paging::{headline, name};

/// The longest subject, in UTF-16 units: what ticket systems that read mail take.
pub const SUBJECT_UNITS: usize = 255;

/// The longest organization and host within it, in characters.
const LONGEST_NAME: usize = 80;

/// A subject's parts; an empty one is left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Subject<'a> {
    /// `EDR`, `ITDR`, …
    pub product: &'a str,
    /// The severity's word.
    pub severity: &'a str,
    /// What it is: `Incident`, `Escalation`, …
    pub what: &'a str,
    /// What happened.
    pub details: &'a str,
    /// On which host or for which identity.
    pub host: &'a str,
    /// Whose.
    pub organization: &'a str,
}

/// The product that a platform belongs to, as Huntress's titles name it; nothing where that can't be told.
pub fn product(platform: Option<&str>) -> &'static str {
    match platform {
        Some("windows" | "darwin" | "linux") => "EDR",
        Some("microsoft_365" | "google") => "ITDR",
        Some("email_security") => "ESPM",
        _ => "",
    }
}

/// What happened, in the words of the report's subject, where the host or identity is said beside it: what stands before
/// the name, else the category (`Huntress [ITDR] High Credential Theft | dana@acme.test (Acme)`), else what kind of thing
/// it is. A report without a subject is told by its number.
pub fn details(incident: &Incident) -> String {
    if incident.subject.as_deref().is_none_or(|subject| subject.trim().is_empty()) {
        return format!("number {}, without a subject", incident.id);
    }
    let said = headline(incident);
    if name(incident).is_none_or(|name| name != said) {
        return said;
    }
    let subject = incident.subject.as_deref().unwrap_or_default();
    let category = subject.rsplit_once(" | ").map_or("", |(category, _)| category);
    let known = |word: &&str| {
        let bare = word.trim_matches(['[', ']', '-']).to_lowercase();
        let severity = incident.severity.word().unwrap_or_default().to_lowercase();
        bare.is_empty() || bare == severity || WORDS.contains(&bare.as_str())
    };
    let category = category.split_whitespace().skip_while(known).collect::<Vec<_>>().join(" ");
    if category.is_empty() { "Incident".to_owned() } else { category }
}

/// What the categories of Huntress's titles begin with, beside the severity.
const WORDS: [&str; 10] = ["huntress", "edr", "itdr", "siem", "ispm", "espm", "sat", "critical", "high", "low"];

/// The subject of these parts.
pub fn subject(of: &Subject<'_>) -> String {
    let product = line(of.product);
    let product = if product.is_empty() { String::new() } else { format!(" [{product}]") };
    let severity = clipped(&line(of.severity).to_uppercase(), 20);
    let mut head = format!("Nightdesk{product} {severity}").trim_end().to_owned();
    head = format!("{head} {}", clipped(&line(of.what), 60)).trim_end().to_owned();
    let host = clipped(&line(of.host), LONGEST_NAME);
    let organization = clipped(&line(of.organization), LONGEST_NAME);
    let mut tail = if host.is_empty() { String::new() } else { format!(" on {host}") };
    if !organization.is_empty() {
        tail = format!("{tail} ({organization})");
    }
    let details = line(of.details);
    if details.is_empty() && tail.is_empty() {
        return head;
    }
    let left = SUBJECT_UNITS.saturating_sub(units(&head) + units(&tail) + 3);
    line(&format!("{head} | {}{tail}", shortened(&details, left)))
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// At most so many UTF-16 units, with an ellipsis where something went.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if units(text) <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(1);
    let kept: String = text
        .chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= left;
            left = left.saturating_sub(c.len_utf16());
            fits
        })
        .collect();
    if most == 0 { String::new() } else { format!("{}…", kept.trim_end()) }
}

fn clipped(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_form_that_rules_sort_by() {
        let whole = Subject {
            product: "EDR",
            severity: "critical",
            what: "Incident",
            details: "Ransomware canary tripped",
            host: "DC01",
            organization: "Contoso Dental",
        };
        assert_eq!(
            subject(&whole),
            "Nightdesk [EDR] CRITICAL Incident | Ransomware canary tripped on DC01 (Contoso Dental)"
        );
        let bare = Subject { product: "", host: "", ..whole };
        assert_eq!(subject(&bare), "Nightdesk CRITICAL Incident | Ransomware canary tripped (Contoso Dental)");
        let account = Subject { severity: "", what: "Account notice", organization: "", ..bare };
        assert_eq!(subject(&account), "Nightdesk Account notice | Ransomware canary tripped");
        assert_eq!(subject(&Subject { what: "Test", ..Subject::default() }), "Nightdesk Test");
        assert_eq!((product(Some("darwin")), product(Some("google")), product(Some("vax"))), ("EDR", "ITDR", ""));
    }

    #[test]
    fn what_happened_is_not_the_name_once_more() {
        let of = |subject: &str| {
            let incident: Incident = serde_json::from_value(serde_json::json!({
                "id": 42, "account": null, "organization": null, "organization_name": null, "agent": null,
                "platform": null, "status": "sent", "severity": "critical", "subject": subject, "summary": null,
                "body": null, "indicator_types": [], "indicator_counts": [],
                "remediations": { "total": 0, "has_more": false, "items": [] }, "sent_at": null, "closed_at": null,
                "status_updated_at": null, "updated_at": null
            }))
            .unwrap();
            details(&incident)
        };
        assert_eq!(of(" "), "number 42, without a subject");
        assert_eq!(of("Huntress [ITDR] Critical Credential Theft | dana@acme.test (Acme)"), "Credential Theft");
        assert_eq!(of("Huntress EDR Low Potentially Unwanted Program | PC-04 (Acme)"), "Potentially Unwanted Program");
        assert_eq!(of("Huntress [EDR] Critical | PC-04 (Acme)"), "Incident");
        assert_eq!(of("Huntress [EDR] Critical Incident | Ransomware on PC-04 (Acme)"), "Ransomware");
        assert_eq!(of("CRITICAL - Incident on SRV01 (Acme)"), "Incident");
    }

    proptest! {
        #[test]
        fn no_part_ends_the_line_and_the_organization_stays(
            details in "\\PC{0,400}|[\\x00-\\x{ff}]{0,400}", host in "\\PC{0,120}|[\\r\\n a]{0,9}", organization in "[a-zA-Z()\\r\\n ]{1,60}x",
        ) {
            let made = subject(&Subject { severity: "high", what: "Incident", details: &details, host: &host, organization: &organization, product: "" });
            prop_assert!(!made.chars().any(char::is_control));
            prop_assert!(made.encode_utf16().count() <= SUBJECT_UNITS, "{} {made}", made.encode_utf16().count());
            let ends = format!("({})", line(&organization));
            prop_assert!(made.ends_with(&ends), "{made}");
            prop_assert!(made.starts_with("Nightdesk HIGH Incident"));
        }
    }
}
