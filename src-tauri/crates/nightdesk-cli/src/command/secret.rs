//! `secret`

use super::Desk;
use crate::args::SecretCommand;
use crate::exit::{Ended, Exit, Failure};
use crate::output::{Output, say};
use nightdesk_host::secrets::Name;
use secrecy::SecretString;
use serde::Serialize;
use std::io::{IsTerminal, Read};

/// No secret is longer; what is longer was piped in by mistake.
const LONGEST: u64 = 16 * 1024;

/// The answer to `secret test`. Never the value (ND-12).
#[derive(Debug, Serialize)]
struct Tested {
    name: &'static str,
    ok: bool,
    error: Option<String>,
}

/// Keeps, tests or forgets a secret.
pub fn run(desk: &Desk, out: Output, command: &SecretCommand) -> Ended {
    match command {
        SecretCommand::Set { name } => {
            let name = known(name)?;
            let value = value(name)?;
            desk.secrets().set(name, &value).map_err(Failure::failed)?;
            desk.secrets_changed();
            say(&format!("{name} is in the keychain."));
            overridden(desk, name);
            Ok(Exit::Done)
        }
        SecretCommand::Test { name } => test(desk, out, known(name)?),
        SecretCommand::Delete { name } => {
            let name = known(name)?;
            let was_there = desk.secrets().delete(name).map_err(Failure::failed)?;
            desk.secrets_changed();
            say(&match was_there {
                true => format!("{name} is no longer in the keychain."),
                false => format!("{name} was not in the keychain."),
            });
            overridden(desk, name);
            Ok(Exit::Done)
        }
    }
}

fn known(name: &str) -> Result<Name, Failure> {
    Name::parse(name).map_err(Failure::usage)
}

/// A value from standard input; typed at a terminal it doesn't show.
fn value(name: Name) -> Result<SecretString, Failure> {
    let unread = |e: std::io::Error| Failure::failed(format!("the value cannot be read: {e}"));
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password(format!("Value of {name}: ")).map(SecretString::from).map_err(unread);
    }
    let mut text = String::new();
    let read = std::io::stdin().lock().take(LONGEST + 1).read_to_string(&mut text).map_err(unread)?;
    match u64::try_from(read) {
        Ok(n) if n <= LONGEST => Ok(SecretString::from(text)),
        _ => Err(Failure::usage(format!("that is too long to be {name}"))),
    }
}

fn test(desk: &Desk, out: Output, name: Name) -> Ended {
    let mut tested = desk.secrets().test(name).map(|()| String::new()).map_err(|error| error.to_string());
    if tested.is_ok() && name == Name::AlgapsaApiKey {
        // Whether it can be read is the lesser half: who it is for is asked too, where that is known.
        tested = super::psa::try_key(desk)?.unwrap_or(tested);
    }
    let answer = Tested { name: name.word(), ok: tested.is_ok(), error: tested.as_ref().err().cloned() };
    out.result(&answer, |a| match (&tested, a.ok) {
        (Ok(more), true) if !more.is_empty() => format!("{} can be read; {more}.", a.name),
        (_, true) => format!("{} can be read.", a.name),
        (_, false) => String::new(),
    })?;
    match tested {
        Ok(_) => Ok(Exit::Done),
        Err(error) => Err(Failure::failed(error)),
    }
}

fn overridden(desk: &Desk, name: Name) {
    if desk.secrets().is_in_environment(name) {
        say(&format!("The environment also gives {name}, and that value wins."));
    }
}
