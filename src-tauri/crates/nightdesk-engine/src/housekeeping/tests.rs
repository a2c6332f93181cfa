use super::*;
use nightdesk_standin::clock::ManualClock;
use std::time::Duration as Real;

/// Completes when every chore that is due is done.
async fn rests(pulse: &Pulse) {
    let quiet = pulse.quiet(&[Housekeeper::NAME]);
    tokio::time::timeout(Real::from_secs(30), quiet).await.expect("the chores are done");
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
    let clock = ManualClock::at(start);
    let pulse = Pulse::new(clock.clone());
    let (damaged, heard) = watch::channel(None);
    let stop = CancellationToken::new();
    let keeper = Housekeeper::new(db.clone(), pulse.clone(), damaged);
    let script = async {
        rests(&pulse).await;
        assert_eq!(mark(&db, Setting::LastCheckAt).await, Some(start));
        assert!(Store::backups(&path).is_empty());
        clock.advance(10 * 60);
        rests(&pulse).await;
        assert_eq!(Store::backups(&path).len(), 1);
        assert_eq!(mark(&db, Setting::LastBackupAt).await, Some(start + Duration::minutes(10)));
        assert_eq!(mark(&db, Setting::LastRetentionAt).await, Some(start + Duration::minutes(10)));
        clock.advance((Duration::hours(25) - Duration::minutes(10)).num_seconds());
        rests(&pulse).await;
        assert_eq!(mark(&db, Setting::LastRetentionAt).await, Some(start + Duration::hours(25)));
        assert_eq!(Store::backups(&path).len(), 2);
        assert_eq!(*heard.borrow(), None);
        stop.cancel();
    };
    tokio::join!(keeper.run(stop.clone()), script);
}
