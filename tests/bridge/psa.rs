//! AlgaPSA beside the desk: what it has, and what people and its administrator do there.

use crate::clock::MovedClock;
use nightdesk_api as api;
use nightdesk_core::clock::Clock as _;
use nightdesk_host::secrets::Secrets;
use nightdesk_host::{self as host, DataDir, Lock, Role};
use nightdesk_standin::algapsa::{AlgaStandin, Desk, Fault};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// A helpdesk whose boards are called otherwise than the built-in desk's, apart from one; it lacks one client, and has two
/// that nobody else knows.
pub fn helpdesk() -> Desk {
    let desk = Desk::new();
    desk.observe_rate_only();
    for board in ["Security", "Dispatch"] {
        desk.add_board(board);
        for (status, is_closed) in [("New", false), ("In Progress", false), ("Closed", true)] {
            desk.add_status(board, status, is_closed);
        }
    }
    desk.add_category("Security", "Security incident");
    for priority in ["Critical", "High", "Medium", "Low"] {
        desk.add_priority(priority);
    }
    for client in ["Security Triage", "Acme", "Globex", "Umbrella Pharma"] {
        desk.add_client(client);
    }
    desk
}

/// `text` with AlgaPSA as the desk.
pub fn configuration(text: &str, psa: &AlgaStandin) -> String {
    let desk = format!("[desk]\nkind = \"algapsa\"\nbase_url = \"{}\"\n", psa.base_url());
    format!("{desk}{}", text.replace("triage_board = \"Triage\"", "triage_board = \"Dispatch\""))
}

/// Makes AlgaPSA the desk before the engine starts, as a person would.
pub async fn choose(
    dir: &DataDir,
    clock: &Arc<MovedClock>,
    secrets: &Arc<Secrets>,
    text: &str,
) -> Result<(), Box<dyn std::error::Error>> {
    let now = clock.now();
    let lock = Lock::try_acquire(dir, Role::Command, "nightdesk-bridge", now)?;
    let mut store = host::open(dir, &lock, now)?.store;
    let asked = store.read(|tx| api::config_desk(tx, text, false))?;
    let listing = host::psa::listing(asked, secrets.clone(), clock.clone()).await?;
    store.write(|tx| api::config_apply_against(tx, now, "dana", text, false, None, listing.listed))?;
    Ok(())
}

/// What a test makes happen in AlgaPSA, or asks it. Tickets go by their number or id there.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
#[allow(clippy::enum_variant_names, reason = "their names are told apart from those of every other stand-in's")]
pub enum InPsa {
    /// The key's user loses a permission, or has it again.
    PsaMay { permission: String, may: bool },
    /// The key is expired, or valid again.
    PsaKey { works: bool },
    /// Every request is answered with this status, or as usual again.
    PsaAnswers { status: Option<u16> },
    /// A person takes a ticket and changes it: each of these that is named.
    PsaPerson { ticket: String, by: String, client: Option<String>, board: Option<String>, closes: Option<bool> },
    /// A person deletes a ticket.
    PsaDeletes { ticket: String },
    /// The administrator takes a board, a client or a priority out of use, or back into it.
    PsaUses { name: String, used: bool },
    /// A board's status is deleted, or added as an open one.
    PsaStatus { board: String, name: String, there: bool },
    /// Answers the tickets there: `[{id, number, title, board, client, status, is_closed}]`.
    PsaTickets,
}

impl InPsa {
    pub fn carry_out(self, desk: &Desk) -> Result<Value, api::Error> {
        let done = match self {
            Self::PsaMay { permission, may: true } => {
                desk.allow(&permission);
                true
            }
            Self::PsaMay { permission, may: false } => {
                desk.deny(&permission);
                true
            }
            Self::PsaKey { works } => {
                if works {
                    desk.restore_key()
                } else {
                    desk.expire_key()
                }
                true
            }
            Self::PsaAnswers { status } => {
                desk.clear_faults();
                if let Some(status) = status {
                    desk.fault(Fault::status(status));
                }
                true
            }
            Self::PsaPerson { ticket, by, client, board, closes } => {
                desk.person_assigns(&ticket, Some(&by), &by)
                    && client.is_none_or(|client| desk.person_sets_client(&ticket, &client, &by))
                    && board.is_none_or(|board| desk.person_moves(&ticket, &board, &by))
                    && (closes != Some(true) || desk.person_closes(&ticket, &by))
            }
            Self::PsaDeletes { ticket } => desk.person_deletes(&ticket, "Kim Park"),
            Self::PsaUses { name, used: true } => desk.activate(&name),
            Self::PsaUses { name, used: false } => desk.deactivate(&name),
            Self::PsaStatus { board, name, there: true } => desk.add_status(&board, &name, false).is_some(),
            Self::PsaStatus { board, name, there: false } => {
                desk.status(&board, &name).is_some_and(|status| desk.delete(&status.id))
            }
            Self::PsaTickets => {
                let told = desk.tickets().into_iter().map(|t| {
                    json!({
                        "id": t.id, "number": t.number, "title": t.title, "board": t.board, "client": t.client,
                        "status": t.status, "is_closed": t.is_closed,
                    })
                });
                return Ok(told.collect());
            }
        };
        if done { Ok(Value::Null) } else { Err(api::Error::not_found("AlgaPSA has no such thing".to_owned())) }
    }
}
