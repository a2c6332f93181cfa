//! `account`

use super::Desk;
use crate::args::AccountCommand;
use crate::exit::{Ended, Exit};
use crate::output::Output;
use nightdesk_api as api;
use nightdesk_core::ids::AccountId;
use nightdesk_core::port::Account;

/// Shows, or answers.
pub fn run(desk: &Desk, out: Output, command: Option<&AccountCommand>) -> Ended {
    let accounts = match command {
        None => desk.read(|tx, _| api::accounts(tx))?,
        Some(AccountCommand::Accept { id }) => {
            desk.write(|tx, now, who| api::account_accept(tx, now, who, AccountId(*id)))?
        }
    };
    out.result(&accounts, words)?;
    Ok(Exit::Done)
}

fn words(accounts: &api::WatchedAccounts) -> String {
    let name = |a: &Account| format!("{} ({})", a.name, a.id);
    let mut text = match &accounts.watched {
        Some(a) => format!("Watching {}.", name(a)),
        None => "No account is known yet: the first poll finds it out.".to_owned(),
    };
    if let Some(other) = &accounts.other {
        text.push_str(&format!(
            "\nThe key belongs to {}: polling has stopped. Enter the right key, or run: nightdesk account accept {}",
            name(other),
            other.id
        ));
    }
    text
}
