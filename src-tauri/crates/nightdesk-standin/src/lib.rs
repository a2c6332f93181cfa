//! Stand-in Huntress account, carrier, mail server and AlgaPSA for the demo and the tests. All but the first have modules
//! of their own: [`carrier`], [`mail`] and [`algapsa`].
//!
//! [`HuntressStandin`] serves the vendor's REST API (the parts Nightdesk reads) over plain HTTP on loopback, as the
//! vendor's Swagger document describes it, from a [`World`] that a test or the demo edits while it runs. It has its own
//! wire model and knows nothing of Nightdesk's reading of the API, so that an error in that isn't repeated here; only
//! the demo's configuration is in Nightdesk's own words.
//!
//! Time comes from the clock it is given: timestamps, the `Date` header and the rate limit all follow it. Only
//! [`FaultKind::Delay`] waits in real time.

pub mod algapsa;
pub mod carrier;
pub mod clock;
mod connection;
pub mod consumer;
mod fault;
mod huntress;
pub mod mail;
pub mod night;
mod serving;

pub use huntress::{
    Account, Agent, Attempt, Clock, Dialect, Fault, FaultId, FaultKind, HeaderFamily, HuntressStandin, IncidentBuilder,
    LastPage, Line, Message, Notice, Organization, PageEdge, Remediation, Request, RequestHook, RetryAfter,
    RetryAfterForm, SCHEDULE, Signed, Story, SubjectForm, WebhookEndpoint, World,
};
