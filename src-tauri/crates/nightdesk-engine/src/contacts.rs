//! The people of the call tree: who can be reached and how, and the PIN that proves that somebody holds a number.
//!
//! Verification belongs to the number, not to the name: a contact whose number changes is unverified again by that
//! alone, and an unverified number is never paged.

mod error;
mod reach;
mod report;
mod task;
#[cfg(test)]
mod tests;
mod verification;

pub use error::Error;
pub use reach::{Reachable, armed, can_reply, listening_only, reachable, way};
pub use report::{VerificationReport, pin_failed, verify_alone};
pub use task::Verifications;
pub use verification::{Drawn, Entered, Started, confirm, start_verification};

use crate::desk::Listed;
use nightdesk_core::config::{Config, Contact};

/// How many names a message offers.
const NEAR: usize = 8;

/// The contact that a person means: by exact name, else by the only one that is equal but for case and blanks.
///
/// # Errors
/// [`Error::Unknown`] with the names there are.
pub fn find<'a>(config: &'a Config, name: &str) -> Result<&'a Contact, Error> {
    let loosely = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let exact = config.contacts.iter().find(|c| c.name == name.trim());
    let found = exact.or_else(|| config.contacts.iter().find(|c| loosely(&c.name) == loosely(name)));
    found.ok_or_else(|| Error::Unknown {
        name: name.to_owned(),
        known: Listed(config.contacts.iter().take(NEAR).map(|c| format!("{:?}", c.name)).collect()),
    })
}
