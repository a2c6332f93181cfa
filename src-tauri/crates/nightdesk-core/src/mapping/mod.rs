//! Which client an organization belongs to, judged by name: a link where there can be no doubt, suggestions elsewhere.

mod name;
mod priority;
mod suggest;

pub use name::{exact_unique, normalise};
pub use priority::priority_by_name;
pub use suggest::{Index, Suggestion};
