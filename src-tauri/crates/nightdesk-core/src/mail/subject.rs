//! A message's subject, in a form of our own that stays as it is, so that mail rules can sort by it:
//!
//! ```text
//! Nightdesk [EDR] CRITICAL Incident | Ransomware canary tripped on DC01 (Contoso Dental)
//! ```
//!
//! It follows the parts of Huntress's own titles, by its help article on them: product where it is known, severity in
//! capitals, what it is, what happened and on which host, and the organization last, in brackets. What is too long is
//! shortened in the middle: neither the severity nor the organization ever goes.

use crate::content::{line, shortened};

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

/// The products as Huntress's titles name them, by its help article on them.
const PRODUCTS: [&str; 6] = ["EDR", "ITDR", "SIEM", "ISPM", "ESPM", "SAT"];

/// The product that a report comes from: the one that its title names, else the one that watches its platform; nothing
/// where that can't be told.
pub fn product(title: Option<&str>, platform: Option<&str>) -> &'static str {
    let mut words = title.unwrap_or_default().split_whitespace();
    let ours = words.next().is_some_and(|first| first.eq_ignore_ascii_case("huntress"));
    let said = words.next().filter(|_| ours).map(|word| word.trim_matches(['[', ']']));
    if let Some(product) = PRODUCTS.into_iter().find(|p| said.is_some_and(|word| word.eq_ignore_ascii_case(p))) {
        return product;
    }
    match platform {
        Some("windows" | "darwin" | "linux") => "EDR",
        Some("microsoft_365" | "google") => "ITDR",
        _ => "",
    }
}

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
    }

    #[test]
    fn the_product_is_the_titles_own_else_the_platforms() {
        for (title, platform, expected) in [
            (None, Some("darwin"), "EDR"),
            (Some("CRITICAL - Incident on SRV01 (Acme)"), Some("google"), "ITDR"),
            (Some("Huntress [SIEM] High Incident | Brute force (Acme)"), Some("other"), "SIEM"),
            (Some("Huntress ITDR Low Phishing | Dana (Acme)"), Some("email_security"), "ITDR"),
            (Some("Huntress [ISPM] Low Incident | Stale account (Acme)"), Some("microsoft_365"), "ISPM"),
            (Some("Huntress Critical Incident | Malware on SRV01 (EDR Ltd)"), Some("vax"), ""),
            (Some("EDR SAT"), Some("email_security"), ""),
        ] {
            assert_eq!(product(title, platform), expected, "{title:?} {platform:?}");
        }
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
