//! A lively night for the demo: an MSP's account, and a deterministic script of what happens to it.

mod event;
mod helpdesk;
mod msp;
mod phones;
mod post;
mod poster;
mod roster;
mod script;
mod setting;
mod siem;
mod telling;
mod tempo;

pub use helpdesk::{Helpdesk, Here, Standing, filed, helpdesk};
pub use msp::msp;
pub use phones::{Switchboard, on_call, script, verified};
pub use post::{Postbox, mailed};
pub use poster::{Poster, door, posted};
pub use roster::{Client, roster};
pub use script::Night;
pub use setting::{TRIAGE_BOARD, TRIAGE_CLIENT, setting};
pub use siem::{Siem, WEBHOOK_OUT_KEY, told};
pub use telling::Telling;
pub use tempo::{factor, usual_length};
