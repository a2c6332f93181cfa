use super::*;
use nightdesk_core::clock::Clock;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration as Real;

struct Hand(Mutex<DateTime<Utc>>);

impl Clock for Hand {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
    fn awake(&self) -> Real {
        Real::ZERO
    }
    fn since_boot(&self) -> Option<Real> {
        None
    }
    fn wait_until(&self, _deadline: DateTime<Utc>) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(Real::from_millis(1)))
    }
}

async fn mark(db: &Db, setting: Setting) -> Option<DateTime<Utc>> {
    db.read(move |tx| tx.mark(setting)).await.unwrap()
}

#[tokio::test]
async fn the_check_runs_at_once_and_the_backup_after_ten_minutes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("nightdesk.db");
    let (db, _thread) = Db::start(Store::open(&path, Opening::Owner).unwrap()).unwrap();
    let start = DateTime::from_timestamp(1_767_000_000, 0).unwrap();
    let clock = Arc::new(Hand(Mutex::new(start)));
    let (damaged, heard) = watch::channel(None);
    let stop = CancellationToken::new();
    let keeper = Housekeeper::new(db.clone(), Pulse::new(clock.clone()), damaged);
    let script = async {
        while mark(&db, Setting::LastCheckAt).await.is_none() {
            tokio::time::sleep(Real::from_millis(2)).await;
        }
        assert!(Store::backups(&path).is_empty());
        *clock.0.lock().unwrap() = start + Duration::minutes(10);
        while mark(&db, Setting::LastRetentionAt).await.is_none() {
            tokio::time::sleep(Real::from_millis(2)).await;
        }
        assert_eq!(Store::backups(&path).len(), 1);
        assert_eq!(mark(&db, Setting::LastBackupAt).await, Some(start + Duration::minutes(10)));
        *clock.0.lock().unwrap() = start + Duration::hours(25);
        while mark(&db, Setting::LastRetentionAt).await != Some(start + Duration::hours(25)) {
            tokio::time::sleep(Real::from_millis(2)).await;
        }
        assert_eq!(Store::backups(&path).len(), 2);
        assert_eq!(*heard.borrow(), None);
        stop.cancel();
    };
    tokio::join!(keeper.run(stop.clone()), script);
}
