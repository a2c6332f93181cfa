//! The demo: a made-up night at an MSP, in a temporary directory and against stand-ins for Huntress, the
//! carrier, the mail server and a consumer of webhooks. Nothing leaves the machine, and nothing of the user's is touched.

use anyhow::Context as _;
use nightdesk_api as api;
use nightdesk_core::ExposeSecret as _;
use nightdesk_core::clock::Clock as _;
use nightdesk_core::config::Channel;
use nightdesk_host::secrets::{Name, Secrets};
use nightdesk_host::{self as host, DataDir, Desk, FastClock};
use nightdesk_standin::HuntressStandin;
use nightdesk_standin::carrier::Carrier;
use nightdesk_standin::consumer::Consumer;
use nightdesk_standin::mail::MailServer;
use nightdesk_standin::night::{
    Postbox, Poster, Siem, Switchboard, Telling, WEBHOOK_OUT_KEY, door, factor, mailed, on_call, posted, roster,
    script, setting, told, verified,
};
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
    switchboard: Switchboard,
    postbox: Postbox,
    siem: Siem,
    poster: Poster,
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
        let carrier = Carrier::start(clock.clone()).await.context("the stand-in for the carrier cannot start")?;
        script(&carrier);
        let mail = MailServer::start(clock.clone()).await.context("the stand-in for the mail server cannot start")?;
        let consumer = Consumer::start(clock.clone()).await.context("the stand-in for a SIEM cannot start")?;
        let token = (Name::TwilioAuthToken, carrier.auth_token());
        let hooks = (Name::WebhookOutKey, WEBHOOK_OUT_KEY.to_owned());
        let door = door().context("there is no free port to be posted to")?;
        let poster = Poster::new(standin.world().clone(), door, clock.clone());
        let signing = (Name::WebhookSigningSecret, poster.secret());
        let keys = [(Name::HuntressApiKey, key), (Name::HuntressApiSecret, secret), token, hooks, signing];
        let secrets = Secrets::fixed(keys);
        configure(&dir, &clock, &standin, &carrier, &mail, &consumer, door)?;
        let secret = secrets.webhook_secret(&consumer.url(), 1)?;
        let siem = Siem::new(consumer, secret.expose_secret().to_owned());
        let desk = Desk::demo(dir, clock.clone(), Arc::new(secrets), Desk::os_user());
        let (switchboard, postbox) = (Switchboard::new(carrier), Postbox::new(mail));
        Ok((Self { clock, standin, telling, switchboard, postbox, siem, poster, desk }, folder))
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
            let told = self.telling.advance(self.standin.world(), self.clock.awake());
            let beside = self.switchboard.news().into_iter().chain(self.postbox.news()).chain(self.siem.news());
            let beside: Vec<String> = beside.chain(self.poster.news()).collect();
            for words in told.into_iter().chain(beside) {
                tracing::info!("{words}");
            }
        }
    }
}

/// Applies the demo's configuration before the engine starts, as a person would.
fn configure(
    dir: &DataDir,
    clock: &FastClock,
    standin: &HuntressStandin,
    carrier: &Carrier,
    mail: &MailServer,
    consumer: &Consumer,
    door: std::net::SocketAddr,
) -> anyhow::Result<()> {
    let now = clock.now();
    let mut config = setting(&standin.base_url(), &roster());
    on_call(&mut config, carrier);
    mailed(&mut config, mail);
    told(&mut config, consumer);
    posted(&mut config, door);
    let text = api::config_file::render(&config);
    let lock = host::Lock::try_acquire(dir, host::Role::Command, "nightdesk-desktop --demo", now)?;
    let mut store = host::open(dir, &lock, now)?.store;
    store.write(|tx| {
        api::config_apply(tx, now, ACTOR, &text, false, None)?;
        // These people's numbers were verified before the night.
        verified().try_for_each(|phone| Ok::<_, api::Error>(tx.verify_contact(phone, now, Channel::Call)?))
    })?;
    Ok(())
}
