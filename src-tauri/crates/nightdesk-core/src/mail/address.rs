//! Mail addresses: their form, their sameness, and what can be told from them.

use email_address::{EmailAddress, Options};

/// The longest address that a mail transaction takes (RFC 5321, 4.5.3.1.3, less the angle brackets).
const LONGEST: usize = 254;

/// Why an address can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not of the form.
    #[error("is not a mail address")]
    Form,
    /// With a name beside it.
    #[error("holds more than the address: write it alone, without a name or angle brackets")]
    Named,
    /// Longer than mail can carry.
    #[error("is longer than a mail address can be")]
    Long,
}

/// An address as it is kept: without blanks around it. Quoted local parts and address literals are refused: no mailbox of
/// a desk has them, and filters are tricked with them.
///
/// # Errors
/// What is wrong with it, to be read after the address.
pub fn address(text: &str) -> Result<String, AddressError> {
    let text = text.trim();
    if text.len() > LONGEST {
        return Err(AddressError::Long);
    }
    if text.contains(['<', '>']) {
        return Err(AddressError::Named);
    }
    let plain = text.chars().all(|c| !c.is_control() && !c.is_whitespace() && !matches!(c, '"' | ',' | ';' | ':'));
    let options = Options::default().without_display_text().without_domain_literal().with_minimum_sub_domains(1);
    let read = EmailAddress::parse_with_options(text, options).ok().filter(|_| plain);
    read.map(|_| text.to_owned()).ok_or(AddressError::Form)
}

/// The domain of an address, in lower case; `localhost` of what has none.
pub fn domain(address: &str) -> String {
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain).to_ascii_lowercase();
    let sound = !domain.is_empty() && domain.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    if sound { domain } else { "localhost".to_owned() }
}

/// Whether two addresses mean one mailbox: case is ignored, since no server of this century tells by it.
pub fn is_same_address(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// Domains below which PSAs give out addresses that turn mail into tickets, and whose they are. Where a PSA lets the
/// user choose the address freely, nothing can be told.
const TICKET_DOMAINS: [(&str, &str); 10] = [
    ("zendesk.com", "Zendesk"),
    ("freshdesk.com", "Freshdesk"),
    ("freshservice.com", "Freshservice"),
    ("halopsa.com", "HaloPSA"),
    ("syncromsp.com", "Syncro"),
    ("autotask.net", "Autotask"),
    ("myconnectwise.net", "ConnectWise"),
    ("atlassian.net", "Jira Service Management"),
    ("service-now.com", "ServiceNow"),
    ("superops.ai", "SuperOps"),
];

/// Names before the @ that mailboxes have which make tickets.
const TICKET_NAMES: [&str; 6] = ["ticket", "tickets", "support", "helpdesk", "servicedesk", "psa"];

/// Why mail to this address may become a ticket beside the desk's own, in words; `None` where nothing points to it.
pub fn feeds_a_psa(address: &str) -> Option<String> {
    let domain = domain(address);
    let below = |suffix: &str| domain == suffix || domain.strip_suffix(suffix).is_some_and(|d| d.ends_with('.'));
    if let Some((_, whose)) = TICKET_DOMAINS.iter().find(|(suffix, _)| below(suffix)) {
        return Some(format!("{whose} makes a ticket of what comes to {domain}"));
    }
    let name = address.split('@').next().unwrap_or_default().to_lowercase();
    let bare: String = name.split('+').next().unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
    TICKET_NAMES
        .contains(&bare.as_str())
        .then(|| "mailboxes of this name often make a ticket of each message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_alone() {
        for good in ["soc@example.com", " o'neil+on-call@mail.example.co.uk ", "ü@example.com"] {
            assert_eq!(address(good), Ok(good.trim().to_owned()));
        }
        for bad in [
            "",
            "soc",
            "soc@",
            "@example.com",
            "a b@example.com",
            "a@example.com\r\nBcc: x@y.example",
            "\"a b\"@example.com",
            "a@[127.0.0.1]",
            "a@example..com",
            "a@example.com,b@example.com",
            "mailto:a@example.com",
        ] {
            assert_eq!(address(bad), Err(AddressError::Form), "{bad:?}");
        }
        assert_eq!(address("SOC <soc@example.com>"), Err(AddressError::Named));
        assert_eq!(address(&format!("{}@example.com", "a".repeat(300))), Err(AddressError::Long));
    }

    #[test]
    fn what_makes_tickets_of_mail() {
        for feeding in
            ["x@acme.zendesk.com", "support@example.com", "Help-Desk@example.com", "tickets+huntress@acme.test"]
        {
            assert!(feeds_a_psa(feeding).is_some(), "{feeding}");
        }
        for quiet in ["soc@example.com", "x@notzendesk.com", "supporters@example.com"] {
            assert_eq!(feeds_a_psa(quiet), None, "{quiet}");
        }
    }

    proptest! {
        #[test]
        fn an_address_never_ends_a_line(text in "\\PC*|[a-z@.<>\"\\r\\n,;: ]{0,40}") {
            if let Ok(address) = address(&text) {
                prop_assert!(!address.contains(|c: char| c.is_control() || c.is_whitespace() || c == ',' || c == '<'));
            }
            prop_assert!(domain(&text).bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-'));
        }
    }
}
