//! What happens to organizations, agents, escalations and platform actions.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::account::{Agent, Organization, key_of};
use super::notice::Notice;
use super::resource::Resource;
use super::row::{Row, stamp};
use super::world::World;

impl World {
    /// A new organization (or a whole new record for a known id).
    pub fn add_organization(&self, id: i64, name: &str) {
        let organization = Organization::new(id, name);
        self.edit(|state, now| {
            let row = organization.row(state.account.id, now);
            state.table(Resource::Organizations).insert(id, row);
        });
    }

    /// Renames an organization; its reports keep the subjects they were sent with. `false` when there is none.
    pub fn rename_organization(&self, id: i64, name: &str) -> bool {
        self.edit_row(Resource::Organizations, id, |row, now| {
            row.set("name", name);
            row.set("key", key_of(name));
            row.touch(now);
        })
    }

    /// Removes an organization; its reports stay. `false` when there is none.
    pub fn remove_organization(&self, id: i64) -> bool {
        self.edit(|state, _| state.table(Resource::Organizations).remove(&id).is_some())
    }

    /// A new agent.
    pub fn add_agent(&self, agent: Agent) {
        self.edit(|state, now| {
            let row = agent.row(state.account.id, now);
            state.table(Resource::Agents).insert(agent.id, row);
        });
    }

    /// Removes an agent: 404 from now on, while reports still name it. `false` when there is none.
    pub fn remove_agent(&self, id: i64) -> bool {
        self.edit(|state, _| state.table(Resource::Agents).remove(&id).is_some())
    }

    /// Adds an escalation and says its id.
    pub fn add_escalation(&self, notice: Notice) -> i64 {
        self.add_notice(Resource::Escalations, &notice)
    }

    /// Adds a platform action and says its id.
    pub fn add_platform_action(&self, notice: Notice) -> i64 {
        self.add_notice(Resource::PlatformActions, &notice)
    }

    /// Resolves an escalation. `false` when there is none.
    pub fn resolve_escalation(&self, id: i64) -> bool {
        self.edit_row(Resource::Escalations, id, resolve)
    }

    /// Resolves a platform action. `false` when there is none.
    pub fn resolve_platform_action(&self, id: i64) -> bool {
        self.edit_row(Resource::PlatformActions, id, resolve)
    }

    fn add_notice(&self, resource: Resource, notice: &Notice) -> i64 {
        self.edit(|state, now| {
            let id = notice.id.unwrap_or_else(|| state.next_id(resource));
            let account = json!({ "id": state.account.id, "name": state.account.name });
            let named = |id: &i64| {
                let name = state.row(Resource::Organizations, *id).and_then(|row| row.text("name"));
                json!({ "id": id, "name": name.map_or_else(|| format!("Organization {id}"), str::to_owned) })
            };
            let organizations: Vec<Value> = notice.organizations.iter().map(named).collect();
            let row = notice.row(id, &account, &organizations, now);
            state.table(resource).insert(id, row);
            id
        })
    }
}

fn resolve(row: &mut Row, now: DateTime<Utc>) {
    row.set("status", "resolved");
    row.set("resolved_at", stamp(now));
    row.touch(now);
}
