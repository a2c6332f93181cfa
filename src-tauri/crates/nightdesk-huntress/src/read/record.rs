//! One incident report.

use nightdesk_core::ids::{AccountId, AgentId, IncidentId, OrganizationId};
use nightdesk_core::incident::{Incident, Reading, Record, Severity};
use sha2::{Digest, Sha256};

use super::date::{any_date, date};
use super::fields::{Fields, WORD};
use super::indicator::{counts, types};
use super::object::Object;
use super::remediation::remediations;
use super::value::{Value, cut};

/// Longest subject kept, in characters.
const SUBJECT: usize = 1_000;

/// Longest organization name kept, in characters.
const NAME: usize = 300;

/// Fields of a record that stay when it changes, and so tell records without an id apart.
const LASTING: [&str; 5] = ["id", "subject", "sent_at", "organization_id", "agent_id"];

/// Reads one incident report. Never fails: what can't be understood is in the [`Reading`].
///
/// Descriptive fields (subject, summary, body, platform, indicators, remediations) are read in any shape. A deciding field
/// of an unfit type makes the record [`Reading::Partial`]; an unfit id makes it [`Reading::Unkeyed`].
pub fn record(raw: &[u8]) -> Record {
    let strict = std::str::from_utf8(raw).ok().and_then(Value::parse);
    let reading = match strict {
        Some(value) => reading(value, raw),
        None => {
            let masked = masked(raw);
            Value::parse(&masked)
                .map_or_else(|| nameless(raw, "the record is not valid JSON".into()), |v| reading(v, raw))
        }
    };
    kept(raw, reading)
}

/// The same for a row of an answer that was found to be JSON, stray bytes blotted out, and the bytes that it came as.
pub(super) fn row(value: Value<'_>, raw: &[u8]) -> Record {
    kept(raw, reading(value, raw))
}

fn kept(raw: &[u8], reading: Reading) -> Record {
    Record { digest: Sha256::digest(raw).into(), raw: raw.to_vec(), reading }
}

/// The bytes as text of the same length, with what JSON can't hold blotted out: an invalid byte becomes `?`, a bare control
/// character a space (between tokens that is the same, within a string it was an error). One bad byte then costs itself
/// and not the record or the page around it.
pub(crate) fn masked(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.extend(chunk.valid().chars().map(|c| if c.is_ascii_control() { ' ' } else { c }));
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}

fn reading(value: Value<'_>, raw: &[u8]) -> Reading {
    let Some(row) = value.object() else {
        return nameless(raw, format!("the record is {value}, expected an object"));
    };
    let mut fields = Fields::new(&row);
    let Some(id) = fields.own_id() else {
        return unkeyed(&row, raw);
    };
    let incident = Incident {
        id: IncidentId(id),
        account: fields.owner_id("account_id", Some("account")).map(AccountId),
        organization: fields.owner_id("organization_id", Some("organization")).map(OrganizationId),
        organization_name: row.get("organization").object().and_then(|o| o.get("name").word(NAME)),
        agent: fields.owner_id("agent_id", None).map(AgentId),
        platform: row.get("platform").word(WORD),
        status: fields.status(),
        severity: fields.severity(),
        subject: subject(&row),
        summary: row.get("summary").text(),
        body: row.get("body").text(),
        indicator_types: types(row.get("indicator_types")),
        indicator_counts: counts(row.get("indicator_counts")),
        remediations: remediations(row.get("remediations")),
        sent_at: fields.date("sent_at"),
        closed_at: fields.date("closed_at"),
        status_updated_at: fields.date("status_updated_at"),
        created_at: any_date(row.get("created_at")),
        updated_at: fields.date("updated_at"),
    };
    // A shape that is no date has been complained of already.
    if date(row.get("updated_at")) == Ok(None) {
        fields.complain("updated_at is missing, so its changes cannot be followed by time".into());
    }
    match fields.complaint() {
        None => Reading::Whole(incident),
        Some(reason) => Reading::Partial { incident, reason },
    }
}

fn subject(row: &Object<'_>) -> Option<String> {
    row.get("subject").text().map(|text| cut(&text, SUBJECT))
}

/// An object without a usable id.
fn unkeyed(row: &Object<'_>, raw: &[u8]) -> Reading {
    let mut hash = Sha256::new();
    for name in LASTING {
        hash.update(name);
        hash.update([0]);
        hash.update(row.get(name).raw());
        hash.update([0]);
    }
    let id = row.get("id");
    // Without any of them all such records would share one key, and one ticket would stand for many.
    let hash = if LASTING.iter().all(|name| row.get(name).is_absent()) { Sha256::digest(raw) } else { hash.finalize() };
    Reading::Unkeyed {
        key: key(&hash),
        reason: format!("id is {id}, expected a whole number above zero"),
        subject: subject(row),
        severity: Severity::parse(row.get("severity").string().map(|word| cut(&word, WORD)).as_deref()),
        updated_at: any_date(row.get("updated_at")),
    }
}

/// Something that isn't even an object.
fn nameless(raw: &[u8], reason: String) -> Reading {
    Reading::Unkeyed {
        key: key(&Sha256::digest(raw)),
        reason,
        subject: None,
        severity: Severity::Unknown(None),
        updated_at: None,
    }
}

fn key(hash: &[u8]) -> String {
    format!("x-{}", hex::encode(&hash[..16]))
}
