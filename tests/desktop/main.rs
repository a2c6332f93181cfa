//! The real application on a desktop of its own: dragged by WebKit's driver, its tray clicked and its alerts answered over
//! D-Bus, its window closed as a person closes it.
//!
//! It runs `nightdesk-desktop` from beside the tests, or the one that `NIGHTDESK_DESKTOP` names.
#![cfg(target_os = "linux")]

mod alerts;
mod once;
mod quitting;
mod secrets;
mod tray;
mod triage;
mod views;
mod window;
mod without;
