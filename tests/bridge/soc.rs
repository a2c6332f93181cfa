//! What a browser test has the SOC do: `POST /soc` with one [`Act`] as JSON.

use chrono::TimeDelta;
use nightdesk_standin::{Fault, FaultKind, IncidentBuilder, RetryAfter, World};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// One thing that happens at Huntress.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// A report is sent; the answer has its `id`.
    Publish {
        /// Huntress's word; others count as unrated. Critical, high and low have a story of their own.
        severity: Option<String>,
        /// Whose it is, known to the account or not.
        organization: Option<i64>,
        /// The host or identity in the subject.
        entity: Option<String>,
        /// How long ago it was sent.
        sent_ago_minutes: Option<i64>,
        /// Fields of the wire form as they are to stand.
        #[serde(default)]
        fields: Map<String, Value>,
    },
    /// Several at once, the same but for their number in the entity; the answer has their `ids`.
    Storm {
        /// How many.
        count: usize,
        /// As for one.
        severity: Option<String>,
        /// As for one.
        organization: Option<i64>,
    },
    /// A report changes.
    Update {
        /// Which.
        id: i64,
        /// Fields of the wire form.
        fields: Map<String, Value>,
    },
    /// A report's status changes, such as to `closed`.
    Status {
        /// Which.
        id: i64,
        /// The status.
        status: String,
    },
    /// The account gets an organization.
    Organization {
        /// Its number.
        id: i64,
        /// Its name.
        name: String,
    },
    /// Something goes wrong until it is lifted, or so many times.
    Fault {
        /// An HTTP status; without one the requests are never answered.
        status: Option<u16>,
        /// Seconds that the answer says to wait.
        retry_after: Option<u64>,
        /// Milliseconds that an answer comes late, instead of an error.
        delay_ms: Option<u64>,
        /// Only paths that begin so.
        path: Option<String>,
        /// Only so many times.
        times: Option<usize>,
    },
    /// Everything works again.
    Lift,
    /// The key is refused from here on.
    RevokeKey,
    /// It is taken again.
    RestoreKey,
}

/// Lets it happen.
///
/// # Errors
/// A sentence, where there is no such report.
pub fn act(world: &World, act: Act) -> Result<Value, String> {
    let known = |done: bool| if done { Ok(json!({})) } else { Err("there is no such report".to_owned()) };
    match act {
        Act::Publish { severity, organization, entity, sent_ago_minutes, fields } => {
            let mut report = report(severity.as_deref(), organization);
            if let Some(entity) = entity {
                report = report.entity(&entity);
            }
            if let Some(minutes) = sent_ago_minutes {
                report = report.sent_ago(TimeDelta::minutes(minutes));
            }
            for (name, value) in fields {
                report = report.field(&name, value);
            }
            Ok(json!({ "id": world.publish(report) }))
        }
        Act::Storm { count, severity, organization } => {
            let one = |n| report(severity.as_deref(), organization).entity(&format!("PC-{n:05}"));
            let ids: Vec<i64> = (1..=count).map(|n| world.publish(one(n))).collect();
            Ok(json!({ "ids": ids }))
        }
        Act::Update { id, fields } => known(world.update(id, |record| record.extend(fields))),
        Act::Status { id, status } => known(world.set_status(id, &status)),
        Act::Organization { id, name } => {
            world.add_organization(id, &name);
            Ok(json!({}))
        }
        Act::Fault { status, retry_after, delay_ms, path, times } => {
            world.fault(fault(status, retry_after, delay_ms, path.as_deref(), times));
            Ok(json!({}))
        }
        Act::Lift => {
            world.clear_faults();
            Ok(json!({}))
        }
        Act::RevokeKey => {
            world.revoke_key();
            Ok(json!({}))
        }
        Act::RestoreKey => {
            world.restore_key();
            Ok(json!({}))
        }
    }
}

fn report(severity: Option<&str>, organization: Option<i64>) -> IncidentBuilder {
    let report = match severity {
        Some("critical") => IncidentBuilder::critical(),
        Some("low") => IncidentBuilder::low(),
        Some("high") | None => IncidentBuilder::high(),
        Some(other) => IncidentBuilder::high().severity(other),
    };
    organization.into_iter().fold(report, IncidentBuilder::organization)
}

fn fault(
    status: Option<u16>,
    retry_after: Option<u64>,
    delay_ms: Option<u64>,
    path: Option<&str>,
    times: Option<usize>,
) -> Fault {
    let fault = match (status, delay_ms) {
        (Some(status), _) => match retry_after {
            Some(seconds) => Fault::status_with(status, RetryAfter::Seconds(seconds)),
            None => Fault::status(status),
        },
        (None, Some(ms)) => Fault::new(FaultKind::Delay(std::time::Duration::from_millis(ms))),
        (None, None) => Fault::new(FaultKind::Hang),
    };
    let fault = path.into_iter().fold(fault, Fault::on);
    times.into_iter().fold(fault, Fault::times)
}
