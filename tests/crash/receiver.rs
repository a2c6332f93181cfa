//! The process that is killed during a burst of webhooks: an engine that listens, by the machine's clock.
//!
//! `crash-receiver FOLDER HUNTRESS SECRET`: says `ready` once it listens, and ends when its input does.

use nightdesk_core::SecretString;
use nightdesk_core::port::HuntressError;
use nightdesk_engine::clock::SystemClock;
use nightdesk_engine::receiver::receiver_state;
use nightdesk_engine::{Engine, Parts};
use nightdesk_huntress::{Credentials, HuntressClient};
use nightdesk_psa::LocalPsa;
use nightdesk_store::{Opening, Store};
use nightdesk_tests::SigningDrawer;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

type Failure = Box<dyn std::error::Error>;

struct Keys;

impl Credentials for Keys {
    fn huntress(&self) -> Result<(SecretString, SecretString), HuntressError> {
        Ok(("hk_standin".to_owned().into(), "hs_standin".to_owned().into()))
    }
}

async fn work(folder: &Path, huntress: &str, secret: &str) -> Result<(), Failure> {
    let drawer = SigningDrawer::default();
    drawer.put(Some(secret));
    let engine = Engine::start(Parts {
        clock: Arc::new(SystemClock::default()),
        store: Store::open(&folder.join("nightdesk.db"), Opening::Owner)?,
        huntress: Arc::new(HuntressClient::connect(huntress, Arc::new(Keys))?),
        psa: Arc::new(LocalPsa::default()),
        senders: Vec::new(),
        carrier: Arc::new(nightdesk_tests::NoCarrier),
        webhooks: drawer.webhooks(),
        owner: format!("process {}", std::process::id()),
    })
    .await?;
    let state = engine.db().read(receiver_state).await?;
    state.listening.ok_or_else(|| state.error.unwrap_or_default())?;
    println!("ready");
    // Ends with its parent, too.
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    engine.stop(Duration::from_secs(20)).await.map(drop).map_err(Into::into)
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, huntress, secret] = arguments.as_slice() else {
        return Err("expected FOLDER HUNTRESS SECRET".into());
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(work(Path::new(folder), huntress, secret))
}
