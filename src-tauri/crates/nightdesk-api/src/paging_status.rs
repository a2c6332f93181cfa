//! Whether a page would reach anybody, and what is missing where not.

use crate::error::Error;
use crate::words::PageState;
use chrono::{DateTime, Utc};
use nightdesk_core::paging as core;
use nightdesk_engine::contacts::{armed, listening_only, reachable};
use nightdesk_engine::context::Context;
use nightdesk_store::{Purpose, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How paging stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PagingStatus {
    /// A carrier is configured.
    pub is_set_up: bool,
    /// A page would reach somebody.
    pub armed: bool,
    /// What is missing for that, each in words.
    pub missing: Vec<String>,
    /// Who would be told and could acknowledge by no phone, by name.
    pub listening_only: Vec<String>,
    /// How many pages are open.
    pub open_pages: i64,
    /// The last drill.
    pub last_drill: Option<LastDrill>,
}

/// The last drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LastDrill {
    /// When it began.
    pub at: DateTime<Utc>,
    /// What came of it: `acknowledged` when everybody answered.
    #[ts(as = "PageState")]
    pub state: core::PageState,
}

/// Reads it, without asking the keychain or the carrier.
///
/// # Errors
/// The store's.
pub fn paging_status(tx: &Tx<'_>) -> Result<PagingStatus, Error> {
    let config = Context::load(tx)?.config;
    let missing = armed(tx, &config, &Ok(()))?;
    Ok(PagingStatus {
        is_set_up: config.paging.is_set_up(),
        armed: missing.is_empty(),
        missing,
        listening_only: listening_only(tx, &reachable(tx, &config)?)?,
        open_pages: tx.open_page_count()?,
        last_drill: tx.newest_run(Purpose::Drill)?.map(|run| LastDrill { at: run.opened_at, state: run.state }),
    })
}
