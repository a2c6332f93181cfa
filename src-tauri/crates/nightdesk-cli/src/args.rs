//! What may be typed: the command line's contract as types.

mod config;
mod contacts;
mod email;
mod ledger;
mod organizations;
mod psa;
mod secret;
mod tickets;
mod webhooks;

pub use config::ConfigCommand;
pub use contacts::ContactsCommand;
pub use email::EmailCommand;
pub use ledger::{LedgerArgs, LedgerCommand};
pub use organizations::OrganizationsCommand;
pub use psa::PsaCommand;
pub use secret::SecretCommand;
pub use tickets::{RehomeArgs, TicketsArgs};
pub use webhooks::WebhooksCommand;

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// The on-call desk for Huntress incidents: every incident report becomes a ticket, and you can see that none was dropped.
#[derive(Debug, Parser)]
#[command(name = "nightdesk", version, propagate_version = false, arg_required_else_help = true, max_term_width = 100)]
pub struct Cli {
    /// What is the same for every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Whose page is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// An incident's.
    Incident(i64),
    /// The desk's own: it is blind.
    Desk,
}

impl std::str::FromStr for Taken {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "desk" { Ok(Self::Desk) } else { text.parse().map(Self::Incident) }
    }
}

/// Accepted before and after the command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The data directory; else NIGHTDESK_DATA_DIR, else the platform's usual place
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Say more on stderr; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the engine without a screen, until Ctrl-C
    Run,
    /// Poll Huntress once, now
    Poll,
    /// Show the status card
    Status,
    /// List tickets
    Tickets(TicketsArgs),
    /// Show a ticket with its description and timeline
    Ticket {
        /// The ticket's id, or its number such as T-1001
        #[arg(value_name = "TICKET", value_parser = tickets::name)]
        id: String,
    },
    /// Move tickets to their client
    Rehome(RehomeArgs),
    /// Take a re-home back
    Undo {
        /// The number that the re-home printed; without it, the newest
        undo_id: Option<i64>,
    },
    /// Close a ticket
    Close {
        /// The ticket's id, or its number such as T-1001
        #[arg(value_parser = tickets::name)]
        ticket: String,
    },
    /// Reopen a ticket
    Reopen {
        /// The ticket's id, or its number such as T-1001
        #[arg(value_parser = tickets::name)]
        ticket: String,
    },
    /// Write a note on a ticket
    Note {
        /// The ticket's id, or its number such as T-1001
        #[arg(value_parser = tickets::name)]
        ticket: String,
        /// What to write
        #[arg(required = true, num_args = 1..)]
        text: Vec<String>,
    },
    /// Assign a ticket to a person
    Assign {
        /// The ticket's id, or its number such as T-1001
        #[arg(value_parser = tickets::name)]
        ticket: String,
        /// Who takes it
        #[arg(required_unless_present = "nobody", num_args = 1..)]
        person: Vec<String>,
        /// Take it from whoever has it
        #[arg(long, conflicts_with = "person")]
        nobody: bool,
    },
    /// List records that could not be read in full
    Quarantine {
        /// What to do; without it, list
        #[command(subcommand)]
        command: Option<QuarantineCommand>,
    },
    /// Show and change which organization belongs to which client
    Orgs {
        /// What to do; without it, list
        #[command(subcommand)]
        command: Option<OrganizationsCommand>,
    },
    /// Show the call tree, and verify its numbers
    Contacts {
        /// What to do; without it, list
        #[command(subcommand)]
        command: Option<ContactsCommand>,
    },
    /// Try whether mail arrives
    Email {
        /// What to do
        #[command(subcommand)]
        command: EmailCommand,
    },
    /// Show who is told of news by webhook, and try it
    Webhooks {
        /// What to do; without it, list the endpoints
        #[command(subcommand)]
        command: Option<WebhooksCommand>,
    },
    /// Try every channel of this shift's people, and wait for their keypress or reply
    Drill,
    /// List escalations, platform actions and account notices
    Notices {
        /// Only this type: escalation, platform_action or account_notice
        #[arg(long = "type", value_name = "TYPE")]
        kind: Option<String>,
    },
    /// List pages, with those that were not sent
    Pages {
        /// At most so many, newest first; else 50, or with --json all
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        limit: Option<u32>,
    },
    /// Take an incident's page: everybody else is let go
    Ack {
        /// The incident's id at Huntress, or `desk` for the desk's own page
        #[arg(value_name = "INCIDENT_ID")]
        what: Taken,
    },
    /// Page people for an incident
    Page {
        /// The incident's id at Huntress
        incident_id: i64,
        /// Whatever the window says
        #[arg(long)]
        anyway: bool,
    },
    /// Check, apply and show the configuration
    Config {
        /// What to do
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Show how the PSA that holds the tickets stands, check the key's rights there, or read it now
    Psa {
        /// What to do; without it, show
        #[command(subcommand)]
        command: Option<PsaCommand>,
    },
    /// Show which Huntress account is watched, or answer when the key belongs to another one
    Account {
        /// What to do; without it, show
        #[command(subcommand)]
        command: Option<AccountCommand>,
    },
    /// Keep secrets in the keychain
    Secret {
        /// What to do
        #[command(subcommand)]
        command: SecretCommand,
    },
    /// Show the accounting of every incident and its hash chain
    Ledger(LedgerArgs),
    /// List what is to leave, has left, or could not
    Outbox {
        /// Only deliveries in this state, such as needs_human
        #[arg(long, value_name = "STATE")]
        state: Option<String>,
        /// What to do; without it, list
        #[command(subcommand)]
        command: Option<OutboxCommand>,
    },
    /// Check everything that a shift needs
    Doctor,
    /// For a scheduler: is the last proven read too old?
    WatchCheck {
        /// How old it may be; else as old as the configured alarm
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        max_minutes: Option<u32>,
    },
    /// See a lively night against a built-in stand-in; nothing leaves the machine
    Demo(DemoArgs),
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// `quarantine …`
#[derive(Debug, Subcommand)]
pub enum QuarantineCommand {
    /// Fetch a quarantined incident again
    Retry {
        /// The incident's id
        id: i64,
    },
}

/// `account …`
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Watch the account that the key belongs to from now on
    Accept {
        /// The account's number, as the alarm names it
        id: i64,
    },
}

/// `outbox …`
#[derive(Debug, Subcommand)]
pub enum OutboxCommand {
    /// Queue a delivery again that was given up
    Redrive {
        /// The delivery's id
        id: i64,
    },
    /// Let deliveries be that ended badly: they stay undelivered, and the desk's state counts them no more
    Dismiss {
        /// The deliveries' ids
        #[arg(required = true)]
        id: Vec<i64>,
    },
}

/// `demo`
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// End after so many seconds; else when the night's script is over, or on q or Ctrl-C
    #[arg(long = "for", value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub seconds: Option<u64>,
    /// Which desk holds the tickets
    #[arg(long, value_name = "KIND", default_value = "local", value_parser = ["local", "algapsa"])]
    pub desk: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn global_options_stand_before_and_after_the_command() {
        for words in [
            ["nightdesk", "--json", "--data-dir", "d", "-v", "status"],
            ["nightdesk", "status", "--json", "-v", "--data-dir", "d"],
        ] {
            let cli = Cli::try_parse_from(words).unwrap();
            assert!(cli.global.json && cli.global.verbose == 1);
            assert_eq!(cli.global.data_dir.unwrap().to_str(), Some("d"));
        }
    }

    #[test]
    fn wrong_usage_exits_with_2() {
        for words in [
            vec!["nightdesk", "nonsense"],
            vec!["nightdesk", "tickets", "--nonsense"],
            vec!["nightdesk", "rehome", "--client", "Acme"],
            vec!["nightdesk", "rehome", "1"],
            vec!["nightdesk", "ticket", "x"],
            vec!["nightdesk", "note", "1"],
            vec!["nightdesk", "watch-check", "--max-minutes", "0"],
            vec!["nightdesk", "contacts", "verify"],
            vec!["nightdesk", "email", "test"],
            vec!["nightdesk", "email", "test", "everything"],
            vec!["nightdesk", "contacts", "verify", "Dana", "--by", "fax"],
            vec!["nightdesk", "contacts", "confirm", "Dana"],
        ] {
            let error = Cli::try_parse_from(&words).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{words:?}");
        }
    }

    #[test]
    fn the_contracts_lines_parse() {
        for line in [
            "tickets --board Triage --client Acme --open --search host1 --limit 5",
            "rehome 1 2 3 --client Globex --map-org",
            "undo 4",
            "note 3 called the client",
            "quarantine retry 17",
            "contacts",
            "contacts verify Dana",
            "contacts verify Dana --by call",
            "contacts confirm Dana 123456",
            "contacts test Dana",
            "email test incidents",
            "email test platform_actions",
            "drill",
            "notices --type escalation",
            "webhooks received --id msg_1 --limit 5",
            "pages --limit 5",
            "ack 17",
            "page 17 --anyway",
            "orgs map 7 Globex --move",
            "orgs unmap 7",
            "orgs ignore 7",
            "orgs import map.csv",
            "orgs export -",
            "config apply c.toml --exact --if-revision 4",
            "secret set HUNTRESS_API_KEY",
            "psa",
            "psa check",
            "psa sync",
            "demo --for 5 --desk algapsa",
            "ledger --verify",
            "ledger export out.jsonl",
            "outbox --state needs_human",
            "outbox redrive 3",
            "outbox dismiss 3 4",
            "watch-check --max-minutes 30",
            "demo --for 5",
            "completions zsh",
        ] {
            let words = std::iter::once("nightdesk").chain(line.split(' '));
            assert!(Cli::try_parse_from(words).is_ok(), "{line}");
        }
    }
}
