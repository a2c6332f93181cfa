//! `config`

use super::{Desk, file};
use crate::args::ConfigCommand;
use crate::exit::{Ended, Exit};
use crate::output::{Output, say};
use crate::render::words::count;
use nightdesk_api as api;

/// Checks, applies or shows.
pub fn run(desk: &Desk, out: Output, command: &ConfigCommand) -> Ended {
    match command {
        ConfigCommand::Check { file, exact } => {
            let text = file::text(file)?;
            let checked = desk.read(|tx, _| api::config_check(tx, &text, *exact))?;
            out.result(&checked, |c| match c.difference.is_empty() {
                true => "The file is valid and would change nothing.".to_owned(),
                false => format!("The file is valid and would change:\n{}", listed(&c.difference)),
            })?;
            missing(&checked.missing, "would wait");
            warn(&checked.warnings);
        }
        ConfigCommand::Apply { file, exact, if_revision } => {
            let text = file::text(file)?;
            let applied =
                desk.change(|tx, now, actor| api::config_apply(tx, now, actor, &text, *exact, *if_revision))?;
            out.result(&applied, |a| match a.difference.is_empty() {
                true => format!("Nothing to change; revision {} stays in force.", a.revision),
                false => format!("{}\nRevision {} is in force.", listed(&a.difference), a.revision),
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
