//! The demo: a made-up night at an MSP, in a temporary directory and against a stand-in for Huntress. Nothing leaves
//! the machine, and nothing of the user's is touched.

use anyhow::Context as _;
use nightdesk_api as api;
use nightdesk_core::clock::Clock as _;
use nightdesk_host::secrets::{Name, Secrets};
use nightdesk_host::{self as host, DataDir, Desk, FastClock};
use nightdesk_standin::HuntressStandin;
use nightdesk_standin::night::{Telling, factor, roster, setting};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// How often the night is moved on, in real time.
const STEP: Duration = Duration::from_millis(250);

/// Who set the demo up, as the ledger names it.
const ACTOR: &str = "dispatcher";

/// A night that has not begun.
pub struct Demo {
    clock: Arc<FastClock>,
    standin: HuntressStandin,
    telling: Telling,
    desk: Desk,
}

impl Demo {
    /// Makes the account, its stand-in and a desk that knows it, and the directory of all that, which the caller keeps
    /// to the end and then drops.
    ///
    /// # Errors
    /// When no temporary directory or no port on this machine can be had.
    pub async fn prepare() -> anyhow::Result<(Self, TempDir)> {
        let clock = Arc::new(FastClock::new(factor(None)));
        let folder = tempfile::Builder::new().prefix("nightdesk-demo-").tempdir().context("no temporary directory")?;
        let dir = DataDir::at(folder.path())?;
        let telling = Telling::new();
        let time = clock.clone();
        let standin = HuntressStandin::start(telling.account(), Arc::new(move || time.now()));
        let standin = standin.await.context("the stand-in for Huntress cannot start")?;
        let (key, secret) = standin.key();
        let secrets = Secrets::fixed([(Name::HuntressApiKey, key), (Name::HuntressApiSecret, secret)]);
        configure(&dir, &clock, &standin)?;
        let desk = Desk::demo(dir, clock.clone(), Arc::new(secrets), Desk::os_user());
        Ok((Self { clock, standin, telling, desk }, folder))
    }

    /// Its desk.
    pub fn desk(&self) -> Desk {
        self.desk.clone()
    }

    /// Lets the night happen.
    pub async fn tell(mut self) {
        let mut steps = tokio::time::interval(STEP);
        loop {
            steps.tick().await;
            for words in self.telling.advance(self.standin.world(), self.clock.awake()) {
                tracing::info!("{words}");
            }
        }
    }
}

/// Applies the demo's configuration before the engine starts, as a person would.
fn configure(dir: &DataDir, clock: &FastClock, standin: &HuntressStandin) -> anyhow::Result<()> {
    let now = clock.now();
    let text = api::config_file::render(&setting(&standin.base_url(), &roster()));
    let lock = host::Lock::try_acquire(dir, host::Role::Command, "nightdesk-desktop --demo", now)?;
    let mut store = host::open(dir, &lock, now)?.store;
    store.write(|tx| api::config_apply(tx, now, ACTOR, &text, false, None))?;
    Ok(())
}
