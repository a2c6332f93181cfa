//! What the demo's desk looks like when the night begins.

use super::Client;
use nightdesk_core::config::{Config, Local, LocalBoard, Organization, Priorities, Routing};
use nightdesk_core::ids::OrganizationId;

/// The client of such tickets.
pub const TRIAGE_CLIENT: &str = "Security Triage";
/// The board of tickets without a client.
pub const TRIAGE_BOARD: &str = "Triage";

/// A configuration with every client of the roster, of which the mapped ones are mapped.
pub fn setting(base_url: &str, roster: &[Client]) -> Config {
    let board = |name: &str, categories: &[&str]| LocalBoard {
        name: name.into(),
        open_status: "New".into(),
        closed_status: "Closed".into(),
        categories: categories.iter().map(|c| (*c).into()).collect(),
    };
    let mut config = Config {
        local: Local {
            clients: std::iter::once(TRIAGE_CLIENT).chain(roster.iter().map(|c| c.client)).map(Into::into).collect(),
            boards: vec![board("Security", &["Security incident"]), board(TRIAGE_BOARD, &[])],
            priorities: ["Critical", "High", "Medium", "Low"].map(Into::into).to_vec(),
        },
        routing: Routing {
            security_board: Some("Security".into()),
            category: Some("Security incident".into()),
            fallback_client: Some(TRIAGE_CLIENT.into()),
            triage_board: Some(TRIAGE_BOARD.into()),
            priority: Priorities {
                critical: Some("Critical".into()),
                high: Some("High".into()),
                low: Some("Low".into()),
            },
            poll_interval_minutes: 1,
            close_through: true,
            closed_status: Some("Closed".into()),
        },
        organizations: roster
            .iter()
            .filter(|client| client.mapped)
            .map(|client| Organization {
                id: OrganizationId(client.organization_id),
                client: Some(client.client.into()),
                ignore: false,
            })
            .collect(),
        ..Config::default()
    };
    config.huntress.base_url = base_url.to_owned();
    // The stand-in allows 60 a minute, as Huntress does; half is the desk's own share.
    config.huntress.requests_per_minute = 30;
    config
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::night::roster;

    #[test]
    fn the_setting_is_complete_and_leaves_some_unmapped() {
        let config = setting("http://127.0.0.1:1", &roster());
        assert!(config.routing.missing().is_empty());
        assert!(config.organizations.len() < roster().len());
        assert_eq!(config.local.clients.len(), roster().len() + 1);
    }
}
