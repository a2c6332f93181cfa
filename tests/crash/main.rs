//! Crash tests: an engine's process is killed at every named point, hundreds of times in all, and started again.

mod carrier;
mod desk;
mod points;
