//! `[[organization]]`: what a file sets in the mapping table.

use super::findings::Findings;
use super::section::{Section, integer, shown};
use nightdesk_core::config::Organization;
use nightdesk_core::ids::OrganizationId;
use toml::Spanned;
use toml::de::DeValue;

const EXPECTED: &str = "[[organization]] with id, and client or ignore";

/// An entry and where it stands.
pub(super) struct Entry {
    pub(super) organization: Organization,
    pub(super) client_line: Option<usize>,
}

pub(super) fn read(value: &Spanned<DeValue<'_>>, findings: &mut Findings) -> Vec<Entry> {
    let Some(array) = value.get_ref().as_array() else {
        findings.report("organization", format!("is {}", shown(value.get_ref())), EXPECTED);
        return Vec::new();
    };
    let mut entries: Vec<(Entry, usize)> = Vec::new();
    for item in array.iter() {
        let line = findings.line_of(item.span().start);
        let Some(table) = item.get_ref().as_table() else {
            findings.report_on(Some(line), "organization", format!("is {}", shown(item.get_ref())), EXPECTED);
            continue;
        };
        let Some(entry) = entry(&Section { path: "organization".into(), table }, line, findings) else { continue };
        let id = entry.organization.id;
        let id_line = section_line(table, "id", findings).unwrap_or(line);
        if let Some((_, first)) = entries.iter().find(|(e, _)| e.organization.id == id) {
            let found = format!("is {id}, which line {first} has too");
            findings.report_on(Some(id_line), "organization.id", found, "each organization once");
        } else {
            entries.push((entry, id_line));
        }
    }
    entries.into_iter().map(|(entry, _)| entry).collect()
}

fn section_line(table: &toml::de::DeTable<'_>, key: &str, findings: &Findings) -> Option<usize> {
    table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| findings.line_of(value.span().start))
}

fn entry(section: &Section<'_, '_>, line: usize, findings: &mut Findings) -> Option<Entry> {
    // The keys of the entry before this one are no places for this one's problems.
    findings.forget("organization.");
    section.only(&["id", "client", "ignore"], findings);
    let client = section.text("client", "the name of a client", findings);
    let ignore = section.flag("ignore", findings);
    let client_line = section_line(section.table, "client", findings);
    let id = match section.get("id", findings) {
        None => {
            findings.report_on(Some(line), "organization.id", "is missing", "the organization's number at Huntress");
            return None;
        }
        Some(value) => {
            let id = value.get_ref().as_integer().and_then(integer).filter(|n| *n > 0);
            if id.is_none() {
                let found = format!("is {}", shown(value.get_ref()));
                findings.report(
                    "organization.id",
                    found,
                    "the organization's number at Huntress, a whole number above 0",
                );
            }
            id?
        }
    };
    if client.is_none() && section.get("ignore", findings).is_none() && findings.sound("organization.client") {
        let found = format!("names {id}, but neither client nor ignore");
        findings.report_on(Some(line), "organization", found, "client = \"…\" or ignore = true");
    }
    let organization = Organization { id: OrganizationId(id), client, ignore: ignore.unwrap_or(false) };
    Some(Entry { organization, client_line })
}
