//! What happens to incident reports after they were sent.

use serde_json::{Map, Value, json};

use super::incident::{IncidentBuilder, Surroundings};
use super::resource::Resource;
use super::row::{Row, parse_stamp, stamp};
use super::world::World;

const REPORTS: Resource = Resource::IncidentReports;

impl World {
    /// Publishes a report and says its id. A known id is replaced.
    pub fn publish(&self, incident: IncidentBuilder) -> i64 {
        self.edit(|state, now| {
            let id = incident.id.unwrap_or_else(|| state.next_id(REPORTS));
            let organization = incident.organization.and_then(|id| state.row(Resource::Organizations, id));
            let agent = incident.agent.and_then(|id| state.row(Resource::Agents, id));
            let row = incident.clone().row(&Surroundings {
                id,
                account_id: state.account.id,
                subdomain: &state.account.subdomain,
                organization: organization.and_then(|row| row.text("name")),
                hostname: agent.and_then(|row| row.text("hostname")),
                now,
            });
            state.table(REPORTS).insert(id, row);
            id
        })
    }

    /// Sets the status, with `status_updated_at`, and `closed_at` where it is or was `closed`. `false` for an unknown id,
    /// as with all of these.
    pub fn set_status(&self, id: i64, status: &str) -> bool {
        self.edit_row(REPORTS, id, |row, now| {
            row.set("status", status);
            row.set("status_updated_at", stamp(now));
            row.set("closed_at", (status == "closed").then(|| stamp(now)));
            row.touch(now);
        })
    }

    /// Sets the severity, in the subject too.
    pub fn set_severity(&self, id: i64, severity: &str) -> bool {
        self.edit_row(REPORTS, id, |row, now| {
            if let (Some(old), Some(subject)) = (row.text("severity"), row.text("subject")) {
                let subject = reworded(subject, old, severity);
                row.set("subject", subject);
            }
            row.set("severity", severity);
            row.touch(now);
        })
    }

    /// Moves the report to another organization, or to none.
    pub fn reassign(&self, id: i64, organization: Option<i64>) -> bool {
        self.edit_row(REPORTS, id, |row, now| {
            row.set("organization_id", organization);
            row.touch(now);
        })
    }

    /// Changes the wire form by hand. `updated_at` is bumped unless the change itself set it.
    pub fn update(&self, id: i64, change: impl FnOnce(&mut Map<String, Value>)) -> bool {
        self.edit_row(REPORTS, id, |row, now| {
            let before = row.wire.get("updated_at").cloned();
            if let Some(fields) = row.wire.as_object_mut() {
                change(fields);
            }
            if row.wire.get("updated_at") == before.as_ref() {
                row.touch(now);
            } else {
                follow_wire(row);
            }
        })
    }

    /// Changes the wire form and nothing else: a change that a walk by `updated_at` can't see.
    pub fn update_quietly(&self, id: i64, change: impl FnOnce(&mut Map<String, Value>)) -> bool {
        self.edit_row(REPORTS, id, |row, _| {
            if let Some(fields) = row.wire.as_object_mut() {
                change(fields);
            }
            follow_wire(row);
        })
    }

    /// Sets `updated_at` as it is to stand on the wire: past, future or garbage. Garbage keeps its place in the order.
    pub fn set_updated_at(&self, id: i64, value: impl Into<Value>) -> bool {
        self.edit_row(REPORTS, id, |row, _| {
            row.set("updated_at", value);
            follow_wire(row);
        })
    }

    /// Bumps `updated_at` and nothing else.
    pub fn touch(&self, id: i64) -> bool {
        self.edit_row(REPORTS, id, Row::touch)
    }

    /// Removes the report: 404 from now on.
    pub fn remove(&self, id: i64) -> bool {
        self.edit(|state, _| state.table(REPORTS).remove(&id).is_some())
    }

    /// Puts a record as it stands, malformed or not, under this id. It sorts by its `updated_at` if that can be read,
    /// else by now.
    pub fn put_raw(&self, id: i64, record: Value) {
        self.edit(|state, now| {
            let mut row = Row::new(now, record);
            if let Some(old) = state.row(REPORTS, id) {
                row.created_at = old.created_at;
                row.detail = old.detail.clone();
            }
            follow_wire(&mut row);
            state.table(REPORTS).insert(id, row);
        });
    }

    /// A report as it stands on the wire.
    pub fn incident(&self, id: i64) -> Option<Value> {
        self.read(|state| state.row(REPORTS, id).map(|row| row.wire.clone()))
    }

    /// The ids of all reports, in order.
    pub fn incident_ids(&self) -> Vec<i64> {
        self.read(|state| state.tables.get(&REPORTS).map(|table| table.keys().copied().collect()).unwrap_or_default())
    }

    /// The ids of the reports with this status, in order.
    pub fn incidents_with_status(&self, status: &str) -> Vec<i64> {
        let mut ids = self.incident_ids();
        ids.retain(|id| self.incident(*id).is_some_and(|wire| wire.get("status") == Some(&json!(status))));
        ids
    }
}

fn follow_wire(row: &mut Row) {
    if let Some(at) = row.wire.get("updated_at").and_then(parse_stamp) {
        row.updated_at = at;
    }
}

/// The subject with its severity word exchanged, in either form.
fn reworded(subject: &str, old: &str, new: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str())).unwrap_or_default()
    };
    match subject.strip_prefix(&old.to_ascii_uppercase()) {
        Some(rest) => format!("{}{rest}", new.to_ascii_uppercase()),
        None => subject.replacen(&format!(" {} ", capital(old)), &format!(" {} ", capital(new)), 1),
    }
}
