//! Results as words for a person: short, calm, and as text only (ND-16).

pub mod card;
pub mod carry_over;
pub mod check;
pub mod contact;
pub mod delivery;
pub mod email;
pub mod notice;
pub mod organization;
pub mod page;
pub mod psa;
pub mod quarantine;
pub mod table;
pub mod ticket;
pub mod webhook;
pub mod words;
