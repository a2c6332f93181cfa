//! UUIDs that are the same in every run.

use sha2::{Digest as _, Sha256};

/// The id that the first thing of a kind (`board`, `status`, `priority`, `category`, `client`, `user`, `ticket`,
/// `comment`, `tag`, `tenant`) with this name gets. A status' and a category's name is `Board/Name`, a subcategory's
/// `Board/Category/Name`; tickets and comments are numbered from 1. A UUID of version 8 (RFC 9562: made by a rule of
/// one's own).
pub fn id_of(kind: &str, name: &str) -> String {
    let digest = Sha256::digest(format!("{kind}/{name}"));
    let mut hex = String::with_capacity(36);
    for (at, byte) in digest.iter().take(16).enumerate() {
        let byte = match at {
            6 => (byte & 0x0f) | 0x80,
            8 => (byte & 0x3f) | 0x80,
            _ => *byte,
        };
        if matches!(at, 4 | 6 | 8 | 10) {
            hex.push('-');
        }
        hex.push_str(&format!("{byte:02x}"));
    }
    hex
}

/// Whether a text is a UUID by RFC 9562: five groups of hex digits, a version from 1 to 8 and the usual variant. The
/// vendor's own ids are all of version 4.
pub(crate) fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
        && groups[2].starts_with(|digit| ('1'..='8').contains(&digit))
        && groups[3].starts_with(['8', '9', 'a', 'b', 'A', 'B'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_and_always_the_same() {
        let id = id_of("client", "Acme");
        assert!(is_uuid(&id), "{id}");
        assert_eq!(id, id_of("client", "Acme"));
        assert_ne!(id, id_of("board", "Acme"));
        assert_ne!(id, id_of("client", "Globex"));
    }

    #[test]
    fn what_is_no_uuid() {
        assert!(is_uuid("0199b5a0-7c3e-7000-8000-00000000000F"));
        for wrong in [
            "",
            "17",
            "0199b5a0-7c3e-0000-8000-000000000000",
            "0199b5a0-7c3e-4000-7000-000000000000",
            "0199b5a0-7c3e-4000-8000-00000000000",
            "0199b5a07c3e40008000000000000000",
            "0199b5a0-7c3e-4000-8000-00000000000g",
        ] {
            assert!(!is_uuid(wrong), "{wrong}");
        }
    }
}
