//! Escalations, platform actions and account notices.

use crate::incidents::FirstSeen;
use crate::store::{ms, time};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::AccountId;
use nightdesk_core::notice::{Notice, NoticeKind};
use rusqlite::OptionalExtension;

/// A notice as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredNotice {
    /// As last heard of.
    pub notice: Notice,
    /// When it was first received.
    pub received_at: DateTime<Utc>,
    /// By which way.
    pub first_seen: FirstSeen,
}

const COLUMNS: &str = "body, received_at, first_seen_by";

impl Tx<'_> {
    /// One notice.
    pub fn notice(&self, account: AccountId, kind: NoticeKind, id: i64) -> Result<Option<StoredNotice>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM notice WHERE account_id = ?1 AND kind = ?2 AND id = ?3");
        let mut st = self.tx.prepare_cached(&sql)?;
        let row = st.query_row((account.0, kind.word(), id), columns).optional()?;
        row.map(stored).transpose()
    }

    /// Stores a notice or its newer state; the first receipt stays.
    pub fn put_notice(
        &self,
        account: AccountId,
        at: DateTime<Utc>,
        notice: &Notice,
        by: FirstSeen,
    ) -> Result<(), Error> {
        self.tx
            .prepare_cached(
                "INSERT INTO notice (account_id, kind, id, body, received_at, first_seen_by, standing)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (account_id, kind, id) DO UPDATE SET body = excluded.body, standing = excluded.standing",
            )?
            .execute((
                account.0,
                notice.kind.word(),
                notice.id,
                serde_json::to_string(notice)?,
                ms(at),
                by.word(),
                standing(notice),
            ))?;
        self.touch(Topic::Notices);
        Ok(())
    }

    /// How many wait for an answer, and of these, how many for too long.
    pub fn notices_waiting(&self, account: AccountId) -> Result<(i64, i64), Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT COUNT(*), COALESCE(SUM(standing = 'overdue'), 0) FROM notice WHERE account_id = ?1 AND standing IS NOT NULL",
        )?;
        Ok(st.query_row([account.0], |r| Ok((r.get(0)?, r.get(1)?)))?)
    }

    /// All notices, newest first.
    pub fn notices(&self, account: AccountId) -> Result<Vec<StoredNotice>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM notice WHERE account_id = ?1 ORDER BY received_at DESC, id DESC");
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map([account.0], columns)?;
        rows.map(|row| stored(row?)).collect()
    }
}

fn standing(notice: &Notice) -> Option<&'static str> {
    notice.is_open().then(|| if notice.overdue_since.is_some() { "overdue" } else { "open" })
}

type Columns = (String, i64, Option<String>);

fn columns(row: &rusqlite::Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn stored((body, at, by): Columns) -> Result<StoredNotice, Error> {
    let by = by.as_deref().and_then(FirstSeen::parse).unwrap_or(FirstSeen::Poll);
    Ok(StoredNotice { notice: serde_json::from_str(&body)?, received_at: time(at), first_seen: by })
}
