//! `config`

use super::{Desk, file, runtime};
use crate::args::ConfigCommand;
use crate::exit::{Ended, Exit, Failure};
use crate::output::{Output, say};
use crate::progress::Progress;
use crate::render::carry_over;
use crate::render::words::count;
use nightdesk_api as api;
use nightdesk_api::ConfigChecked;
use nightdesk_core::catalogue::Listed;
use nightdesk_host::psa;

/// Checks, applies or shows.
pub fn run(desk: &Desk, out: Output, command: &ConfigCommand) -> Ended {
    match command {
        ConfigCommand::Check { file, exact } => {
            let text = file::text(file)?;
            let checked = check(desk, &text, *exact)?;
            out.result(&checked, |c| {
                let mut said = match c.difference.is_empty() {
                    true => "The file is valid and would change nothing.".to_owned(),
                    false => format!("The file is valid and would change:\n{}", listed(&c.difference)),
                };
                if let Some(carried) = &c.carry_over {
                    said.push_str(&format!("\n{}", carry_over::preview(carried)));
                }
                said
            })?;
            missing(&checked.missing, "would wait");
            warn(&checked.warnings);
        }
        ConfigCommand::Apply { file, exact, if_revision } => {
            let text = file::text(file)?;
            let (_, names) = names(desk, &text, *exact)?;
            let applied = desk.change(|tx, now, actor| {
                api::config_apply_against(tx, now, actor, &text, *exact, *if_revision, names)
            })?;
            out.result(&applied, |a| {
                let mut said = match a.difference.is_empty() {
                    true => format!("Nothing to change; revision {} stays in force.", a.revision),
                    false => format!("{}\nRevision {} is in force.", listed(&a.difference), a.revision),
                };
                if let Some(carried) = &a.carry_over {
                    said.push_str(&format!("\n{}", carry_over::done(carried)));
                }
                said
            })?;
            missing(&applied.missing, "waits");
            warn(&applied.warnings);
        }
        ConfigCommand::Show => {
            let shown = desk.read(|tx, _| api::config_show(tx))?;
            out.result(&shown, |s| s.toml.clone())?;
        }
    }
    Ok(Exit::Done)
}

/// What a file would change. Where it names another desk, what that would do to what is open is found out by doing it and
/// taking it back.
fn check(desk: &Desk, text: &str, exact: bool) -> Result<ConfigChecked, Failure> {
    let (moves, names) = names(desk, text, exact)?;
    if !moves {
        return desk.read(|tx, _| api::config_check_against(tx, text, exact, names));
    }
    desk.tried(|tx, now, actor| api::config_preview(tx, now, actor, text, exact, names))
}

/// Whether the file leads to another desk, and what the PSA lists now whose names it uses. Where that can't be read, the kept
/// catalogue serves.
fn names(desk: &Desk, text: &str, exact: bool) -> Result<(bool, Option<Vec<Listed>>), Failure> {
    let asked = desk.read(|tx, _| api::config_desk(tx, text, exact))?;
    let (moves, psa) = (asked.moves, asked.desk.kind.name());
    if !asked.is_to_be_read {
        return Ok((moves, None));
    }
    let progress = Progress::begin(&format!("Reading the catalogue of {psa}"));
    let reading = psa::listing(asked, desk.secrets().clone(), desk.clock());
    let listing = runtime()?.block_on(reading);
    drop(progress);
    let listing = listing.map_err(super::failure)?;
    if let Some(kept) = &listing.kept {
        say(&kept.words(psa));
    }
    Ok((moves, listing.listed))
}

fn listed(lines: &[String]) -> String {
    lines.iter().map(|l| format!("  {l}")).collect::<Vec<_>>().join("\n")
}

fn warn(warnings: &[String]) {
    warnings.iter().for_each(|warning| say(&format!("Warning: {warning}")));
}

fn missing(keys: &[String], waits: &str) {
    if !keys.is_empty() {
        let keys_word = count(keys.len(), "key", "keys");
        say(&format!("Routing is incomplete, so polling {waits} for {keys_word}: {}", keys.join(", ")));
    }
}
