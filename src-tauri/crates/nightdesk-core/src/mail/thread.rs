//! Message-IDs: the same for each attempt of a delivery, and related for each incident.

use crate::ids::IncidentKey;
use sha2::{Digest, Sha256};

/// What messages belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thread {
    /// Everything about one incident.
    Incident(IncidentKey),
    /// Everything about one notice: its type's word and its number, which is unique within the type.
    Notice(&'static str, String),
    /// On its own.
    Alone,
}

impl Thread {
    /// The left side of its messages' ids.
    fn stem(&self) -> String {
        match self {
            Self::Incident(key) => format!("inc-{}-{}", key.account, key.id),
            // The number comes from outside.
            Self::Notice(kind, id) => {
                let id: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect();
                format!("{}-{id}", kind.replace('_', "-"))
            }
            Self::Alone => "desk".to_owned(),
        }
    }

    /// What the thread's messages refer to. It is no message's own id: each address gets its own part of the thread, and
    /// mail programs gather what shares a reference.
    pub fn root(&self, domain: &str) -> Option<String> {
        (*self != Self::Alone).then(|| format!("<{}@{domain}>", self.stem()))
    }
}

/// The id of a delivery's message: made of its marker, which is the same on every attempt, so that a server or mailbox
/// that got it twice can tell.
pub fn message_id(thread: &Thread, marker: &str, domain: &str) -> String {
    let digest = hex::encode(Sha256::digest(marker.as_bytes()));
    format!("<{}.{}@{domain}>", thread.stem(), &digest[..20])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AccountId, IncidentId};

    #[test]
    fn ids_are_stable_different_by_marker_and_of_one_stem() {
        let thread = Thread::Incident(IncidentKey { account: AccountId(5), id: IncidentId(42) });
        let id = message_id(&thread, "email:a", "example.com");
        assert_eq!(id, message_id(&thread, "email:a", "example.com"));
        assert_ne!(id, message_id(&thread, "email:b", "example.com"));
        assert!(id.starts_with("<inc-5-42.") && id.ends_with("@example.com>"), "{id}");
        assert_eq!(thread.root("example.com").as_deref(), Some("<inc-5-42@example.com>"));
        assert_eq!(Thread::Alone.root("example.com"), None);
        let hostile = Thread::Notice("escalations", "7>\r\nBcc: x".into());
        assert_eq!(hostile.root("example.com").as_deref(), Some("<escalations-7Bccx@example.com>"));
    }
}
