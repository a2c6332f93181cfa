//! Where Huntress's webhooks arrive: a post is verified, stored and answered, and nothing else is done with it here. What
//! was stored is processed by [`crate::inbox`].

mod certificate;
mod door;
mod keeper;
mod post;
mod state;

pub use state::{ReceiverState, receiver_state, wrongly_signed};

use crate::context::Context;
use crate::db::Db;
use crate::pulse::{Pulse, Waiter};
use chrono::{DateTime, Duration, Utc};
use door::Door;
use keeper::{Keeper, Refusals};
use nightdesk_core::config::WebhookIn as Section;
use nightdesk_core::port::WebhookIn;
use nightdesk_store::{Error, Topic, Tx};
use post::Receiving;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How soon an address that couldn't be listened on, or a secret that couldn't be read, is tried again.
const RETRY_SECONDS: i64 = 15;

/// How often the certificate's files are looked at without a handshake.
const LOOK_SECONDS: i64 = 60;

/// What a receiver works with.
pub(crate) struct Around {
    pub db: Db,
    pub pulse: Pulse,
    pub webhooks: Arc<dyn WebhookIn>,
    pub stop: CancellationToken,
    pub tasks: TaskTracker,
}

/// The task that keeps the door open: it follows the configuration, the secret and the certificate.
pub(crate) struct Receiver {
    around: Around,
    /// Ends the keeper, once the door is closed: a post that is under way is stored and answered before.
    last: CancellationToken,
    receiving: Arc<Receiving>,
    section: Section,
    door: Option<Door>,
    secrets: Option<i64>,
    state: ReceiverState,
    written: Option<ReceiverState>,
    tried_at: Option<DateTime<Utc>>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.last.cancel();
    }
}

impl Receiver {
    /// The task's name in the pulse.
    pub const NAME: &'static str = "receiver";

    /// A receiver that listens for nothing yet. Its keeper, which stores what comes, starts at once.
    pub fn new(around: Around) -> Self {
        let clock = around.pulse.clock().clone();
        let refusals = Arc::new(Refusals::default());
        let (keeper, jobs) = Keeper::new(around.db.clone(), around.pulse.clone(), refusals.clone());
        let last = CancellationToken::new();
        around.tasks.spawn(keeper.run(last.clone()));
        let receiving = Arc::new(Receiving::new(clock, around.webhooks.clone(), jobs, refusals));
        Self {
            around,
            last,
            receiving,
            section: Section::default(),
            door: None,
            secrets: None,
            state: ReceiverState::default(),
            written: None,
            tried_at: None,
        }
    }

    /// Follows until stopped.
    pub async fn run(mut self) {
        let mut waiter = self.around.pulse.waiter(Self::NAME);
        while !self.around.stop.is_cancelled() {
            waiter.look();
            let until = self.turn().await;
            self.rest(&mut waiter, until).await;
        }
        if let Some(door) = self.door.take() {
            door.close().await;
        }
        self.last.cancel();
        self.state.listening = None;
        self.write_state().await;
    }

    async fn rest(&self, waiter: &mut Waiter, until: Option<DateTime<Utc>>) {
        // A certificate is looked at on each handshake; what came of that is told here.
        let told = async {
            match &self.door {
                Some(door) => door.certificate_changed().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = waiter.rest(until) => {}
            () = told => {}
            () = self.around.stop.cancelled() => {}
        }
    }

    /// One look: at the configuration, the secret and the door. Answers when to look again.
    pub async fn turn(&mut self) -> Option<DateTime<Utc>> {
        let now = self.around.pulse.clock().now();
        let retry = now + Duration::seconds(RETRY_SECONDS);
        let (section, secrets, before) = match self.around.db.read(wanted).await {
            Ok(wanted) => wanted,
            Err(error) => {
                tracing::error!(%error, "the receiver could not read its configuration");
                return Some(retry);
            }
        };
        let due = self.tried_at.is_none_or(|at| now - at >= Duration::seconds(RETRY_SECONDS) || now < at);
        // The secret first: who posts the moment that the door opens is not to be put off.
        if section.is_set_up() {
            if self.secrets.is_none() {
                // What the engine before it left: the secret may well be the same.
                (self.state.secret_revision, self.state.secret_since) = (before.secret_revision, before.secret_since);
            }
            self.follow_secret(secrets, due, now);
        } else {
            self.secrets = None;
            self.receiving.verify_by(None);
            self.state.secret_error = None;
        }
        if section != self.section || (self.door.is_none() && section.is_set_up() && due) {
            self.tried_at = Some(now);
            self.move_to(section, now).await;
        }
        let standing = self.door.as_ref().and_then(Door::certificate);
        self.state.certificate_until = standing.as_ref().and_then(|s| s.until);
        // Looked at on each handshake too; a client that is put off by an expired one makes few.
        let next_look = standing.is_some().then(|| now + Duration::seconds(LOOK_SECONDS));
        self.state.certificate_error = standing.and_then(|s| s.error);
        self.write_state().await;
        let trouble = self.section.is_set_up() && (self.door.is_none() || self.state.secret_error.is_some());
        let retry = trouble.then(|| self.tried_at.map_or(retry, |at| at + Duration::seconds(RETRY_SECONDS)).max(now));
        retry.or(next_look)
    }

    /// Listens where the section says. The present door is closed first, since the next may be at the same address.
    async fn move_to(&mut self, section: Section, now: DateTime<Utc>) {
        let same = section == self.section;
        if let Some(door) = self.door.take() {
            door.close().await;
        }
        self.section = section;
        self.state.listening = None;
        self.state.configured = self.section.listen.map(|at| at.to_string());
        let Some(listen) = self.section.listen else {
            self.state = ReceiverState::default();
            return;
        };
        match Door::open(listen, self.section.tls(), self.receiving.clone(), &self.around.tasks).await {
            Ok(door) => {
                tracing::info!(address = %door.address(), "listening for Huntress's webhooks");
                self.state.listening = Some(door.address().to_string());
                self.state.error = None;
                self.state.since = Some(now);
                self.door = Some(door);
            }
            Err(error) => {
                if !same || self.state.error.as_deref() != Some(error.as_str()) {
                    tracing::error!(%error, "Huntress's webhooks are not listened for; trying again");
                }
                self.state.error = Some(error);
                self.state.since = None;
            }
        }
    }

    /// Takes up the signing secret when it has changed, or again while it can't be read: a keychain may be unlocked
    /// later.
    fn follow_secret(&mut self, revision: i64, due: bool, now: DateTime<Utc>) {
        let changed = self.secrets != Some(revision);
        let again = due && self.state.secret_error.is_some();
        if !changed && !again {
            return;
        }
        if !changed {
            self.tried_at = Some(now);
        }
        self.secrets = Some(revision);
        match self.around.webhooks.verifier() {
            Ok(verifier) => {
                self.receiving.verify_by(Some(verifier));
                self.state.secret_error = None;
                if self.state.secret_revision != Some(revision) {
                    (self.state.secret_revision, self.state.secret_since) = (Some(revision), Some(now));
                }
            }
            Err(error) => {
                if changed {
                    tracing::error!(%error, "posts from Huntress can't be verified and are refused");
                }
                self.receiving.verify_by(None);
                self.state.secret_error = Some(error.to_string());
                self.tried_at = Some(now);
            }
        }
    }

    async fn write_state(&mut self) {
        if self.written.as_ref() == Some(&self.state) {
            return;
        }
        let state = self.state.clone();
        match self.around.db.write(move |tx| state::remember(tx, &state)).await {
            Ok(()) => self.written = Some(self.state.clone()),
            Err(error) => tracing::error!(%error, "the receiver's state could not be stored"),
        }
    }
}

fn wanted(tx: &Tx<'_>) -> Result<(Section, i64, ReceiverState), Error> {
    Ok((Context::load(tx)?.config.webhook_in, tx.revision(Topic::Secrets)?, receiver_state(tx)?))
}
