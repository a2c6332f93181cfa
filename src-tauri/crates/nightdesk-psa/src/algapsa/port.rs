//! The engine's view of the PSA.

use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::Listed;
use nightdesk_core::port::{Access, Changes, PortFuture, Psa, PsaError};
use nightdesk_core::psa::Seen;

use super::AlgaPsa;

impl Psa for AlgaPsa {
    fn holds_tickets(&self) -> bool {
        true
    }

    fn catalogue(&self) -> PortFuture<'_, Result<Vec<Listed>, PsaError>> {
        Box::pin(async move { self.read_catalogue().await.map_err(PsaError::from) })
    }

    fn access(&self) -> PortFuture<'_, Result<Access, PsaError>> {
        Box::pin(self.ask_rights())
    }

    fn changes(&self, since: DateTime<Utc>, page: u32) -> PortFuture<'_, Result<Changes, PsaError>> {
        Box::pin(async move { self.changed_since(since, page).await.map_err(PsaError::from) })
    }

    fn open_tickets(&self, page: u32) -> PortFuture<'_, Result<(Vec<String>, bool), PsaError>> {
        Box::pin(async move { self.open_page(page).await.map_err(PsaError::from) })
    }

    fn ticket<'a>(&'a self, id: &'a str) -> PortFuture<'a, Result<Option<Seen>, PsaError>> {
        Box::pin(async move { self.one(id).await.map_err(PsaError::from) })
    }
}
