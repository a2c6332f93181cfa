//! Paging: incidents become pages, pages walk down the call tree, and what people answer ends them.
//!
//! What happens when is decided by `nightdesk_core::paging` alone; here it is stored, sent through the outbox, and
//! followed at the carrier. ND-9: time goes on in a task of its own, so that a carrier that hangs holds up no step.

mod carry;
mod drill;
mod escalator;
mod follower;
mod opening;
mod replies;
mod telling;
mod words;

pub use drill::{DRILL_MINUTES, drill, test};
pub use escalator::Escalator;
pub use follower::Follower;
pub use opening::{Refused, page_anyway, page_unless_held, take};
pub use telling::{heard_words, how_words, suppressed_words};

pub(crate) use carry::{forget_closed_ticket, incident_over};
pub(crate) use opening::{Called, consider, desk_is_blind, desk_sees_again, severity_known};
