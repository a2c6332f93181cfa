use super::*;
use crate::alerts::sender::{HELD, NativeSender};
use nightdesk_core::delivery::Outcome;
use nightdesk_core::port::{Outgoing, PortFuture, Sender};
use std::collections::VecDeque;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A clock that stands until it is moved.
struct Still(Mutex<DateTime<Utc>>);

impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
    fn awake(&self) -> Duration {
        Duration::ZERO
    }
    fn since_boot(&self) -> Option<Duration> {
        None
    }
    fn wait_until(&self, _: DateTime<Utc>) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

/// What was shown, with the way to answer it.
type Shown = Arc<Mutex<VecDeque<(Popup, Option<crate::alerts::screen::Answered>, CancellationToken)>>>;

struct Glass {
    shown: Shown,
    service: Arc<Mutex<Service>>,
}

impl Screen for Glass {
    fn show(&self, popup: Popup, answered: crate::alerts::screen::Answered) -> PortFuture<'_, Result<Live, String>> {
        if let Some(why) = self.service.lock().unwrap().missing.clone() {
            return Box::pin(std::future::ready(Err(why)));
        }
        let close = CancellationToken::new();
        let mut shown = self.shown.lock().unwrap();
        shown.push_back((popup, Some(answered), close.clone()));
        let id = u32::try_from(shown.len()).unwrap();
        Box::pin(std::future::ready(Ok(Live { id, close })))
    }
    fn service(&self) -> PortFuture<'_, Service> {
        Box::pin(std::future::ready(self.service.lock().unwrap().clone()))
    }
}

#[derive(Clone, Default)]
struct Book {
    lines: Arc<Mutex<Vec<(i64, AlertSeen)>>>,
    held: Arc<Mutex<Vec<Alert>>>,
}

impl Record for Book {
    fn seen(&self, delivery: DeliveryId, what: AlertSeen) -> PortFuture<'_, ()> {
        self.lines.lock().unwrap().push((delivery.0, what));
        Box::pin(std::future::ready(()))
    }
    fn held(&self) -> PortFuture<'_, Vec<Alert>> {
        Box::pin(std::future::ready(std::mem::take(&mut *self.held.lock().unwrap())))
    }
}

#[derive(Clone, Default)]
struct Fingers(Arc<Mutex<Vec<String>>>);

impl Hands for Fingers {
    fn open(&self, ticket: Option<TicketId>) {
        self.0.lock().unwrap().push(format!("open {ticket:?}"));
    }
    fn alarm(&self) -> bool {
        self.0.lock().unwrap().push("alarm".into());
        true
    }
}

struct Room {
    bell: Arc<Bell>,
    clock: Arc<Still>,
    shown: Shown,
    service: Arc<Mutex<Service>>,
    book: Book,
    fingers: Fingers,
}

impl Room {
    fn new() -> Self {
        let clock = Arc::new(Still(Mutex::new(DateTime::from_timestamp(1_767_000_000, 0).unwrap())));
        let (shown, service) = (Shown::default(), Arc::new(Mutex::new(Service::default())));
        let bell = Bell::new(clock.clone(), Box::new(Glass { shown: shown.clone(), service: service.clone() }));
        let (book, fingers) = (Book::default(), Fingers::default());
        bell.record_in(Box::new(book.clone()));
        bell.act_by(Box::new(fingers.clone()));
        Self { bell, clock, shown, service, book, fingers }
    }

    async fn send(&self, n: i64, severity: &str) -> Outcome {
        let outgoing = Outgoing {
            id: nightdesk_core::ids::DeliveryId(n),
            attempt: 1,
            marker: String::new(),
            destination: "desk".into(),
            payload: serde_json::json!({ "title": format!("incident {n}"), "severity": severity, "ticket_id": n }),
            possible_repeat: false,
            since: chrono::DateTime::UNIX_EPOCH,
        };
        NativeSender(self.bell.clone()).send(&outgoing).await
    }

    async fn answer(&self, which: usize, answer: Answer) {
        let before = self.book.lines.lock().unwrap().len();
        let answered = self.shown.lock().unwrap()[which].1.take().unwrap();
        answered(answer);
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(5)).await;
            if self.book.lines.lock().unwrap().len() > before {
                return;
            }
        }
        panic!("the answer to alert {which} was never recorded");
    }

    fn lines(&self) -> Vec<(i64, AlertSeen)> {
        std::mem::take(&mut *self.book.lines.lock().unwrap())
    }

    fn forward(&self, seconds: i64) {
        *self.clock.0.lock().unwrap() += chrono::Duration::seconds(seconds);
    }
}

fn shown(place: &str) -> AlertSeen {
    AlertSeen::Shown(place.into())
}

#[tokio::test]
async fn an_alert_is_shown_and_its_answer_is_recorded() {
    let room = Room::new();
    assert!(matches!(room.send(1, "high").await, Outcome::Delivered { .. }));
    assert_eq!(room.lines(), [(1, shown(AS_POPUP))]);
    let popup = room.shown.lock().unwrap()[0].0.clone();
    assert!(popup.acknowledges && popup.sound && popup.replaces.is_none());
    room.answer(0, Answer::Acknowledged).await;
    assert_eq!(room.lines(), [(1, AlertSeen::Acknowledged)]);
    room.forward(60);
    room.send(2, "low").await;
    room.answer(1, Answer::Opened).await;
    assert_eq!(room.lines(), [(2, shown(AS_POPUP)), (2, AlertSeen::Opened)]);
    assert_eq!(*room.fingers.0.lock().unwrap(), ["open Some(TicketId(2))"]);
    assert!(!room.shown.lock().unwrap()[1].0.sound, "low ones are silent unless wanted otherwise");
}

#[tokio::test]
async fn one_popup_for_each_incident_stands_for_all_its_alerts() {
    let room = Room::new();
    room.send(1, "high").await;
    room.forward(60);
    room.send(1, "critical").await;
    assert_eq!(room.shown.lock().unwrap()[1].0.replaces, Some(1));
    room.lines();
    room.shown.lock().unwrap()[0].1.take().unwrap()(Answer::Dismissed);
    room.answer(1, Answer::Acknowledged).await;
    assert_eq!(room.lines().len(), 2, "both deliveries, and the old popup's end is nobody's answer");
}

#[tokio::test]
async fn a_storm_collapses_into_one_and_takes_the_single_ones_away() {
    let room = Room::new();
    for n in 1..=5 {
        room.send(n, if n == 2 { "critical" } else { "low" }).await;
    }
    let all = room.shown.lock().unwrap();
    assert_eq!(all.len(), 5);
    assert!(all.iter().take(3).all(|(.., close)| close.is_cancelled()));
    assert_eq!(all[4].0.summary, "5 incidents, 1 critical");
    assert!(all[4].0.body.starts_with("incident 2"));
    assert_eq!(all[4].0.replaces, Some(4));
}

#[tokio::test]
async fn a_mute_holds_back_all_but_critical_and_its_end_replays() {
    let room = Room::new();
    let until = room.clock.now() + chrono::Duration::minutes(15);
    room.bell.mute(Some(until));
    assert!(
        matches!(room.send(1, "high").await, Outcome::Accepted { remote_ref } if remote_ref.as_deref() == Some(HELD))
    );
    assert!(matches!(room.send(2, "critical").await, Outcome::Delivered { .. }));
    assert_eq!(room.lines(), [(1, AlertSeen::Held(until)), (2, shown(AS_POPUP))]);
    let alert = |n| Alert { delivery: Some(DeliveryId(n)), ticket: Some(TicketId(n)), ..Alert::trial(Rank::High) };
    *room.book.held.lock().unwrap() = vec![alert(1), alert(3)];
    room.bell.mute(None);
    room.bell.replay().await;
    assert_eq!(room.shown.lock().unwrap().back().unwrap().0.summary, "2 incidents since the last alert");
    assert_eq!(room.lines().len(), 2);
}

#[tokio::test]
async fn without_a_service_critical_ones_get_a_window_and_others_wait() {
    let room = Room::new();
    room.service.lock().unwrap().missing = Some("nobody".into());
    assert_eq!(room.send(1, "high").await, Outcome::Accepted { remote_ref: Some(HELD.into()) });
    assert!(
        matches!(room.send(2, "critical").await, Outcome::Delivered { remote_ref } if remote_ref.as_deref() == Some(IN_WINDOW))
    );
    assert_eq!(room.lines(), [(1, AlertSeen::NotShown("nobody".into())), (2, shown(IN_WINDOW))]);
    assert_eq!(room.bell.service().trouble(), Some("nobody"));
    assert_eq!(*room.fingers.0.lock().unwrap(), ["alarm"]);
}

#[tokio::test]
async fn while_the_desktop_is_quiet_critical_ones_get_a_window_too() {
    let room = Room::new();
    room.service.lock().unwrap().quiet = Some("do not disturb".into());
    room.send(1, "high").await;
    room.send(2, "critical").await;
    assert_eq!(*room.fingers.0.lock().unwrap(), ["alarm"]);
    let trial = room.bell.ring_plainly(&Alert::trial(Rank::Critical), true).await;
    assert_eq!(trial, Rung::Shown(AS_POPUP));
    assert_eq!(room.fingers.0.lock().unwrap().len(), 1, "a trial opens no alarm window");
}
