use super::*;
use crate::secrets::Name;
use crate::{open, write_head};
use nightdesk_core::config::Config;
use nightdesk_engine::clock::SystemClock;
use nightdesk_engine::configure;
use nightdesk_store::{LedgerHead, Store};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

fn finding<'a>(findings: &'a [Finding], check: &str) -> &'a Finding {
    findings.iter().find(|f| f.check == check).unwrap()
}

async fn look(dir: &DataDir) -> Vec<Finding> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    doctor(dir, &Arc::new(Secrets::fixed([])), &clock).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bare_desk_is_told_what_it_needs() {
    let outside = tempfile::tempdir().unwrap();
    let dir = DataDir::at(outside.path()).unwrap();
    assert!(!finding(&look(&dir).await, "database").ok, "before the first start there is none");
    let now = SystemClock::default().now();
    let lock = Lock::try_acquire(&dir, Role::Command, "test", now).unwrap();
    drop(open(&dir, &lock, now).unwrap());
    drop(lock);
    let findings = look(&dir).await;
    for check in ["engine", "keychain", "routing", "last_read", "paging", "credentials"] {
        let found = finding(&findings, check);
        assert!(!found.ok && found.fix.is_some(), "{found:?}");
    }
    for check in ["database", "backup", "ledger", "disk"] {
        assert!(finding(&findings, check).ok, "{findings:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_13_a_cut_ledger_shows_by_the_head_on_record() {
    let outside = tempfile::tempdir().unwrap();
    let dir = DataDir::at(outside.path()).unwrap();
    let now = SystemClock::default().now();
    let lock = Lock::try_acquire(&dir, Role::Command, "test", now).unwrap();
    let mut store = open(&dir, &lock, now).unwrap().store;
    let head = store.read(|tx| tx.ledger_head()).unwrap();
    drop(store);
    write_head(&dir, &head).unwrap();
    assert!(finding(&look(&dir).await, "ledger").ok);
    write_head(&dir, &LedgerHead { seq: head.seq + 1, ..head }).unwrap();
    assert!(!finding(&look(&dir).await, "ledger").ok);
    write_head(&dir, &LedgerHead { hash: [7; 32], ..head }).unwrap();
    assert!(!finding(&look(&dir).await, "ledger").ok);
}

fn signing(secret: &str) -> Arc<Secrets> {
    let fixed = [
        (Name::HuntressApiKey, "hk".into()),
        (Name::HuntressApiSecret, "hs".into()),
        (Name::WebhookSigningSecret, secret.to_owned()),
    ];
    Arc::new(Secrets::fixed(fixed))
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_tried_from_the_public_address_to_the_store() {
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const OTHER: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    let outside = tempfile::tempdir().unwrap();
    let dir = DataDir::at(outside.path()).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let lock = Lock::try_acquire(&dir, Role::Command, "test", clock.now()).unwrap();
    let mut store = open(&dir, &lock, clock.now()).unwrap().store;
    let mut config = Config::default();
    config.huntress.base_url = "http://127.0.0.1:9".into();
    config.webhook_in.listen = Some(free);
    let apply = |store: &mut Store, config: &Config| {
        store.write(|tx| configure::apply(tx, clock.now(), "test", config, false, None)).map_err(drop).unwrap();
    };
    apply(&mut store, &config);
    drop((store, lock));
    let without = doctor(&dir, &signing(SECRET), &clock).await;
    assert!(!finding(&without, "webhooks").ok, "no engine, no receiver");

    let stop = CancellationToken::new();
    let desk = crate::Desk::new(dir.clone(), clock.clone(), signing(SECRET), "test");
    let mut changes = desk.changes();
    let script = async {
        let listens = async {
            loop {
                changes.next().await.unwrap();
                let found = doctor(&dir, &signing(SECRET), &clock).await;
                if finding(&found, "webhooks").ok {
                    return found;
                }
            }
        };
        let found = tokio::time::timeout(Duration::from_secs(60), listens).await.expect("the receiver listens");
        assert!(finding(&found, "webhook address").detail.contains("cloudflared"), "{found:?}");
        let mut beside = crate::open_guest(&dir).unwrap();
        config.webhook_in.public_url = Some(format!("http://{free}"));
        apply(&mut beside, &config);
        let found = doctor(&dir, &signing(SECRET), &clock).await;
        assert!(finding(&found, "webhook address").detail.contains("was stored"), "{found:?}");
        let found = doctor(&dir, &signing(OTHER), &clock).await;
        let address = finding(&found, "webhook address");
        assert!(!address.ok && address.detail.contains("401"), "{address:?}");
        let found = doctor(&dir, &signing("whsec_"), &clock).await;
        assert!(finding(&found, "webhooks").detail.contains("empty"), "{found:?}");
        stop.cancel();
    };
    let (ran, ()) = tokio::join!(crate::run_with(desk.setup("test"), |_| {}, stop.clone()), script);
    ran.unwrap();
}
