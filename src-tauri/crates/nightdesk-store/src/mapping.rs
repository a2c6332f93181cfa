//! The catalogue's rows, and the mapping of organizations to clients.

use crate::store::{maybe_time, ms};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::{Catalogue, Entry, Kind, Listed, StatusRole};
use nightdesk_core::ids::{AccountId, CatalogueId, OrganizationId};
use rusqlite::{OptionalExtension, Row};
use std::collections::HashMap;

/// How an organization got its mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    /// It has none.
    None,
    /// An exact, unique match of names.
    Auto,
    /// A person.
    Manual,
    /// A configuration file.
    Config,
    /// Learned from a re-home.
    Rehome,
    /// An imported table.
    Import,
}

impl How {
    /// Every way.
    pub const ALL: [Self; 6] = [Self::None, Self::Auto, Self::Manual, Self::Config, Self::Rehome, Self::Import];

    /// The word for it, as stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Auto => "auto",
            Self::Manual => "manual",
            Self::Config => "config",
            Self::Rehome => "rehome",
            Self::Import => "import",
        }
    }

    /// The inverse of [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|h| h.word() == word)
    }
}

/// An organization and its mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationRow {
    /// Its account.
    pub account: AccountId,
    /// Its number.
    pub id: OrganizationId,
    /// Its name, once Huntress has told it.
    pub name: Option<String>,
    /// Huntress's short key.
    pub key: Option<String>,
    /// The client it is mapped to.
    pub client: Option<CatalogueId>,
    /// How it got there.
    pub how: How,
    /// Its tickets are withheld.
    pub ignored: bool,
    /// Left unmapped on purpose: never linked by name again.
    pub sticky: bool,
    /// When Huntress last listed it.
    pub listed_at: Option<DateTime<Utc>>,
}

impl OrganizationRow {
    /// An organization of which only the number is known.
    pub fn unknown(account: AccountId, id: OrganizationId) -> Self {
        Self {
            account,
            id,
            name: None,
            key: None,
            client: None,
            how: How::None,
            ignored: false,
            sticky: false,
            listed_at: None,
        }
    }
}

const COLUMNS: &str = "account_id, id, name, org_key, client_id, how, ignored, sticky, listed_at";

fn read(r: &Row<'_>) -> rusqlite::Result<OrganizationRow> {
    let how: String = r.get(5)?;
    Ok(OrganizationRow {
        account: AccountId(r.get(0)?),
        id: OrganizationId(r.get(1)?),
        name: r.get(2)?,
        key: r.get(3)?,
        client: r.get::<_, Option<i64>>(4)?.map(CatalogueId),
        how: How::parse(&how).unwrap_or(How::None),
        ignored: r.get(6)?,
        sticky: r.get(7)?,
        listed_at: maybe_time(r.get(8)?),
    })
}

impl Tx<'_> {
    /// The whole catalogue, in the PSA's order.
    pub fn catalogue(&self) -> Result<Catalogue, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT id, kind, remote_id, name, board_id, role, active FROM catalogue ORDER BY rank, id",
        )?;
        let rows = st.query_map([], |r| {
            let (kind, role): (String, Option<String>) = (r.get(1)?, r.get(5)?);
            Ok(Entry {
                id: CatalogueId(r.get(0)?),
                kind: Kind::parse(&kind).unwrap_or(Kind::Client),
                remote_id: r.get(2)?,
                name: r.get(3)?,
                board: r.get::<_, Option<i64>>(4)?.map(CatalogueId),
                role: role.as_deref().and_then(StatusRole::parse),
                active: r.get(6)?,
            })
        })?;
        Ok(Catalogue::new(rows.collect::<Result<_, _>>()?))
    }

    /// Replaces the catalogue by what the PSA lists now. Entries keep their number; those no longer listed stay,
    /// inactive, because tickets may stand on them.
    pub fn put_catalogue(&self, listed: &[Listed]) -> Result<(), Error> {
        self.tx.prepare_cached("UPDATE catalogue SET active = 0")?.execute([])?;
        let mut boards: HashMap<&str, i64> = HashMap::new();
        let ordered =
            listed.iter().filter(|l| l.kind == Kind::Board).chain(listed.iter().filter(|l| l.kind != Kind::Board));
        let mut st = self.tx.prepare_cached(
            "INSERT INTO catalogue (kind, remote_id, name, board_id, role, rank, active) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)
             ON CONFLICT (kind, remote_id) DO UPDATE SET name = excluded.name, board_id = excluded.board_id, role = excluded.role,
             rank = excluded.rank, active = 1 RETURNING id",
        )?;
        for (rank, entry) in (0_i64..).zip(ordered) {
            let board = entry.board.as_deref().and_then(|b| boards.get(b).copied());
            let id: i64 = st.query_row(
                (entry.kind.word(), &entry.remote_id, &entry.name, board, entry.role.map(StatusRole::word), rank),
                |r| r.get(0),
            )?;
            if entry.kind == Kind::Board {
                boards.insert(&entry.remote_id, id);
            }
        }
        self.touch(Topic::Configuration);
        Ok(())
    }

    /// All organizations of an account, by name.
    pub fn organizations(&self, account: AccountId) -> Result<Vec<OrganizationRow>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM organization WHERE account_id = ?1 ORDER BY LOWER(COALESCE(name, '')), id");
        let mut st = self.tx.prepare_cached(&sql)?;
        let rows = st.query_map([account.0], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One organization.
    pub fn organization(&self, account: AccountId, id: OrganizationId) -> Result<Option<OrganizationRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM organization WHERE account_id = ?1 AND id = ?2");
        Ok(self.tx.prepare_cached(&sql)?.query_row((account.0, id.0), read).optional()?)
    }

    /// Writes an organization, new or known.
    pub fn put_organization(&self, at: DateTime<Utc>, o: &OrganizationRow) -> Result<(), Error> {
        self.tx
            .prepare_cached(
                "INSERT INTO organization (account_id, id, name, org_key, client_id, how, ignored, sticky, listed_at, changed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                 ON CONFLICT (account_id, id) DO UPDATE SET name = excluded.name, org_key = excluded.org_key, client_id = excluded.client_id,
                 how = excluded.how, ignored = excluded.ignored, sticky = excluded.sticky, listed_at = excluded.listed_at, changed_at = excluded.changed_at",
            )?
            .execute(rusqlite::params![
                o.account.0,
                o.id.0,
                o.name,
                o.key,
                o.client.map(|c| c.0),
                o.how.word(),
                o.ignored,
                o.sticky,
                o.listed_at.map(ms),
                ms(at),
            ])?;
        self.touch(Topic::Organizations);
        Ok(())
    }

    /// Files the organizations of one account under another. Where both have one, the newcomer's mapping wins: it was
    /// set last.
    pub fn adopt_organizations(&self, at: DateTime<Utc>, from: AccountId, to: AccountId) -> Result<(), Error> {
        if from == to {
            return Ok(());
        }
        let adopted = self
            .tx
            .prepare_cached(
                "INSERT INTO organization (account_id, id, name, org_key, client_id, how, ignored, sticky, listed_at, changed_at)
                 SELECT ?2, id, name, org_key, client_id, how, ignored, sticky, listed_at, ?3 FROM organization WHERE account_id = ?1
                 ON CONFLICT (account_id, id) DO UPDATE SET client_id = excluded.client_id, how = excluded.how,
                 ignored = excluded.ignored, sticky = excluded.sticky, changed_at = excluded.changed_at",
            )?
            .execute((from.0, to.0, ms(at)))?;
        if adopted > 0 {
            self.tx.prepare_cached("DELETE FROM organization WHERE account_id = ?1")?.execute([from.0])?;
            self.touch(Topic::Organizations);
        }
        Ok(())
    }
}
