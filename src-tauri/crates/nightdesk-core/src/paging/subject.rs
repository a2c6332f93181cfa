//! What a report's subject tells: what happened, and on which host or to which identity. Both formats of Huntress's help
//! article on incident titles:
//!
//! ```text
//! CRITICAL - Incident on SRV01 (Acme)
//! Huntress [EDR] Critical Incident | Malware on SRV01 (Acme)
//! Huntress ITDR High Credential Theft | dana@acme.test (Acme)
//! ```

use crate::incident::Incident;

/// A subject is a line; what is longer is somebody's mischief.
const LONGEST: usize = 500;

/// What the head of a title begins with, beside the severity.
const HEAD: [&str; 10] = ["huntress", "edr", "itdr", "siem", "ispm", "espm", "sat", "critical", "high", "low"];

/// Categories that say nothing of what happened.
const ANY_KIND: [&str; 4] = ["incident", "incident report", "detection", "alert"];

/// What has a figure as hosts' names do and is none: platforms, protocols, techniques and advisories.
const NO_HOST: [&str; 24] = [
    "apt",
    "base64",
    "cve",
    "ec2",
    "exchange20",
    "fin7",
    "ipv",
    "k8s",
    "kb",
    "log4",
    "m365",
    "microsoft365",
    "ms17",
    "o365",
    "office365",
    "port",
    "s3",
    "sha",
    "smbv",
    "t1",
    "ta5",
    "win",
    "windows",
    "x",
];

/// The last labels of names that only a network of one's own knows: any other may be an attacker's address, or a file.
const OWN_NETWORK: [&str; 8] = ["ad", "corp", "home", "internal", "intra", "lan", "local", "localdomain"];

/// The host or identity that the subject names, where that can be told from it; a guess would take two attacks for one.
pub fn name(incident: &Incident) -> Option<String> {
    // The end, where the name stands, is beyond what is read.
    if incident.subject.as_deref()?.chars().nth(LONGEST).is_some() {
        return None;
    }
    Read::of(incident).name
}

/// What happened, in the subject's words: without what is said beside it, the severity, the host and the organization.
/// `incident` where it says nothing more.
pub fn headline(incident: &Incident) -> String {
    headline_beside(incident, None)
}

/// As [`headline`], where the host is known from elsewhere and said beside it. A report without a subject is told from
/// others by its number.
pub fn headline_beside(incident: &Incident, host: Option<&str>) -> String {
    if incident.subject.as_deref().is_none_or(|subject| subject.trim().is_empty()) {
        return format!("number {}, without a subject", incident.id);
    }
    let Read { category, mut details, name } = Read::of(incident);
    let mut is_named = false;
    details.truncate(without_stop(&details).len());
    for host in host.into_iter().chain(name.as_deref()) {
        if let Some(words) = without_host(&details, host) {
            details = words;
            is_named = true;
        }
    }
    if details.is_empty() || category.is_some() && is_any_kind(&details) {
        let bare = if is_named { "Incident" } else { "incident" };
        return category.unwrap_or_else(|| bare.to_owned());
    }
    match category.filter(|c| !details.to_lowercase().contains(&c.to_lowercase())) {
        Some(category) => format!("{category}: {details}"),
        None => details,
    }
}

/// A subject's parts.
struct Read {
    /// What kind of thing happened, where the title's head says so.
    category: Option<String>,
    /// The rest, without the organization.
    details: String,
    /// On what.
    name: Option<String>,
}

impl Read {
    fn of(incident: &Incident) -> Self {
        let subject: String = incident.subject.as_deref().unwrap_or_default().chars().take(LONGEST).collect();
        let subject = words(&subject);
        let organization = incident.organization_name.as_deref().map(words).unwrap_or_default();
        // An organization's name may hold a bar, and stands in brackets.
        let head = subject.split_once('|').filter(|(head, _)| !head.contains('('));
        if let Some((head, details)) = head {
            let details = without_organization(details, &organization).to_owned();
            let last = details.rsplit_once(" on ").map(|(_, last)| without_organization(last, ""));
            let name = last.filter(|n| is_name(n)).or(Some(details.as_str()).filter(|d| is_name(d)));
            let name = name.map(|n| without_stop(n).to_owned());
            return Self { category: category(incident, head), name, details };
        }
        let rest = subject.split_once(" - ").map_or(subject.as_str(), |(_, rest)| rest);
        let details = without_organization(rest, &organization).to_owned();
        // In this form the agent's name is all that follows, whatever it looks like.
        let at = details.find(INCIDENT_ON).filter(|at| *at == 0 || details[..*at].ends_with("- "));
        let name = at.map(|at| details[at + INCIDENT_ON.len()..].trim().to_owned());
        Self { category: None, name: name.filter(|n| !n.is_empty()), details }
    }
}

const INCIDENT_ON: &str = "Incident on ";

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_stop(text: &str) -> &str {
    text.trim_end_matches(['.', ',', ';', ' '])
}

/// What stands before ` on ` and a host, whose name may hold that word itself; nothing where the host is all.
fn without_host(details: &str, host: &str) -> Option<String> {
    let (details, host) = (without_stop(details), words(host));
    let is_same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    if is_same(details, &host) {
        return Some(String::new());
    }
    let on = format!(" on {host}");
    let (before, last) = details.split_at_checked(details.len().checked_sub(on.len())?)?;
    is_same(last, &on).then(|| before.trim().to_owned())
}

fn is_any_kind(text: &str) -> bool {
    ANY_KIND.contains(&text.to_lowercase().as_str())
}

/// The head of a title without the product and the severity.
fn category(incident: &Incident, head: &str) -> Option<String> {
    let known = |word: &&str| {
        let bare = word.trim_matches(['[', ']', '-']).to_lowercase();
        let severity = incident.severity.word().unwrap_or_default().to_lowercase();
        bare.is_empty() || bare == severity || HEAD.contains(&bare.as_str())
    };
    let category = head.split_whitespace().skip_while(known).collect::<Vec<_>>().join(" ");
    Some(category).filter(|c| !c.is_empty() && !is_any_kind(c))
}

/// Without the organization in brackets at the end, which may hold brackets itself.
fn without_organization<'a>(details: &'a str, organization: &str) -> &'a str {
    let details = details.trim();
    let named = details.strip_suffix(&format!("({organization})")).filter(|_| !organization.is_empty());
    if let Some(details) = named {
        return details.trim();
    }
    if !details.ends_with(')') {
        return details;
    }
    let mut open = 0_usize;
    for (at, c) in details.char_indices().rev() {
        match c {
            ')' => open += 1,
            '(' => open -= 1,
            _ => {}
        }
        if open == 0 {
            let is_apart = at == 0 || details[..at].ends_with(' ');
            return if is_apart { details[..at].trim() } else { details };
        }
    }
    // More brackets are closed than opened: the organization's name has an odd one.
    details.rsplit_once(" (").map_or(details, |(details, _)| details.trim())
}

/// Whether a word is a host's name or an identity's. What may as well be a program, a place or an attacker's address is
/// not: from there two hosts under attack would be taken for one.
fn is_name(word: &str) -> bool {
    let word = without_stop(word);
    let both = |sign| word.split_once(sign).is_some_and(|(a, b)| !a.is_empty() && !b.is_empty() && !b.contains(sign));
    if word.contains(char::is_whitespace) || word.is_empty() {
        return false;
    }
    if both('@') || both('\\') {
        return word.chars().all(|c| c.is_alphanumeric() || "@\\-_.'+$".contains(c));
    }
    if !word.chars().all(|c| c.is_alphanumeric() || "-_.$".contains(c)) || !word.contains(char::is_alphabetic) {
        return false;
    }
    let lower = word.to_lowercase();
    let (first, last) = lower.split_once('.').map_or((lower.as_str(), None), |(first, rest)| {
        (first, Some(rest.rsplit_once('.').map_or(rest, |(_, last)| last)))
    });
    if let Some(last) = last {
        return OWN_NETWORK.contains(&last) && !first.is_empty();
    }
    let is_other = |known: &str| {
        lower.strip_prefix(known).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '-'))
    };
    let is_shouted = word.contains(['-', '_']) && lower != word && word.to_uppercase() == word;
    (word.contains(|c: char| c.is_ascii_digit()) || is_shouted) && !NO_HOST.iter().any(|known| is_other(known))
}

#[cfg(test)]
mod tests;
