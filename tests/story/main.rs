//! Stories: what a dispatcher would tell of a night, against the real engine.

mod ingest;
mod polling;
mod routing;
mod time;
