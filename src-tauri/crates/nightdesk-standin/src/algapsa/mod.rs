//! The stand-in for AlgaPSA: its boards, its tickets, the people who work there, its HTTP face and its bad days.
//!
//! [`AlgaStandin`] serves the parts of the vendor's REST API (`/api/v1`, snapshot of 2026-08-22) that an outside client
//! needs to keep tickets in step, over plain HTTP on loopback, from a [`Desk`] that a test or the demo edits while it
//! runs. It follows what the vendor's validators do where its published document says otherwise.
//!
//! Where neither says anything, it does what is hardest on the client: a comment or a tag doesn't move a ticket's
//! `updated_at`, ids must be UUIDs in every place, and a list of comments is short unless a longer one is asked for.
//!
//! Time comes from the clock that it is given; only [`FaultKind::Delay`] waits in real time.

mod answer;
mod assignment;
mod bucket;
mod catalogue;
mod catalogue_edit;
mod catalogue_lists;
mod client_lists;
mod comment;
mod comment_requests;
mod creation;
mod desk;
mod endpoint;
mod fault;
mod id;
mod issue;
mod listing;
mod msp;
mod page;
mod person;
mod query;
mod refusal;
mod request;
mod rich_text;
mod route;
mod search;
mod server;
mod stamp;
mod state;
mod submission;
mod tag;
mod ticket;
mod ticket_filter;
mod update;

pub use crate::fault::FaultId;
pub use crate::huntress::{Clock, RetryAfter};
pub use catalogue::{Board, Category, Client, Priority, Status, User};
pub use comment::Comment;
pub use desk::{Desk, RequestHook};
pub use fault::{Fault, FaultKind};
pub use id::id_of;
pub use request::{Request, Slip};
pub use server::AlgaStandin;
pub use ticket::{Closing, Ticket};
