//! `orgs`

use super::{Desk, file};
use crate::args::OrganizationsCommand as Asked;
use crate::exit::{Ended, Exit};
use crate::output::{Output, say};
use crate::render::organization;
use crate::render::words::count;
use nightdesk_api as api;
use nightdesk_core::ids::OrganizationId;

/// Lists or changes the mapping table.
pub fn run(desk: &Desk, out: Output, command: Option<&Asked>) -> Ended {
    match command {
        None => {
            let rows = desk.read(|tx, _| api::orgs(tx))?;
            out.result(&rows, |r| organization::list(r))?;
        }
        Some(Asked::Map { id, name, move_tickets }) => {
            let id = OrganizationId(*id);
            let done = desk.change(|tx, now, actor| api::orgs_map(tx, now, actor, id, name, *move_tickets))?;
            out.result(&done, organization::remapped)?;
        }
        Some(Asked::Unmap { id }) => {
            let done = desk.change(|tx, now, actor| api::orgs_unmap(tx, now, actor, OrganizationId(*id)))?;
            out.result(&done, organization::remapped)?;
        }
        Some(Asked::Ignore { id }) => {
            let done = desk.change(|tx, now, actor| api::orgs_ignore(tx, now, actor, OrganizationId(*id)))?;
            out.result(&done, organization::remapped)?;
        }
        Some(Asked::Import { file }) => {
            let text = file::bytes(file)?;
            let done = desk.change(|tx, now, actor| api::orgs_import(tx, now, actor, &text))?;
            out.result(&done, |done| {
                let changed = count(done.changed.len(), "organization", "organizations");
                format!("{changed} changed, {} as before.{}", done.unchanged, organization::opened(&done.opened))
            })?;
        }
        Some(Asked::Export { file }) => {
            let rows = file::write(file, |to| desk.read(|tx, _| api::orgs_export(tx, to)))?;
            if !file::is_standard(file) {
                say(&format!("{} written to {}", count(rows, "organization", "organizations"), file.display()));
            }
        }
    }
    if !matches!(command, None | Some(Asked::Export { .. })) {
        super::psa::told_later(desk)?;
    }
    Ok(Exit::Done)
}
