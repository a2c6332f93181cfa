//! The engine's view of Huntress, one request per method.

use chrono::{DateTime, Utc};
use nightdesk_core::ids::{AgentId, IncidentId};
use nightdesk_core::incident::Record;
use nightdesk_core::notice::Notice;
use nightdesk_core::port::{
    Account, Host, Huntress, HuntressError, ListedOrganization, Listing, NoticeListing, Pace, Page, PortFuture, Urgency,
};
use nightdesk_http::Response;

use super::{HuntressClient, address, credentials};
use crate::read::{self, Answer, Value};

/// The most rows that Huntress gives on a page.
const MOST_ROWS: u32 = 500;

/// Notices are few and the newest come first, so a page needn't be full-sized; it is asked for every 5 minutes.
const NOTICES: &str = "100";

impl HuntressClient {
    async fn rows<T>(
        &self,
        pace: &dyn Pace,
        urgency: Urgency,
        list: &'static str,
        query: Vec<(&'static str, &str)>,
        read: impl Fn(Value<'_>) -> Option<T> + Send,
    ) -> Result<Page<T>, HuntressError> {
        let response = self.get(pace, urgency, address::below(&self.root, &[list], &query)).await?;
        let answer = Answer::read(&response.body)?;
        let page = read::list(&answer.object()?, list)?;
        let listed = page.rows.len();
        let rows: Vec<T> = page.rows.into_iter().filter_map(read).collect();
        if rows.len() < listed {
            tracing::warn!(list, skipped = listed - rows.len(), "rows of Huntress that can't be read");
        }
        Ok(Page { rows, next: page.next, date: response.date })
    }

    /// One thing by its address; `None` for a 404.
    async fn one(&self, pace: &dyn Pace, urgency: Urgency, path: [&str; 2]) -> Result<Option<Response>, HuntressError> {
        match self.get(pace, urgency, address::below(&self.root, &path, &[])).await {
            Ok(response) => Ok(Some(response)),
            Err(HuntressError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The sort documented for every listing, then the token where the walk has one.
fn sorted<'a>(field: &'static str, direction: &'static str, token: Option<&'a str>) -> Vec<(&'static str, &'a str)> {
    let mut query = vec![("sort_field", field), ("sort_direction", direction)];
    query.extend(token.map(|token| ("page_token", token)));
    query
}

impl Huntress for HuntressClient {
    fn key_fingerprint(&self) -> Result<String, HuntressError> {
        let (key, _) = self.credentials.huntress()?;
        Ok(credentials::fingerprint(&key, self.root.as_str()))
    }

    fn account<'a>(
        &'a self,
        pace: &'a dyn Pace,
    ) -> PortFuture<'a, Result<(Account, Option<DateTime<Utc>>), HuntressError>> {
        Box::pin(async move {
            let response = self.get(pace, Urgency::Walk, address::below(&self.root, &["account"], &[])).await?;
            Ok((read::account(&Answer::read(&response.body)?)?, response.date))
        })
    }

    fn incidents<'a>(
        &'a self,
        pace: &'a dyn Pace,
        urgency: Urgency,
        listing: &'a Listing,
        limit: u32,
        token: Option<&'a str>,
    ) -> PortFuture<'a, Result<Page<Record>, HuntressError>> {
        Box::pin(async move {
            let limit = limit.clamp(1, MOST_ROWS).to_string();
            let mut query = vec![("limit", limit.as_str())];
            match listing {
                Listing::Changes => query.extend(sorted("updated_at", "desc", token)),
                Listing::WithStatus(status) => {
                    query.push(("status", status));
                    query.extend(sorted("id", "desc", token));
                }
            }
            let response = self.get(pace, urgency, address::below(&self.root, &["incident_reports"], &query)).await?;
            let (rows, next) = read::incident_page(&response.body)?;
            Ok(Page { rows, next, date: response.date })
        })
    }

    fn incident<'a>(
        &'a self,
        pace: &'a dyn Pace,
        id: IncidentId,
    ) -> PortFuture<'a, Result<Option<Record>, HuntressError>> {
        Box::pin(async move {
            match self.one(pace, Urgency::ById, ["incident_reports", &id.to_string()]).await? {
                Some(response) => Ok(Some(read::incident(&Answer::read(&response.body)?, id)?)),
                None => Ok(None),
            }
        })
    }

    fn organizations<'a>(
        &'a self,
        pace: &'a dyn Pace,
        token: Option<&'a str>,
    ) -> PortFuture<'a, Result<Page<ListedOrganization>, HuntressError>> {
        Box::pin(async move {
            let limit = MOST_ROWS.to_string();
            let mut query = vec![("limit", limit.as_str())];
            // By rising id an organization that is added during the walk comes after it, and pushes nothing over a page's edge.
            query.extend(sorted("id", "asc", token));
            self.rows(pace, Urgency::Notices, "organizations", query, read::organization).await
        })
    }

    fn notices<'a>(
        &'a self,
        pace: &'a dyn Pace,
        listing: NoticeListing,
        token: Option<&'a str>,
    ) -> PortFuture<'a, Result<Page<Notice>, HuntressError>> {
        Box::pin(async move {
            let list = match listing {
                NoticeListing::Escalations => "escalations",
                NoticeListing::PlatformActions => "platform_actions",
            };
            let mut query = vec![("limit", NOTICES)];
            query.extend(sorted("updated_at", "desc", token));
            self.rows(pace, Urgency::Notices, list, query, |row| read::notice(listing.kind(), row)).await
        })
    }

    fn agent<'a>(&'a self, pace: &'a dyn Pace, id: AgentId) -> PortFuture<'a, Result<Option<Host>, HuntressError>> {
        Box::pin(async move {
            match self.one(pace, Urgency::LookUp, ["agents", &id.to_string()]).await? {
                Some(response) => Ok(Some(read::host(&Answer::read(&response.body)?)?)),
                None => Ok(None),
            }
        })
    }
}
