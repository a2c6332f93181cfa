//! Stories: what a dispatcher would tell of a night, against the real engine.

mod account;
mod alerts;
mod corners;
mod desk;
mod ingest;
mod ledger;
mod mail;
mod mapping;
mod notices;
mod once;
mod outage;
mod paging;
mod polling;
mod psa;
mod routing;
mod time;
mod webhooks_in;
mod webhooks_out;
