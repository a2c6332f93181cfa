//! What is measured: a desk of forty organizations, and pages of incident reports such as a SOC writes.

use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_api as api;
use nightdesk_core::ids::{AccountId, OrganizationId};
use nightdesk_core::port;
use nightdesk_engine::context::{Context, Mapping};
use nightdesk_engine::ingest::{self, Counts};
use nightdesk_standin::{Account, IncidentBuilder, Story, World};
use nightdesk_store::{Error, FirstSeen, Opening, OrganizationRow, Setting, Store, Topic};
use nightdesk_tests::configuration;
use std::path::Path;
use std::sync::Arc;

/// Rows of a full page.
pub const PAGE: usize = 500;

const ACCOUNT: i64 = 5;
const ORGANIZATIONS: i64 = 40;

/// The time that everything is measured at.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_413_200, 0).unwrap_or_default()
}

/// A desk with its configuration in force and its organizations known, three quarters of them mapped to a client.
pub struct Desk {
    /// Its store.
    pub store: Store,
    context: (i64, Context),
}

impl Desk {
    /// A new one in this folder.
    pub fn open(folder: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let mut store = Store::open(&folder.join("nightdesk.db"), Opening::Owner)?;
        let at = now();
        store.write(|tx| {
            tx.begin_ledger(at, None)?;
            api::config_apply(tx, at, "bench", &configuration("http://127.0.0.1:1"), false, None).map(drop)
        })?;
        store.write(|tx| {
            let account =
                port::Account { id: AccountId(ACCOUNT), name: "Harbour IT".into(), subdomain: Some("harbour".into()) };
            tx.set(Setting::Account, Some(&serde_json::to_string(&account)?))?;
            let client = Context::load(tx)?.bound.map(|b| b.fallback_client);
            for id in 1..=ORGANIZATIONS {
                let mut row = OrganizationRow::unknown(AccountId(ACCOUNT), OrganizationId(id));
                row.name = Some(organization(id));
                row.client = client.filter(|_| id % 4 != 0);
                row.listed_at = Some(at);
                tx.put_organization(at, &row)?;
            }
            Ok::<_, Error>(())
        })?;
        let context = store.read(|tx| Ok::<_, Error>((tx.revision(Topic::Configuration)?, Context::load(tx)?)))?;
        Ok(Self { store, context })
    }

    /// A page from the bytes received to the tickets committed, as a poll takes it in.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Counts, Box<dyn std::error::Error>> {
        let (records, _next) = nightdesk_huntress::incident_page(bytes)?;
        let Self { store, context: (seen, context) } = self;
        let counts = store.write(|tx| {
            if tx.revision(Topic::Configuration)? != *seen {
                return Err(Error::Value("somebody else changed the configuration".into()));
            }
            let mut mapping = Mapping::load(tx, context.account_id())?;
            ingest::page(tx, context, &mut mapping, now(), &records, FirstSeen::Poll, &[])
        })?;
        Ok(counts)
    }
}

fn organization(id: i64) -> String {
    format!("Harbour Client {id} GmbH")
}

/// Pages of open incidents as Huntress answers them, newest first, with ids from `first`: every kind of story in turn, most on a host, from all organizations.
pub fn pages(first: i64, count: usize) -> Result<Vec<Vec<u8>>, serde_json::Error> {
    let last = first + i64::try_from(count * PAGE).unwrap_or(i64::MAX) - 1;
    let mut account = Account::new(ACCOUNT, "Harbour IT");
    for id in 1..=ORGANIZATIONS {
        account = account.organization(id, &organization(id));
    }
    for (id, story) in (first..=last).zip(Story::ALL.into_iter().cycle()) {
        let mut incident = IncidentBuilder::new(story)
            .id(id)
            .organization(id % ORGANIZATIONS + 1)
            .sent_ago(TimeDelta::minutes(last - id));
        if story.is_on_host() {
            incident = incident.agent(10_000 + id);
        }
        account = account.incident(incident);
    }
    let world = World::new(account, Arc::new(now));
    let ids: Vec<i64> = (first..=last).rev().collect();
    ids.chunks(PAGE)
        .map(|ids| {
            let rows: Vec<_> = ids.iter().filter_map(|id| world.incident(*id)).collect();
            let token = format!("after-{}", ids.last().copied().unwrap_or_default());
            serde_json::to_vec(&serde_json::json!({
                "incident_reports": rows,
                "pagination": { "limit": PAGE, "next_page_token": token },
            }))
        })
        .collect()
}
