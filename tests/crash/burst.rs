//! A burst of signed webhooks, during which the process is killed again and again.

#![allow(clippy::disallowed_methods, reason = "the posting tasks end with the test")]

use chrono::{DateTime, Utc};
use nightdesk_api as api;
use nightdesk_core::clock::Clock;
use nightdesk_engine::clock::SystemClock;
use nightdesk_engine::faults;
use nightdesk_standin::{Account, HuntressStandin, IncidentBuilder, Line, Message, WebhookEndpoint, World};
use nightdesk_store::{Opening, Store, Tx, WebhookFilter};
use nightdesk_tests::configuration;
use rand::{Rng as _, SeedableRng as _};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Deliveries of the burst.
const DELIVERIES: usize = 5_000;

/// Of which each incident has so many: one that it was made, the rest comments.
const OF_EACH: usize = 5;

/// Connections that post at once, as Svix does.
const POSTING: usize = 12;

/// Deaths at least.
const DEATHS: u32 = 12;

/// How long things may take altogether.
const PATIENCE: Duration = Duration::from_secs(240);

const ACCOUNT: i64 = 5;

struct Burst {
    soc: HuntressStandin,
    endpoint: WebhookEndpoint,
    address: SocketAddr,
    messages: Vec<Message>,
    next: AtomicUsize,
    /// The ids of those that were answered with 200.
    taken: Mutex<BTreeSet<String>>,
    folder: tempfile::TempDir,
}

impl Burst {
    async fn open() -> Arc<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let now = {
            let clock = clock.clone();
            move || -> DateTime<Utc> { clock.now() }
        };
        let account = || Account::new(ACCOUNT, "Harbour IT").organization(4, "Acme Incorporated");
        let soc = HuntressStandin::start(account(), Arc::new(now.clone())).await.unwrap();
        soc.world().dialect(|d| d.rate_limit = None);
        // Half of them are in Huntress's list by the time that they are posted; of the others only webhooks tell.
        let elsewhere = World::new(account(), Arc::new(now));
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let endpoint = WebhookEndpoint::new(address, clock.clone());
        let mut payloads: Vec<Vec<Value>> = vec![Vec::new(); OF_EACH];
        for n in 0..DELIVERIES / OF_EACH {
            let world = if n % 2 == 0 { soc.world() } else { &elsewhere };
            let id = 1 + i64::try_from(n).unwrap();
            world.publish(IncidentBuilder::low().id(id).organization(4));
            payloads[0].push(world.incident_event(id, "incident_report.created").unwrap());
            for (at, of) in payloads.iter_mut().enumerate().skip(1) {
                of.push(world.comment_event(id, &format!("comment {at}")).unwrap());
            }
        }
        let messages = payloads.into_iter().flatten().map(|p| endpoint.message(&p)).collect();
        let folder = tempfile::tempdir().unwrap();
        let text = format!("{}\n[webhook_in]\nlisten = \"{address}\"\n", configuration(&soc.base_url()));
        let mut store = Store::open(&folder.path().join("nightdesk.db"), Opening::Owner).unwrap();
        store.write(|tx| api::config_apply(tx, clock.now(), "tester", &text, false, None)).unwrap();
        let (next, taken) = (AtomicUsize::new(0), Mutex::default());
        Arc::new(Self { soc, endpoint, address, messages, next, taken, folder })
    }

    fn read<T>(&self, f: impl FnOnce(&Tx<'_>) -> T) -> T {
        let mut store = Store::open(&self.folder.path().join("nightdesk.db"), Opening::Owner).unwrap();
        store.read(|tx| Ok::<_, nightdesk_store::Error>(f(tx))).unwrap()
    }

    /// An engine that listens; it may die at a named point.
    async fn engine(&self, kill_at: Option<&str>) -> Option<Child> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crash-receiver"));
        command.env_remove(faults::VARIABLE).envs(kill_at.map(|at| (faults::VARIABLE, at)));
        command.arg(self.folder.path()).args([&self.soc.base_url(), &self.endpoint.secret()]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
        // One that died before it was ready did so where it was told to.
        (line.trim() == "ready").then_some(child)
    }

    /// Posts the next message until it is taken, again and again as Svix does, only sooner.
    async fn post(&self) {
        let mut line = None;
        while let Some(message) = self.messages.get(self.next.fetch_add(1, Ordering::SeqCst)) {
            loop {
                if line.is_none() {
                    line = Line::connect(self.address).await.ok();
                }
                let signed = self.endpoint.sign(message);
                let answer = match &mut line {
                    Some(line) => line.post("/webhooks/huntress", &signed).await.ok(),
                    None => None,
                };
                match answer {
                    Some((200, _)) => {
                        self.taken.lock().unwrap().insert(message.id.clone());
                        break;
                    }
                    Some((503, _)) => {}
                    Some(other) => panic!("{other:?}"),
                    None => line = None,
                }
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        }
    }

    /// Every delivery that was answered with 200 is there, once.
    fn assert_kept(&self) {
        // Looked at before the store: what is answered after this moment may not be there yet.
        let taken = self.taken.lock().unwrap().clone();
        let everything = WebhookFilter { limit: u32::MAX, ..WebhookFilter::default() };
        let log = self.read(|tx| tx.webhook_log(&everything).unwrap());
        let refused: Vec<_> = log.iter().filter(|l| l.status.is_some()).collect();
        assert!(refused.is_empty(), "refused: {refused:?}");
        let kept: BTreeSet<String> = log.iter().filter_map(|l| l.delivery_id.clone()).collect();
        assert_eq!(kept.len(), log.len(), "a delivery is there twice");
        let lost: Vec<_> = taken.difference(&kept).collect();
        assert!(lost.is_empty(), "{} answered with 200 and lost: {lost:?}", lost.len());
    }

    fn assert_complete(&self) {
        self.assert_kept();
        self.read(|tx| {
            assert_eq!(tx.webhooks_waiting().unwrap(), 0);
            let ledger = api::ledger(tx, true).unwrap();
            assert_eq!(ledger.verified, Some(true), "{:?}", ledger.error);
            let status = api::status(tx, DateTime::UNIX_EPOCH).unwrap();
            assert_eq!(status.webhooks.received, i64::try_from(DELIVERIES).unwrap());
            let books = status.ledger;
            assert_eq!(books.seen, i64::try_from(DELIVERIES / OF_EACH).unwrap());
            assert_eq!(books.seen, books.ticketed);
            let mut of: HashMap<_, u32> = HashMap::new();
            for ticket in api::tickets(tx, &api::TicketsAsked::default()).unwrap() {
                *of.entry(ticket.incident_id.unwrap()).or_default() += 1;
                let mut comments: Vec<String> = tx
                    .timeline(ticket.id)
                    .unwrap()
                    .into_iter()
                    .filter(|line| line.kind == "comment")
                    .map(|line| line.text)
                    .collect();
                comments.sort();
                let expected: Vec<String> = (1..OF_EACH).map(|n| format!("comment {n}")).collect();
                assert_eq!(comments, expected, "ticket {}", ticket.id);
            }
            assert_eq!(of.len(), DELIVERIES / OF_EACH);
            assert!(of.values().all(|n| *n == 1), "two tickets for one incident");
        });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_nd_2_during_a_burst_of_webhooks_nothing_that_was_answered_is_lost_or_doubled() {
    const POINTS: [&str; 4] = ["receiver.group", "receiver.committed", "inbox.processed", "inbox.committed"];
    let burst = Burst::open().await;
    let posting: Vec<_> = (0..POSTING)
        .map(|_| {
            let burst = burst.clone();
            tokio::spawn(async move { burst.post().await })
        })
        .collect();
    let mut random = rand::rngs::StdRng::seed_from_u64(11);
    let mut deaths = 0;
    let dying = async {
        while burst.next.load(Ordering::SeqCst) < DELIVERIES - POSTING && deaths < 60 {
            let point = (deaths % 2 == 1).then(|| {
                let point = POINTS[random.random_range(0..POINTS.len())];
                format!("{point}:{}", random.random_range(1..40))
            });
            let Some(mut child) = burst.engine(point.as_deref()).await else {
                deaths += 1;
                continue;
            };
            // Waiting for a process would close its input, at which it ends in order.
            let _input = child.stdin.take();
            let while_ = Duration::from_millis(random.random_range(60..500));
            if tokio::time::timeout(while_, child.wait()).await.is_err() {
                child.kill().await.unwrap();
            }
            deaths += 1;
            burst.assert_kept();
        }
        // What is left, by one that lives.
        let mut child = burst.engine(None).await.expect("it lives");
        for task in posting {
            task.await.unwrap();
        }
        while burst.read(|tx| tx.webhooks_waiting().unwrap()) > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        drop(child.stdin.take());
        child.wait().await.unwrap();
    };
    tokio::time::timeout(PATIENCE, dying).await.expect("the burst ends");
    println!("{deaths} deaths");
    assert!(deaths >= DEATHS, "only {deaths} deaths");
    assert_eq!(burst.taken.lock().unwrap().len(), DELIVERIES);
    burst.assert_complete();
}
