//! Every question and command against a real store in a temporary directory.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod alerts;
mod commands;
mod configuration;
mod contacts;
mod drafts;
mod fixture;
mod host;
mod ledger;
mod mail;
mod pages;
mod queries;
mod registry;
mod shapes;
mod table;
mod views;
mod webhooks_in;
