//! Schema versions. An older binary refuses a newer database, and a backup is made before each migration (ND-15).

use crate::{Error, sqlite};
use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

const FIRST: &str = include_str!("migrations/0001_desk.sql");
const PEOPLE: &str = include_str!("migrations/0002_people.sql");
const OUTSIDE: &str = include_str!("migrations/0003_outside.sql");
const PSA: &str = include_str!("migrations/0004_psa.sql");
const OUTBOX: &str = include_str!("migrations/0005_outbox.sql");
const HELD: &str = include_str!("migrations/0006_held.sql");

/// The schema that this program writes.
pub const SCHEMA_VERSION: u32 = 6;

/// What the schema asks for before the store may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing.
    Nothing,
    /// A new file: create the schema.
    Create,
    /// An older schema: back up, then migrate.
    Migrate {
        /// The schema found.
        from: u32,
    },
}

/// Compares the file's schema with ours.
pub(crate) fn need(conn: &Connection) -> Result<Need, Error> {
    match sqlite::user_version(conn)? {
        0 => Ok(Need::Create),
        v if v == SCHEMA_VERSION => Ok(Need::Nothing),
        v if v < SCHEMA_VERSION => Ok(Need::Migrate { from: v }),
        found => Err(Error::TooNew { found, known: SCHEMA_VERSION }),
    }
}

/// Brings the schema up to date, all steps or none.
pub(crate) fn run(conn: &mut Connection) -> Result<(), Error> {
    let first = format!("{FIRST}\n{}", sqlite::SEARCH_SCHEMA);
    let migrations =
        Migrations::new(vec![M::up(&first), M::up(PEOPLE), M::up(OUTSIDE), M::up(PSA), M::up(OUTBOX), M::up(HELD)]);
    migrations.to_latest(conn).map_err(|e| match e {
        rusqlite_migration::Error::RusqliteError { err, .. } => Error::from(err),
        other => Error::Sqlite(other.to_string()),
    })
}
