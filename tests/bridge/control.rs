//! What a test makes happen outside the desk: at Huntress, on the machine, in time.

use crate::alerts::Fate;
use crate::outside::Beside;
use crate::phones::Does;
use crate::psa::InPsa;
use crate::scene::Setting;
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_api::rpc::Host;
use nightdesk_core::ids::{IncidentId, TicketId};
use nightdesk_standin::{Fault, IncidentBuilder, Notice, Story};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// An order, `{"do": "...", ...}`. Answers JSON; `null` where there is nothing to say.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// The SOC publishes reports, and the desk polls unless `poll` is false. Answers `{"incidents": [id], "tickets":
    /// [id or null]}`.
    Publish { incidents: Vec<Report>, poll: Option<bool> },
    /// The SOC changes a report: `status` (`closed`, `sent`, …), `severity`, or the organization.
    Change { id: i64, status: Option<String>, severity: Option<String>, organization: Option<i64>, poll: Option<bool> },
    /// Huntress no longer has a report.
    Remove { id: i64 },
    /// The account gets an organization, or it gets another name.
    Organization { id: i64, name: String },
    /// Huntress asks or tells something: an escalation, or a `platform_action`. Answers its number.
    Notice { platform_action: bool, subject: String, severity: String, organization: Option<i64> },
    /// It is resolved.
    NoticeResolved { platform_action: bool, id: i64 },
    /// The desk polls; answers the report.
    Poll,
    /// Huntress refuses the key, or takes it again.
    Key { works: bool },
    /// Huntress answers every request with this status, or as usual again.
    Huntress { status: Option<u16> },
    /// Each answer of Huntress takes so long.
    Slow { milliseconds: u64 },
    /// There is a keychain, or none.
    Keychain { there: bool },
    /// What becomes of native alerts.
    Alerts { fate: Fate },
    /// Native alerts can't be shown, for this reason; or they can again.
    Silence { why: Option<String> },
    /// Time passes.
    Advance { seconds: u64 },
    /// The shell sends the window somewhere.
    Goto { view: String, ticket_id: Option<i64>, reason: Option<String> },
    /// Answers what the shell's double was asked to do.
    Asked,
    /// What a phone does from now on, in the scene that has phones.
    Phone { number: String, does: Does },
    /// Answers the PIN that a phone got last, by text or spoken.
    Pin { number: String },
    /// Somebody else works on the same desk, as a command beside it would: re-homes a ticket.
    RehomeElsewhere { ticket: i64, client: String },
    /// What happens in AlgaPSA: see [`crate::psa::InPsa`].
    #[serde(untagged)]
    Psa(InPsa),
    /// What the mail server, the consumer and Huntress's webhooks do: see [`crate::outside::Beside`].
    #[serde(untagged)]
    Beside(Beside),
}

/// A report to be published.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Report {
    severity: Option<String>,
    organization: Option<i64>,
    agent: Option<i64>,
    /// The host or person in the subject.
    entity: Option<String>,
    subject: Option<String>,
    summary: Option<String>,
    body: Option<String>,
    status: Option<String>,
    minutes_ago: i64,
    /// As a record that can't be read in full.
    broken: bool,
}

impl Report {
    fn build(&self, setting: &Setting) -> i64 {
        let mut b = match self.severity.as_deref() {
            Some("critical") => IncidentBuilder::critical(),
            Some("low") => IncidentBuilder::low(),
            Some("high") | None => IncidentBuilder::high(),
            Some(other) => IncidentBuilder::new(Story::CredentialDump).severity(other),
        };
        b = b.sent_ago(TimeDelta::minutes(self.minutes_ago));
        if let Some(id) = self.organization {
            b = b.organization(id);
        }
        if let Some(id) = self.agent {
            b = b.agent(id);
        }
        if let Some(entity) = &self.entity {
            b = b.entity(entity);
        }
        for (name, text) in [("subject", &self.subject), ("summary", &self.summary), ("body", &self.body)] {
            if let Some(text) = text {
                b = b.field(name, text.as_str());
            }
        }
        if let Some(status) = &self.status {
            b = b.status(status);
        }
        let id = setting.huntress.world().publish(b);
        if self.broken {
            setting.huntress.world().update(id, |fields| {
                fields.insert("severity".into(), json!(["high"]));
            });
        }
        id
    }
}

impl Order {
    pub async fn carry_out(self, setting: &Setting) -> Result<Value, api::Error> {
        let world = setting.huntress.world();
        let known = |found: bool, id: i64| {
            if found { Ok(()) } else { Err(api::Error::not_found(format!("Huntress has no report {id}"))) }
        };
        match self {
            Self::Publish { incidents, poll } => {
                let ids: Vec<i64> = incidents.iter().map(|r| r.build(setting)).collect();
                if poll == Some(false) {
                    return Ok(
                        json!({ "incidents": ids, "tickets": ids.iter().map(|_| None::<i64>).collect::<Vec<_>>() }),
                    );
                }
                setting.desk.poll_now().await?;
                let wanted = ids.clone();
                let tickets = setting.desk.ask(move |tx, _| tickets_of(tx, &wanted)).await?;
                return Ok(json!({ "incidents": ids, "tickets": tickets }));
            }
            Self::Change { id, status, severity, organization, poll } => {
                if let Some(status) = status {
                    known(world.set_status(id, &status), id)?;
                }
                if let Some(severity) = severity {
                    known(world.set_severity(id, &severity), id)?;
                }
                if let Some(organization) = organization {
                    known(world.reassign(id, Some(organization)), id)?;
                }
                if poll != Some(false) {
                    setting.desk.poll_now().await?;
                }
            }
            Self::Remove { id } => known(world.remove(id), id)?,
            Self::Organization { id, name } => {
                if !world.rename_organization(id, &name) {
                    world.add_organization(id, &name);
                }
            }
            Self::Notice { platform_action, subject, severity, organization } => {
                let notice =
                    organization.into_iter().fold(Notice::new(&subject).severity(&severity), Notice::organization);
                let id = if platform_action { world.add_platform_action(notice) } else { world.add_escalation(notice) };
                return Ok(json!(id));
            }
            Self::NoticeResolved { platform_action, id } => {
                let found =
                    if platform_action { world.resolve_platform_action(id) } else { world.resolve_escalation(id) };
                known(found, id)?;
            }
            Self::Poll => return Ok(json!(setting.desk.poll_now().await?)),
            Self::Key { works: true } => world.restore_key(),
            Self::Key { works: false } => world.revoke_key(),
            Self::Huntress { status } => {
                world.clear_faults();
                if let Some(status) = status {
                    world.fault(Fault::status(status));
                }
            }
            Self::Slow { milliseconds } => {
                world.clear_faults();
                let delay = nightdesk_standin::FaultKind::Delay(Duration::from_millis(milliseconds));
                world.fault(Fault::new(delay));
            }
            Self::Keychain { there } => {
                setting.drawer.take_away(!there);
                setting.desk.secrets().forget();
            }
            Self::Alerts { fate } => setting.alerts.meet(fate),
            Self::Silence { why } => setting.screen.silence(why),
            Self::Advance { seconds } => setting.clock.advance(Duration::from_secs(seconds)),
            Self::Goto { view, ticket_id, reason } => {
                let goto = api::shell::Goto { view, ticket_id: ticket_id.map(TicketId), reason };
                let _nobody_listens = setting.goto.send(json!(goto).to_string());
            }
            Self::Phone { number, does } => does.script(carrier(setting)?, &number),
            Self::Pin { number } => return Ok(json!(carrier(setting)?.phone(&number).last_pin())),
            Self::Psa(order) => return order.carry_out(setting.psa.desk()),
            Self::Beside(order) => return setting.outside.carry_out(order, world, &setting.desk).await,
            Self::Asked => return Ok(json!(setting.screen.asked())),
            Self::RehomeElsewhere { ticket, client } => {
                let mut store = nightdesk_host::open_guest(setting.desk.dir())
                    .map_err(|e| api::Error::new(api::Code::Internal, e.to_string()))?;
                let now = setting.desk.clock().now();
                let moved = store.write(|tx| api::rehome(tx, now, "robin", &[TicketId(ticket)], &client, false))?;
                return Ok(json!(moved));
            }
        }
        Ok(Value::Null)
    }
}

fn carrier(setting: &Setting) -> Result<&nightdesk_standin::carrier::Carrier, api::Error> {
    setting.carrier.as_ref().ok_or_else(|| api::Error::not_found("this scene has no phones".to_owned()))
}

/// The tickets of these incidents, in their order.
fn tickets_of(tx: &nightdesk_host::Tx<'_>, incidents: &[i64]) -> Result<Vec<Option<TicketId>>, api::Error> {
    let account = nightdesk_engine::context::Context::load(tx)?.account_id();
    let ids: Vec<IncidentId> = incidents.iter().copied().map(IncidentId).collect();
    let found = tx.known_incidents(account, &ids)?;
    Ok(ids.iter().map(|id| found.iter().find(|i| i.key.id == *id).and_then(|i| i.ticket)).collect())
}
