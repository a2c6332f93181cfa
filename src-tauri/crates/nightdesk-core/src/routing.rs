//! What an incident calls for: the routing table as one total function.

mod bind;
mod merge;
mod plan;

pub use bind::{Bound, bind};
pub use merge::merge;
pub use plan::{Act, Alert, Change, Class, Filing, Known, Plan, Standing, TicketFacts, plan};
