//! A clock that moves when the test says so.

use chrono::{DateTime, Utc};
use nightdesk_core::clock::Clock;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

struct Faces {
    wall: DateTime<Utc>,
    awake: Duration,
    boot: Duration,
    waiting: BTreeMap<DateTime<Utc>, usize>,
}

/// The simulated clock: wall time, time awake and time since boot move apart as a sleep or a set clock makes them.
#[derive(Clone)]
pub struct SimClock {
    faces: Arc<Mutex<Faces>>,
    moved: Arc<watch::Sender<u64>>,
}

impl SimClock {
    /// A clock that shows `wall`.
    pub fn at(wall: DateTime<Utc>) -> Self {
        let faces = Faces { wall, awake: Duration::ZERO, boot: Duration::ZERO, waiting: BTreeMap::new() };
        Self { faces: Arc::new(Mutex::new(faces)), moved: Arc::new(watch::channel(0).0) }
    }

    /// Time passes.
    pub fn pass(&self, by: Duration) {
        self.change(|f| {
            f.wall += by;
            f.awake += by;
            f.boot += by;
        });
    }

    /// The machine sleeps.
    pub fn sleep(&self, by: Duration) {
        self.change(|f| {
            f.wall += by;
            f.boot += by;
        });
    }

    /// Somebody sets the clock.
    pub fn set(&self, wall: DateTime<Utc>) {
        self.change(|f| f.wall = wall);
    }

    /// The nearest time that something waits for.
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        self.faces.lock().unwrap().waiting.keys().next().copied()
    }

    fn change(&self, f: impl FnOnce(&mut Faces)) {
        f(&mut self.faces.lock().unwrap());
        self.moved.send_modify(|n| *n += 1);
    }
}

/// Takes its deadline off the list even when the wait is given up.
struct Waiting<'a>(&'a SimClock, DateTime<Utc>);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut faces = self.0.faces.lock().unwrap();
        if let Some(n) = faces.waiting.get_mut(&self.1) {
            *n -= 1;
            if *n == 0 {
                faces.waiting.remove(&self.1);
            }
        }
    }
}

impl Clock for SimClock {
    fn now(&self) -> DateTime<Utc> {
        self.faces.lock().unwrap().wall
    }

    fn awake(&self) -> Duration {
        self.faces.lock().unwrap().awake
    }

    fn since_boot(&self) -> Option<Duration> {
        Some(self.faces.lock().unwrap().boot)
    }

    fn wait_until(&self, deadline: DateTime<Utc>) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            let mut moved = self.moved.subscribe();
            *self.faces.lock().unwrap().waiting.entry(deadline).or_insert(0) += 1;
            let _waiting = Waiting(self, deadline);
            let before = self.now();
            loop {
                let now = self.now();
                // A clock set back wakes everyone to look again, as the port allows.
                if now >= deadline || now < before {
                    return;
                }
                let _gone = moved.changed().await;
            }
        })
    }
}
