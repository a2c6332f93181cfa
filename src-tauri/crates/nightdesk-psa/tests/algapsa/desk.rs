//! Our side and theirs: a connector, the stand-in that it talks to, and a clock for both.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::DateTime;
use nightdesk_core::SecretString;
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::{Kind, Outcome};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::port::{Found, Outgoing, PsaError, Sender};
use nightdesk_core::psa::{Create, Filed, Note, Reference, Update};
use nightdesk_http::Limits;
use nightdesk_psa::algapsa::{AlgaPsa, Credentials, Pace};
use nightdesk_standin::algapsa::{AlgaStandin, Desk};
use nightdesk_standin::clock::ManualClock;
use serde::Serialize;

pub const MARKER: &str = "HR-42";
pub const REFERENCE: &str = "huntress:1:42";

/// A clock that stands until it is moved.
pub fn still() -> Arc<ManualClock> {
    ManualClock::at(DateTime::from_timestamp(1_772_000_000, 0).unwrap())
}

/// A keychain of one secret.
pub struct Keychain(Mutex<Option<String>>);

impl Keychain {
    pub fn holding(secret: &str) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Some(secret.into()))))
    }

    pub fn set(&self, secret: Option<&str>) {
        *self.0.lock().unwrap() = secret.map(str::to_owned);
    }
}

impl Credentials for Keychain {
    fn algapsa(&self) -> Result<SecretString, PsaError> {
        let missing = PsaError::NoCredentials("ALGAPSA_API_KEY");
        self.0.lock().unwrap().clone().map(SecretString::from).ok_or(missing)
    }
}

/// Both sides.
pub struct Scene {
    pub clock: Arc<ManualClock>,
    pub standin: AlgaStandin,
    pub keychain: Arc<Keychain>,
    pub psa: AlgaPsa,
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(Desk::msp()).await
    }

    pub async fn with(desk: Desk) -> Self {
        let clock = still();
        let theirs = clock.clone();
        let standin = AlgaStandin::start(desk, Arc::new(move || theirs.now())).await.unwrap();
        let keychain = Keychain::holding(&standin.key());
        let limits = Limits {
            total_timeout: Duration::from_millis(400),
            base_delay: Duration::ZERO,
            max_delay: Duration::ZERO,
            retries: 1,
            ..Limits::default()
        };
        let psa =
            AlgaPsa::limited(&standin.base_url(), keychain.clone(), clock.clone(), limits, Pace::Documented).unwrap();
        Self { clock, standin, keychain, psa }
    }

    pub fn desk(&self) -> &Desk {
        self.standin.desk()
    }

    /// How a ticket stands, by the names of the stand-in's things.
    pub fn filed(&self, client: &str, board: &str, status: &str, priority: &str) -> Filed {
        let desk = self.desk();
        Filed {
            title: format!("[Huntress] Ransomware ({MARKER})"),
            client: desk.client(client).unwrap().id,
            board: desk.board(board).unwrap().id,
            status: desk.status(board, status).unwrap().id,
            category: desk.categories(board).first().map(|category| category.id.clone()),
            priority: Some(desk.priority(priority).unwrap().id),
        }
    }

    pub fn create(&self) -> Create {
        Create {
            marker: MARKER.into(),
            reference: REFERENCE.into(),
            filed: self.filed("Acme", "Security", "New", "Critical"),
            description: "## Incident\n\nSeverity: critical\nStatus: <sent>\n\n- one & two".into(),
            tags: vec!["huntress".into(), "critical".into()],
            url: Some("https://huntress.io/org/1/incident_reports/42".into()),
            is_urgent: true,
            look_first: false,
        }
    }

    fn sender(&self, kind: Kind) -> Arc<dyn Sender> {
        self.psa.senders().into_iter().find(|sender| sender.kind() == kind).unwrap()
    }

    pub fn tickets(&self) -> Arc<dyn Sender> {
        self.sender(Kind::PsaTicket)
    }

    pub fn updates(&self) -> Arc<dyn Sender> {
        self.sender(Kind::PsaUpdate)
    }

    pub fn notes(&self) -> Arc<dyn Sender> {
        self.sender(Kind::PsaNote)
    }

    pub async fn open(&self, create: &Create, attempt: u32) -> Outcome {
        self.tickets().send(&outgoing(create, attempt)).await
    }

    pub async fn look_up(&self, create: &Create) -> Found {
        self.tickets().look_up(&outgoing(create, 1)).await
    }

    pub async fn change(&self, update: &Update) -> Outcome {
        self.updates().send(&outgoing(update, 1)).await
    }

    pub async fn note(&self, note: &Note, attempt: u32) -> Outcome {
        self.notes().send(&outgoing(note, attempt)).await
    }

    /// A ticket that was opened as it usually is; its id and how it stands.
    pub async fn opened(&self) -> (String, Filed) {
        let create = self.create();
        let id = reference(self.open(&create, 1).await).id;
        (id, create.filed)
    }
}

pub fn outgoing(payload: &impl Serialize, attempt: u32) -> Outgoing {
    Outgoing {
        id: DeliveryId(7),
        attempt,
        marker: MARKER.into(),
        destination: "algapsa".into(),
        payload: serde_json::to_value(payload).unwrap(),
        possible_repeat: false,
        since: chrono::DateTime::UNIX_EPOCH,
    }
}

pub fn update(id: &str, was: &Filed, wants: &Filed) -> Update {
    Update { id: id.into(), was: was.clone(), wants: wants.clone(), here: wants.clone(), is_urgent: false }
}

/// The reference of something delivered.
pub fn reference(outcome: Outcome) -> Reference {
    match outcome {
        Outcome::Delivered { remote_ref: Some(text) } => Reference::parse(&text).unwrap(),
        other => panic!("{other:?}"),
    }
}
