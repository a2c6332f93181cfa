//! The payloads of webhooks, as Huntress's document of them has the shapes. Flat, without an envelope.

use serde_json::{Map, Value, json};

use super::resource::Resource;
use super::row::stamp;
use super::world::{State, World};

impl World {
    /// The payload of an event of a report as it stands: `incident_report.created`, `.closed`. `None` for an unknown id.
    pub fn incident_event(&self, id: i64, event_type: &str) -> Option<Value> {
        self.read(|state| {
            let row = state.row(Resource::IncidentReports, id)?;
            let mut fields = Map::new();
            for name in [
                "agent_id",
                "body",
                "closed_at",
                "id",
                "indicator_counts",
                "platform",
                "sent_at",
                "severity",
                "status",
                "status_updated_at",
                "subject",
                "summary",
                "updated_at",
            ] {
                fields.insert(name.into(), row.wire.get(name).cloned().unwrap_or(Value::Null));
            }
            let organization = row.integer("organization_id");
            let name = organization.and_then(|id| state.row(Resource::Organizations, id)).and_then(|o| o.text("name"));
            fields.insert("organization".into(), json!({ "id": organization, "name": name }));
            fields.insert("created_at".into(), json!(stamp(row.created_at)));
            Some(finished(state, fields, event_type, &format!("incident_reports/{id}")))
        })
    }

    /// The payload of `incident_report.comment_added`.
    pub fn comment_event(&self, id: i64, comment: &str) -> Option<Value> {
        let mut payload = self.incident_event(id, "incident_report.comment_added")?;
        payload["comment"] = json!(comment);
        Some(payload)
    }

    /// The payload of an event of an escalation as it stands: `escalation.created`, `.closed`, `.overdue`.
    pub fn escalation_event(&self, id: i64, event_type: &str) -> Option<Value> {
        self.listed_event(Resource::Escalations, id, event_type)
    }

    /// The payload of an event of a platform action as it stands: `platform_action.created`, `.closed`, `.overdue`.
    pub fn platform_action_event(&self, id: i64, event_type: &str) -> Option<Value> {
        self.listed_event(Resource::PlatformActions, id, event_type)
    }

    /// The payload of a one-time message: `account_notice.notification`, `platform_action.notification`.
    pub fn one_time_event(&self, id: i64, event_type: &str, subject: &str, body: &str) -> Value {
        let now = stamp(self.now());
        self.read(|state| {
            json!({
                "account": { "id": state.account.id, "name": state.account.name },
                "body": body,
                "created_at": now,
                "event_type": event_type,
                "id": id,
                "subject": subject,
            })
        })
    }

    fn listed_event(&self, of: Resource, id: i64, event_type: &str) -> Option<Value> {
        self.read(|state| {
            let row = state.row(of, id)?;
            let mut fields = row.wire.as_object()?.clone();
            fields.remove("subtype");
            let impacted = fields.get("organizations").and_then(Value::as_array).map_or(0, Vec::len);
            fields.insert("total_organizations_impacted".into(), json!(impacted));
            if event_type.ends_with(".overdue") {
                fields.insert("message".into(), json!("This has been waiting for an answer."));
            }
            Some(finished(state, fields, event_type, &format!("{}/{id}", of.plural())))
        })
    }
}

fn finished(state: &State, mut fields: Map<String, Value>, event_type: &str, path: &str) -> Value {
    let account = &state.account;
    fields.insert("account".into(), json!({ "id": account.id, "name": account.name }));
    fields.insert("api_url".into(), json!(format!("https://api.huntress.io/v1/{path}")));
    fields.insert("event_type".into(), json!(event_type));
    Value::Object(fields)
}
