//! The PSA that the configuration names at the moment: as the engine reads it, and as the senders of its tickets.

use crate::{Secrets, psa};
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::Listed;
use nightdesk_core::clock::Clock;
use nightdesk_core::config::{Config, Desk};
use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::{Access, Changes, Found, Outgoing, PortFuture, Psa, PsaError, Sender};
use nightdesk_core::psa::Seen;
use nightdesk_engine::psa::desk_of;
use nightdesk_psa::LocalPsa;
use nightdesk_psa::algapsa::AlgaPsa;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// How long a delivery for another desk than the present one is put off: one of the two is about to follow the other.
const NOT_THIS_DESK: Duration = Duration::from_secs(5);

/// A PSA that follows `[desk]` while the engine runs. A request that has begun ends where it began.
pub struct SwitchingPsa {
    secrets: Arc<Secrets>,
    clock: Arc<dyn Clock>,
    local: LocalPsa,
    present: RwLock<Present>,
}

struct Present {
    /// Its name, as deliveries and copies have it; none for the built-in desk.
    desk: Option<String>,
    client: Option<Result<Client, PsaError>>,
}

#[derive(Clone)]
struct Client {
    psa: AlgaPsa,
    senders: Vec<Arc<dyn Sender>>,
}

impl Present {
    fn new(config: &Config, secrets: &Arc<Secrets>, clock: &Arc<dyn Clock>) -> Self {
        let client = |desk: &Desk| {
            let psa = psa::connect(desk, secrets.clone(), clock.clone())?;
            Ok(Client { senders: psa.senders(), psa })
        };
        Self { desk: desk_of(config), client: config.desk.is_remote().then(|| client(&config.desk)) }
    }
}

impl SwitchingPsa {
    /// The desk of this configuration. One that can't be used shows as an error of everything that is asked of it.
    pub fn new(config: &Config, secrets: Arc<Secrets>, clock: Arc<dyn Clock>) -> Self {
        let present = RwLock::new(Present::new(config, &secrets, &clock));
        Self { local: LocalPsa::new(config.local.clone()), secrets, clock, present }
    }

    /// Goes on with another configuration; the same desk keeps its connections and its request budget.
    pub fn follow(&self, config: &Config) {
        self.local.configure(config.local.clone());
        let mut present = self.present.write().unwrap_or_else(PoisonError::into_inner);
        if present.desk != desk_of(config) {
            *present = Present::new(config, &self.secrets, &self.clock);
        }
    }

    /// The senders of tickets, updates and notes.
    pub fn senders(self: &Arc<Self>) -> Vec<Arc<dyn Sender>> {
        let of = |kind, idempotency| {
            Arc::new(SwitchingPsaSender { kind, idempotency, psa: self.clone() }) as Arc<dyn Sender>
        };
        vec![
            of(Kind::PsaTicket, Idempotency::Lookup),
            of(Kind::PsaUpdate, Idempotency::Natural),
            of(Kind::PsaNote, Idempotency::Lookup),
        ]
    }

    /// The present connector; `None` for the built-in desk.
    fn client(&self) -> Result<Option<Client>, PsaError> {
        self.present.read().unwrap_or_else(PoisonError::into_inner).client.clone().transpose()
    }

    fn desk(&self) -> Option<String> {
        self.present.read().unwrap_or_else(PoisonError::into_inner).desk.clone()
    }
}

/// Asks the PSA, or the built-in desk where there is none.
macro_rules! ask {
    ($self:ident, $psa:ident => $question:expr) => {
        Box::pin(async move {
            match $self.client()? {
                Some(Client { psa: $psa, .. }) => $question.await,
                None => {
                    let $psa = &$self.local;
                    $question.await
                }
            }
        })
    };
}

impl Psa for SwitchingPsa {
    fn holds_tickets(&self) -> bool {
        self.desk().is_some()
    }

    fn serves(&self, desk: &str) -> bool {
        self.desk().as_deref() == Some(desk)
    }

    fn catalogue(&self) -> PortFuture<'_, Result<Vec<Listed>, PsaError>> {
        ask!(self, psa => psa.catalogue())
    }

    fn access(&self) -> PortFuture<'_, Result<Access, PsaError>> {
        ask!(self, psa => psa.access())
    }

    fn changes(&self, since: DateTime<Utc>, page: u32) -> PortFuture<'_, Result<Changes, PsaError>> {
        ask!(self, psa => psa.changes(since, page))
    }

    fn open_tickets(&self, page: u32) -> PortFuture<'_, Result<(Vec<String>, bool), PsaError>> {
        ask!(self, psa => psa.open_tickets(page))
    }

    fn ticket<'a>(&'a self, id: &'a str) -> PortFuture<'a, Result<Option<Seen>, PsaError>> {
        ask!(self, psa => psa.ticket(id))
    }
}

/// One kind's sender to that PSA.
struct SwitchingPsaSender {
    kind: Kind,
    idempotency: Idempotency,
    psa: Arc<SwitchingPsa>,
}

/// Why something can't be sent now.
enum Obstacle {
    /// It is for another desk than the present one: nobody else's ticket may be touched by its id.
    OtherDesk(String),
    /// There is no connector.
    Psa(PsaError),
}

impl SwitchingPsaSender {
    fn sender(&self, destination: &str) -> Result<Arc<dyn Sender>, Obstacle> {
        let present = self.psa.present.read().unwrap_or_else(PoisonError::into_inner);
        if present.desk.as_deref() != Some(destination) {
            let said = format!("this is for {destination}, which isn't the desk any more");
            return Err(Obstacle::OtherDesk(said));
        }
        let client = present.client.clone().unwrap_or_else(|| Err(PsaError::Unreachable("there is none".into())));
        let client = client.map_err(Obstacle::Psa)?;
        let sender = client.senders.into_iter().find(|s| s.kind() == self.kind);
        sender.ok_or_else(|| Obstacle::Psa(PsaError::BadAnswer("it takes nothing of this kind".into())))
    }
}

impl Sender for SwitchingPsaSender {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        Box::pin(async move {
            match self.sender(&outgoing.destination) {
                Ok(sender) => sender.send(outgoing).await,
                Err(Obstacle::OtherDesk(error)) => Outcome::Temporary { error, retry_after: Some(NOT_THIS_DESK) },
                Err(Obstacle::Psa(error)) => Outcome::NeedsHuman { error: error.to_string() },
            }
        })
    }

    fn look_up<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(async move {
            match self.sender(&outgoing.destination) {
                Ok(sender) => sender.look_up(outgoing).await,
                Err(Obstacle::OtherDesk(error)) => Found::Unknown(error),
                Err(Obstacle::Psa(error)) => Found::Unknown(error.to_string()),
            }
        })
    }

    fn closed_until(&self) -> Option<DateTime<Utc>> {
        let client = self.psa.client().ok().flatten()?;
        client.senders.iter().find(|s| s.kind() == self.kind)?.closed_until()
    }
}
