//! What tickets are sorted into, and who is there: boards, statuses, priorities, categories, clients and users.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::id::id_of;
use super::stamp::stamp;

/// A board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// UUID.
    pub id: String,
    /// As people see it.
    pub name: String,
    /// Its place among the boards.
    pub display_order: i64,
    /// Whether it is in use.
    pub active: bool,
}

/// A ticket status. It belongs to one board; another board's status of the same name is another status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// UUID.
    pub id: String,
    /// The board that it belongs to.
    pub board_id: String,
    /// As people see it.
    pub name: String,
    /// Whether tickets in it are closed.
    pub is_closed: bool,
    /// Whether new tickets of the board start in it.
    pub is_default: bool,
    /// Its place among the board's statuses.
    pub order_number: i64,
    pub(crate) created_at: DateTime<Utc>,
}

/// A ticket priority, of all boards alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priority {
    /// UUID.
    pub id: String,
    /// As people see it.
    pub name: String,
    /// Its place, the most urgent first.
    pub order_number: i64,
    pub(crate) created_at: DateTime<Utc>,
}

/// A category of a board, or a subcategory of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// UUID.
    pub id: String,
    /// The board that it belongs to.
    pub board_id: String,
    /// The category that it is a subcategory of.
    pub parent_id: Option<String>,
    /// As people see it.
    pub name: String,
    /// Its place among its likes.
    pub display_order: i64,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) created_by: String,
}

/// A client of the MSP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// UUID.
    pub id: String,
    /// As people see it.
    pub name: String,
    /// Whether it is a client still.
    pub active: bool,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// Somebody who works at the MSP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// UUID.
    pub id: String,
    /// First and last name.
    pub name: String,
}

impl Board {
    pub(crate) fn json(&self, tenant: &str) -> Value {
        json!({
            "board_id": self.id,
            "board_name": self.name,
            "description": null,
            "display_order": self.display_order,
            "is_default": self.display_order == 1,
            "is_inactive": !self.active,
            "category_type": "custom",
            "priority_type": "custom",
            "display_itil_impact": false,
            "display_itil_urgency": false,
            "default_assigned_to": null,
            "inbound_reply_reopen_enabled": false,
            "enable_live_ticket_timer": true,
            "tenant": tenant,
        })
    }
}

impl Status {
    /// As the tickets' own list of statuses gives it: with its board.
    pub(crate) fn of_tickets(&self) -> Value {
        json!({
            "status_id": self.id,
            "board_id": self.board_id,
            "name": self.name,
            "is_closed": self.is_closed,
            "is_default": self.is_default,
            "order_number": self.order_number,
        })
    }

    /// As the general list of statuses gives it: without.
    pub(crate) fn json(&self, tenant: &str) -> Value {
        json!({
            "status_id": self.id,
            "name": self.name,
            "status_type": "ticket",
            "order_number": self.order_number,
            "is_closed": self.is_closed,
            "is_default": self.is_default,
            "item_type": "ticket",
            "standard_status_id": null,
            "is_custom": true,
            "tenant": tenant,
        })
    }
}

impl Priority {
    pub(crate) fn of_tickets(&self) -> Value {
        json!({ "priority_id": self.id, "priority_name": self.name })
    }

    pub(crate) fn json(&self, tenant: &str) -> Value {
        json!({
            "priority_id": self.id,
            "priority_name": self.name,
            "description": null,
            "order_number": self.order_number,
            "color": "#6b7280",
            "item_type": "ticket",
            "is_from_itil_standard": false,
            "tenant": tenant,
        })
    }
}

impl Category {
    pub(crate) fn json(&self, tenant: &str) -> Value {
        json!({
            "category_id": self.id,
            "category_name": self.name,
            "parent_category": self.parent_id,
            "board_id": self.board_id,
            "display_order": self.display_order,
            "is_from_itil_standard": false,
            "created_by": self.created_by,
            "created_at": stamp(self.created_at),
            "tenant": tenant,
        })
    }
}

impl Client {
    pub(crate) fn json(&self, tenant: &str) -> Value {
        json!({
            "client_id": self.id,
            "client_name": self.name,
            "phone_no": null,
            "credit_balance": 0,
            "email": null,
            "url": null,
            "address": null,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.updated_at),
            "is_inactive": !self.active,
            "client_type": "company",
            "tax_id_number": null,
            "notes": null,
            "properties": {},
            "payment_terms": null,
            "billing_cycle": "monthly",
            "credit_limit": null,
            "preferred_payment_method": null,
            "auto_invoice": false,
            "invoice_delivery_method": null,
            "region_code": null,
            "is_tax_exempt": false,
            "tax_exemption_certificate": null,
            "timezone": null,
            "invoice_template_id": null,
            "billing_contact_id": null,
            "billing_email": null,
            "account_manager_id": null,
            "account_manager_full_name": null,
            "logoUrl": null,
            "tenant": tenant,
            "tags": [],
        })
    }
}

/// An id from a name that no other holds: a second client of the same name is another client.
pub(crate) fn fresh_id(kind: &str, name: &str, taken: impl Fn(&str) -> bool) -> String {
    let first = id_of(kind, name);
    if !taken(&first) {
        return first;
    }
    let mut at = 2;
    loop {
        let id = id_of(kind, &format!("{name}#{at}"));
        if !taken(&id) {
            return id;
        }
        at += 1;
    }
}
