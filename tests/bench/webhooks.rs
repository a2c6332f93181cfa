//! From a signed webhook's request to its 200, beside the durable commit alone, while the inbox takes in what came.

use crate::Outcome;
use crate::table::{Table, timed};
use chrono::{DateTime, Utc};
use nightdesk_api as api;
use nightdesk_core::SecretString;
use nightdesk_core::clock::Clock;
use nightdesk_core::port::HuntressError;
use nightdesk_engine::clock::SystemClock;
use nightdesk_engine::receiver::receiver_state;
use nightdesk_engine::{Engine, Parts};
use nightdesk_huntress::{Credentials, HuntressClient};
use nightdesk_psa::LocalPsa;
use nightdesk_standin::{Account, HuntressStandin, IncidentBuilder, Line, Signed, WebhookEndpoint, World};
use nightdesk_store::{Error, NewWebhook, Opening, Store};
use nightdesk_tests::{NoCarrier, SigningDrawer, configuration};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

type Failure = Box<dyn std::error::Error>;

/// Deliveries a second while the time of each is measured, and for how many of them.
const STEADY: (u32, usize) = (500, 5_000);

/// Deliveries while the rate is measured.
const SUSTAINED: usize = 20_000;

/// Connections that post at once.
const POSTING: usize = 32;

/// Commits of the floor.
const COMMITS: usize = 2_000;

const SECOND: Duration = Duration::from_secs(1);

struct Keys;

impl Credentials for Keys {
    fn huntress(&self) -> Result<(SecretString, SecretString), HuntressError> {
        Ok(("hk_standin".to_owned().into(), "hs_standin".to_owned().into()))
    }
}

/// Measures it.
pub async fn measure(table: &mut Table) -> Outcome {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let theirs = clock.clone();
    let now = move || -> DateTime<Utc> { theirs.now() };
    let account = || Account::new(5, "Harbour IT").organization(4, "Acme Incorporated");
    let soc = HuntressStandin::start(account(), Arc::new(now.clone())).await?;
    soc.world().dialect(|d| d.rate_limit = None);
    let folder = tempfile::tempdir()?;
    // A real account's budget for asking by id, so that what is measured isn't the stand-in's own work.
    let text = configuration(&soc.base_url()).replace("requests_per_minute = 6000", "requests_per_minute = 30");
    let text = format!("{text}\n[webhook_in]\nlisten = \"127.0.0.1:0\"\n");
    let mut store = Store::open(&folder.path().join("nightdesk.db"), Opening::Owner)?;
    store.write(|tx| api::config_apply(tx, clock.now(), "bench", &text, false, None).map(drop))?;
    let drawer = SigningDrawer::default();
    let endpoint = WebhookEndpoint::new("127.0.0.1:1".parse()?, clock.clone());
    drawer.put(Some(&endpoint.secret()));
    let engine = Engine::start(Parts {
        clock: clock.clone(),
        store,
        huntress: Arc::new(HuntressClient::connect(&soc.base_url(), Arc::new(Keys))?),
        psa: Arc::new(LocalPsa::default()),
        senders: Vec::new(),
        carrier: Arc::new(NoCarrier),
        webhooks: drawer.webhooks(),
        owner: "bench".into(),
    })
    .await?;
    let listening = engine.db().read(receiver_state).await?.listening.ok_or("nobody listens")?;
    let address: SocketAddr = listening.parse()?;
    // Only webhooks tell of these, so that no poll takes them in first.
    let world = World::new(account(), Arc::new(now));

    burst(address, signed(&world, &endpoint, 500)?, None).await?;
    // Before and after, for the disk isn't the same at every moment.
    let mut floor = commits(folder.path(), "before", clock.as_ref())?;
    let mut times = burst(address, signed(&world, &endpoint, STEADY.1)?, Some(SECOND / STEADY.0)).await?.0;
    floor.extend(commits(folder.path(), "after", clock.as_ref())?);
    let name = "webhook at 500 a second: request to 200, 99th percentile / commit's";
    table.ratio(name, percentile(&mut times), percentile(&mut floor), 3.0);

    // The first of two tells the rate; between their ends nothing may have grown.
    let (_, took) = burst(address, signed(&world, &endpoint, SUSTAINED)?, None).await?;
    let rate = SUSTAINED as f64 / took.as_secs_f64();
    table.amount("webhooks, as many as can be: time of each (2,000 a second are 0.5 ms)", 1_000.0 / rate, " ms", 0.5);
    let before = resident();
    burst(address, signed(&world, &endpoint, SUSTAINED)?, None).await?;
    if let (Some(before), Some(after)) = (before, resident()) {
        table.amount("... memory that 20,000 more took", (after - before).max(0.0), " MiB", 8.0);
    }
    engine.stop(Duration::from_secs(60)).await.map(drop)?;
    Ok(())
}

fn percentile(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() * 99 / 100).copied().unwrap_or_default()
}

/// The durable commit alone: one delivery in a transaction, again and again. The time of each.
fn commits(folder: &Path, name: &str, clock: &dyn Clock) -> Result<Vec<Duration>, Failure> {
    let mut store = Store::open(&folder.join(format!("{name}.db")), Opening::Owner)?;
    let mut times = Vec::with_capacity(COMMITS);
    for n in 0..COMMITS {
        let new = NewWebhook {
            delivery_id: format!("msg_{n}"),
            signed_at: clock.now(),
            digest: [u8::try_from(n % 251)?; 32],
            body: vec![b'x'; 4_000],
            event_type: Some("incident_report.created".into()),
            incident: i64::try_from(n).ok(),
        };
        let (time, kept) = timed(|| store.write(|tx| tx.keep_webhook(clock.now(), &new)));
        kept.map_err(|e: Error| e)?;
        times.push(time);
    }
    Ok(times)
}

/// Signed posts of new incidents, each of its own.
fn signed(world: &World, endpoint: &WebhookEndpoint, count: usize) -> Result<Vec<Signed>, Failure> {
    (0..count)
        .map(|_| {
            let id = world.publish(IncidentBuilder::low().organization(4));
            let payload = world.incident_event(id, "incident_report.created").ok_or("no such incident")?;
            world.remove(id - 1);
            Ok(endpoint.sign(&endpoint.message(&payload)))
        })
        .collect()
}

/// Posts all of them: one every `apart`, or as fast as they are answered. The time of each, and of all.
async fn burst(
    address: SocketAddr,
    posts: Vec<Signed>,
    apart: Option<Duration>,
) -> Result<(Vec<Duration>, Duration), Failure> {
    let (posts, next) = (Arc::new(posts), Arc::new(AtomicUsize::new(0)));
    let began = Instant::now();
    let posting: Vec<_> = (0..POSTING)
        .map(|_| {
            let (posts, next) = (posts.clone(), next.clone());
            tokio::spawn(async move {
                let mut times = Vec::new();
                let mut line = Line::connect(address).await?;
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(post) = posts.get(at) else { return Ok::<_, std::io::Error>(times) };
                    if let Some(apart) = apart {
                        let due = began + apart * u32::try_from(at).unwrap_or(u32::MAX);
                        tokio::time::sleep_until(due.into()).await;
                    }
                    let asked = Instant::now();
                    let (status, answer) = line.post("/webhooks/huntress", post).await?;
                    if status != 200 {
                        return Err(std::io::Error::other(format!("{status}: {answer}")));
                    }
                    times.push(asked.elapsed());
                }
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in posting {
        times.extend(task.await??);
    }
    Ok((times, began.elapsed()))
}

/// What this process holds, in MiB, where the system says.
fn resident() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: f64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096.0 / 1024.0 / 1024.0)
}
