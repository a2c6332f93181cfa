//! Speed and size, as ratios against a floor that the same run measures: `cargo xtask bench [NAME] [--small]`.
//!
//! Exits 1 when something is over its bound.
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock; nothing here is part of the desk")]

mod backfill;
#[cfg(target_os = "linux")]
mod bare;
#[cfg(target_os = "linux")]
mod desktop;
#[cfg(target_os = "linux")]
mod hour;
mod idle;
mod million;
mod paging;
#[cfg(target_os = "linux")]
mod reopening;
mod rest;
mod sample;
mod statements;
mod table;
mod webhooks;

use std::process::ExitCode;
use table::Table;

/// Any failure ends the run: a measurement that could not be made is not a result.
type Outcome = Result<(), Box<dyn std::error::Error>>;

const NAMES: [&str; 10] =
    ["backfill", "statements", "idle", "million", "paging", "rest", "webhooks", "desktop", "reopening", HOUR];

/// Too long for a run that names nothing.
const HOUR: &str = "hour";

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut names = Vec::new();
    let mut small = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--small" => small = true,
            name if NAMES.contains(&name) => names.push(argument),
            other => {
                eprintln!("{other:?} is no measurement; expected {}, or --small", NAMES.join(", "));
                return Ok(ExitCode::from(2));
            }
        }
    }
    if cfg!(debug_assertions) {
        eprintln!("this is an unoptimised build: its numbers say nothing");
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|n| n == name);
    let mut table = Table::default();
    if wanted("backfill") {
        backfill::measure(&mut table)?;
    }
    if wanted("statements") {
        statements::measure(&mut table)?;
    }
    if wanted("idle") {
        idle::measure(&mut table).await?;
    }
    if wanted("million") {
        million::measure(&mut table, small)?;
    }
    if wanted("paging") {
        paging::measure(&mut table).await?;
    }
    if wanted("rest") {
        rest::measure(&mut table).await?;
    }
    if wanted("webhooks") {
        webhooks::measure(&mut table).await?;
    }
    #[cfg(target_os = "linux")]
    if wanted("desktop") {
        desktop::measure(&mut table).await?;
    }
    #[cfg(target_os = "linux")]
    if wanted("reopening") {
        reopening::measure(&mut table).await?;
    }
    #[cfg(target_os = "linux")]
    if names.iter().any(|n| n == HOUR) {
        hour::measure(&mut table).await?;
    }
    print!("{table}");
    Ok(if table.is_within() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
