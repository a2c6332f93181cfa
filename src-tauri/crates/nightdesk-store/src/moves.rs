//! Re-homes, with what each wrote, so that one undo restores all of it.

use crate::store::{maybe_time, ms, time};
use crate::{Error, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::{AccountId, CatalogueId, MoveId, OrganizationId, TicketId};
use rusqlite::{OptionalExtension, Row};
use serde::{Deserialize, Serialize};

/// What a re-home changes of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Placement {
    pub client: CatalogueId,
    pub board: CatalogueId,
    pub status: Option<CatalogueId>,
    pub category: Option<CatalogueId>,
    pub unmapped: bool,
    pub moved: bool,
}

/// One ticket of a re-home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedTicket {
    /// Which.
    pub ticket: TicketId,
    /// Where it was.
    pub before: Placement,
    /// Where it went.
    pub after: Placement,
}

/// What a re-home, or its undo, wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveBody {
    /// The tickets.
    pub tickets: Vec<MovedTicket>,
    /// The organization whose mapping it changed.
    pub organization: Option<(AccountId, OrganizationId)>,
    /// That mapping before: client, how, ignored, sticky.
    pub mapping_before: Option<(Option<CatalogueId>, String, bool, bool)>,
    /// And after.
    pub mapping_after: Option<(Option<CatalogueId>, String, bool, bool)>,
}

/// A re-home as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveRow {
    /// Its number: what `undo` takes.
    pub id: MoveId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// What.
    pub body: MoveBody,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
    /// The move that it takes back, where it is an undo itself.
    pub undoes: Option<MoveId>,
}

fn read(r: &Row<'_>) -> rusqlite::Result<(MoveRow, String)> {
    let row = MoveRow {
        id: MoveId(r.get(0)?),
        at: time(r.get(1)?),
        actor: r.get(2)?,
        body: MoveBody::default(),
        undone_at: maybe_time(r.get(4)?),
        undoes: r.get::<_, Option<i64>>(5)?.map(MoveId),
    };
    Ok((row, r.get(3)?))
}

impl Tx<'_> {
    /// Records a move.
    pub fn add_move(
        &self,
        at: DateTime<Utc>,
        actor: &str,
        body: &MoveBody,
        undoes: Option<MoveId>,
    ) -> Result<MoveId, Error> {
        let mut st = self
            .tx
            .prepare_cached("INSERT INTO move (at, actor, body, undoes) VALUES (?1, ?2, ?3, ?4) RETURNING id")?;
        Ok(MoveId(st.query_row((ms(at), actor, serde_json::to_string(body)?, undoes.map(|m| m.0)), |r| r.get(0))?))
    }

    /// Fills in what a move did, once that is known.
    pub fn set_move(&self, id: MoveId, body: &MoveBody) -> Result<(), Error> {
        self.tx
            .prepare_cached("UPDATE move SET body = ?2 WHERE id = ?1")?
            .execute((id.0, serde_json::to_string(body)?))?;
        Ok(())
    }

    /// One move.
    pub fn get_move(&self, id: MoveId) -> Result<Option<MoveRow>, Error> {
        let mut st = self.tx.prepare_cached("SELECT id, at, actor, body, undone_at, undoes FROM move WHERE id = ?1")?;
        let Some((mut row, body)) = st.query_row([id.0], read).optional()? else { return Ok(None) };
        row.body = serde_json::from_str(&body)?;
        Ok(Some(row))
    }

    /// The last re-homes that still stand, undos left out, newest first.
    pub fn recent_moves(&self, limit: u32) -> Result<Vec<MoveRow>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT id, at, actor, body, undone_at, undoes FROM move WHERE undone_at IS NULL AND undoes IS NULL ORDER BY id DESC LIMIT ?1",
        )?;
        let rows = st.query_map([limit], read)?;
        let mut out = Vec::new();
        for row in rows {
            let (mut row, body) = row?;
            row.body = serde_json::from_str(&body)?;
            out.push(row);
        }
        Ok(out)
    }

    /// The newest move that wasn't taken back.
    pub fn last_move(&self) -> Result<Option<MoveId>, Error> {
        // An undo of an undo is a move again, and so on: odd links of the chain are.
        let mut st = self.tx.prepare_cached(
            "SELECT m.id FROM move m WHERE m.undone_at IS NULL AND (
                 WITH RECURSIVE link (undoes) AS (
                     SELECT m.undoes UNION ALL SELECT p.undoes FROM link JOIN move p ON p.id = link.undoes)
                 SELECT COUNT(*) FROM link) % 2 = 1 ORDER BY m.id DESC LIMIT 1",
        )?;
        Ok(st.query_row([], |r| r.get(0)).optional()?.map(MoveId))
    }

    /// A move was taken back.
    pub fn mark_undone(&self, id: MoveId, at: DateTime<Utc>) -> Result<(), Error> {
        self.tx.prepare_cached("UPDATE move SET undone_at = ?2 WHERE id = ?1")?.execute((id.0, ms(at)))?;
        Ok(())
    }

    /// Tickets that were opened for an organization and client since `since` without being moved by anyone: those that
    /// came in through a mapping learned then.
    pub fn tickets_since_mapping(
        &self,
        organization: OrganizationId,
        client: CatalogueId,
        since: DateTime<Utc>,
    ) -> Result<Vec<TicketId>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT id FROM ticket WHERE client_id = ?2 AND organization_id = ?1 AND created_at >= ?3 AND moved = 0 ORDER BY id",
        )?;
        let rows = st.query_map((organization.0, client.0, ms(since)), |r| Ok(TicketId(r.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
