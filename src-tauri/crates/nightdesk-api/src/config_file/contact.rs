//! `[[contact]]`: the call tree, in order.

use super::findings::Findings;
use super::section::{Section, shown};
use nightdesk_core::config::{Channel, Contact};
use nightdesk_core::phone::{self, Number};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The longest name: it is spoken, and stands in texts that have one segment.
const NAME_CHARS: usize = 60;
const NAME: &str = "a name of 1 to 60 characters in one line, without spaces at its ends";
const EXPECTED: &str = "[[contact]] with name, phone and channels";
const CHANNELS: &str = "a list with \"sms\", \"call\" or both";
const PHONE: &str = "a number in E.164, such as \"+12125550102\"";
const EXTENSION: &str = "the digits that a phone menu asks for, as a text";

/// The contacts that a document names, in its order.
pub(super) fn read(value: &Spanned<DeValue<'_>>, findings: &mut Findings) -> Vec<Contact> {
    let Some(array) = value.get_ref().as_array() else {
        findings.report("contact", format!("is {}", shown(value.get_ref())), EXPECTED);
        return Vec::new();
    };
    let mut read = Vec::new();
    let mut names: Vec<(String, usize)> = Vec::new();
    for item in array.iter() {
        let line = findings.line_of(item.span().start);
        let Some(table) = item.get_ref().as_table() else {
            findings.report_on(Some(line), "contact", format!("is {}", shown(item.get_ref())), EXPECTED);
            continue;
        };
        let section = Section { path: "contact".into(), table };
        read.extend(contact(&section, line, findings));
        // Of a contact with another problem too, or correcting that would only bring this one to light.
        let Some(name) = section.get("name", findings).and_then(|name| name.get_ref().as_str()) else { continue };
        if name.is_empty() {
            continue;
        }
        let line = line_of(table, "name", findings).unwrap_or(line);
        // A person says "Dana" and means one of them, and so does a command.
        let same = |first: &str| super::catalogue::loosely(first) == super::catalogue::loosely(name);
        match names.iter().find(|(first, _)| same(first)) {
            Some((first, at)) => {
                let found = match first == name {
                    true => format!("is {name:?}, which line {at} has too"),
                    false => format!("is {name:?} beside {first:?} on line {at}"),
                };
                findings.report_on(Some(line), "contact.name", found, "names that differ in more than case");
            }
            None => names.push((name.to_owned(), line)),
        }
    }
    read
}

/// The tree that a document leads to: what it names, in its order, then what it leaves out, unless it is exact.
pub(super) fn tree(named: Vec<Contact>, base: &[Contact], exact: bool, findings: &mut Findings) -> Vec<Contact> {
    let mut tree = named;
    if exact {
        return tree;
    }
    for kept in base.iter().filter(|b| !tree.iter().any(|n| n.name == b.name)).cloned().collect::<Vec<_>>() {
        match tree.iter().find(|n| super::catalogue::loosely(&n.name) == super::catalogue::loosely(&kept.name)) {
            Some(near) => {
                let found = format!("is {:?} beside {:?}, who is a contact already", near.name, kept.name);
                findings.report(
                    "contact.name",
                    found,
                    format!("{:?}, or a name that differs in more than case", kept.name),
                );
            }
            None => tree.push(kept),
        }
    }
    tree
}

fn line_of(table: &DeTable<'_>, key: &str, findings: &Findings) -> Option<usize> {
    table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| findings.line_of(value.span().start))
}

fn contact(section: &Section<'_, '_>, line: usize, findings: &mut Findings) -> Option<Contact> {
    // The keys of the entry before this one are no places for this one's problems.
    findings.forget("contact.");
    section.only(&["name", "phone", "channels", "extension", "wait_minutes"], findings);
    let name = name(section, line, findings);
    let phone = number(section, line, findings);
    let channels = channels(section, line, phone.as_ref(), findings);
    let extension = extension(section, findings);
    let wait_minutes = section.whole("wait_minutes", 1..=60, findings);
    let (name, phone, channels) = (name?, phone?, channels?);
    Some(Contact { name, phone: phone.e164().to_owned(), channels, extension, wait_minutes })
}

fn name(section: &Section<'_, '_>, line: usize, findings: &mut Findings) -> Option<String> {
    let Some(value) = section.get("name", findings) else {
        findings.report_on(Some(line), "contact.name", "is missing", NAME);
        return None;
    };
    let value = value.get_ref();
    let name = value.as_str().filter(|n| {
        !n.is_empty() && n.trim() == *n && n.chars().count() <= NAME_CHARS && !n.chars().any(char::is_control)
    });
    if name.is_none() {
        findings.report("contact.name", format!("is {}", shown(value)), NAME);
    }
    name.map(str::to_owned)
}

fn number(section: &Section<'_, '_>, line: usize, findings: &mut Findings) -> Option<Number> {
    let Some(value) = section.get("phone", findings) else {
        findings.report_on(Some(line), "contact.phone", "is missing", PHONE);
        return None;
    };
    let Some(text) = value.get_ref().as_str() else {
        findings.report("contact.phone", format!("is {}", shown(value.get_ref())), PHONE);
        return None;
    };
    match Number::read(text) {
        Ok(number) => Some(number),
        Err(refused) => {
            findings.report("contact.phone", format!("is {}: {refused}", shown(value.get_ref())), PHONE);
            None
        }
    }
}

fn channels(
    section: &Section<'_, '_>,
    line: usize,
    number: Option<&Number>,
    findings: &mut Findings,
) -> Option<Vec<Channel>> {
    let Some(value) = section.get("channels", findings) else {
        findings.report_on(Some(line), "contact.channels", "is missing", CHANNELS);
        return None;
    };
    let list = value.get_ref().as_array().filter(|list| !list.is_empty());
    let Some(list) = list else {
        let found =
            if value.get_ref().is_array() { "is empty".into() } else { format!("is {}", shown(value.get_ref())) };
        findings.report("contact.channels", found, CHANNELS);
        return None;
    };
    let mut channels = Vec::new();
    for item in list.iter() {
        let line = Some(findings.line_of(item.span().start));
        let word = item.get_ref().as_str();
        let Some(channel) = Channel::ALL.into_iter().find(|c| Some(c.word()) == word) else {
            findings.report_on(line, "contact.channels", format!("holds {}", shown(item.get_ref())), CHANNELS);
            continue;
        };
        if channels.contains(&channel) {
            let found = format!("holds {:?} twice", channel.word());
            findings.report_on(line, "contact.channels", found, "each way once");
            continue;
        }
        if let Some((found, expected)) = number.and_then(|n| unfit(n, channel)) {
            findings.report_on(line, "contact.channels", found, expected);
        }
        channels.push(channel);
    }
    Some(channels)
}

/// Why a way can't be used with a number, and what to write instead.
fn unfit(number: &Number, channel: Channel) -> Option<(String, &'static str)> {
    let (can, region) = (number.can(), number.region());
    match channel {
        Channel::Sms if can.sms => None,
        Channel::Sms if !region.sms => {
            Some((format!("holds \"sms\", but {} gets calls only", region.name), "channels = [\"call\"]"))
        }
        Channel::Sms => {
            Some((format!("holds \"sms\", but {number} is no mobile and takes no texts"), "channels = [\"call\"]"))
        }
        Channel::Call if can.call => None,
        Channel::Call => Some((format!("holds \"call\", but {} gets texts only", region.name), "channels = [\"sms\"]")),
    }
}

fn extension(section: &Section<'_, '_>, findings: &mut Findings) -> Option<String> {
    let text = section.text("extension", EXTENSION, findings)?;
    match phone::extension(&text) {
        Ok(digits) => Some(digits),
        Err(bad) => {
            findings.report("contact.extension", format!("is {text:?}: {bad}"), EXTENSION);
            None
        }
    }
}
