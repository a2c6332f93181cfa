//! Every question and command against a real store in a temporary directory.

mod commands;
mod configuration;
mod fixture;
mod ledger;
mod queries;
mod shapes;
mod table;
