//! Nightdesk's desktop program: the engine with a tray icon, native alerts and a window over it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]
#![warn(missing_docs)]

mod acting;
mod alerts;
mod args;
mod asked;
mod demo;
mod display;
mod exit;
mod first_look;
mod follow;
mod instance;
mod ipc;
mod launch;
mod links;
mod logging;
mod platform;
mod program;
mod rest;
mod running;
mod signals;
mod tray;
mod window;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = args::Args::parse();
    platform::keep_little_memory();
    if let Some(why) = display::missing() {
        eprintln!("nightdesk-desktop: {why}.");
        return ExitCode::FAILURE;
    }
    match launch::launch(&args) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("nightdesk-desktop: {error:#}");
            ExitCode::FAILURE
        }
    }
}
