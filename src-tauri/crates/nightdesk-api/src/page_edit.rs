//! What a person does about pages: asks for one, takes one, tries the people.

use crate::error::{Code, Error};
use crate::page_view::{DrillView, PageView, drill_view, page_view, pages_of};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::{IncidentId, IncidentKey};
use nightdesk_core::paging::How;
use nightdesk_engine::contacts::find;
use nightdesk_engine::context::Context;
use nightdesk_engine::paging::{self, Refused};
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Does something and ties what it queues to `cause`, so that a command delivers what it caused and nothing else.
///
/// # Errors
/// The thing's own.
pub fn causing<T>(tx: &Tx<'_>, cause: &str, f: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let before = tx.newest_delivery()?;
    let done = f()?;
    tx.caused_since(before, cause)?;
    Ok(done)
}

/// A contact by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ContactAsked {
    /// The name.
    pub name: String,
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Store(error) => error.into(),
            Refused::Unknown(_) | Refused::NoPage(_) => Self::not_found(refused.to_string()),
            other => Self::new(Code::Conflict, other.to_string()),
        }
    }
}

fn newest(tx: &Tx<'_>, now: DateTime<Utc>, key: IncidentKey) -> Result<PageView, Error> {
    let newest = pages_of(tx, now, key)?.into_iter().next();
    newest.ok_or_else(|| Error::not_found(format!("there is no page for incident {}", key.id)))
}

fn key(context: &Context, id: IncidentId) -> IncidentKey {
    IncidentKey { account: context.account_id(), id }
}

/// Pages people for an incident: whatever the window says, or only where nothing holds it back.
///
/// # Errors
/// `NotFound`; `Conflict` where nobody can be told, a page runs already, or something holds it back.
pub fn page(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    incident: IncidentId,
    anyway: bool,
) -> Result<PageView, Error> {
    let context = Context::load(tx)?;
    let key = key(&context, incident);
    if anyway {
        paging::page_anyway(tx, &context, now, key, actor)?;
    } else {
        paging::page_unless_held(tx, &context, now, key, actor)?;
    }
    newest(tx, now, key)
}

/// Takes an incident's pages: everybody else is let go.
///
/// # Errors
/// `Conflict` where no page waits for anybody.
pub fn page_take(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    incident: IncidentId,
    how: How,
) -> Result<PageView, Error> {
    let context = Context::load(tx)?;
    let key = key(&context, incident);
    paging::take(tx, &context, now, key, actor, how)?;
    newest(tx, now, key)
}

/// The pages that somebody takes: an incident's, or one by its number. Exactly one of the two is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct PagesToTake {
    /// The incident's number at Huntress.
    #[ts(type = "number | null")]
    pub incident_id: Option<IncidentId>,
    /// The page's number: the desk's own page belongs to no incident.
    #[ts(type = "number | null")]
    pub page_id: Option<i64>,
}

/// Takes what is asked for.
///
/// # Errors
/// As [`page_take`] and [`page_take_one`]; `InvalidInput` where both or neither is named.
pub fn pages_take(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    asked: PagesToTake,
    how: How,
) -> Result<PageView, Error> {
    match (asked.incident_id, asked.page_id) {
        (Some(incident), None) => page_take(tx, now, actor, incident, how),
        (None, Some(page)) => page_take_one(tx, now, actor, page, how),
        _ => Err(Error::new(Code::InvalidInput, "either incident_id or page_id is needed".to_owned())),
    }
}

/// Takes one page by its number.
///
/// # Errors
/// `NotFound`; `Conflict` where it waits for nobody.
pub fn page_take_one(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, page: i64, how: How) -> Result<PageView, Error> {
    paging::take_page(tx, &Context::load(tx)?, now, page, actor, how)?;
    page_view(tx, now, page)
}

/// Takes the desk's own page: the one that tells that it is blind.
///
/// # Errors
/// `Conflict` where there is none that waits for anybody.
pub fn page_take_desk(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, how: How) -> Result<PageView, Error> {
    let page = paging::take_desk(tx, &Context::load(tx)?, now, actor, how)?;
    page_view(tx, now, page)
}

/// Takes an incident's pages where there are any.
pub(crate) fn take_if_any(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, key: IncidentKey) -> Result<bool, Error> {
    if tx.pages_of_incident(key)?.is_empty() {
        return Ok(false);
    }
    match paging::take(tx, &Context::load(tx)?, now, key, actor, How::App) {
        Ok(_) => Ok(true),
        Err(Refused::NothingToTake(_)) => Ok(false),
        Err(refused) => Err(refused.into()),
    }
}

/// Tries every channel of everybody who can be reached. `cause` ties what leaves to a command that delivers it itself.
///
/// # Errors
/// `Conflict` where paging isn't set up, or nobody can be reached.
pub fn drill(tx: &Tx<'_>, now: DateTime<Utc>, actor: &str, cause: Option<&str>) -> Result<DrillView, Error> {
    let run = paging::drill(tx, &Context::load(tx)?, now, actor, cause)?;
    drill_view(tx, run)
}

/// Tries every channel of one contact.
///
/// # Errors
/// `NotFound` for a name that there isn't; as [`drill`].
pub fn contact_test(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    name: &str,
    cause: Option<&str>,
) -> Result<DrillView, Error> {
    let context = Context::load(tx)?;
    let name = find(&context.config, name)?.name.clone();
    let run = paging::test(tx, &context, now, actor, &name, cause).map_err(|refused| match refused {
        Refused::Nobody => Error::conflict(format!("{name} can't be reached; `nightdesk contacts` says why")),
        other => other.into(),
    })?;
    drill_view(tx, run)
}
