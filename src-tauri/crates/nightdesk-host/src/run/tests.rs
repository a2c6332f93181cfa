use super::*;
use crate::secrets::Name;
use crate::{LockError, open_guest};
use nightdesk_core::config::Config;
use nightdesk_engine::configure;
use std::sync::atomic::{AtomicBool, Ordering};

fn setup(path: &std::path::Path) -> Setup {
    let dir = DataDir::at(path).unwrap();
    let secrets = Secrets::fixed([(Name::HuntressApiKey, "hk".into()), (Name::HuntressApiSecret, "hs".into())]);
    Setup { secrets: Arc::new(secrets), ..Setup::system(dir) }
}

async fn until(what: &str, mut done: impl FnMut() -> bool) {
    for _ in 0..500 {
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
    let (stop, up) = (CancellationToken::new(), AtomicBool::new(false));
    let dir = DataDir::at(outside.path()).unwrap();
    let ready = |notes: &[String]| {
        assert!(notes.is_empty());
        up.store(true, Ordering::SeqCst);
    };
    let script = async {
        until("ready", || up.load(Ordering::SeqCst)).await;
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
