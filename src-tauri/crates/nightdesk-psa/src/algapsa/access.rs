//! What the key may do, found out without changing anything.

use nightdesk_core::port::{Access, PsaError, Right};
use nightdesk_http::Method;
use serde_json::json;
use uuid::Uuid;

use super::AlgaPsa;
use super::catalogue::{BOARDS, CATEGORIES, CLIENTS, PRIORITIES, STATUSES};
use super::create::{OPEN, TAG};
use super::gate::Urgency;
use super::miss::Miss;
use super::note::NOTE;
use super::reading::READ;
use super::refusal::Errand;
use super::update::{CHANGE, STATUS};

impl AlgaPsa {
    /// Reads by their lists. Writes by requests that can't be carried out: without any of what they need, to a ticket that
    /// doesn't exist. The vendor's routes ask for the permission before they look at the request, so that a 403 tells of the
    /// key and any other refusal of the request (read in its source; not tried on every version).
    pub(super) async fn ask_rights(&self) -> Result<Access, PsaError> {
        let one = [("limit", "1")];
        let priorities = [("item_type", "ticket"), ("limit", "1")];
        let mut rights = vec![
            self.may_read(&["boards"], &one, BOARDS).await?,
            self.may_read(&["tickets", "statuses"], &[], STATUSES).await?,
        ];
        let ordered = self.may_read(&["priorities"], &priorities, PRIORITIES).await?;
        rights.push(match ordered.granted {
            Some(true) => ordered,
            // The catalogue then takes the tickets' own list.
            _ => self.may_read(&["tickets", "priorities"], &[], PRIORITIES).await?,
        });
        rights.push(self.may_read(&["clients"], &one, CLIENTS).await?);
        rights.push(self.may_read(&["tickets"], &[("limit", "1"), ("fields", "ticket_id")], READ).await?);
        let categories = self.may_read(&["categories", "ticket"], &one, CATEGORIES).await?;
        rights.push(Right { is_needed: false, ..categories });

        let nobody = Uuid::nil().to_string();
        rights.push(self.may_write(Method::POST, &["tickets"], OPEN).await?);
        rights.push(self.may_write(Method::PUT, &["tickets", &nobody], CHANGE).await?);
        rights.push(self.may_write(Method::PUT, &["tickets", &nobody, "status"], STATUS).await?);
        rights.push(self.may_write(Method::POST, &["tickets", &nobody, "comments"], NOTE).await?);
        let tags = self.may_write(Method::POST, &["tags", "entity", "ticket", &nobody], TAG).await?;
        rights.push(Right { is_needed: false, ..tags });
        Ok(Access { rights })
    }

    async fn may_read(&self, path: &[&str], query: &[(&str, &str)], errand: Errand) -> Result<Right, PsaError> {
        let answer = self.get(self.turn(Urgency::Catalogue), self.url(path, query), errand).await;
        right(errand, answer.map(drop), |_| None)
    }

    async fn may_write(&self, method: Method, path: &[&str], errand: Errand) -> Result<Right, PsaError> {
        let turn = self.turn(Urgency::Catalogue);
        let answer = self.put(turn, method, self.url(path, &[]), &json!({}), errand).await;
        // It got as far as what was asked for.
        right(errand, answer.map(drop), |status| matches!(status, 400 | 404 | 409 | 422).then_some(true))
    }
}

/// What one answer says of a right. A key that isn't taken at all, and a PSA that can't be reached, say nothing of any.
fn right(errand: Errand, answer: Result<(), Miss>, means: impl Fn(u16) -> Option<bool>) -> Result<Right, PsaError> {
    let (granted, said) = match answer {
        Ok(()) => (Some(true), None),
        Err(Miss::Refused(refusal)) if refusal.status == 403 => {
            (Some(false), Some(refusal.said().unwrap_or_else(|| refusal.sentence())))
        }
        // An unknown path isn't the PSA's word on a thing that isn't there.
        Err(Miss::Refused(refusal)) if refusal.status != 401 && (refusal.status != 404 || refusal.is_gone()) => {
            let granted = means(refusal.status);
            (granted, granted.is_none().then(|| refusal.sentence()))
        }
        Err(miss @ (Miss::Fault(_) | Miss::Unreadable(_))) => (None, Some(PsaError::from(miss).to_string())),
        Err(miss) => return Err(miss.into()),
    };
    Ok(Right {
        to: errand.to.to_owned(),
        permission: errand.permission.map(str::to_owned),
        granted,
        said,
        is_needed: true,
    })
}
