//! Several processes on one data directory: the built command beside a running engine, beside itself, and beside an
//! engine that dies.

mod beside_an_engine;
mod command;
mod demo;
mod mail;
mod paging;
mod psa;
mod webhooks;
mod webhooks_in;
mod without_an_engine;
