//! A notification service of its own, which a test answers for the person in front of the screen.

use super::session::Session;
use super::until::{SOON, until};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Value};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// One `Notify` as it came in.
#[derive(Debug, Clone)]
pub struct Notification {
    /// The number it was given.
    pub id: u32,
    /// The number of the one whose place it takes; 0 for none.
    pub replaces: u32,
    /// The first line.
    pub summary: String,
    /// The rest.
    pub body: String,
    /// Keys with their words.
    pub actions: Vec<(String, String)>,
    /// The urgency hint: 0 low, 1 normal, 2 critical.
    pub urgency: Option<u8>,
    /// Every hint, as text.
    pub hints: HashMap<String, String>,
    /// When it goes away by itself, in milliseconds; 0 never, -1 as the service likes.
    pub expires: i32,
}

#[derive(Default)]
struct Seen {
    all: Vec<Notification>,
    closed: Vec<u32>,
    next: u32,
}

fn held(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the service says that it holds alerts back, as KDE's does; others don't know the property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inhibited {
    /// It shows what comes.
    No,
    /// Do-not-disturb is on.
    Yes,
}

struct Service {
    seen: Arc<Mutex<Seen>>,
    inhibited: Inhibited,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[allow(clippy::too_many_arguments)] // The specification's.
    fn notify(
        &self,
        _app: &str,
        replaces: u32,
        _icon: &str,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        expires: i32,
    ) -> u32 {
        let mut seen = held(&self.seen);
        let id = if replaces == 0 {
            seen.next += 1;
            seen.next
        } else {
            replaces
        };
        let actions = actions.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
        let urgency = hints.get("urgency").and_then(|value| u8::try_from(&**value).ok());
        let hints = hints.iter().map(|(key, value)| (key.clone(), words(value))).collect();
        seen.all.push(Notification { id, replaces, summary, body, actions, urgency, hints, expires });
        id
    }

    async fn close_notification(&self, id: u32, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) {
        held(&self.seen).closed.push(id);
        // 3: closed by a call.
        Self::notification_closed(&emitter, id, 3).await.unwrap();
    }

    fn get_capabilities(&self) -> Vec<&'static str> {
        vec!["actions", "body", "body-markup", "persistence"]
    }

    fn get_server_information(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        ("Trial", "nightdesk-tests", "1", "1.2")
    }

    #[zbus(property)]
    fn inhibited(&self) -> bool {
        self.inhibited == Inhibited::Yes
    }

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;
}

fn words(value: &OwnedValue) -> String {
    match &**value {
        Value::Str(text) => text.to_string(),
        other => other.to_string(),
    }
}

/// The service, as long as it is kept.
pub struct Notifications {
    bus: zbus::Connection,
    seen: Arc<Mutex<Seen>>,
}

impl Notifications {
    /// Begins to answer on a session's bus.
    pub async fn join(session: &Session, inhibited: Inhibited) -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let service = Service { seen: seen.clone(), inhibited };
        let bus = zbus::connection::Builder::address(session.bus()).unwrap();
        let bus = bus.serve_at(PATH, service).unwrap().name(NAME).unwrap().build().await.unwrap();
        Self { bus, seen }
    }

    /// Everything that came in so far, replaced ones too.
    pub fn all(&self) -> Vec<Notification> {
        held(&self.seen).all.clone()
    }

    /// Those that the program took back.
    pub fn closed(&self) -> Vec<u32> {
        held(&self.seen).closed.clone()
    }

    /// What stands on the screen now: the last of each number that wasn't taken back.
    pub fn standing(&self) -> Vec<Notification> {
        let seen = held(&self.seen);
        let mut standing: Vec<Notification> = Vec::new();
        for notification in &seen.all {
            standing.retain(|other| other.id != notification.id);
            standing.push(notification.clone());
        }
        standing.retain(|notification| !seen.closed.contains(&notification.id));
        standing
    }

    /// Waits for one whose summary or body holds this text.
    pub async fn until_shown(&self, text: &str) -> Notification {
        until(&format!("an alert says {text:?}"), SOON, async || {
            self.all().into_iter().rev().find(|n| n.summary.contains(text) || n.body.contains(text))
        })
        .await
    }

    /// The person presses a button of a notification, which closes it. A press before the program listens is lost, and the
    /// library listens only once its popup is shown: nobody is that quick, but a test is, and presses again.
    pub async fn press(&self, id: u32, action: &str) {
        let emitter = self.emitter().await;
        Service::action_invoked(&emitter, id, action).await.unwrap();
        Service::notification_closed(&emitter, id, 2).await.unwrap();
    }

    /// The person waves it away.
    pub async fn dismiss(&self, id: u32) {
        Service::notification_closed(&self.emitter().await, id, 2).await.unwrap();
    }

    async fn emitter(&self) -> SignalEmitter<'static> {
        let service = self.bus.object_server().interface::<_, Service>(PATH).await.unwrap();
        service.signal_emitter().to_owned()
    }
}
