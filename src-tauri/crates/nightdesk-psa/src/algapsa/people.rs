//! Who is who: ids of the PSA's users, and the names that rows happen to show beside them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::json;

/// What a row's fields for a person and a name are called.
const PAIRS: [(&str, &str); 3] =
    [("entered_by", "entered_by_name"), ("assigned_to", "assigned_to_name"), ("created_by", "created_by_name")];

/// What our own user is called: by name it would read as if a person had done it.
const OURS: &str = "the API key's user";

/// What has been learned so far. There is no list of users that every key may read, so a name stays unknown until a row shows
/// it.
#[derive(Default)]
pub(super) struct People {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    ours: Option<String>,
    names: HashMap<String, String>,
}

impl People {
    /// Learns from a row of tickets or comments.
    pub fn learn(&self, row: &Value) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, name) in PAIRS {
            if let (Some(id), Some(name)) = (json::text(row, id), json::text(row, name))
                && known.names.get(id).is_none_or(|old| old != name)
            {
                known.names.insert(id.to_owned(), nightdesk_core::content::line(name));
            }
        }
    }

    /// Learns who we are, from what we have just made: the user that the key acts as.
    pub fn made_by_us(&self, row: &Value) {
        let ours = json::text(row, "entered_by").or_else(|| json::text(row, "created_by"));
        if let Some(id) = ours {
            self.known.lock().unwrap_or_else(PoisonError::into_inner).ours = Some(id.to_owned());
        }
    }

    /// Who changed a ticket last, where that is known.
    pub fn changed_by(&self, row: &Value) -> Option<String> {
        let id = json::text(row, "updated_by")?;
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.ours.as_deref() == Some(id) { Some(OURS.to_owned()) } else { known.names.get(id).cloned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_name_is_known_once_any_row_has_shown_it() {
        let people = People::default();
        let changed = json!({ "updated_by": "u1" });
        assert_eq!(people.changed_by(&changed), None);
        people.learn(&json!({ "assigned_to": "u1", "assigned_to_name": "Dana\nReyes", "entered_by": "u2" }));
        assert_eq!(people.changed_by(&changed).as_deref(), Some("Dana Reyes"));
        people.made_by_us(&json!({ "entered_by": "u2" }));
        assert_eq!(people.changed_by(&json!({ "updated_by": "u2" })).as_deref(), Some(OURS));
        assert_eq!(people.changed_by(&json!({ "updated_by": null })), None);
    }
}
