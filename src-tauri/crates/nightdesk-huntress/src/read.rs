//! From bytes to core types: pure, total and lenient.

mod answer;
mod date;
mod fields;
mod indicator;
mod notice;
mod object;
mod page;
mod record;
mod remediation;
mod single;
mod value;

pub(crate) use answer::{Answer, start_of};
pub(crate) use notice::notice;
pub use page::incident_page;
pub(crate) use page::list;
pub(crate) use record::masked;
pub use record::record;
pub(crate) use single::{account, host, incident, organization};
pub(crate) use value::{Value, cut};
