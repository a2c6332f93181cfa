//! The stand-in for the carrier: a Twilio-shaped account whose phones ring, answer, press keys, reply and fail.
//!
//! [`Carrier`] serves the parts of Twilio's REST API that Nightdesk uses (Messages, Calls, Studio flows and executions)
//! over plain HTTP on loopback, as Twilio's own documents describe them. A [`Phone`] says what happens at the other end.
//!
//! It runs no timers: what has become of a text or a call is computed from when it was made and from what the clock
//! shows at the time of asking, so that a simulated clock may jump hours. Only [`FaultKind::Slow`] waits in real time.
//!
//! Where the vendor's documents leave something open, the stand-in does what is hardest on the client: an unknown
//! parameter is refused where Twilio would ignore it, a text that isn't on its way yet has no `date_sent` (so a filter
//! by date doesn't find it), and a flow's context says nothing of its call before that was answered or given up.

mod account;
mod answer;
mod call;
mod call_requests;
mod control;
mod conversation;
mod definition;
mod endpoint;
mod exchange;
mod execution;
mod execution_requests;
mod fault;
mod flow;
mod flow_requests;
mod form;
mod hand;
mod leg;
mod liquid;
mod listing;
mod markup;
mod parameters;
mod phone;
mod reading;
mod record;
mod refusal;
mod request;
mod ring;
mod run;
mod script;
mod segments;
mod server;
mod split;
mod text;
mod text_requests;
mod twiml;

pub use crate::fault::FaultId;
pub use conversation::{Answerer, Spoken};
pub use fault::{Fault, FaultKind};
pub use hand::Key;
pub use parameters::accepted_parameters;
pub use phone::Phone;
pub use record::{Call, Text};
pub use request::Request;
pub use script::{OnCall, OnText};
pub use server::Carrier;
