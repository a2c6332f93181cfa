//! A quarantined incident, fetched and read again because a person asked.

use crate::context::Context;
use crate::look_ups;
use crate::poller::Desk;
use nightdesk_core::ids::{IncidentId, IncidentKey};
use nightdesk_core::port::HuntressError;
use nightdesk_core::routing::Class;
use nightdesk_store::{Error, LookUp, LookUpKind, RequestRow};
use serde::{Deserialize, Serialize};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retried {
    /// Whether it could be read in full now.
    pub ok: bool,
    /// Why not.
    pub error: Option<String>,
}

/// Fetches the incident by its id and takes it in; says whether it is out of quarantine.
pub(crate) async fn retry(desk: &Desk, id: IncidentId) -> Retried {
    match attempt(desk, id).await {
        Ok(None) => Retried { ok: true, error: None },
        Ok(Some(error)) => Retried { ok: false, error: Some(error) },
        Err(e) => Retried { ok: false, error: Some(e.to_string()) },
    }
}

async fn attempt(desk: &Desk, id: IncidentId) -> Result<Option<String>, Error> {
    let account = desk.db.read(|tx| Ok::<_, Error>(Context::load(tx)?.account_id())).await?;
    let now = desk.clock.now();
    let why = "quarantine".to_owned();
    let look_up = LookUp { kind: LookUpKind::Incident, account, id: id.0, why, attempts: 0, due_at: now };
    if let Some(e) = look_ups::incident(desk, &look_up, &desk.pace).await? {
        return Ok(Some(e.to_string()));
    }
    let key = IncidentKey { account, id };
    desk.db
        .read(move |tx| {
            let Some(stored) = tx.incident(key)? else { return Ok(Some("it is not on record here".to_owned())) };
            if stored.gone_at.is_some() {
                return Ok(Some(HuntressError::NotFound.to_string()));
            }
            if stored.class != Class::Quarantined {
                return Ok(None);
            }
            let reason = tx.quarantined_key(account, &format!("incident-{id}"))?.map(|q| q.reason);
            Ok(Some(reason.unwrap_or_else(|| "it still could not be read in full".to_owned())))
        })
        .await
}

/// Answers the retries that commands wait for; whether there was one.
pub(crate) async fn answer_requests(desk: &Desk) -> Result<bool, Error> {
    let waiting: Vec<RequestRow> = desk
        .db
        .read(|tx| {
            Ok::<_, Error>(tx.waiting_requests()?.into_iter().filter(|r| r.kind == "quarantine_retry").collect())
        })
        .await?;
    let any = !waiting.is_empty();
    for request in waiting {
        #[derive(Deserialize)]
        struct Body {
            incident_id: IncidentId,
        }
        let id = request.id;
        desk.db.write(move |tx| tx.begin_request(id)).await?;
        let retried = match serde_json::from_str::<Body>(&request.body) {
            Ok(body) => retry(desk, body.incident_id).await,
            Err(e) => Retried { ok: false, error: Some(format!("the request could not be read: {e}")) },
        };
        let answer = serde_json::to_string(&retried)?;
        desk.db.write(move |tx| tx.answer_request(id, &answer)).await?;
    }
    Ok(any)
}
