//! `ledger`

use super::{Desk, file};
use crate::args::{LedgerArgs, LedgerCommand};
use crate::exit::{Ended, Exit};
use crate::output::{Output, say};
use crate::render::words::count;
use nightdesk_api as api;

/// Counts, verifies or exports.
pub fn run(desk: &Desk, out: Output, args: &LedgerArgs) -> Ended {
    if let Some(LedgerCommand::Export { file }) = &args.command {
        let header = file::write(file, |to| desk.read(|tx, now| api::ledger_export(tx, now, to)))?;
        if !file::is_standard(file) {
            let entries = count(header.entries, "entry", "entries");
            out.result(&header, |h| format!("{entries} written to {}; head {}", file.display(), h.head))?;
        }
        return Ok(Exit::Done);
    }
    let ledger = desk.read(|tx, _| api::ledger(tx, args.verify))?;
    out.result(&ledger, words)?;
    if ledger.verified == Some(false) {
        say(&format!(
            "the ledger does not hold: {}. Keep the file as it is, and compare it with a backup",
            ledger.error.as_deref().unwrap_or("no reason was given")
        ));
        return Ok(Exit::Failed);
    }
    Ok(Exit::Done)
}

fn words(ledger: &api::Ledger) -> String {
    let entries = count(ledger.entries, "entry", "entries");
    match ledger.verified {
        Some(true) => format!("ledger verified: {entries}; head {}", ledger.head),
        Some(false) => format!("ledger NOT verified: {entries}"),
        None => format!("{entries} in the ledger; to check the chain: nightdesk ledger --verify"),
    }
}
