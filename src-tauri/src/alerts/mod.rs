//! Native alerts: what a dispatcher at the desk sees and hears, and what became of it.

pub mod alert;
mod bell;
pub mod mute;
mod record;
pub mod screen;
mod sender;
pub mod storm;

pub use bell::{Bell, Hands, Rung};
pub use sender::NativeSender;
