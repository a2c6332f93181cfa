//! The dispatcher against scripted senders and a clock that a test moves.

mod bench;
mod claims;
mod doubts;
mod outcomes;
mod pacing;
