//! The process that the crash tests kill: an engine at a fixed time, which works until nothing is left to do and ends.
//!
//! `crash-child FOLDER HUNTRESS CARRIER IDEMPOTENCY NOW`, or with the real client of the carrier, and the time kept in a
//! file of the folder, `crash-child FOLDER HUNTRESS LINE`. Where it dies is said by `nightdesk_engine::faults::VARIABLE`.

use chrono::DateTime;
use nightdesk_core::SecretString;
use nightdesk_core::clock::Clock;
use nightdesk_core::delivery::{Idempotency, Kind, Outcome, State};
use nightdesk_core::port::{Found, HuntressError, Outgoing, PortFuture, Sender};
use nightdesk_engine::{Engine, Parts};
use nightdesk_http::{Client, Limits, NoPace, Request};
use nightdesk_huntress::{Credentials, HuntressClient};
use nightdesk_psa::LocalPsa;
use nightdesk_store::{Error, Opening, Store};
use nightdesk_tests::{Calling as _, Line, SimClock};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

type Failure = Box<dyn std::error::Error>;

/// Looks, a millisecond apart, before the engine counts as stuck.
const PATIENCE: u32 = 10_000;

/// The file of the folder in which the time is kept.
const TIME: &str = "time";

/// Steps of the clock, after nothing is left to do, in which nothing more may come.
const LAST: u32 = 40;

/// Simulated time between two looks at an outbox that still waits for something.
const STEP: Duration = Duration::from_secs(5);

struct Keys;

impl Credentials for Keys {
    fn huntress(&self) -> Result<(SecretString, SecretString), HuntressError> {
        Ok(("hk_standin".to_owned().into(), "hs_standin".to_owned().into()))
    }
}

/// A way out that ends at the parent's carrier.
struct Carrier {
    http: Client,
    base: String,
    idempotency: Idempotency,
}

impl Carrier {
    async fn post(&self, outgoing: &Outgoing) -> Result<u16, Failure> {
        let body = serde_json::json!({
            "marker": outgoing.marker, "attempt": outgoing.attempt, "possible_repeat": outgoing.possible_repeat,
        });
        let request = Request::post(format!("{}/send", self.base).parse()?).body("application/json", body.to_string());
        Ok(self.http.send(request, &NoPace(|| DateTime::UNIX_EPOCH)).await?.status)
    }

    async fn ask(&self, outgoing: &Outgoing) -> Result<bool, Failure> {
        let marker: String = outgoing.marker.bytes().map(|b| format!("{b:02x}")).collect();
        let request = Request::get(format!("{}/seen?marker={marker}", self.base).parse()?);
        Ok(self.http.send(request, &NoPace(|| DateTime::UNIX_EPOCH)).await?.status == 200)
    }
}

impl Sender for Carrier {
    fn kind(&self) -> Kind {
        Kind::Native
    }

    fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        Box::pin(async move {
            match self.post(outgoing).await {
                Ok(200) => Outcome::Delivered { remote_ref: None },
                Ok(status) => Outcome::Unknown { error: format!("HTTP {status}") },
                Err(error) => Outcome::Unknown { error: error.to_string() },
            }
        })
    }

    fn look_up<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(async move {
            match self.ask(outgoing).await {
                Ok(true) => Found::Yes { remote_ref: None },
                Ok(false) => Found::No,
                Err(error) => Found::Unknown(error.to_string()),
            }
        })
    }
}

/// Waits until the engine rests. A token of the shared bucket may be milliseconds away; nothing else moves the clock.
async fn settle(engine: &Engine, clock: &SimClock) -> Result<(), Failure> {
    for look in 1..PATIENCE {
        if engine.is_quiet() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
        if look % 50 == 0
            && let Some(next) = clock.next_deadline()
        {
            let wait = (next - clock.now()).to_std().unwrap_or_default();
            if wait < Duration::from_secs(1) {
                clock.pass(wait);
            }
        }
    }
    Err("the engine doesn't come to rest".into())
}

async fn work(
    folder: &Path,
    huntress: &str,
    carrier: &str,
    idempotency: Idempotency,
    now: &str,
) -> Result<(), Failure> {
    let clock = SimClock::at(now.parse()?);
    let http = Client::new(Limits::default(), "nightdesk-crash-child")?;
    let engine = Engine::start(Parts {
        clock: Arc::new(clock.clone()),
        store: Store::open(&folder.join("nightdesk.db"), Opening::Owner)?,
        huntress: Arc::new(HuntressClient::connect(huntress, Arc::new(Keys))?),
        psa: Arc::new(LocalPsa::default()),
        senders: vec![Arc::new(Carrier { http, base: carrier.to_owned(), idempotency })],
        carrier: Arc::new(nightdesk_tests::NoCarrier),
        webhooks: nightdesk_tests::SigningDrawer::default().webhooks(),
        owner: format!("process {}", std::process::id()),
    })
    .await?;
    loop {
        settle(&engine, &clock).await?;
        let counts = engine.db().read(|tx| tx.outbox_counts()).await?;
        let waits =
            |s: State| matches!(s, State::Queued | State::Claimed | State::Sending | State::Retrying | State::InDoubt);
        if !counts.iter().any(|(state, n)| waits(*state) && *n > 0) {
            break;
        }
        clock.pass(STEP);
    }
    engine.stop(Duration::from_secs(10)).await.map(drop).map_err(|e: Error| e.into())
}

/// Pages people by the real client until nobody is left to be told. The time is written where the carrier of another
/// process reads it, and where the next child goes on.
async fn page(folder: &Path, huntress: &str, line: &Line) -> Result<(), Failure> {
    let time = folder.join(TIME);
    let clock = SimClock::at(std::fs::read_to_string(&time)?.parse()?);
    let parts = Parts {
        clock: Arc::new(clock.clone()),
        store: Store::open(&folder.join("nightdesk.db"), Opening::Owner)?,
        huntress: Arc::new(HuntressClient::connect(huntress, Arc::new(Keys))?),
        psa: Arc::new(LocalPsa::default()),
        senders: Vec::new(),
        carrier: Arc::new(nightdesk_tests::NoCarrier),
        webhooks: nightdesk_tests::SigningDrawer::default().webhooks(),
        owner: format!("process {}", std::process::id()),
    };
    let engine = Engine::start(parts.on_line(line)).await?;
    let pass = |by: Duration| {
        clock.pass(by);
        // In place whole or not at all: its reader may come at any moment.
        let fresh = folder.join("time.new");
        std::fs::write(&fresh, clock.now().to_rfc3339())?;
        std::fs::rename(&fresh, &time)
    };
    let mut last = 0;
    while last < LAST {
        settle(&engine, &clock).await?;
        let (runs, counts) = engine.db().read(|tx| Ok::<_, Error>((tx.open_runs()?, tx.outbox_counts()?))).await?;
        if counts.iter().any(|(s, n)| matches!(s, State::Claimed | State::Sending) && *n > 0) {
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        }
        let waits = counts.iter().any(|(s, n)| matches!(s, State::Queued | State::Retrying | State::InDoubt) && *n > 0);
        // A little longer than anybody waits for, so that what would come too much has come.
        last = if runs.is_empty() && !waits { last + 1 } else { 0 };
        let next = clock.next_deadline().map_or(STEP, |next| (next - clock.now()).to_std().unwrap_or_default());
        pass(next.clamp(Duration::from_millis(1), STEP))?;
    }
    engine.stop(Duration::from_secs(10)).await.map(drop).map_err(|e: Error| e.into())
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match arguments.as_slice() {
        [folder, huntress, carrier, idempotency, now] => {
            let idempotency: Idempotency = serde_json::from_value(serde_json::json!(idempotency))?;
            runtime.block_on(work(Path::new(folder), huntress, carrier, idempotency, now))
        }
        [folder, huntress, line] => runtime.block_on(page(Path::new(folder), huntress, &serde_json::from_str(line)?)),
        _ => Err("expected FOLDER HUNTRESS CARRIER IDEMPOTENCY NOW, or FOLDER HUNTRESS LINE".into()),
    }
}
