//! Crash tests: an engine's process is killed at every named point, hundreds of times in all, and started again.

mod burst;
mod carrier;
mod desk;
mod night;
mod pages;
mod points;
