//! Paging: incidents become pages, pages walk down the call tree, and what people answer ends them.
//!
//! What happens when is decided by `nightdesk_core::paging` alone; here it is stored, sent through the outbox, and
//! followed at the carrier. ND-9: time goes on in a task of its own, so that a carrier that hangs holds up no step.

mod asked;
mod blind;
mod carrier;
mod carry;
mod delivered;
mod drill;
mod escalator;
mod follower;
mod keys;
mod opening;
mod replies;
mod storm;
mod strays;
mod telling;
mod words;

pub use asked::{Refused, page_anyway, page_unless_held, take, take_desk, take_page};
pub use blind::FIRST_READ;
pub use carry::{is_pointless, redriven, tree};
pub use drill::{DRILL_MINUTES, drill, test};
pub use escalator::Escalator;
pub use follower::Follower;
pub(crate) use telling::comfort;
pub use telling::{heard_words, how_words, suppressed_words};

pub(crate) use blind::{desk_is_blind, desk_sees_again};
pub(crate) use carrier::{keep as keep_answer, trouble};
pub(crate) use carry::{forget_closed_ticket, incident_over};
pub(crate) use delivered::{is_answered, is_tried_out, settled};
pub(crate) use escalator::go_on;
pub(crate) use opening::{Called, consider};
pub(crate) use storm::severity_known;
