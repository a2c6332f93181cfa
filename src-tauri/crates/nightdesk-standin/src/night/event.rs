//! What can happen at Huntress, and in what words it is told.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::json;

use crate::{Account, Fault, FaultId, IncidentBuilder, Notice, Story, World};

use super::msp::{any_story, incident};
use super::roster::PEOPLE;

/// One turn of the night.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A story strikes at an organization: its first agent of the right platform, or a person.
    Strike {
        story: Story,
        organization: i64,
        name: &'static str,
    },
    /// Anything, anywhere.
    StrikeAnywhere,
    /// The story's report at this organization turns worse.
    Raise {
        name: &'static str,
        severity: &'static str,
    },
    /// The SOC closes the report.
    Close {
        name: &'static str,
    },
    /// The SOC closes the oldest open report.
    CloseOldest,
    /// The SOC opens the report again.
    Reopen {
        name: &'static str,
    },
    /// A record that breaks the documented shape.
    Malformed {
        organization: i64,
    },
    /// A report whose organization the key can't see.
    NoOrganization {
        story: Story,
    },
    Rename {
        organization: i64,
        to: &'static str,
    },
    NewOrganization {
        organization: i64,
        name: &'static str,
    },
    Escalation {
        organization: i64,
        subject: &'static str,
    },
    /// Every request is answered so until the next such event or [`Event::Recovery`].
    Outage {
        status: u16,
    },
    Recovery,
}

/// What the script must remember between its events.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) account: Account,
    pub(crate) random: StdRng,
    /// Reports by the name that the script gave them.
    pub(crate) named: Vec<(&'static str, i64)>,
    pub(crate) outage: Option<FaultId>,
}

impl Memory {
    fn find(&self, name: &str) -> Option<i64> {
        self.named.iter().find(|(known, _)| *known == name).map(|(_, id)| *id)
    }
}

impl Event {
    /// Makes it happen and says what happened.
    pub(crate) fn apply(&self, world: &World, memory: &mut Memory) -> String {
        match self {
            Self::Strike { story, organization, name } => {
                let id = world.publish(strike(memory, *story, *organization));
                memory.named.push((*name, id));
                published(world, id)
            }
            Self::StrikeAnywhere => {
                let story = any_story(&mut memory.random);
                let report = incident(&memory.account, story, &mut memory.random);
                published(world, world.publish(report))
            }
            Self::NoOrganization { story } => {
                let person = PEOPLE.choose(&mut memory.random).copied().unwrap_or("Maren Oduya");
                published(world, world.publish(IncidentBuilder::new(*story).entity(person)))
            }
            Self::Raise { name, severity } => about(memory.find(name), |id| {
                world.set_severity(id, severity);
                format!("The SOC raised incident {id} to {severity}: {}", subject(world, id))
            }),
            Self::Close { name } => about(memory.find(name), |id| close(world, id)),
            Self::CloseOldest => about(world.incidents_with_status("sent").first().copied(), |id| close(world, id)),
            Self::Reopen { name } => about(memory.find(name), |id| {
                world.set_status(id, "sent");
                format!("The SOC reopened incident {id}: {}", subject(world, id))
            }),
            Self::Malformed { organization } => {
                let id = world.publish(IncidentBuilder::high().organization(*organization));
                world.update(id, |fields| {
                    fields.insert("organization_id".into(), json!({ "id": organization }));
                    fields.insert("indicator_types".into(), json!({ "0": "footholds" }));
                    fields.insert("subject".into(), json!(["HIGH", "no plain subject"]));
                });
                format!("Huntress published incident {id} as a record that breaks its own document.")
            }
            Self::Rename { organization, to } => {
                world.rename_organization(*organization, to);
                format!("Organization {organization} was renamed to \u{201c}{to}\u{201d} at Huntress.")
            }
            Self::NewOrganization { organization, name } => {
                world.add_organization(*organization, name);
                memory.account = memory.account.clone().organization(*organization, name);
                format!("A new organization appeared at Huntress: \u{201c}{name}\u{201d} ({organization}).")
            }
            Self::Escalation { organization, subject } => {
                let id = world.add_escalation(Notice::new(subject).organization(*organization).severity("high"));
                format!("Huntress asks in escalation {id}: {subject}")
            }
            Self::Outage { status } => {
                if let Some(before) = memory.outage.replace(world.fault(Fault::status(*status))) {
                    world.lift(before);
                }
                format!("Huntress answers every request with {status}.")
            }
            Self::Recovery => {
                if let Some(outage) = memory.outage.take() {
                    world.lift(outage);
                }
                "Huntress answers again.".to_owned()
            }
        }
    }
}

fn strike(memory: &mut Memory, story: Story, organization: i64) -> IncidentBuilder {
    let report = IncidentBuilder::new(story).organization(organization);
    if !story.is_on_host() {
        return report.entity(PEOPLE.choose(&mut memory.random).copied().unwrap_or("Maren Oduya"));
    }
    let mut hosts = memory.account.agents().iter();
    match hosts.find(|agent| agent.organization_id == organization && agent.platform == story.platform()) {
        Some(agent) => report.agent(agent.id),
        None => report,
    }
}

fn about(id: Option<i64>, tell: impl FnOnce(i64) -> String) -> String {
    id.map_or_else(|| "The SOC looked at its queue and found nothing to do.".to_owned(), tell)
}

fn close(world: &World, id: i64) -> String {
    world.set_status(id, "closed");
    format!("The SOC closed incident {id}: {}", subject(world, id))
}

fn published(world: &World, id: i64) -> String {
    format!("The SOC sent incident {id}: {}", subject(world, id))
}

fn subject(world: &World, id: i64) -> String {
    let wire = world.incident(id).unwrap_or_default();
    wire.get("subject").and_then(|subject| subject.as_str()).unwrap_or("(no subject)").to_owned()
}
