//! E-mail as people get it: what it says, to whom it is addressed, and how it hangs together in a mailbox. Pure.
//!
//! Two things hold whatever a vendor wrote and whatever a user's wording does with it, and are tested as properties: no
//! value ends a header's line, and no value is markup (ND-16).

mod address;
mod message;
mod subject;
mod thread;
mod values;
mod wording;

pub use address::{AddressError, address, domain, feeds_a_psa, is_same_address};
pub use message::{MailOut, Written, write};
pub use subject::{SUBJECT_UNITS, Subject, product, subject};
pub use thread::{Thread, message_id};
pub use values::{Item, Values};
pub use wording::{Kind, Part, Template, TemplateError};
