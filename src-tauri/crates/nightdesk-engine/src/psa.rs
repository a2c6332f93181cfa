//! Tickets in the PSA, kept in step both ways. The ticket here is the desk's own, and is there at once; the PSA has a copy
//! that people work on too.
//!
//! A transaction that changes a ticket marks it with the same commit (`psa_due`), whoever writes it. From the mark, [`due`]
//! plans one creation or update at a time by comparing how the ticket stands here with what is known of it there; the outbox
//! carries it; `settled` takes the outcome in, which is compared anew. What people change there comes back by `follow`.

mod agenda;
mod carry;
mod catalogue;
mod filed;
mod follow;
mod keeper;
mod moving;
mod plan;
mod settled;
mod walk;

pub use carry::{Carried, CarriedTicket};
pub(crate) use carry::{carry_over, desk_changed};
pub use catalogue::put as put_catalogue;
pub use keeper::{Failing, Keeper, ask, ask_anew};
pub use plan::{Planner, due};
pub(crate) use settled::{is_told, settled};

use nightdesk_core::config::Config;

/// The name under which a PSA's tickets are known: its kind and address. `None` for the built-in desk.
pub fn desk_of(config: &Config) -> Option<String> {
    let url = config.desk.base_url.as_deref().unwrap_or_default().trim_end_matches('/');
    config.desk.is_remote().then(|| format!("{} {url}", config.desk.kind.word()))
}
