//! Incident reports to be published.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::prose::Scene;
use super::row::{Row, parse_stamp, stamp, whole_seconds};
use super::story::Story;

/// The two forms of a report's subject that the vendor documents for its notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectForm {
    /// `Huntress EDR Critical Ransomware | HOST (Organization)`
    Now,
    /// `CRITICAL - Incident on HOST (Organization)`: the form of the API's own example.
    Before,
}

/// One step of a report's remediation plan.
#[derive(Clone, Debug)]
pub struct Remediation {
    /// `assisted`, `manual` or `containment`.
    pub kind: String,
    /// What is to be done.
    pub action: String,
    /// What it applies to; the wire form depends on the type.
    pub target: String,
    /// `unapproved`, `approved`, `completed`, `failed` or `cancelled`.
    pub status: String,
}

impl Remediation {
    /// An unapproved step; containment has been done already.
    pub fn new(kind: &str, action: &str, target: &str) -> Self {
        let status = if kind == "containment" { "completed" } else { "unapproved" };
        Self { kind: kind.into(), action: action.into(), target: target.into(), status: status.into() }
    }

    fn json(&self, id: i64, at: DateTime<Utc>) -> Value {
        // The document: text for containment, pairs for assisted, nothing for manual.
        let parameters = match self.kind.as_str() {
            "containment" => json!(self.target),
            "assisted" => json!([{ "name": "target", "description": self.target }]),
            _ => json!([]),
        };
        let approved = matches!(self.status.as_str(), "approved" | "completed" | "failed");
        let by_person = approved && self.kind != "containment";
        json!({
            "id": id,
            "type": self.kind,
            "action": self.action,
            "parameters": parameters,
            "status": self.status,
            "approved_at": approved.then(|| stamp(at)),
            "approved_by": by_person.then(|| json!({ "id": 31, "email": "dana@msp.example", "name": "Dana Whitfield" })),
            "completed_at": (self.status == "completed").then(|| stamp(at)),
        })
    }
}

/// An incident report to be published, realistic by default. What isn't said is filled in from its story and from the
/// world at the moment it is published.
#[derive(Clone, Debug)]
pub struct IncidentBuilder {
    pub(crate) id: Option<i64>,
    pub(crate) organization: Option<i64>,
    pub(crate) agent: Option<i64>,
    story: Story,
    severity: String,
    status: String,
    entity: Option<String>,
    form: SubjectForm,
    sent: When,
    closed: Option<When>,
    updated: Option<Value>,
    indicators: Vec<(String, i64)>,
    remediations: Option<Vec<Remediation>>,
    html: bool,
    fields: Vec<(String, Option<Value>)>,
}

#[derive(Clone, Copy, Debug)]
enum When {
    Ago(TimeDelta),
    At(DateTime<Utc>),
}

impl When {
    fn at(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Ago(ago) => whole_seconds(now - ago),
            Self::At(at) => at,
        }
    }
}

/// What a report takes from the world it is published in.
pub(crate) struct Surroundings<'a> {
    pub(crate) id: i64,
    pub(crate) account_id: i64,
    pub(crate) subdomain: &'a str,
    pub(crate) organization: Option<&'a str>,
    pub(crate) hostname: Option<&'a str>,
    pub(crate) now: DateTime<Utc>,
}

impl IncidentBuilder {
    /// A report of this story with its usual severity, sent now, of no organization.
    pub fn new(story: Story) -> Self {
        Self {
            id: None,
            organization: None,
            agent: None,
            story,
            severity: story.severity().to_owned(),
            status: "sent".to_owned(),
            entity: None,
            form: SubjectForm::Before,
            sent: When::Ago(TimeDelta::zero()),
            closed: None,
            updated: None,
            indicators: Vec::new(),
            remediations: None,
            html: false,
            fields: Vec::new(),
        }
    }

    /// A critical report on a host: ransomware.
    pub fn critical() -> Self {
        Self::new(Story::Ransomware)
    }

    /// A high report on a host: credential theft.
    pub fn high() -> Self {
        Self::new(Story::CredentialDump)
    }

    /// A low report on a host: an unwanted program.
    pub fn low() -> Self {
        Self::new(Story::UnwantedProgram)
    }

    /// With this id instead of the next free one.
    #[must_use]
    pub fn id(mut self, id: i64) -> Self {
        self.id = Some(id);
        self
    }

    /// Of this organization, known to the account or not.
    #[must_use]
    pub fn organization(mut self, id: i64) -> Self {
        self.organization = Some(id);
        self
    }

    /// On this agent's host; its name goes into the subject when the account knows it.
    #[must_use]
    pub fn agent(mut self, id: i64) -> Self {
        self.agent = Some(id);
        self
    }

    /// The host or the identity named in the subject and the text.
    #[must_use]
    pub fn entity(mut self, name: &str) -> Self {
        self.entity = Some(name.to_owned());
        self
    }

    /// Another severity than the story's; unknown words too.
    #[must_use]
    pub fn severity(mut self, severity: &str) -> Self {
        severity.clone_into(&mut self.severity);
        self
    }

    /// Another status than `sent`. `closed` also sets `closed_at`; `draft` leaves `sent_at` null.
    #[must_use]
    pub fn status(mut self, status: &str) -> Self {
        status.clone_into(&mut self.status);
        self
    }

    /// The form of the subject; [`SubjectForm::Before`] by default.
    #[must_use]
    pub fn subject_form(mut self, form: SubjectForm) -> Self {
        self.form = form;
        self
    }

    /// Sent so long before it is published.
    #[must_use]
    pub fn sent_ago(mut self, ago: TimeDelta) -> Self {
        self.sent = When::Ago(ago);
        self
    }

    /// Sent at this time.
    #[must_use]
    pub fn sent_at(mut self, at: DateTime<Utc>) -> Self {
        self.sent = When::At(at);
        self
    }

    /// Closed so long before it is published.
    #[must_use]
    pub fn closed_ago(mut self, ago: TimeDelta) -> Self {
        self.closed = Some(When::Ago(ago));
        self.status("closed")
    }

    /// `updated_at` as it is to stand on the wire: a time in the past or the future, or garbage.
    #[must_use]
    pub fn updated_at(mut self, value: impl Into<Value>) -> Self {
        self.updated = Some(value.into());
        self
    }

    /// One more indicator beside the story's; a count of zero is listed in the counts only.
    #[must_use]
    pub fn indicator(mut self, kind: &str, count: i64) -> Self {
        self.indicators.push((kind.to_owned(), count));
        self
    }

    /// Another plan than the story's.
    #[must_use]
    pub fn remediations(mut self, plan: Vec<Remediation>) -> Self {
        self.remediations = Some(plan);
        self
    }

    /// The body as HTML with `<br>`, as some of the vendor's tickets have it.
    #[must_use]
    pub fn html_body(mut self) -> Self {
        self.html = true;
        self
    }

    /// A field of the wire form as it is to stand, whatever its type.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.push((name.to_owned(), Some(value.into())));
        self
    }

    /// Without this field.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.fields.push((name.to_owned(), None));
        self
    }

    pub(crate) fn row(self, around: &Surroundings<'_>) -> Row {
        let script = self.story.script();
        let sent = self.sent.at(around.now);
        let closed = (self.status == "closed").then(|| self.closed.map_or(sent, |when| when.at(around.now)));
        let status_at = closed.unwrap_or(sent);
        let fallback_entity = if self.story.is_on_host() {
            format!("host-{}", around.id)
        } else {
            format!("user{}@example.com", around.id)
        };
        let entity = self.entity.as_deref().or(around.hostname).unwrap_or(&fallback_entity);
        let fallback_organization = self.organization.map_or("Unknown".to_owned(), |id| format!("Organization {id}"));
        let scene = Scene {
            incident: around.id,
            subdomain: around.subdomain,
            organization_id: self.organization,
            organization: around.organization.unwrap_or(&fallback_organization),
            entity,
        };
        let plan = self.remediations.unwrap_or_else(|| {
            let steps = script.remediations.iter();
            steps.map(|(kind, act, on)| Remediation::new(kind, &scene.fill(act), &scene.fill(on))).collect()
        });
        let steps: Vec<Value> =
            (1..).zip(&plan).map(|(number, step)| step.json(around.id * 100 + number, status_at)).collect();
        let (counts, types) = indicators(script.indicators, &self.indicators);
        let mut body = scene.body(script);
        if self.html {
            body = format!("<p>{}</p>", body.replace('\n', "<br>"));
        }
        let mut row = Row::new(
            status_at,
            json!({
                "id": around.id,
                "account_id": around.account_id,
                "agent_id": self.agent,
                "body": body,
                "closed_at": closed.map(stamp),
                "indicator_counts": counts,
                "indicator_types": types,
                "organization_id": self.organization,
                "platform": script.platform,
                "remediations": {
                    "total_count": steps.len(),
                    "has_more": steps.len() > 10,
                    "items": steps.iter().take(10).collect::<Vec<_>>(),
                },
                "sent_at": (self.status != "draft").then(|| stamp(sent)),
                "severity": self.severity,
                "status": self.status,
                "status_updated_at": stamp(status_at),
                "subject": scene.subject(script, &self.severity, self.form),
                "summary": scene.fill(script.summary),
                "updated_at": self.updated.unwrap_or_else(|| json!(stamp(status_at))),
            }),
        );
        row.created_at = sent - TimeDelta::minutes(12);
        row.detail = Value::Array(steps);
        for (name, value) in self.fields {
            match value {
                Some(value) => row.set(&name, value),
                None => drop(row.wire.as_object_mut().and_then(|fields| fields.remove(&name))),
            }
        }
        if let Some(at) = row.wire.get("updated_at").and_then(parse_stamp) {
            row.updated_at = at;
        }
        row
    }
}

/// Counts hold zeros for kinds that weren't seen, as in the document's example; the list of types only what was seen.
fn indicators(story: &[(&str, i64)], added: &[(String, i64)]) -> (Value, Value) {
    const USUAL: [&str; 5] =
        ["footholds", "monitored_files", "process_detections", "ransomware_canaries", "antivirus_detections"];
    let mut counts: Map<String, Value> = USUAL.iter().map(|kind| ((*kind).to_owned(), json!(0))).collect();
    let story = story.iter().map(|(kind, count)| ((*kind).to_owned(), *count));
    counts.extend(story.chain(added.iter().cloned()).map(|(kind, count)| (kind, json!(count))));
    let seen = counts.iter().filter(|(_, count)| count.as_i64() != Some(0)).map(|(kind, _)| json!(kind)).collect();
    (Value::Object(counts), seen)
}
