//! Composition root: opens a data directory and wires the engine to its real adapters and the OS keychain.
//!
//! A program takes a [`DataDir`], opens its store as owner (with the [`Lock`]) or as guest, and runs the engine with
//! [`run`] or one command's work with [`system_parts`].
#![warn(missing_docs)]

mod adapters;
mod calling;
mod carrier;
mod data_dir;
mod desk;
mod doctor;
mod error;
mod hooking;
mod lock;
mod mailing;
mod opening;
pub mod psa;
mod reach;
mod run;
pub mod secrets;
mod switching;
mod ticketing;
mod written;

pub use adapters::{Adapters, system_parts};
pub use carrier::{carrier, carrier_in_force};
pub use data_dir::DataDir;
pub use desk::{Changes, Desk};
pub use doctor::{Finding, doctor};
pub use error::Error;
pub use lock::{Holder, Lock, LockError, Role};
pub use opening::{Opened, open, open_guest, recover_if_damaged};
pub use reach::Reach;
pub use run::{Setup, run, run_with};
pub use secrets::Secrets;
pub use switching::SwitchingHuntress;
pub use ticketing::SwitchingPsa;
pub use written::{refresh_configuration, write_configuration, write_head};

pub use nightdesk_engine::clock::{FastClock, SystemClock};
pub use nightdesk_engine::engine::{Left, Once};
pub use nightdesk_engine::ingest::Counts;
pub use nightdesk_engine::poller::PollReport;
pub use nightdesk_store::{Error as StoreError, Store, Tx};
