//! A stand-in mail server: SMTP on loopback, which keeps what it is given and fails as it is told to.
//!
//! ```no_run
//! # async fn night(clock: std::sync::Arc<dyn nightdesk_core::clock::Clock>) -> std::io::Result<()> {
//! use nightdesk_standin::mail::{Fault, MailServer, Stage};
//! let server = MailServer::start(clock).await?;
//! server.fail_once(Stage::Recipient, Fault::Say("451 4.7.1 try again later"));
//! // … a sender hands a message over, in vain, and then again …
//! let mail = server.take();
//! assert_eq!(mail[0].to, "soc@example.com");
//! # Ok(()) }
//! ```

mod fault;
mod message;
mod server;
mod session;

pub use fault::{Fault, Stage};
pub use message::Received;
pub use server::MailServer;
