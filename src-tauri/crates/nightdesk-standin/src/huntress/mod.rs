//! The stand-in for Huntress: its data, its HTTP face and its bad days.

mod account;
mod account_edit;
mod answer;
mod dialect;
mod endpoint;
mod event;
mod fault;
mod incident;
mod incident_edit;
mod listing;
mod notice;
mod page_token;
mod prose;
mod reply;
mod request;
mod resource;
mod row;
mod server;
mod story;
mod svix;
mod throttle;
mod world;

pub use crate::fault::FaultId;
pub use account::{Account, Agent, Organization};
pub use dialect::{Dialect, LastPage, PageEdge, RetryAfterForm};
pub use fault::{Fault, FaultKind, RetryAfter};
pub use incident::{IncidentBuilder, Remediation, SubjectForm};
pub use notice::Notice;
pub(crate) use reply::http_date;
pub use request::Request;
pub use server::HuntressStandin;
pub use story::Story;
pub use svix::{Attempt, HeaderFamily, Line, Message, SCHEDULE, Signed, WebhookEndpoint};
pub use world::{Clock, RequestHook, World};
