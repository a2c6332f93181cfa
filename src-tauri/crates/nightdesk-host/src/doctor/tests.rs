use super::*;
use crate::{open, write_head};
use nightdesk_engine::clock::SystemClock;
use nightdesk_store::LedgerHead;

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
