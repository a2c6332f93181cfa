//! A store, a clock that stands still until it is moved, and senders that do as scripted.

use crate::db::Db;
use crate::dispatcher::{Dispatcher, Surroundings};
use crate::pulse::Pulse;
use chrono::{DateTime, Utc};
use nightdesk_core::clock::Clock as _;
use nightdesk_core::delivery::{Idempotency, Kind, Outcome, State};
use nightdesk_core::ids::{DeliveryId, TicketId};
use nightdesk_core::port::{Found, Outgoing, PortFuture, Sender};
use nightdesk_standin::clock::ManualClock;
use nightdesk_store::{AttemptRow, DeliveryFilter, DeliveryRow, Error, NewDelivery, Opening, Store, Tx};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_000_000, 0).unwrap()
}

/// In real time: longer than anything takes here.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a scripted sender does with one attempt.
pub enum Step {
    Say(Outcome),
    Panic,
    Hang,
    Gate(Arc<Notify>, Outcome),
}

/// A sender that follows a script, and then says `Accepted`.
pub struct Scripted {
    kind: Kind,
    idempotency: Idempotency,
    clock: Arc<ManualClock>,
    db: Db,
    steps: Mutex<VecDeque<Step>>,
    finds: Mutex<VecDeque<Found>>,
    pub sent: Mutex<Vec<Outgoing>>,
    /// Counts the sends of all senders.
    sends: watch::Sender<u64>,
    /// When it was asked, in seconds since the start.
    pub asked: Mutex<Vec<i64>>,
}

impl Scripted {
    pub fn then(self: &Arc<Self>, step: Step) -> &Arc<Self> {
        self.steps.lock().unwrap().push_back(step);
        self
    }

    pub fn finds(self: &Arc<Self>, found: Found) -> &Arc<Self> {
        self.finds.lock().unwrap().push_back(found);
        self
    }

    pub fn sends(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

impl Sender for Scripted {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        Box::pin(async move {
            // ND-5, checked on every send of every test: the attempt is on record before a byte leaves.
            let (id, attempt) = (outgoing.id, outgoing.attempt);
            let begun = self
                .db
                .read(move |tx| Ok::<_, Error>((tx.delivery(id)?.unwrap().state, tx.attempts(id)?)))
                .await
                .unwrap();
            self.sent.lock().unwrap().push(outgoing.clone());
            self.sends.send_modify(|n| *n += 1);
            let open = begun.1.iter().any(|a| a.number == attempt && a.ended_at.is_none());
            if begun.0 != State::Sending || !open {
                return Outcome::Permanent { error: format!("sent without an attempt on record: {begun:?}") };
            }
            let step = self.steps.lock().unwrap().pop_front();
            match step {
                None => Outcome::Accepted { remote_ref: Some(format!("ref-{id}")) },
                Some(Step::Say(outcome)) => outcome,
                Some(Step::Panic) => panic!("a sender's bug"),
                Some(Step::Hang) => std::future::pending().await,
                Some(Step::Gate(gate, outcome)) => {
                    gate.notified().await;
                    outcome
                }
            }
        })
    }

    fn look_up<'a>(&'a self, _outgoing: &'a Outgoing) -> PortFuture<'a, Found> {
        self.asked.lock().unwrap().push((self.clock.now() - start()).num_seconds());
        let found = self.finds.lock().unwrap().pop_front().unwrap_or(Found::No);
        Box::pin(async move { found })
    }
}

pub struct Bench {
    pub clock: Arc<ManualClock>,
    pub db: Db,
    pub pulse: Pulse,
    pub stop: CancellationToken,
    pub tasks: TaskTracker,
    pub senders: Vec<Arc<dyn Sender>>,
    sends: watch::Sender<u64>,
    _folder: tempfile::TempDir,
}

impl Bench {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("nightdesk.db"), Opening::Owner).unwrap();
        let (db, _thread) = Db::start(store).unwrap();
        let clock = ManualClock::at(start());
        let pulse = Pulse::new(clock.clone());
        Self {
            clock,
            db,
            pulse,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            senders: Vec::new(),
            sends: watch::channel(0).0,
            _folder: folder,
        }
    }

    pub fn sender(&mut self, kind: Kind, idempotency: Idempotency) -> Arc<Scripted> {
        let sender = Arc::new(Scripted {
            kind,
            idempotency,
            clock: self.clock.clone(),
            db: self.db.clone(),
            steps: Mutex::default(),
            finds: Mutex::default(),
            sent: Mutex::default(),
            sends: self.sends.clone(),
            asked: Mutex::default(),
        });
        self.senders.push(sender.clone());
        sender
    }

    /// Runs a dispatcher of this epoch.
    pub fn run(&self, epoch: i64) -> tokio::task::JoinHandle<()> {
        let around = Surroundings {
            db: self.db.clone(),
            pulse: self.pulse.clone(),
            senders: self.senders.clone(),
            owner: "here".into(),
            epoch,
            stop: self.stop.clone(),
            tasks: self.tasks.clone(),
        };
        self.tasks.spawn(Dispatcher::new(around).run())
    }

    pub async fn write<T: Send + 'static>(&self, f: impl FnOnce(&Tx<'_>) -> Result<T, Error> + Send + 'static) -> T {
        let out = self.db.write(f).await.unwrap();
        self.pulse.beat();
        out
    }

    /// Mail goes to these addresses from here on.
    pub async fn mail_to(&self, addresses: &[&str]) {
        let mut config = nightdesk_core::config::Config::default();
        let email = serde_json::json!({ "smtp_host": "mail.example.com", "smtp_port": 465, "security": "tls", "auth": "none",
            "from": "nightdesk@example.com", "default": addresses, "resolved_notices": true });
        config.email = Some(serde_json::from_value(email).unwrap());
        let now = self.clock.now();
        self.write(move |tx| tx.add_configuration(now, &serde_json::to_string(&config).unwrap(), None)).await;
    }

    pub async fn queue(&self, kind: Kind, marker: &str, change: impl FnOnce(&mut NewDelivery)) -> DeliveryId {
        let mut new = NewDelivery {
            kind,
            destination: "+15550100".into(),
            marker: marker.into(),
            payload: serde_json::json!({ "text": "wake up" }),
            due_at: self.clock.now(),
            expires_at: None,
            incident: None,
            ticket: None,
            fallback_of: None,
            cause: None,
        };
        change(&mut new);
        let now = self.clock.now();
        self.write(move |tx| tx.queue(now, &new)).await.unwrap()
    }

    pub async fn row(&self, id: DeliveryId) -> DeliveryRow {
        self.db.read(move |tx| tx.delivery(id)).await.unwrap().unwrap()
    }

    pub async fn attempts(&self, id: DeliveryId) -> Vec<AttemptRow> {
        self.db.read(move |tx| tx.attempts(id)).await.unwrap()
    }

    pub async fn all(&self) -> Vec<DeliveryRow> {
        self.db.read(|tx| tx.deliveries(&DeliveryFilter::default())).await.unwrap()
    }

    /// Completes when a delivery is as `ready` wants it, which a commit must bring about; fails loudly when it never is.
    pub async fn until(&self, id: DeliveryId, ready: impl Fn(&DeliveryRow) -> bool) -> DeliveryRow {
        let mut commits = self.db.commits();
        let found = async {
            loop {
                let row = self.row(id).await;
                if ready(&row) {
                    return row;
                }
                commits.changed().await.unwrap();
            }
        };
        match tokio::time::timeout(PATIENCE, found).await {
            Ok(row) => row,
            Err(_) => panic!("never so: {:?}", self.row(id).await),
        }
    }

    pub async fn until_state(&self, id: DeliveryId, state: State) -> DeliveryRow {
        self.until(id, |r| r.state == state).await
    }

    /// Completes when a sender has sent so often.
    pub async fn until_sent(&self, sender: &Scripted, many: usize) {
        let mut sends = self.sends.subscribe();
        let sent = sends.wait_for(|_| sender.sends() >= many);
        assert!(tokio::time::timeout(PATIENCE, sent).await.is_ok(), "{} instead of {many}", sender.sends());
        assert_eq!(sender.sends(), many);
    }

    pub fn advance(&self, seconds: i64) {
        self.clock.advance(seconds);
    }

    /// A ticket whose timeline can be read.
    pub async fn ticket(&self) -> TicketId {
        use nightdesk_core::catalogue::{Kind as Entry, Listed};
        let now = self.clock.now();
        let listed = [(Entry::Client, "c"), (Entry::Board, "b"), (Entry::Priority, "p")].map(|(kind, id)| Listed {
            kind,
            remote_id: id.into(),
            name: id.into(),
            board: None,
            role: None,
        });
        self.write(move |tx| {
            tx.put_catalogue(&listed)?;
            let catalogue = tx.catalogue()?;
            let of = |kind| catalogue.entries().iter().find(|e| e.kind == kind).unwrap().id;
            tx.add_ticket(
                now,
                &nightdesk_store::NewTicket {
                    title: "A ticket",
                    incident: None,
                    account: None,
                    quarantine_key: None,
                    organization: None,
                    client: of(Entry::Client),
                    board: of(Entry::Board),
                    status: None,
                    category: None,
                    priority: of(Entry::Priority),
                    priority_assumed: false,
                    severity: None,
                    unmapped: false,
                    via_mapping: 0,
                    words: "",
                },
            )
        })
        .await
    }
}
