//! Escalations and platform actions as listed.

use crate::store::{ms, time};
use crate::{Error, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::AccountId;
use nightdesk_core::port::Notice;

/// A notice as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredNotice {
    /// As listed last.
    pub notice: Notice,
    /// When it was first received.
    pub received_at: DateTime<Utc>,
}

fn word(notice: &Notice) -> &'static str {
    match notice.kind {
        nightdesk_core::port::NoticeKind::Escalation => "escalation",
        nightdesk_core::port::NoticeKind::PlatformAction => "platform_action",
    }
}

impl Tx<'_> {
    /// Stores a notice or its newer state.
    pub fn put_notice(&self, account: AccountId, at: DateTime<Utc>, notice: &Notice) -> Result<(), Error> {
        self.tx
            .prepare_cached(
                "INSERT INTO notice (account_id, kind, id, body, received_at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (account_id, kind, id) DO UPDATE SET body = excluded.body WHERE body <> excluded.body",
            )?
            .execute((account.0, word(notice), notice.id, serde_json::to_string(notice)?, ms(at)))?;
        Ok(())
    }

    /// All notices, newest first.
    pub fn notices(&self, account: AccountId) -> Result<Vec<StoredNotice>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT body, received_at FROM notice WHERE account_id = ?1 ORDER BY received_at DESC, id DESC",
        )?;
        let rows = st.query_map([account.0], |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?)))?;
        let mut out = Vec::new();
        for row in rows {
            let (body, at) = row?;
            out.push(StoredNotice { notice: serde_json::from_str(&body)?, received_at: time(at) });
        }
        Ok(out)
    }
}
