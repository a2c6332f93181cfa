//! A desk with five organizations and six incidents, filled by the engine's own ingest.

use chrono::{DateTime, Duration, Utc};
use nightdesk_core::catalogue::{Kind, Listed, StatusRole};
use nightdesk_core::config::{Config, Priorities, Routing};
use nightdesk_core::ids::{AccountId, AgentId, IncidentId, OrganizationId};
use nightdesk_core::incident::{Incident, Reading, Record, Remediations, Severity, Status};
use nightdesk_core::ledger;
use nightdesk_core::port::Account;
use nightdesk_core::routing::bind;
use nightdesk_engine::context::{Context, Mapping};
use nightdesk_engine::ingest;
use nightdesk_store::{FirstSeen, How, Opening, OrganizationRow, Setting, Store, Tx};
use tempfile::TempDir;

pub const ACCOUNT: AccountId = AccountId(5);

pub fn t(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_000_000, 0).unwrap() + Duration::minutes(minute)
}

pub struct Desk {
    pub store: Store,
    _dir: TempDir,
}

impl Desk {
    /// A new store and nothing in it.
    pub fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(&dir.path().join("nightdesk.db"), Opening::Owner).unwrap();
        store.write(|tx| tx.begin_ledger(t(0), None)).unwrap();
        Self { store, _dir: dir }
    }

    /// Configured, with incidents: 1 of Acme (mapped), 2 and 3 of Umbrella (unmapped), 4 closed, 5 of an ignored
    /// organization, 6 not readable in full, and one record without an id.
    pub fn busy() -> Self {
        let mut desk = Self::empty();
        desk.write(|tx| {
            tx.put_catalogue(&catalogue())?;
            let account = Account { id: ACCOUNT, name: "Check MSP".into(), subdomain: Some("check".into()) };
            tx.set(Setting::Account, Some(&serde_json::to_string(&account)?))?;
            let config = Config { routing: routing(), ..Config::default() };
            let bound = bind(&config.routing, &tx.catalogue()?).unwrap();
            tx.add_configuration(t(0), &serde_json::to_string(&config)?, Some(&serde_json::to_string(&bound)?))?;
            tx.set(Setting::RoutingWasComplete, Some("1"))?;
            for (id, name) in [(4, "Acme"), (7, "Globex GmbH"), (8, "Initech"), (9, "=Hooli"), (10, "Umbrella")] {
                let mut row = OrganizationRow::unknown(ACCOUNT, OrganizationId(id));
                row.name = Some(name.into());
                if id == 4 {
                    let clients = tx.catalogue()?;
                    row.client = clients.find(Kind::Client, "Acme", None).map(|e| e.id);
                    row.how = How::Manual;
                }
                row.ignored = id == 8;
                tx.put_organization(t(0), &row)?;
            }
            Ok(())
        });
        desk.ingest(
            t(1),
            &[
                whole(incident(1, Some(4), "sent", Severity::High)),
                whole(incident(2, Some(7), "sent", Severity::Critical)),
                whole(incident(3, Some(7), "sent", Severity::Low)),
                whole(incident(4, Some(4), "closed", Severity::Low)),
                whole(incident(5, Some(8), "sent", Severity::Low)),
                Record {
                    reading: Reading::Partial {
                        incident: incident(6, Some(4), "sent", Severity::Unknown(None)),
                        reason: "severity is a list".into(),
                    },
                    ..raw(b"{\"id\":6,\"severity\":[]}")
                },
                Record {
                    reading: Reading::Unkeyed {
                        key: "odd-1".into(),
                        reason: "id is missing".into(),
                        subject: Some("Odd one".into()),
                        severity: Severity::Critical,
                        updated_at: None,
                    },
                    ..raw(b"{\"subject\":\"Odd one\"}")
                },
            ],
        );
        desk
    }

    pub fn ingest(&mut self, now: DateTime<Utc>, records: &[Record]) {
        self.write(|tx| {
            let context = Context::load(tx)?;
            let mut mapping = Mapping::load(tx, ACCOUNT)?;
            ingest::page(tx, &context, &mut mapping, now, records, FirstSeen::Poll, &[])
        });
    }

    pub fn write<T>(&mut self, f: impl FnOnce(&Tx<'_>) -> Result<T, nightdesk_store::Error>) -> T {
        self.store.write(f).unwrap()
    }

    /// Changes the file behind the store's back, as somebody with an editor for it would.
    pub fn tamper(&mut self, sql: &str) {
        let file = rusqlite::Connection::open(self.store.path()).unwrap();
        assert!(file.execute(sql, []).unwrap() > 0);
    }

    pub fn ask<T>(
        &mut self,
        f: impl FnOnce(&Tx<'_>) -> Result<T, nightdesk_api::Error>,
    ) -> Result<T, nightdesk_api::Error> {
        self.store.read(f)
    }

    pub fn act<T>(
        &mut self,
        f: impl FnOnce(&Tx<'_>) -> Result<T, nightdesk_api::Error>,
    ) -> Result<T, nightdesk_api::Error> {
        self.store.write(f)
    }
}

fn raw(bytes: &[u8]) -> Record {
    Record {
        raw: bytes.to_vec(),
        digest: ledger::digest(&String::from_utf8_lossy(bytes)),
        reading: Reading::Whole(incident(0, None, "sent", Severity::Low)),
    }
}

pub fn whole(incident: Incident) -> Record {
    let bytes = serde_json::to_vec(&incident).unwrap();
    Record { reading: Reading::Whole(incident), ..raw(&bytes) }
}

pub fn incident(id: i64, organization: Option<i64>, status: &str, severity: Severity) -> Incident {
    Incident {
        id: IncidentId(id),
        account: Some(ACCOUNT),
        organization: organization.map(OrganizationId),
        organization_name: None,
        agent: Some(AgentId(70 + id)),
        platform: Some("windows".into()),
        status: Status(status.into()),
        severity,
        subject: Some(format!("Incident on host{id}")),
        summary: Some("A foothold was found.".into()),
        body: Some("The whole report.".into()),
        indicator_types: vec!["footholds".into()],
        indicator_counts: vec![("footholds".into(), 1)],
        remediations: Remediations::default(),
        sent_at: Some(t(0)),
        closed_at: None,
        status_updated_at: Some(t(0)),
        created_at: None,
        updated_at: Some(t(0)),
    }
}

pub fn routing() -> Routing {
    Routing {
        security_board: Some("Security".into()),
        category: Some("Security incident".into()),
        fallback_client: Some("Security Triage".into()),
        triage_board: Some("Triage".into()),
        priority: Priorities { critical: Some("Critical".into()), high: Some("High".into()), low: Some("Low".into()) },
        close_through: true,
        ..Routing::default()
    }
}

fn catalogue() -> Vec<Listed> {
    let entry = |kind, remote: &str, name: &str, board: Option<&str>, role| Listed {
        kind,
        remote_id: remote.into(),
        name: name.into(),
        board: board.map(Into::into),
        role,
    };
    let mut all = vec![
        entry(Kind::Board, "Security", "Security", None, None),
        entry(Kind::Board, "Triage", "Triage", None, None),
        entry(Kind::Category, "Security/Security incident", "Security incident", Some("Security"), None),
    ];
    for board in ["Security", "Triage"] {
        all.push(entry(Kind::Status, &format!("{board}/New"), "New", Some(board), Some(StatusRole::Opening)));
        all.push(entry(Kind::Status, &format!("{board}/Closed"), "Closed", Some(board), Some(StatusRole::Closing)));
    }
    all.extend(["Security Triage", "Acme", "Globex"].map(|n| entry(Kind::Client, n, n, None, None)));
    all.extend(["Critical", "High", "Low"].map(|n| entry(Kind::Priority, n, n, None, None)));
    all
}
