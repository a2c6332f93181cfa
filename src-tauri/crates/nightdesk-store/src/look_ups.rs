//! Look-ups that wait for spare tokens, and what they found about hosts.

use crate::store::{ms, time};
use crate::{Error, Topic, Tx};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::{AccountId, AgentId, IncidentKey};
use nightdesk_core::port::Host;
use rusqlite::OptionalExtension;

/// What is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LookUpKind {
    /// An agent's host details.
    Agent,
    /// An incident by its id.
    Incident,
}

impl LookUpKind {
    fn word(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Incident => "incident",
        }
    }
}

/// What a look-up is for that completes a webhook's report.
pub const COMPLETING: &str = "webhook";

/// A look-up that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookUp {
    /// What kind.
    pub kind: LookUpKind,
    /// In which account.
    pub account: AccountId,
    /// The agent's or incident's id.
    pub id: i64,
    /// For what: a word for the timeline.
    pub why: String,
    /// How often it failed.
    pub attempts: u32,
    /// When it may be tried.
    pub due_at: DateTime<Utc>,
}

impl Tx<'_> {
    /// Asks for a look-up, once.
    pub fn want(
        &self,
        kind: LookUpKind,
        account: AccountId,
        id: i64,
        why: &str,
        due: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.tx
            .prepare_cached("INSERT INTO look_up (kind, account_id, id, why, due_at, attempts) VALUES (?1, ?2, ?3, ?4, ?5, 0) ON CONFLICT DO NOTHING")?
            .execute((kind.word(), account.0, id, why, ms(due)))?;
        Ok(())
    }

    /// The look-up of a kind that has been due longest: of those that complete what a webhook brought, or of the others.
    pub fn next_look_up(&self, kind: LookUpKind, completing: bool) -> Result<Option<LookUp>, Error> {
        let mut st = self.tx.prepare_cached(
            "SELECT account_id, id, why, attempts, due_at FROM look_up WHERE kind = ?1 AND (why = ?2) = ?3 ORDER BY due_at LIMIT 1",
        )?;
        let row = st
            .query_row((kind.word(), COMPLETING, completing), |r| {
                Ok(LookUp {
                    kind,
                    account: AccountId(r.get(0)?),
                    id: r.get(1)?,
                    why: r.get(2)?,
                    attempts: r.get(3)?,
                    due_at: time(r.get(4)?),
                })
            })
            .optional()?;
        Ok(row)
    }

    /// How many look-ups wait.
    pub fn look_ups_waiting(&self) -> Result<i64, Error> {
        Ok(self.tx.prepare_cached("SELECT COUNT(*) FROM look_up")?.query_row([], |r| r.get(0))?)
    }

    /// A report that a webhook brought is complete by another way.
    pub fn webhook_completed(&self, key: IncidentKey) -> Result<(), Error> {
        self.tx
            .prepare_cached("DELETE FROM look_up WHERE kind = 'incident' AND account_id = ?1 AND id = ?2 AND why = ?3")?
            .execute((key.account.0, key.id.0, COMPLETING))?;
        Ok(())
    }

    /// It is done, or no longer of use.
    pub fn look_up_done(&self, look_up: &LookUp) -> Result<(), Error> {
        self.tx.prepare_cached("DELETE FROM look_up WHERE kind = ?1 AND account_id = ?2 AND id = ?3")?.execute((
            look_up.kind.word(),
            look_up.account.0,
            look_up.id,
        ))?;
        Ok(())
    }

    /// It failed; try again at `due`.
    pub fn look_up_again(&self, look_up: &LookUp, due: DateTime<Utc>) -> Result<(), Error> {
        self.tx
            .prepare_cached("UPDATE look_up SET attempts = attempts + 1, due_at = ?4 WHERE kind = ?1 AND account_id = ?2 AND id = ?3")?
            .execute((look_up.kind.word(), look_up.account.0, look_up.id, ms(due)))?;
        Ok(())
    }

    /// Remembers an agent's host details; `None` for an agent that Huntress no longer has.
    pub fn put_host(
        &self,
        account: AccountId,
        agent: AgentId,
        at: DateTime<Utc>,
        host: Option<&Host>,
    ) -> Result<(), Error> {
        let body = host.map(serde_json::to_string).transpose()?;
        self.tx
            .prepare_cached(
                "INSERT INTO host (account_id, agent_id, body, fetched_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (account_id, agent_id) DO UPDATE SET body = excluded.body, fetched_at = excluded.fetched_at",
            )?
            .execute((account.0, agent.0, body, ms(at)))?;
        self.touch(Topic::Tickets);
        self.psa_compare_awaiting(agent)
    }

    /// An agent's host details: outer `None` when they were never looked up, inner when Huntress had none.
    #[allow(clippy::option_option, clippy::type_complexity)]
    pub fn host(&self, account: AccountId, agent: AgentId) -> Result<Option<(Option<Host>, DateTime<Utc>)>, Error> {
        let mut st =
            self.tx.prepare_cached("SELECT body, fetched_at FROM host WHERE account_id = ?1 AND agent_id = ?2")?;
        let row: Option<(Option<String>, i64)> =
            st.query_row((account.0, agent.0), |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        let Some((body, at)) = row else { return Ok(None) };
        Ok(Some((body.map(|b| serde_json::from_str(&b)).transpose()?, time(at))))
    }
}
