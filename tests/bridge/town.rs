//! Who the MSP's customers are in each scene, and what has happened to them.

use chrono::TimeDelta;
use nightdesk_core::config::{Config, Local, LocalBoard, Organization, Priorities, Routing};
use nightdesk_core::ids::OrganizationId;
use nightdesk_standin::night::{Client, roster};
use nightdesk_standin::{Account, Agent, IncidentBuilder, Story, World};
use nightdesk_tests::Scene;

/// The stories' customers, with hosts at each.
pub fn small() -> Account {
    [4, 5, 6, 7, 8].into_iter().fold(Scene::account(), |account, id| {
        account
            .agent(Agent::new(id * 100, id, &format!("SRV-{id}1")).on("windows"))
            .agent(Agent::new(id * 100 + 1, id, &format!("PC-{id}2")).on("windows"))
    })
}

/// A dozen incidents: most of organizations without a client, one of unknown severity, one of nobody's, one that can't
/// be read in full.
pub fn happened(world: &World) {
    let ago = TimeDelta::minutes;
    let on = |b: IncidentBuilder, org: i64, agent: i64| b.organization(org).agent(agent);
    for incident in [
        on(IncidentBuilder::critical(), 6, 600).sent_ago(ago(42)).html_body(),
        on(IncidentBuilder::new(Story::HandsOnKeyboard), 6, 601).sent_ago(ago(18)),
        on(IncidentBuilder::high(), 6, 601).sent_ago(ago(95)),
        on(IncidentBuilder::low(), 6, 600).sent_ago(ago(310)),
        IncidentBuilder::new(Story::InboxRule).organization(8).entity("Maren Oduya").sent_ago(ago(64)),
        on(IncidentBuilder::new(Story::ScheduledTask), 8, 800).sent_ago(ago(27)),
        on(IncidentBuilder::high(), 5, 500).sent_ago(ago(11)),
        IncidentBuilder::new(Story::SessionTheft).entity("Tobias Fell").sent_ago(ago(7)),
        on(IncidentBuilder::high(), 8, 801).severity("urgent").sent_ago(ago(3)),
        on(IncidentBuilder::critical(), 4, 400).sent_ago(ago(130)),
        on(IncidentBuilder::high(), 4, 401).sent_ago(ago(200)),
        on(IncidentBuilder::low(), 7, 700).sent_ago(ago(600)),
        on(IncidentBuilder::low(), 7, 701).sent_ago(ago(900)).closed_ago(ago(30)),
    ] {
        world.publish(incident);
    }
    let odd = world.publish(on(IncidentBuilder::high(), 5, 501).sent_ago(ago(5)));
    world.update(odd, |fields| {
        fields.insert("indicator_types".into(), serde_json::json!({ "0": "footholds" }));
        fields.insert("organization_id".into(), serde_json::json!({ "id": 5 }));
    });
}

/// How many customers a large scene has.
const CUSTOMERS: i64 = 40;

/// Many customers without clients, of hosts enough.
pub fn large() -> Account {
    (1..=CUSTOMERS).fold(Account::new(5, "Harbour IT"), |account, id| {
        account
            .organization(id, &format!("Customer {id:03} Ltd"))
            .agent(Agent::new(id * 100, id, &format!("HOST-{id:03}")).on("windows"))
    })
}

/// So many incidents, in turn over the customers and severities; each third closed where `closing`.
pub fn flood(world: &World, n: usize, closing: bool) {
    for number in 0..i64::try_from(n).unwrap_or(i64::MAX) {
        let organization = number % CUSTOMERS + 1;
        let builder = match number % 10 {
            0 => IncidentBuilder::critical(),
            1..=3 => IncidentBuilder::high(),
            _ => IncidentBuilder::low(),
        };
        // Younger than a day, or they would be old news.
        let builder = builder
            .organization(organization)
            .agent(organization * 100)
            .sent_ago(TimeDelta::seconds(n as i64 - number));
        let id = world.publish(builder);
        if closing && number % 3 == 2 {
            world.touch(id);
        }
    }
}

/// The SOC closes every third report of a flood.
pub fn ebb(world: &World) {
    for id in world.incident_ids().into_iter().skip(2).step_by(3) {
        world.set_status(id, "closed");
    }
}

/// The configuration of a large scene: a client for every other customer's name, and with `mapped` every customer's.
pub fn large_config(url: &str, mapped: bool) -> Config {
    let client = |id: i64| format!("Customer {id:03}");
    let organizations = (1..=CUSTOMERS).filter(|_| mapped).map(|id| Organization {
        id: OrganizationId(id),
        client: Some(client(id)),
        ignore: false,
    });
    let mut config = config(url, (1..=CUSTOMERS).map(client).collect());
    config.organizations = organizations.collect();
    config
}

/// The configuration of the demo's night.
pub fn night_config(url: &str) -> Config {
    let clients: Vec<Client> = roster();
    let mut config = config(url, clients.iter().map(|c| c.client.to_owned()).collect());
    let mapped = clients.iter().filter(|c| c.mapped);
    config.organizations = mapped
        .map(|c| Organization {
            id: OrganizationId(c.organization_id),
            client: Some(c.client.to_owned()),
            ignore: false,
        })
        .collect();
    config
}

fn config(url: &str, clients: Vec<String>) -> Config {
    let board = |name: &str, categories: &[&str]| LocalBoard {
        name: name.into(),
        open_status: "New".into(),
        closed_status: "Closed".into(),
        categories: categories.iter().map(|c| (*c).into()).collect(),
    };
    let mut config = Config {
        local: Local {
            clients: std::iter::once("Security Triage".to_owned()).chain(clients).collect(),
            boards: vec![board("Security", &["Security incident"]), board("Triage", &[])],
            priorities: ["Critical", "High", "Medium", "Low"].map(Into::into).to_vec(),
        },
        routing: Routing {
            security_board: Some("Security".into()),
            category: Some("Security incident".into()),
            fallback_client: Some("Security Triage".into()),
            triage_board: Some("Triage".into()),
            priority: Priorities {
                critical: Some("Critical".into()),
                high: Some("High".into()),
                low: Some("Low".into()),
            },
            poll_interval_minutes: 1,
            close_through: true,
            closed_status: Some("Closed".into()),
        },
        ..Config::default()
    };
    config.huntress.base_url = url.to_owned();
    config.huntress.requests_per_minute = 6000;
    config
}
