//! A ticket's words: title, description and notes. Pure; what the vendor wrote is only ever text (ND-16).

mod change;
mod description;
mod plain;
mod portal;
mod title;

pub use change::{
    Change, change_note, closed_but_worked_on, closed_by_soc, creation_note, gone_note, organization_changed, reopened,
    severity_lowered, severity_raised,
};
pub use description::{Description, Part, bare_description, description, parts, remediation_lines};
pub use plain::{block, line, shortened};
pub use portal::Portal;
pub use title::{TITLE_UNITS, title};
