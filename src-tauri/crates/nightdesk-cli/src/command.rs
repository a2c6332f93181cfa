//! The commands: each asks or does one thing and prints what came of it.

mod account;
mod configuration;
mod contacts;
mod drill;
mod email;
mod file;
mod ledger;
mod notices;
mod opened;
mod organizations;
mod outbox;
mod pages;
mod poll;
mod psa;
mod quarantine;
mod run;
mod secret;
mod tickets;
mod watch_check;
mod watching;
mod webhooks;
mod work;

use crate::args::{Cli, Command};
use crate::demo;
use crate::exit::{Ended, Exit, Failure};
use crate::output::Output;
use clap::CommandFactory as _;
pub use opened::{Desk, failure};

/// Does what was asked.
///
/// # Errors
/// The failure to report.
pub fn run(cli: Cli) -> Ended {
    let out = Output::new(cli.global.json);
    let command = match cli.command {
        Command::Completions { shell } => return completions(shell, out),
        Command::Demo(args) => return demo::run(&args, out),
        other => other,
    };
    let desk = Desk::find(cli.global.data_dir.as_deref())?;
    match command {
        Command::Run => run::run(&desk, out),
        Command::Poll => poll::poll(&desk, out),
        Command::Status => watching::status(&desk, out),
        Command::Doctor => watching::doctor(&desk, out),
        Command::WatchCheck { max_minutes } => watch_check::watch_check(&desk, out, max_minutes),
        Command::Tickets(args) => tickets::list(&desk, out, &args),
        Command::Ticket { id } => tickets::show(&desk, out, &id),
        Command::Rehome(args) => tickets::rehome(&desk, out, &args),
        Command::Undo { undo_id } => tickets::undo(&desk, out, undo_id),
        Command::Close { ticket } => tickets::close(&desk, out, &ticket),
        Command::Reopen { ticket } => tickets::reopen(&desk, out, &ticket),
        Command::Note { ticket, text } => tickets::note(&desk, out, &ticket, &text.join(" ")),
        Command::Assign { ticket, person, .. } => tickets::assign(&desk, out, &ticket, &person.join(" ")),
        Command::Quarantine { command } => quarantine::run(&desk, out, command.as_ref()),
        Command::Orgs { command } => organizations::run(&desk, out, command.as_ref()),
        Command::Contacts { command } => contacts::run(&desk, out, command.as_ref()),
        Command::Email { command } => email::run(&desk, out, &command),
        Command::Webhooks { command } => webhooks::run(&desk, out, command.as_ref()),
        Command::Drill => drill::drill(&desk, out),
        Command::Notices { kind } => notices::list(&desk, out, kind.as_deref()),
        Command::Pages { limit } => pages::list(&desk, out, limit),
        Command::Ack { what } => pages::ack(&desk, out, what),
        Command::Page { incident_id, anyway } => pages::page(&desk, out, incident_id, anyway),
        Command::Config { command } => configuration::run(&desk, out, &command),
        Command::Psa { command } => psa::run(&desk, out, command.as_ref()),
        Command::Account { command } => account::run(&desk, out, command.as_ref()),
        Command::Secret { command } => secret::run(&desk, out, &command),
        Command::Ledger(args) => ledger::run(&desk, out, &args),
        Command::Outbox { state, command } => outbox::run(&desk, out, state.as_deref(), command.as_ref()),
        Command::Completions { .. } | Command::Demo(_) => Ok(Exit::Done),
    }
}

/// A runtime for what waits on the network or on time.
///
/// # Errors
/// When the system gives no threads.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| Failure::failed(format!("the program cannot start its threads: {e}")))
}

fn completions(shell: clap_complete::Shell, out: Output) -> Ended {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "nightdesk", &mut text);
    out.text(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Done)
}
