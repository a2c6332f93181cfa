//! Work that an engine does: by the one that runs, else by ourselves.

use super::Desk;
use crate::exit::Failure;
use crate::output::say;
use crate::progress::Progress;
use crate::render::words::count;
use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_api as api;
use nightdesk_api::{Request, RequestId};
use nightdesk_host::{Left, Lock, LockError, Store};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How long a command waits for an engine's answer.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// How often it looks for the answer.
const LOOK: Duration = Duration::from_millis(50);

/// It tries the directory's lock at every so many looks: when it gets it, the engine is gone.
const LOOKS_PER_TRY: u32 = 5;

/// Who does the work.
pub enum Turn<T> {
    /// The engine did, and this is its answer.
    Answered(T),
    /// We do: the directory and its store are ours.
    Ours(Lock, Box<Store>),
}

/// Asks whoever holds the directory, and waits for the answer or for our own turn.
///
/// # Errors
/// When the store can't be used, or nobody answered in time.
pub fn turn<T: DeserializeOwned>(desk: &Desk, request: &Request, progress: &Progress) -> Result<Turn<T>, Failure> {
    let deadline = desk.now() + PATIENCE;
    let mut beside = Beside { store: None, asked: None };
    let mut looks = 0_u32;
    let mut holder = LockError::HeldByUnknown;
    loop {
        if looks.is_multiple_of(LOOKS_PER_TRY) {
            match desk.try_lock()? {
                Ok(lock) => {
                    // Ours is a walk that begins after the question, so the question is withdrawn with it.
                    let mut store = desk.owned(&lock)?;
                    if let Some(id) = beside.asked {
                        store.write(|tx| api::withdraw(tx, id)).map_err(Failure::failed)?;
                    }
                    return Ok(Turn::Ours(lock, Box::new(store)));
                }
                Err(held) if desk.now() > deadline => {
                    let minutes = PATIENCE.num_minutes();
                    return Err(Failure::failed(format!(
                        "{held}, and gave no answer within {minutes} minutes; look at its log, or stop it and try again"
                    )));
                }
                Err(held) => {
                    progress.at(format!("Waiting: {held}"));
                    holder = held;
                }
            }
        }
        if let Some(answer) = beside.look(desk, request, deadline, &holder)? {
            return Ok(Turn::Answered(answer));
        }
        looks = looks.wrapping_add(1);
        std::thread::sleep(LOOK);
    }
}

/// Says what a command without an engine could not send, and what waits for one.
pub fn sent(left: Left) {
    let failed = left.tried.attempted - left.tried.arrived.min(left.tried.attempted);
    if failed > 0 {
        say(&format!("{failed} of {} could not be sent; see nightdesk outbox", left.tried.attempted));
    }
    if left.waiting > 0 {
        let messages = count(left.waiting, "message waits", "messages wait");
        say(&format!("{messages} for an engine, after {} sent: nightdesk run", left.tried.arrived));
    }
    if left.pages {
        say(
            "A page waits for somebody. Its next steps, and answers by key or reply, wait for an engine: nightdesk run",
        );
    }
}

/// Our place beside whoever holds the directory.
struct Beside {
    store: Option<Store>,
    asked: Option<RequestId>,
}

impl Beside {
    /// Asks if that isn't done yet, and looks for the answer.
    fn look<T: DeserializeOwned>(
        &mut self,
        desk: &Desk,
        request: &Request,
        deadline: DateTime<Utc>,
        holder: &LockError,
    ) -> Result<Option<T>, Failure> {
        let store = match &mut self.store {
            Some(store) => store,
            None => match desk.guest() {
                Ok(store) => self.store.insert(store),
                Err(error) if Desk::is_final(&error, holder) => return Err(Failure::failed(error)),
                // Its holder is just making it, or holds it for a moment.
                Err(_) => return Ok(None),
            },
        };
        let now = desk.now();
        match self.asked {
            Some(id) => store.read(|tx| api::answer(tx, id)).map_err(Failure::failed),
            None => {
                let id = store.write(|tx| api::ask(tx, request, now, deadline)).map_err(Failure::failed)?;
                self.asked = Some(id);
                Ok(None)
            }
        }
    }
}
