//! Routing by catalogue number: names are bound when a configuration is applied, so that a rename is followed.

use crate::catalogue::{Catalogue, Kind};
use crate::config::Routing;
use crate::ids::CatalogueId;
use crate::incident::Level;
use serde::{Deserialize, Serialize};

/// Routing with its names bound. Serialised into the store; the numbers outlive renames in the PSA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// Where tickets of mapped organizations go.
    pub security_board: CatalogueId,
    /// Their category.
    pub category: Option<CatalogueId>,
    /// Who gets tickets of unmapped organizations.
    pub fallback_client: CatalogueId,
    /// Where those go.
    pub triage_board: CatalogueId,
    /// Priority of critical incidents, and of those of unknown severity.
    pub critical: CatalogueId,
    /// Priority of high ones.
    pub high: CatalogueId,
    /// Priority of low ones.
    pub low: CatalogueId,
    /// Whether the SOC's closing closes tickets.
    pub close_through: bool,
    /// The closed status to prefer, by name, since each board has its own.
    pub closed_status: Option<String>,
}

impl Bound {
    /// The priority for a level.
    pub fn priority(&self, level: Level) -> CatalogueId {
        match level {
            Level::Critical => self.critical,
            Level::High => self.high,
            Level::Low => self.low,
        }
    }

    /// The bound keys whose entry the PSA no longer lists, each with its last name. Empty in good times.
    pub fn vanished<'a>(&self, catalogue: &'a Catalogue) -> Vec<(&'static str, &'a str)> {
        [
            ("routing.security_board", Some(self.security_board)),
            ("routing.category", self.category),
            ("routing.fallback_client", Some(self.fallback_client)),
            ("routing.triage_board", Some(self.triage_board)),
            ("routing.priority.critical", Some(self.critical)),
            ("routing.priority.high", Some(self.high)),
            ("routing.priority.low", Some(self.low)),
        ]
        .into_iter()
        .filter_map(|(key, id)| id.filter(|id| !catalogue.is_active(*id)).map(|id| (key, catalogue.name(id))))
        .collect()
    }
}

/// Binds routing's names. `Err` lists the keys that are missing or name nothing in the catalogue.
pub fn bind(routing: &Routing, catalogue: &Catalogue) -> Result<Bound, Vec<&'static str>> {
    let mut missing = routing.missing();
    let find =
        |kind, name: &Option<String>, board| name.as_deref().and_then(|n| catalogue.find(kind, n, board)).map(|e| e.id);
    let mut need = |key, found: Option<CatalogueId>| {
        if found.is_none() && !missing.contains(&key) {
            missing.push(key);
        }
        found.unwrap_or(CatalogueId(0))
    };
    let security_board = need("routing.security_board", find(Kind::Board, &routing.security_board, None));
    let bound = Bound {
        security_board,
        category: find(Kind::Category, &routing.category, Some(security_board)),
        fallback_client: need("routing.fallback_client", find(Kind::Client, &routing.fallback_client, None)),
        triage_board: need("routing.triage_board", find(Kind::Board, &routing.triage_board, None)),
        critical: need("routing.priority.critical", find(Kind::Priority, &routing.priority.critical, None)),
        high: need("routing.priority.high", find(Kind::Priority, &routing.priority.high, None)),
        low: need("routing.priority.low", find(Kind::Priority, &routing.priority.low, None)),
        close_through: routing.close_through,
        closed_status: routing.closed_status.clone(),
    };
    if missing.is_empty() { Ok(bound) } else { Err(missing) }
}
