//! `demo`: the real engine against stand-ins for Huntress, the carrier, the mail server and a consumer of webhooks, in a
//! temporary directory, through a night that passes fast. Nothing leaves the machine, and nothing of the user's is touched.

mod keys;
mod psa;
mod screen;
mod triage;

use crate::args::DemoArgs;
use crate::command::{failure, runtime};
use crate::exit::{Ended, Exit, Failure};
use crate::output::{Output, say};
use crate::render::{card, ticket, words};
use crate::signal;
use keys::Key;
use nightdesk_api as api;
use nightdesk_core::ExposeSecret as _;
use nightdesk_core::clock::Clock as _;
use nightdesk_host::secrets::{Name, Secrets};
use nightdesk_host::{self as host, DataDir, FastClock, Setup, Store};
use nightdesk_standin::HuntressStandin;
use nightdesk_standin::algapsa::AlgaStandin;
use nightdesk_standin::carrier::Carrier;
use nightdesk_standin::consumer::Consumer;
use nightdesk_standin::mail::MailServer;
use nightdesk_standin::night::{
    Helpdesk, Postbox, Poster, Siem, Switchboard, Telling, WEBHOOK_OUT_KEY, door, factor, mailed, on_call, posted,
    roster, script, setting, told, usual_length,
};
use screen::Screen;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often the desk is looked at, in real time.
const LOOK: Duration = Duration::from_millis(200);

/// Runs the demo.
///
/// # Errors
/// When it can't be set up, or the engine fails.
pub fn run(args: &DemoArgs, out: Output) -> Ended {
    let runtime = runtime()?;
    let ended = runtime.block_on(Box::pin(demo(args, out)));
    runtime.shutdown_background();
    ended
}

async fn demo(args: &DemoArgs, out: Output) -> Ended {
    let length = args.seconds.map(Duration::from_secs);
    let factor = factor(length);
    let clock = Arc::new(FastClock::new(factor));
    let folder = tempfile::tempdir().map_err(Failure::failed)?;
    let dir = DataDir::at(folder.path()).map_err(Failure::failed)?;

    let mut telling = Telling::new();
    let time = clock.clone();
    let standin = HuntressStandin::start(telling.account(), Arc::new(move || time.now()));
    let standin = standin.await.map_err(|e| Failure::failed(format!("the stand-in for Huntress cannot start: {e}")))?;
    let carrier = Carrier::start(clock.clone()).await;
    let carrier = carrier.map_err(|e| Failure::failed(format!("the stand-in for the carrier cannot start: {e}")))?;
    script(&carrier);
    let mail = MailServer::start(clock.clone()).await;
    let mail = mail.map_err(|e| Failure::failed(format!("the stand-in for the mail server cannot start: {e}")))?;
    let consumer = Consumer::start(clock.clone()).await;
    let consumer = consumer.map_err(|e| Failure::failed(format!("the stand-in for a SIEM cannot start: {e}")))?;
    let door = door().map_err(|e| Failure::failed(format!("there is no free port to be posted to: {e}")))?;
    let poster = Poster::new(standin.world().clone(), door, clock.clone());
    let mut config = setting(&standin.base_url(), &roster());
    on_call(&mut config, &carrier);
    mailed(&mut config, &mail);
    told(&mut config, &consumer);
    posted(&mut config, door);
    let algapsa = match args.desk.as_str() {
        "algapsa" => Some(psa::start(&mut config, &clock).await?),
        _ => None,
    };
    let secrets = secrets(&standin, &carrier, &poster, algapsa.as_ref());
    psa::apply(&dir, &clock, &config, secrets.clone()).await?;
    let secret = secrets.webhook_secret(&consumer.url(), 1).map_err(Failure::failed)?;
    let siem = Siem::new(consumer, secret.expose_secret().to_owned());

    let desk = algapsa.as_ref().map_or_else(String::new, |psa| format!(", for AlgaPSA at {}", psa.base_url()));
    say(&format!(
        "A night at an MSP, {factor} times as fast, against stand-ins for Huntress at {}{desk}, for the carrier at {}, for the mail server at port {} and for a SIEM. Nothing leaves this machine.",
        standin.base_url(),
        carrier.url(),
        mail.port()
    ));
    let stop = CancellationToken::new();
    let setup = Setup { clock: clock.clone(), secrets, what: "nightdesk demo".into(), ..Setup::system(dir.clone()) };
    let engine = host::run_with(setup, |notes| notes.iter().for_each(|n| say(n)), stop.clone());
    tokio::pin!(engine);
    let screen = Screen::open(out);
    let (switchboard, postbox) = (Switchboard::new(carrier), Postbox::new(mail));
    let mut helpdesk = algapsa.map(|standin| Helpdesk::new(standin, &roster()));
    let evening = Evening {
        dir: &dir,
        clock: &clock,
        standin: &standin,
        switchboard,
        postbox,
        siem,
        poster,
        screen,
        helpdesk: helpdesk.as_mut(),
    };
    let failed = tokio::select! {
        ended = &mut engine => return Err(ended.map_or_else(Failure::failed, |()| Failure::failed("the engine stopped"))),
        told = evening.tell(&mut telling, length.unwrap_or_else(usual_length)) => told.err(),
    };
    if helpdesk.is_some() {
        psa::arrive(&dir, &mut engine).await?;
    }
    stop.cancel();
    engine.await.map_err(Failure::failed)?;
    match failed {
        Some(failure) => Err(failure),
        None => account(&dir, &clock, out, helpdesk.as_ref()),
    }
}

fn secrets(
    standin: &HuntressStandin,
    carrier: &Carrier,
    poster: &Poster,
    algapsa: Option<&AlgaStandin>,
) -> Arc<Secrets> {
    let (key, secret) = standin.key();
    let token = (Name::TwilioAuthToken, carrier.auth_token());
    let hooks = (Name::WebhookOutKey, WEBHOOK_OUT_KEY.to_owned());
    let signing = (Name::WebhookSigningSecret, poster.secret());
    let psa = algapsa.map(|standin| (Name::AlgapsaApiKey, standin.key()));
    let all = [(Name::HuntressApiKey, key), (Name::HuntressApiSecret, secret), token, hooks, signing];
    Arc::new(Secrets::fixed(all.into_iter().chain(psa)))
}

/// What goes on while the engine runs.
struct Evening<'a> {
    dir: &'a DataDir,
    clock: &'a FastClock,
    standin: &'a HuntressStandin,
    switchboard: Switchboard,
    postbox: Postbox,
    siem: Siem,
    poster: Poster,
    screen: Screen,
    helpdesk: Option<&'a mut Helpdesk>,
}

impl Evening<'_> {
    /// Lets the night happen and shows it, until its time is over or somebody has seen enough.
    async fn tell(mut self, telling: &mut Telling, length: Duration) -> Result<(), Failure> {
        let mut keys = keys::keys();
        let mut asked_to_stop = std::pin::pin!(signal::stop());
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut over = std::pin::pin!(tokio::time::sleep(length));
        // The engine opens the store; until then there is nothing to show.
        let mut store: Option<Store> = None;
        loop {
            tokio::select! {
                () = &mut over => break,
                asked = &mut asked_to_stop => {
                    asked.map_err(|e| Failure::failed(format!("no signals: {e}")))?;
                    break;
                }
                Some(key) = keys.recv() => match (key, &mut store) {
                    (Key::Quit, _) => break,
                    (key, Some(store)) => {
                        let words = triage::act(store, self.clock.now(), key)?;
                        self.screen.tell(self.clock.now(), &words)?;
                    }
                    (_, None) => {}
                },
                _ = look.tick() => {}
            }
            let told = telling.advance(self.standin.world(), self.clock.awake());
            let beside = self.switchboard.news().into_iter().chain(self.postbox.news()).chain(self.siem.news());
            let there = self.helpdesk.as_mut().map(|there| there.news()).unwrap_or_default();
            let beside: Vec<String> = beside.chain(self.poster.news()).chain(there).collect();
            for words in told.into_iter().chain(beside) {
                self.screen.tell(self.clock.now(), &words)?;
            }
            if store.is_none() {
                store = host::open_guest(self.dir).ok();
            }
            if let Some(store) = &mut store {
                let now = self.clock.now();
                let (status, board) = store.read(|tx| triage::look(tx, now)).map_err(failure)?;
                if let Some(there) = self.helpdesk.as_mut() {
                    for words in psa::followed(store, there)? {
                        self.screen.tell(now, &words)?;
                    }
                }
                self.screen.show(&status, &board, now)?;
            }
        }
        Ok(())
    }
}

/// The accounting at the end: what the promise is worth.
fn account(dir: &DataDir, clock: &FastClock, out: Output, helpdesk: Option<&Helpdesk>) -> Ended {
    let mut store = host::open_guest(dir).map_err(Failure::failed)?;
    let now = clock.now();
    let ((status, board), ledger) =
        store.read(|tx| Ok((triage::look(tx, now)?, api::ledger(tx, true)?))).map_err(failure)?;
    let accounts = &status.ledger;
    let sum = accounts.ticketed + accounts.record_only + accounts.withheld + accounts.quarantined;
    let holds = ledger.verified == Some(true);
    let waiting = ticket::list(&board, "Nobody waits on the triage board.");
    out.text(&format!("\n{}\nTRIAGE BOARD\n{waiting}\n", card::card(&status, now)))?;
    out.text(&card::accounting(accounts))?;
    if holds {
        out.text(&format!("ledger verified: {}", words::count(ledger.entries, "entry", "entries")))?;
    } else {
        say(&format!("the ledger does not hold: {}", ledger.error.as_deref().unwrap_or("no reason was given")));
    }
    if accounts.unaccounted.unwrap_or(0) > 0 || sum != accounts.seen {
        say("an incident is not accounted for");
        return Ok(Exit::Failed);
    }
    let is_whole = helpdesk.map_or(Ok(true), |there| psa::account(&mut store, out, &there.standing()))?;
    Ok(if holds && is_whole { Exit::Done } else { Exit::Failed })
}
