//! A desk with a configuration and a real store, for the tests of what people do at it.

use crate::configure;
use crate::context::{Context, Mapping};
use crate::ingest;
use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_core::config::Config;
use nightdesk_core::ids::{AccountId, CatalogueId, IncidentId, OrganizationId, TicketId};
use nightdesk_core::incident::{Incident, Reading, Record, Remediations, Severity, Status};
use nightdesk_core::port::ListedOrganization;
use nightdesk_store::{FirstSeen, Opening, Setting, Store, TicketRow, Tx};

pub(crate) const ACCOUNT: AccountId = AccountId(7);

pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) now: DateTime<Utc>,
    _folder: tempfile::TempDir,
}

pub(crate) fn config() -> Config {
    let mut config = Config::default();
    config.local.clients = ["Security Triage", "Acme", "Globex"].map(Into::into).to_vec();
    config.local.boards[1].closed_status = "Done".into();
    let routing = &mut config.routing;
    routing.security_board = Some("Security".into());
    routing.category = Some("Security incident".into());
    routing.fallback_client = Some("Security Triage".into());
    routing.triage_board = Some("Triage".into());
    routing.priority.critical = Some("Critical".into());
    routing.priority.high = Some("High".into());
    routing.priority.low = Some("Low".into());
    routing.close_through = true;
    config
}

impl Desk {
    /// Without any configuration.
    pub(crate) fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("desk.sqlite"), Opening::Owner).unwrap();
        let mut desk = Self { store, now: DateTime::from_timestamp(1_790_000_000, 0).unwrap(), _folder: folder };
        let account = serde_json::json!({ "id": ACCOUNT, "name": "Night MSP", "subdomain": null });
        desk.write(|tx, _, _| tx.set(Setting::Account, Some(&account.to_string()))).unwrap();
        desk
    }

    /// With [`config`] in force.
    pub(crate) fn new() -> Self {
        let mut desk = Self::bare();
        desk.write(|tx, _, now| configure::apply(tx, now, "dana", &config(), false, None)).unwrap();
        desk
    }

    /// One transaction, a second after the last.
    pub(crate) fn write<T, E: From<nightdesk_store::Error>>(
        &mut self,
        f: impl FnOnce(&Tx<'_>, &Context, DateTime<Utc>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.now += TimeDelta::seconds(1);
        let now = self.now;
        self.store.write(|tx| f(tx, &Context::load(tx)?, now))
    }

    pub(crate) fn read<T>(&mut self, f: impl FnOnce(&Tx<'_>, &Context) -> T) -> T {
        self.store.read(|tx| Ok::<_, nightdesk_store::Error>(f(tx, &Context::load(tx)?))).unwrap()
    }

    /// An incident as Huntress sends it, and the ticket that it has afterwards.
    pub(crate) fn incident(&mut self, id: i64, organization: Option<i64>, status: &str) -> Option<TicketId> {
        let at = self.now + TimeDelta::seconds(1);
        let incident = Incident {
            id: IncidentId(id),
            account: Some(ACCOUNT),
            organization: organization.map(OrganizationId),
            organization_name: None,
            agent: None,
            platform: None,
            status: Status(status.into()),
            severity: Severity::High,
            subject: Some(format!("Incident {id}")),
            summary: None,
            body: None,
            indicator_types: Vec::new(),
            indicator_counts: Vec::new(),
            remediations: Remediations::default(),
            sent_at: Some(at),
            closed_at: None,
            status_updated_at: None,
            created_at: None,
            updated_at: Some(at),
        };
        let raw = serde_json::to_vec(&incident).unwrap();
        let digest = nightdesk_core::ledger::digest(&String::from_utf8_lossy(&raw));
        let record = Record { raw, digest, reading: Reading::Whole(incident) };
        self.write(|tx, ctx, now| {
            let mut mapping = Mapping::load(tx, ACCOUNT)?;
            ingest::page(tx, ctx, &mut mapping, now, &[record], FirstSeen::Poll, &[])?;
            let key = nightdesk_core::ids::IncidentKey { account: ACCOUNT, id: IncidentId(id) };
            Ok::<_, nightdesk_store::Error>(tx.incident(key)?.and_then(|i| i.ticket))
        })
        .unwrap()
    }

    /// The ticket of a new open incident.
    pub(crate) fn ticket_for(&mut self, id: i64, organization: Option<i64>) -> TicketId {
        self.incident(id, organization, "sent").unwrap()
    }

    pub(crate) fn ticket(&mut self, id: TicketId) -> TicketRow {
        self.read(|tx, _| tx.ticket(id).unwrap().unwrap())
    }

    /// Client, board and status of a ticket by name.
    pub(crate) fn place(&mut self, id: TicketId) -> [String; 3] {
        let t = self.ticket(id);
        self.read(|_, ctx| {
            let name = |id: CatalogueId| ctx.catalogue.name(id).to_owned();
            [name(t.client), name(t.board), t.status.map_or_else(String::new, name)]
        })
    }

    /// The client of an organization by name.
    pub(crate) fn client_of(&mut self, organization: i64) -> Option<String> {
        self.read(|tx, ctx| {
            let row = tx.organization(ctx.account_id(), OrganizationId(organization)).unwrap()?;
            row.client.map(|c| ctx.catalogue.name(c).to_owned())
        })
    }

    /// The words of the whole ledger, oldest first.
    pub(crate) fn ledger(&mut self) -> Vec<String> {
        self.read(|tx, _| {
            let entries = tx.ledger_entries(0, 1000).unwrap();
            entries.into_iter().map(|e| String::from_utf8(e.bytes).unwrap()).collect()
        })
    }
}

pub(crate) fn listed(id: i64, name: &str) -> ListedOrganization {
    ListedOrganization { id: OrganizationId(id), name: name.into(), key: None }
}
