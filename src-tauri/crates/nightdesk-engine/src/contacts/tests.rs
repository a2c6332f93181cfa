//! From a PIN's drawing to a verified number, and who can be reached.

use super::*;
use crate::clock::SystemClock;
use crate::db::Db;
use crate::desk::fixture::Desk;
use crate::pulse::Pulse;
use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_core::clock::Clock;
use nightdesk_core::config::Channel;
use nightdesk_core::delivery::{Event, Idempotency, Kind, Outcome, State};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::pin::Entry;
use nightdesk_core::port::{CallStatus, Carrier, CarrierError, Found, Outgoing, PortFuture, Reply, Sender, TextState};
use nightdesk_store::{CallAdvice, Opening, Store, TextObstacle, Tx};
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

const DANA: &str = "+12125550102";
const NZ: &str = "+64211234567";

/// A carrier that can only seal.
struct Sealer(Result<(), CarrierError>);

fn nothing<'a, T: Send + 'a>() -> PortFuture<'a, Result<T, CarrierError>> {
    Box::pin(std::future::ready(Err(CarrierError::NotFound)))
}

impl Carrier for Sealer {
    fn text<'a>(&'a self, _: &'a str) -> PortFuture<'a, Result<TextState, CarrierError>> {
        nothing()
    }
    fn call<'a>(&'a self, _: &'a str) -> PortFuture<'a, Result<CallStatus, CarrierError>> {
        nothing()
    }
    fn hang_up<'a>(&'a self, _: &'a str) -> PortFuture<'a, Result<(), CarrierError>> {
        nothing()
    }
    fn replies<'a>(&'a self, _: &'a str, _: DateTime<Utc>) -> PortFuture<'a, Result<Vec<Reply>, CarrierError>> {
        nothing()
    }
    fn keys<'a>(&'a self, _: Option<&'a str>) -> PortFuture<'a, Result<Option<String>, CarrierError>> {
        nothing()
    }
    fn seal(&self, text: &str) -> Result<[u8; 32], CarrierError> {
        self.0.clone().map(|()| nightdesk_core::ledger::digest(&format!("key:{text}")))
    }
}

fn sealer() -> Sealer {
    Sealer(Ok(()))
}

fn contact(name: &str, phone: &str, channels: &[Channel]) -> Contact {
    Contact { name: name.into(), phone: phone.into(), channels: channels.to_vec(), extension: None, wait_minutes: None }
}

fn config(contacts: Vec<Contact>) -> Config {
    let mut config = crate::desk::fixture::config();
    config.contacts = contacts;
    config.paging.account_sid = Some("AC1".into());
    config.paging.from = Some("+12125550101".into());
    config
}

fn apply(desk: &mut Desk, config: &Config) {
    desk.write(|tx, _, now| crate::configure::apply(tx, now, "dana", config, false, None)).unwrap();
}

fn desk() -> Desk {
    let mut desk = Desk::new();
    apply(&mut desk, &config(vec![contact("Dana", DANA, &Channel::ALL), contact("Kiri", NZ, &[Channel::Call])]));
    desk
}

fn start(desk: &mut Desk, name: &str, by: Option<Channel>, cause: &str) -> Result<Started, Error> {
    let phone = desk.read(|_, ctx| find(&ctx.config, name).map(|c| c.phone.clone()))?;
    let drawn = Drawn::new(&sealer(), &phone, [cause.len() as u8; 16])?;
    desk.write(|tx, _, now| start_verification(tx, now, name, by, &drawn, cause))
}

fn enter(desk: &mut Desk, name: &str, typed: &str) -> Result<Entry, Error> {
    let phone = desk.read(|_, ctx| find(&ctx.config, name).map(|c| c.phone.clone()))?;
    let entered = Entered::new(&sealer(), &phone, typed)?;
    desk.write(|tx, _, now| confirm(tx, now, "dana", name, &entered))
}

/// The PIN as its recipient reads it, from what is to be sent.
fn pin_of(tx: &Tx<'_>, id: DeliveryId) -> String {
    let payload = tx.delivery(id).unwrap().unwrap().payload;
    let digits: String = payload.chars().filter(char::is_ascii_digit).collect();
    digits[..6].to_owned()
}

#[test]
fn a_pin_that_is_entered_verifies_the_number_and_is_used_up() {
    let mut desk = desk();
    let started = start(&mut desk, "dana ", None, "c1").unwrap();
    assert_eq!((started.name.as_str(), started.channel), ("Dana", Channel::Sms));
    let (pin, row) = desk.read(|tx, _| (pin_of(tx, started.delivery), tx.delivery(started.delivery).unwrap().unwrap()));
    assert_eq!((row.kind, row.destination.as_str(), row.state), (Kind::Sms, DANA, State::Queued));
    let wrong = if pin == "000000" { "000001" } else { "000000" };
    assert_eq!(enter(&mut desk, "Dana", wrong).unwrap(), Entry::Wrong { left: 4 });
    assert_eq!(enter(&mut desk, "Kiri", &pin).unwrap(), Entry::NoPin);
    assert_eq!(enter(&mut desk, "Dana", &format!("{} {}", &pin[..3], &pin[3..])).unwrap(), Entry::Verified);
    assert_eq!(enter(&mut desk, "Dana", &pin).unwrap(), Entry::NoPin, "it counts once");
    let known = desk.read(|tx, _| tx.contact(DANA).unwrap().unwrap());
    assert_eq!(known.verified.unwrap().1, Channel::Sms);
    assert!(desk.ledger().iter().any(|line| line.contains("contact verified")));
    assert!(!desk.ledger().iter().any(|line| line.contains(&pin)), "nd_12: no PIN in the ledger");
    assert!(matches!(enter(&mut desk, "Dana", "12345"), Err(Error::NotAPin)));
    assert!(matches!(enter(&mut desk, "Nobody", "123456"), Err(Error::Unknown { .. })));
}

#[test]
fn five_wrong_entries_and_ten_minutes_end_a_pin() {
    let mut desk = desk();
    let started = start(&mut desk, "Dana", None, "c1").unwrap();
    let pin = desk.read(|tx, _| pin_of(tx, started.delivery));
    let wrong = if pin == "000000" { "000001" } else { "000000" };
    for left in (1..5).rev() {
        assert_eq!(enter(&mut desk, "Dana", wrong).unwrap(), Entry::Wrong { left });
    }
    assert_eq!(enter(&mut desk, "Dana", wrong).unwrap(), Entry::Spent);
    assert_eq!(enter(&mut desk, "Dana", &pin).unwrap(), Entry::Spent, "too late for the right one");
    let again = start(&mut desk, "Dana", None, "c22").unwrap();
    let newer = desk.read(|tx, _| pin_of(tx, again.delivery));
    desk.now += TimeDelta::minutes(10);
    assert_eq!(enter(&mut desk, "Dana", &newer).unwrap(), Entry::Expired);
    assert!(desk.read(|tx, _| tx.contact(DANA).unwrap()).is_none_or(|c| c.verified.is_none()));
}

#[test]
fn three_in_ten_minutes_and_the_newest_counts() {
    let mut desk = desk();
    let first = start(&mut desk, "Dana", None, "1").unwrap();
    assert_eq!(start(&mut desk, "Dana", None, "1").unwrap().delivery, first.delivery, "the same cause asks once");
    start(&mut desk, "Dana", Some(Channel::Call), "22").unwrap();
    let state = desk.read(|tx, _| tx.delivery(first.delivery).unwrap().unwrap());
    assert_eq!(
        (state.state, state.payload.as_str()),
        (State::Superseded, "{}"),
        "and an older one isn't sent any more"
    );
    let third = start(&mut desk, "Dana", None, "333").unwrap();
    assert!(matches!(start(&mut desk, "Dana", None, "4444"), Err(Error::TooMany { .. })));
    assert!(start(&mut desk, "Kiri", None, "55555").is_ok(), "another number has its own count");
    let pin = desk.read(|tx, _| pin_of(tx, third.delivery));
    assert_eq!(enter(&mut desk, "Dana", &pin).unwrap(), Entry::Verified);
    desk.now += TimeDelta::minutes(10);
    assert!(start(&mut desk, "Dana", None, "666666").is_ok());
}

#[test]
fn what_a_number_cannot_do_is_refused_with_a_sentence() {
    let mut desk = desk();
    let told = start(&mut desk, "Kiri", None, "1").unwrap();
    assert_eq!(told.channel, Channel::Call);
    let payload = desk.read(|tx, _| tx.delivery(told.delivery).unwrap().unwrap().payload);
    assert!(payload.contains("\"keys\":false"), "{payload}");
    let refused = start(&mut desk, "Kiri", Some(Channel::Sms), "22").unwrap_err();
    assert_eq!(refused.to_string(), "Kiri's number takes no texts: have the PIN told by a call");
    let unknown = start(&mut desk, "Eli", None, "333").unwrap_err();
    assert_eq!(unknown.to_string(), "there is no contact \"Eli\": there is \"Dana\", \"Kiri\"");
    desk.write(|tx, _, now| tx.set_text_obstacle(DANA, now, Some(TextObstacle::NoTexts))).unwrap();
    assert_eq!(start(&mut desk, "Dana", None, "4444").unwrap().channel, Channel::Call, "around what is in the way");
    let mut bare = config(vec![contact("Dana", DANA, &Channel::ALL)]);
    bare.paging.account_sid = None;
    apply(&mut desk, &bare);
    assert!(matches!(start(&mut desk, "Dana", None, "55555"), Err(Error::Carrier(CarrierError::NotConfigured))));
    let closed = Sealer(Err(CarrierError::NoSecret("TWILIO_AUTH_TOKEN is not stored".into())));
    assert!(matches!(Drawn::new(&closed, DANA, [0; 16]).err(), Some(CarrierError::NoSecret(_))));
}

#[test]
fn a_changed_number_is_unverified_and_a_pin_for_the_old_one_worth_nothing() {
    let mut desk = desk();
    let started = start(&mut desk, "Dana", None, "1").unwrap();
    let pin = desk.read(|tx, _| pin_of(tx, started.delivery));
    let drawn = Drawn::new(&sealer(), DANA, [9; 16]).unwrap();
    let entered = Entered::new(&sealer(), DANA, &pin).unwrap();
    apply(&mut desk, &config(vec![contact("Dana", "+12125550199", &Channel::ALL)]));
    let late = desk.write(|tx, _, now| confirm(tx, now, "dana", "Dana", &entered));
    assert!(matches!(late, Err(Error::Changed { .. })));
    let late = desk.write(|tx, _, now| start_verification(tx, now, "Dana", None, &drawn, "22"));
    assert!(matches!(late, Err(Error::Changed { .. })));
    assert_eq!(enter(&mut desk, "Dana", &pin).unwrap(), Entry::NoPin);
}

#[test]
fn only_verified_contacts_are_reachable_and_the_rest_says_why() {
    let mut desk = desk();
    let tree = |desk: &mut Desk| desk.read(|tx, ctx| reachable(tx, &ctx.config).unwrap());
    let ok = Ok(());
    let missing = |desk: &mut Desk, carrier: &Result<(), CarrierError>| {
        desk.read(|tx, ctx| armed(tx, &ctx.config, carrier).unwrap())
    };
    assert!(tree(&mut desk).iter().all(|r| r.ways.is_empty() && r.why_not[0].contains("isn't verified")));
    assert_eq!(missing(&mut desk, &ok), ["no contact is verified: nobody would be paged"]);
    desk.write(|tx, _, now| tx.verify_contact(DANA, now, Channel::Sms)).unwrap();
    assert_eq!(tree(&mut desk)[0].ways, Channel::ALL);
    assert!(missing(&mut desk, &ok).is_empty(), "armed");
    let no_secret = Err(CarrierError::NoSecret("TWILIO_AUTH_TOKEN is not stored".into()));
    assert_eq!(missing(&mut desk, &no_secret), ["TWILIO_AUTH_TOKEN is not stored"]);
    desk.write(|tx, _, now| tx.set_text_obstacle(DANA, now, Some(TextObstacle::OptedOut))).unwrap();
    desk.write(|tx, _, now| tx.set_call_advice(DANA, now, Some(CallAdvice::EndsAtOnce))).unwrap();
    let dana = tree(&mut desk).remove(0);
    assert_eq!(dana.ways, [Channel::Call], "a call that was seen to fail is still tried");
    assert!(dana.why_not[0].contains("STOP"));
    desk.write(|tx, _, now| tx.set_call_advice(DANA, now, Some(CallAdvice::BadNumber))).unwrap();
    let told = missing(&mut desk, &ok);
    assert!(told[0].starts_with("no contact can be reached: Dana: ") && told[0].contains("Kiri: "), "{told:?}");
    apply(&mut desk, &config(vec![contact("Kiri", NZ, &Channel::ALL)]));
    desk.write(|tx, _, now| tx.verify_contact(NZ, now, Channel::Call)).unwrap();
    assert_eq!(tree(&mut desk)[0].ways, [Channel::Call], "New Zealand gets calls only, whatever was configured");
    apply(&mut desk, &Config { contacts: Vec::new(), paging: Default::default(), ..config(Vec::new()) });
    assert_eq!(missing(&mut desk, &ok).len(), 2, "no carrier, no contacts");
}

/// Answers what it is told to, and keeps what it was asked to send.
struct Texter(Outcome, Mutex<Vec<String>>);

impl Sender for Texter {
    fn kind(&self) -> Kind {
        Kind::Sms
    }
    fn idempotency(&self) -> Idempotency {
        Idempotency::None
    }
    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        self.1.lock().unwrap().push(outgoing.payload["body"].as_str().unwrap_or_default().to_owned());
        Box::pin(std::future::ready(self.0.clone()))
    }
    fn look_up<'a>(&'a self, _: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(std::future::ready(Found::No))
    }
}

fn store() -> (Store, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(&dir.path().join("desk.sqlite"), Opening::Owner).unwrap();
    let config = config(vec![contact("Dana", DANA, &Channel::ALL)]);
    store.write(|tx| crate::configure::apply(tx, now(), "dana", &config, false, None)).unwrap();
    (store, dir)
}

fn now() -> DateTime<Utc> {
    SystemClock::default().now()
}

fn carrier() -> Arc<dyn Carrier> {
    Arc::new(sealer())
}

async fn alone(outcome: Outcome) -> (VerificationReport, Vec<String>, String) {
    let (store, _dir) = store();
    let (db, _thread) = Db::start(store).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let texter = Arc::new(Texter(outcome, Mutex::default()));
    let senders: Vec<Arc<dyn Sender>> = vec![texter.clone()];
    let epoch = db.write(|tx| tx.take_duty("sender", "o", now() + TimeDelta::days(1))).await.unwrap();
    let report = verify_alone(&db, &clock, &carrier(), &senders, "o", epoch, "Dana", None).await.unwrap();
    let unsettled = db.read(|tx| tx.outbox_counts()).await.unwrap();
    let raises = [State::Rejected, State::DeadLettered, State::NeedsHuman];
    assert!(!unsettled.iter().any(|(s, _)| raises.contains(s)), "nd_8: who asked was told; no alarm for good");
    let payload = match report.delivery_id {
        Some(id) => db.read(move |tx| tx.delivery(id)).await.unwrap().unwrap().payload,
        None => String::new(),
    };
    let sent = texter.1.lock().unwrap().clone();
    (report, sent, payload)
}

#[tokio::test]
async fn without_an_engine_it_is_sent_once_and_its_outcome_told() {
    let (report, sent, payload) = alone(Outcome::Accepted { remote_ref: Some("SM1".into()) }).await;
    assert!(report.ok && report.error.is_none() && report.state == Some(State::Accepted), "{report:?}");
    assert!(sent.len() == 1 && sent[0].contains("is the PIN for this phone"), "{sent:?}");
    assert_eq!(payload, "{}", "nd_12: forgotten as soon as the carrier has it");
    let (report, _, payload) = alone(Outcome::Permanent { error: "no such number".into() }).await;
    assert_eq!((report.ok, report.error.as_deref(), payload.as_str()), (false, Some("no such number"), "{}"));
    assert_eq!(report.state, Some(State::Rejected));
    let (report, _, payload) = alone(Outcome::Temporary { error: "try later".into(), retry_after: None }).await;
    assert_eq!((report.state, report.error.as_deref()), (Some(State::Retrying), Some("try later")));
    assert!(payload.contains("PIN"), "kept for as long as it may still be sent");
}

#[tokio::test]
async fn the_engine_answers_each_request_once_the_outcome_is_known() {
    let (mut store, _dir) = store();
    let at = now();
    let ask = |store: &mut Store, name: &str| {
        let body = serde_json::json!({ "name": name, "channel": null }).to_string();
        store.write(|tx| tx.ask("contact_verify", &body, at, at + TimeDelta::minutes(5))).unwrap()
    };
    let (dana, eli) = (ask(&mut store, "Dana"), ask(&mut store, "Eli"));
    let (db, _thread) = Db::start(store).unwrap();
    let pulse = Pulse::new(Arc::new(SystemClock::default()));
    let stop = CancellationToken::new();
    let task = Verifications { db: db.clone(), pulse: pulse.clone(), carrier: carrier(), stop: stop.clone() };
    let running = tokio_util::task::TaskTracker::new();
    running.spawn(task.run());
    let answer = async |id: i64| {
        let row = db.read(move |tx| tx.request(id)).await.unwrap().unwrap();
        row.answer.map(|a| serde_json::from_str::<VerificationReport>(&a).unwrap())
    };
    let refused = loop {
        match answer(eli).await {
            Some(report) => break report,
            None => tokio::task::yield_now().await,
        }
    };
    assert!(!refused.ok && refused.error.unwrap().contains("there is no contact \"Eli\""));
    let delivery = loop {
        let marker = format!("pin:request {dana}");
        match db.read(move |tx| tx.delivery_by_marker(&marker)).await.unwrap() {
            Some(id) => break id,
            None => tokio::task::yield_now().await,
        }
    };
    assert_eq!(answer(dana).await, None, "it waits for the carrier");
    db.write(move |tx| tx.change_delivery(delivery, Event::Cancel, at)).await.unwrap();
    pulse.beat();
    let report = loop {
        match answer(dana).await {
            Some(report) => break report,
            None => tokio::task::yield_now().await,
        }
    };
    assert_eq!((report.ok, report.state), (false, Some(State::Cancelled)));
    let request = db.read(move |tx| tx.request(dana)).await.unwrap().unwrap();
    assert!(!request.body.contains("pin"), "no PIN in a request");
    stop.cancel();
    running.close();
    running.wait().await;
}
