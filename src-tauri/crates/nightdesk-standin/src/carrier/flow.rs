//! A flow as it is kept at the carrier.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::account::Account;
use super::definition::Definition;
use super::listing::iso_date;

/// A flow with its latest revision.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    pub(crate) sid: String,
    pub(crate) friendly_name: String,
    pub(crate) published: bool,
    pub(crate) definition: Value,
    /// What executions run: the last published revision and its number.
    pub(crate) live: Option<(u32, Arc<Definition>)>,
    pub(crate) revision: u32,
    pub(crate) commit_message: Option<String>,
    pub(crate) errors: Vec<Value>,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: Option<DateTime<Utc>>,
}

impl Flow {
    /// The vendor's form; a list leaves the definition out.
    pub(crate) fn wire(&self, account: &Account, base: &str, in_list: bool) -> Value {
        let url = format!("{base}/v2/Flows/{}", self.sid);
        let whole = |value: Value| if in_list { Value::Null } else { value };
        json!({
            "sid": self.sid,
            "account_sid": account.sid,
            "author_sid": Value::Null,
            "friendly_name": self.friendly_name,
            "definition": whole(self.definition.clone()),
            "status": if self.published { "published" } else { "draft" },
            "revision": self.revision,
            "commit_message": whole(json!(self.commit_message)),
            "valid": whole(json!(self.errors.is_empty())),
            "errors": whole(json!(self.errors)),
            "warnings": whole(json!([])),
            "date_created": iso_date(self.created),
            "date_updated": self.updated.map(iso_date),
            "webhook_url": format!("{base}/v1/Accounts/{}/Flows/{}", account.sid, self.sid),
            "url": url,
            "links": {
                "test_users": format!("{url}/TestUsers"),
                "revisions": format!("{url}/Revisions"),
                "executions": format!("{url}/Executions"),
            },
        })
    }
}
