//! The engine of this program: started before any window, started again when it fails, stopped in bounded time.

use nightdesk_core::port::Sender;
use nightdesk_host::{self as host, Desk, Error, Reach, Setup};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// The program, as whoever finds the directory in use is told.
const WHAT: &str = "nightdesk-desktop";

/// Time before an engine that failed is started again: soon at first, then each minute.
const AGAIN: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(15), Duration::from_secs(60)];

/// How the engine stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Standing {
    /// It waits for the lock, or opens the store.
    #[default]
    Starting,
    /// It runs. With what a person must be told of the start, empty on an ordinary day.
    Running(Vec<String>),
    /// It has failed, for this reason, and will be started again.
    Failed(String),
    /// It can't run at all: somebody else's engine has the directory.
    Refused(String),
    /// It was stopped.
    Ended,
}

/// The engine.
#[derive(Clone)]
pub struct Running {
    standing: watch::Receiver<Standing>,
    stop: CancellationToken,
    reach: Reach,
}

impl Running {
    /// Starts it on the present runtime's workers, with the ways out that only this program has.
    pub fn start(desk: Desk, senders: Vec<Arc<dyn Sender>>) -> Self {
        let (tell, standing) = watch::channel(Standing::default());
        let stop = CancellationToken::new();
        let reach = Reach::default();
        let begin = Begin { desk, senders, reach: reach.clone() };
        tauri::async_runtime::spawn(run(begin, tell, stop.clone()));
        Self { standing, stop, reach }
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        self.standing.borrow().clone()
    }

    /// Follows how it stands.
    pub fn follow(&self) -> watch::Receiver<Standing> {
        self.standing.clone()
    }

    /// Why it doesn't run, where it has failed.
    pub fn trouble(&self) -> Option<String> {
        match &*self.standing.borrow() {
            Standing::Failed(why) | Standing::Refused(why) => Some(why.clone()),
            Standing::Starting | Standing::Running(_) | Standing::Ended => None,
        }
    }

    /// Asks for a poll and a whole sweep at once, because the machine slept or has another network.
    pub fn poke(&self) {
        self.reach.poll_now();
    }

    /// Completes once the first start has come to something.
    pub async fn begun(&self) -> Standing {
        let mut standing = self.standing.clone();
        match standing.wait_for(|s| *s != Standing::Starting).await {
            Ok(standing) => standing.clone(),
            Err(_) => Standing::Ended,
        }
    }

    /// Stops it and waits until it has ended, or for so long. What hasn't ended then stays leased, and is looked into
    /// at the next start.
    pub async fn stop(&self, within: Duration) {
        self.stop.cancel();
        let mut standing = self.standing.clone();
        let over = |s: &Standing| matches!(s, Standing::Ended | Standing::Refused(_));
        if tokio::time::timeout(within, standing.wait_for(over)).await.is_err() {
            tracing::warn!("the engine did not end in time");
        }
    }
}

/// What each start of the engine begins with.
struct Begin {
    desk: Desk,
    senders: Vec<Arc<dyn Sender>>,
    reach: Reach,
}

impl Begin {
    fn setup(&self) -> Setup {
        Setup { senders: self.senders.clone(), reach: self.reach.clone(), ..self.desk.setup(WHAT) }
    }
}

async fn run(begin: Begin, tell: watch::Sender<Standing>, stop: CancellationToken) {
    let mut failures = 0_usize;
    loop {
        let ready = |notes: &[String]| drop(tell.send_replace(Standing::Running(notes.to_vec())));
        // On the heap: it is the largest future of the program.
        let ended = Box::pin(host::run_with(begin.setup(), ready, stop.clone())).await;
        let ran = matches!(*tell.borrow(), Standing::Running(_));
        let error = match ended {
            Ok(()) => break,
            Err(error) => error,
        };
        if !ran && matches!(error, Error::Lock(_)) {
            tell.send_replace(Standing::Refused(error.to_string()));
            return;
        }
        tracing::error!(%error, "the engine has ended; it is started again");
        tell.send_replace(Standing::Failed(error.to_string()));
        failures = if ran { 0 } else { failures + 1 };
        let wait = AGAIN[failures.min(AGAIN.len() - 1)];
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(wait) => {}
        }
    }
    tell.send_replace(Standing::Ended);
}
