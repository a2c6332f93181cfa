use super::*;
use crate::secrets::Name;
use crate::{LockError, open_guest};
use nightdesk_core::config::Config;
use nightdesk_engine::configure;
use tokio::sync::Notify;

fn setup(path: &std::path::Path) -> Setup {
    let dir = DataDir::at(path).unwrap();
    let secrets = Secrets::fixed([(Name::HuntressApiKey, "hk".into()), (Name::HuntressApiSecret, "hs".into())]);
    Setup { secrets: Arc::new(secrets), ..Setup::system(dir) }
}

async fn until(what: &str, mut done: impl FnMut() -> bool) {
    for _ in 0..3000 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited in vain for {what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_runs_follows_an_applied_configuration_and_ends_in_time() {
    let outside = tempfile::tempdir().unwrap();
    let (stop, up) = (CancellationToken::new(), Notify::new());
    let dir = DataDir::at(outside.path()).unwrap();
    let ready = |notes: &[String]| {
        assert!(notes.is_empty());
        up.notify_one();
    };
    let script = async {
        up.notified().await;
        let second = run_with(setup(outside.path()), |_| panic!("two engines"), CancellationToken::new()).await;
        assert!(matches!(second, Err(Error::Lock(LockError::Held(_)))), "{second:?}");
        let mut beside = open_guest(&dir).unwrap();
        let now = SystemClock::default().now();
        let applied = beside.write(|tx| configure::apply(tx, now, "test", &Config::default(), false, None));
        assert!(applied.is_ok_and(|a| a.revision == 1));
        until("the written configuration", || dir.configuration().exists()).await;
        stop.cancel();
    };
    let (ran, ()) = tokio::join!(
        tokio::time::timeout(Duration::from_secs(20), run_with(setup(outside.path()), ready, stop.clone())),
        script
    );
    ran.unwrap().unwrap();
    assert!(dir.head().exists());
    let lock = Lock::try_acquire(&dir, Role::Command, "test", SystemClock::default().now()).unwrap();
    drop(lock);
}

/// Every page but the first, which holds the header and the schema, and is all that opening looks at.
fn damage_pages(dir: &DataDir) {
    let mut bytes = std::fs::read(dir.database()).unwrap();
    bytes[4096..].fill(0xAA);
    std::fs::write(dir.database(), bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_found_damaged_at_the_start_is_recovered_and_the_engine_runs() {
    let outside = tempfile::tempdir().unwrap();
    let dir = DataDir::at(outside.path()).unwrap();
    let now = SystemClock::default().now();
    let lock = Lock::try_acquire(&dir, Role::Command, "test", now).unwrap();
    let mut store = open(&dir, &lock, now).unwrap().store;
    store.write(|tx| configure::apply(tx, now, "test", &Config::default(), false, None)).map_err(drop).unwrap();
    store.back_up(now).unwrap();
    store.checkpoint().unwrap();
    drop((store, lock));
    damage_pages(&dir);
    let (stop, up) = (CancellationToken::new(), Notify::new());
    let script = async {
        up.notified().await;
        stop.cancel();
    };
    let ready = |notes: &[String]| {
        assert!(notes[0].contains("restored from the backup"), "{notes:?}");
        up.notify_one();
    };
    let (ran, ()) = tokio::join!(run_with(setup(outside.path()), ready, stop.clone()), script);
    ran.unwrap();
    assert!(open_guest(&dir).unwrap().quick_check().is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_that_shows_while_running_is_recovered_from() {
    let outside = tempfile::tempdir().unwrap();
    let dir = DataDir::at(outside.path()).unwrap();
    let now = SystemClock::default().now();
    let lock = Lock::try_acquire(&dir, Role::Command, "test", now).unwrap();
    let mut store = open(&dir, &lock, now).unwrap().store;
    let poll = |at| nightdesk_store::PollRow { began_at: now, ended_at: now, ok: true, body: format!("{at:0500}") };
    store.write::<_, Fault>(|tx| (0..2000).try_for_each(|at| tx.add_poll(&poll(at)))).unwrap();
    store.write::<_, Fault>(|tx| tx.set_mark(Setting::LastCheckAt, None)).unwrap();
    store.back_up(now).unwrap();
    store.checkpoint().unwrap();
    drop((store, lock));
    // Old polls' pages: the check reads them, the start doesn't.
    let mut bytes = std::fs::read(dir.database()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 16 * 4096].fill(0xAA);
    std::fs::write(dir.database(), bytes).unwrap();
    let stop = CancellationToken::new();
    let script = async {
        until("the damaged file to be put aside", || {
            std::fs::read_dir(dir.path())
                .unwrap()
                .any(|e| e.unwrap().file_name().to_string_lossy().contains(".damaged-"))
        })
        .await;
        until("a sound store", || open_guest(&dir).is_ok_and(|s| s.quick_check().is_ok())).await;
        stop.cancel();
    };
    let (ran, ()) = tokio::join!(run_with(setup(outside.path()), |_| {}, stop.clone()), script);
    ran.unwrap();
}
