//! The running server.

use super::fault::{Fault, Stage};
use super::message::Received;
use super::session;
use nightdesk_core::clock::Clock;
use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// A running stand-in: a handle, cheap to clone. When the last one is dropped, or [`stop`](Self::stop) is called, it ends
/// and closes every connection.
#[derive(Clone)]
pub struct MailServer {
    room: Arc<Room>,
    address: SocketAddr,
    open: Arc<Mutex<Open>>,
}

/// Ends the listening when it goes.
struct Open(CancellationToken);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// What sessions share.
pub(super) struct Room {
    pub clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    /// Those to come, in order, and those that last.
    once: Vec<(Stage, Fault)>,
    always: Vec<(Stage, Fault)>,
    refused: BTreeMap<String, &'static str>,
    users: BTreeMap<String, String>,
    connections: u32,
}

impl Room {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What goes wrong here now.
    pub fn fault(&self, stage: Stage) -> Option<Fault> {
        let mut state = self.state();
        if let Some(at) = state.once.iter().position(|(s, _)| *s == stage) {
            return Some(state.once.remove(at).1);
        }
        state.always.iter().find(|(s, _)| *s == stage).map(|(_, f)| f.clone())
    }

    pub fn refusal(&self, address: &str) -> Option<&'static str> {
        self.state().refused.get(&address.to_lowercase()).copied()
    }

    /// Whether a sign-in is wanted, and whether this one will do.
    pub fn admits(&self, user: &str, secret: &str) -> bool {
        self.state().users.get(user).is_some_and(|s| s == secret)
    }

    pub fn wants_sign_in(&self) -> bool {
        !self.state().users.is_empty()
    }

    pub fn keep(&self, message: Received) {
        self.state().received.push(message);
    }
}

impl MailServer {
    /// Serves on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start(clock: Arc<dyn Clock>) -> io::Result<Self> {
        let room = Arc::new(Room { clock, state: Mutex::default() });
        let (address, open) = listen(&room, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        Ok(Self { room, address, open: Arc::new(Mutex::new(open)) })
    }

    /// Stops listening and closes every connection. What was received stays.
    pub fn stop(&self) {
        self.held().0.cancel();
    }

    /// Serves again at the same port after a [`stop`](Self::stop).
    ///
    /// # Errors
    /// When the port has been taken meanwhile.
    pub async fn resume(&self) -> io::Result<()> {
        self.stop();
        let (_, open) = listen(&self.room, self.address).await?;
        *self.held() = open;
        Ok(())
    }

    fn held(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// `[email]` for a desk that sends by it: from nightdesk@example.com, to these addresses.
    pub fn toml(&self, default: &[&str]) -> String {
        let list: Vec<String> = default.iter().map(|a| format!("{a:?}")).collect();
        format!(
            "\n[email]\nsmtp_host = \"127.0.0.1\"\nsmtp_port = {}\nsecurity = \"none\"\nfrom = \"nightdesk@example.com\"\ndefault = [{}]\n",
            self.port(),
            list.join(", ")
        )
    }

    /// What has come since the last time, in order.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.room.state().received)
    }

    /// What has come and wasn't taken, which stays.
    pub fn received(&self) -> Vec<Received> {
        self.room.state().received.clone()
    }

    /// How many connections were made.
    pub fn connections(&self) -> u32 {
        self.room.state().connections
    }

    /// Fails at the next such stage.
    pub fn fail_once(&self, stage: Stage, fault: Fault) {
        self.room.state().once.push((stage, fault));
    }

    /// Fails at each such stage, until [`repair`](Self::repair).
    pub fn fail(&self, stage: Stage, fault: Fault) {
        self.room.state().always.push((stage, fault));
    }

    /// Nothing goes wrong any more.
    pub fn repair(&self) {
        let mut state = self.room.state();
        state.once.clear();
        state.always.clear();
        state.refused.clear();
    }

    /// Refuses a recipient with this line.
    pub fn refuse(&self, address: &str, line: &'static str) {
        self.room.state().refused.insert(address.to_lowercase(), line);
    }

    /// Wants a sign-in from here on: by a password, or by a token for XOAUTH2.
    pub fn user(&self, user: &str, secret: &str) {
        self.room.state().users.insert(user.to_owned(), secret.to_owned());
    }

    /// Everything that came was taken: a story has seen all the mail that it caused.
    ///
    /// # Panics
    /// Where a message is left.
    pub fn assert_quiet(&self) {
        let left: Vec<String> = self.received().iter().map(|m| format!("{}: {}", m.to, m.subject())).collect();
        assert!(left.is_empty(), "mail that nobody expected: {left:#?}");
    }
}

#[allow(clippy::disallowed_methods, reason = "a stand-in's tasks end with its handle, not with an engine")]
async fn listen(room: &Arc<Room>, address: SocketAddr) -> io::Result<(SocketAddr, Open)> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let stop = CancellationToken::new();
    let (room, ended) = (room.clone(), stop.clone());
    tokio::spawn(async move {
        loop {
            let stream = tokio::select! {
                () = ended.cancelled() => return,
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    Err(_) => continue,
                },
            };
            room.state().connections += 1;
            let (room, ended) = (room.clone(), ended.clone());
            tokio::spawn(async move {
                tokio::select! {
                    () = ended.cancelled() => {}
                    _gone = session::run(&room, stream) => {}
                }
            });
        }
    });
    Ok((address, Open(stop)))
}

impl std::fmt::Debug for MailServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailServer").field("address", &self.address).finish_non_exhaustive()
    }
}
