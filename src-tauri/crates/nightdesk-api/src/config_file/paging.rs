//! `[paging]`: the carrier, and the rules by which people are reached.

use super::base_url;
use super::findings::Findings;
use super::section::{Section, shown};
use nightdesk_core::config::{Paging, Provider, Threshold};
use nightdesk_core::message::{Kind, Template};
use std::collections::BTreeMap;
use toml::de::DeValue;

const ADDRESS: &str =
    "an address such as \"https://api.twilio.com\" (plain http only to loopback; no query or password)";
const ACCOUNT: &str = "the Account SID from the carrier's console: AC and 32 digits of 0-9 and a-f";
const FROM: &str = "the desk's own number in E.164, such as \"+12125550101\"";
const SEVERITIES: &str = "\"critical\", \"high\" or \"low\"";

const KEYS: &[&str] = &[
    "provider",
    "account_sid",
    "from",
    "base_url",
    "studio_base_url",
    "min_severity",
    "window_hours",
    "step_wait_minutes",
    "rounds",
    "templates",
];

pub(super) fn paging(section: &Section<'_, '_>, findings: &mut Findings) -> Paging {
    section.only(KEYS, findings);
    let default = Paging::default();
    let (base_url, loopback) = match address(section, "base_url", findings) {
        Some((url, loopback)) => (url, loopback),
        None => (default.base_url, false),
    };
    let studio = address(section, "studio_base_url", findings).map(|(url, _)| url);
    Paging {
        provider: provider(section, findings),
        account_sid: account(section, loopback, findings),
        from: from(section, findings),
        base_url,
        studio_base_url: studio.unwrap_or(default.studio_base_url),
        min_severity: severity(section, findings),
        window_hours: section.whole("window_hours", 1..=168, findings).unwrap_or(default.window_hours),
        step_wait_minutes: section.whole("step_wait_minutes", 1..=60, findings).unwrap_or(default.step_wait_minutes),
        rounds: section.whole("rounds", 1..=10, findings).unwrap_or(default.rounds),
        templates: templates(section, findings),
    }
}

fn provider(section: &Section<'_, '_>, findings: &mut Findings) -> Provider {
    match section.text("provider", "\"twilio\"", findings).as_deref() {
        None | Some("twilio") => {}
        Some(other) => findings.report("paging.provider", format!("is {other:?}"), "\"twilio\""),
    }
    Provider::Twilio
}

fn address(section: &Section<'_, '_>, key: &str, findings: &mut Findings) -> Option<(String, bool)> {
    let text = section.text(key, ADDRESS, findings)?;
    match base_url::read_with_path(&text) {
        Ok(read) => Some(read),
        Err(why) => {
            findings.report(&section.key(key), why, ADDRESS);
            None
        }
    }
}

/// A test double's account may be called anything that begins as an account does.
fn account(section: &Section<'_, '_>, loopback: bool, findings: &mut Findings) -> Option<String> {
    let text = section.text("account_sid", ACCOUNT, findings)?;
    let rest = text.strip_prefix("AC").unwrap_or_default();
    let real = rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let double = loopback && !rest.is_empty() && rest.len() <= 64 && rest.bytes().all(|b| b.is_ascii_alphanumeric());
    if real || double {
        return Some(text);
    }
    // Never shown: it might be the auth token, entered in the wrong place (ND-12).
    findings.report("paging.account_sid", "is no Account SID", ACCOUNT);
    None
}

/// Ours may be a toll-free number or one of another country: only its form is checked.
fn from(section: &Section<'_, '_>, findings: &mut Findings) -> Option<String> {
    let text = section.text("from", FROM, findings)?;
    let digits = text.strip_prefix('+').unwrap_or_default();
    let sound =
        (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    if !sound {
        findings.report("paging.from", format!("is {text:?}"), FROM);
    }
    sound.then_some(text)
}

fn severity(section: &Section<'_, '_>, findings: &mut Findings) -> Threshold {
    let Some(text) = section.text("min_severity", SEVERITIES, findings) else { return Threshold::default() };
    match [Threshold::Critical, Threshold::High, Threshold::Low].into_iter().find(|t| word(*t) == text) {
        Some(threshold) => threshold,
        None => {
            findings.report("paging.min_severity", format!("is {text:?}"), SEVERITIES);
            Threshold::default()
        }
    }
}

/// The word for a threshold, as the file has it.
pub(super) fn word(threshold: Threshold) -> &'static str {
    match threshold {
        Threshold::Critical => "critical",
        Threshold::High => "high",
        Threshold::Low => "low",
    }
}

fn templates(paging: &Section<'_, '_>, findings: &mut Findings) -> BTreeMap<String, String> {
    let Some(value) = paging.get("templates", findings) else { return BTreeMap::new() };
    let DeValue::Table(table) = value.get_ref() else {
        findings.report("paging.templates", format!("is {}", shown(value.get_ref())), "a section, [paging.templates]");
        return BTreeMap::new();
    };
    let section = Section { path: paging.key("templates"), table };
    let names: Vec<&str> = Kind::ALL.iter().map(|k| k.name()).collect();
    section.only(&names, findings);
    let mut templates = BTreeMap::new();
    for kind in Kind::ALL {
        let Some(text) = section.text(kind.name(), "the template's text", findings) else { continue };
        match Template::parse(kind, &text) {
            Ok(_) => {
                templates.insert(kind.name().to_owned(), text);
            }
            Err(why) => {
                let expected = format!("a text such as {:?}", kind.wording());
                findings.report(&section.key(kind.name()), format!("can't be used: {why}"), expected);
            }
        }
    }
    templates
}
