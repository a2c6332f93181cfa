//! A lively night for the demo: an MSP's account, and a deterministic script of what happens to it.

mod event;
mod msp;
mod roster;
mod script;

pub use msp::msp;
pub use roster::{Client, roster};
pub use script::Night;
