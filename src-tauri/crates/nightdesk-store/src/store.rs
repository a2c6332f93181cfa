//! A connection, and the two kinds of transaction on it.

use crate::{Error, migrate, sqlite};
use chrono::{DateTime, Utc};
use nightdesk_core::ids::TicketId;
use nightdesk_core::ledger::Hash;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a change was about. The UI and the engine are told "topic X is at revision N" and ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Topic {
    Tickets,
    Incidents,
    Organizations,
    Configuration,
    Outbox,
    Requests,
    Secrets,
    Watch,
    Preferences,
    Contacts,
    Pages,
    Notices,
    Mail,
    Webhooks,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 14] = [
        Self::Tickets,
        Self::Incidents,
        Self::Organizations,
        Self::Configuration,
        Self::Outbox,
        Self::Requests,
        Self::Secrets,
        Self::Watch,
        Self::Preferences,
        Self::Contacts,
        Self::Pages,
        Self::Notices,
        Self::Mail,
        Self::Webhooks,
    ];

    /// The word for it, as stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tickets => "tickets",
            Self::Incidents => "incidents",
            Self::Organizations => "organizations",
            Self::Configuration => "configuration",
            Self::Outbox => "outbox",
            Self::Requests => "requests",
            Self::Secrets => "secrets",
            Self::Watch => "watch",
            Self::Preferences => "preferences",
            Self::Contacts => "contacts",
            Self::Pages => "pages",
            Self::Notices => "notices",
            Self::Mail => "mail",
            Self::Webhooks => "webhooks",
        }
    }
}

/// How to open a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// As the holder of the directory's lock: may create and migrate.
    Owner,
    /// Beside a running engine: neither creates nor migrates.
    Guest,
}

/// One connection to the store.
#[derive(Debug)]
pub struct Store {
    pub(crate) conn: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens the store at `path`. An owner creates what is missing, and before it migrates an older schema it makes a
    /// backup in `backups` (a folder beside the file), named after the schema it leaves.
    pub fn open(path: &Path, opening: Opening) -> Result<Self, Error> {
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if opening == Opening::Owner {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let mut conn = Connection::open_with_flags(path, flags)?;
        // Looked at before anything is written, WAL mode included: a newer store is left as it is (ND-15).
        let need = migrate::need(&conn)?;
        match (need, opening) {
            (migrate::Need::Nothing, _) => {}
            (migrate::Need::Create, Opening::Guest) => {
                return Err(Error::NeedsMigration { found: 0, known: migrate::SCHEMA_VERSION });
            }
            (migrate::Need::Migrate { from }, Opening::Guest) => {
                return Err(Error::NeedsMigration { found: from, known: migrate::SCHEMA_VERSION });
            }
            (migrate::Need::Create, Opening::Owner) => {}
            (migrate::Need::Migrate { from }, Opening::Owner) => {
                crate::backup::before_migration(&conn, path, from)?;
            }
        }
        sqlite::prepare(&conn)?;
        if need != migrate::Need::Nothing {
            migrate::run(&mut conn)?;
        }
        Ok(Self { conn, path: path.to_owned() })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `f` in one read transaction: everything it sees is of the same moment.
    pub fn read<T, E: From<Error>>(&mut self, f: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Deferred).map_err(Error::from)?;
        let tx = Tx::new(tx);
        let out = f(&tx)?;
        tx.tx.finish().map_err(Error::from)?;
        Ok(out)
    }

    /// Runs `f` in one write transaction: all of it is durable afterwards, or, on an error, none of it.
    pub fn write<T, E: From<Error>>(&mut self, f: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::from)?;
        let tx = Tx::new(tx);
        let out = f(&tx)?;
        tx.flush()?;
        tx.tx.commit().map_err(Error::from)?;
        Ok(out)
    }

    /// Changes whenever another connection has committed something.
    pub fn data_version(&self) -> Result<i64, Error> {
        sqlite::data_version(&self.conn)
    }

    /// Looks for damage; takes seconds on a large store.
    pub fn quick_check(&self) -> Result<(), Error> {
        sqlite::quick_check(&self.conn)
    }

    /// Empties the write-ahead log into the file.
    pub fn checkpoint(&self) -> Result<(), Error> {
        sqlite::checkpoint(&self.conn)
    }

    /// Limits the file to this many pages more than it has, so that a test can see a full disk.
    pub fn limit_growth(&self, pages: u32) -> Result<(), Error> {
        let now: i64 = self.conn.pragma_query_value(None, "page_count", |r| r.get(0))?;
        self.conn.query_row(&format!("PRAGMA max_page_count = {}", now + i64::from(pages)), [], |_| Ok(()))?;
        Ok(())
    }

    /// Reports every statement that this connection runs, for the benchmarks' bounds.
    pub fn trace_statements(&mut self, on: Option<fn(&str)>) {
        use rusqlite::trace::{TraceEvent, TraceEventCodes};
        static SINK: std::sync::Mutex<Option<fn(&str)>> = std::sync::Mutex::new(None);
        if let Ok(mut sink) = SINK.lock() {
            *sink = on;
        }
        fn forward(event: TraceEvent<'_>) {
            let sink = SINK.lock().ok().and_then(|s| *s);
            if let (TraceEvent::Stmt(_, sql), Some(sink)) = (event, sink) {
                sink(sql);
            }
        }
        self.conn.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, on.map(|_| forward as fn(TraceEvent<'_>)));
    }
}

/// A transaction. Each method is one query; changes to tallies and revisions are gathered and written at the end.
pub struct Tx<'a> {
    pub(crate) tx: rusqlite::Transaction<'a>,
    pub(crate) tallies: RefCell<BTreeMap<&'static str, i64>>,
    pub(crate) topics: RefCell<BTreeMap<Topic, ()>>,
    pub(crate) head: Cell<Option<(i64, Hash)>>,
    /// Tickets that this transaction changed.
    pub(crate) touched_tickets: RefCell<BTreeSet<TicketId>>,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(tx: rusqlite::Transaction<'a>) -> Self {
        Self {
            tx,
            tallies: RefCell::default(),
            topics: RefCell::default(),
            head: Cell::new(None),
            touched_tickets: RefCell::default(),
        }
    }

    /// Marks a topic as changed.
    pub fn touch(&self, topic: Topic) {
        self.topics.borrow_mut().insert(topic, ());
    }

    /// The revision of a topic; 0 before its first change.
    pub fn revision(&self, topic: Topic) -> Result<i64, Error> {
        let mut st = self.tx.prepare_cached("SELECT n FROM revision WHERE topic = ?1")?;
        let mut rows = st.query([topic.word()])?;
        Ok(rows.next()?.map(|r| r.get(0)).transpose()?.unwrap_or(0))
    }

    /// Every topic's revision in the order of [`Topic::ALL`], in one query.
    pub fn revisions(&self) -> Result<[i64; Topic::ALL.len()], Error> {
        let mut out = [0; Topic::ALL.len()];
        let mut st = self.tx.prepare_cached("SELECT topic, n FROM revision")?;
        let rows = st.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get(1)?)))?;
        for row in rows {
            let (word, n) = row?;
            if let Some(at) = Topic::ALL.iter().position(|t| t.word() == word) {
                out[at] = n;
            }
        }
        Ok(out)
    }

    fn flush(&self) -> Result<(), Error> {
        self.mark_psa_due()?;
        let tallies = std::mem::take(&mut *self.tallies.borrow_mut());
        let changed: Vec<_> = tallies.into_iter().filter(|(_, n)| *n != 0).collect();
        if !changed.is_empty() {
            let values = vec!["(?, ?)"; changed.len()].join(", ");
            let sql = format!(
                "INSERT INTO tally (name, n) VALUES {values} ON CONFLICT (name) DO UPDATE SET n = tally.n + excluded.n"
            );
            let mut st = self.tx.prepare_cached(&sql)?;
            let params = changed.iter().flat_map(|(name, n)| [name as &dyn rusqlite::ToSql, n as &dyn rusqlite::ToSql]);
            st.execute(rusqlite::params_from_iter(params))?;
        }
        let topics = std::mem::take(&mut *self.topics.borrow_mut());
        if !topics.is_empty() {
            let values = vec!["(?, 1)"; topics.len()].join(", ");
            let sql = format!(
                "INSERT INTO revision (topic, n) VALUES {values} ON CONFLICT (topic) DO UPDATE SET n = revision.n + 1"
            );
            self.tx.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(topics.keys().map(|t| t.word())))?;
        }
        Ok(())
    }
}

/// A time as stored.
pub(crate) fn ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// A stored time. A number out of range can only come from damage, and shows as the epoch.
pub(crate) fn time(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or(DateTime::UNIX_EPOCH)
}

/// The same for a column that may be empty.
pub(crate) fn maybe_time(ms: Option<i64>) -> Option<DateTime<Utc>> {
    ms.map(time)
}
