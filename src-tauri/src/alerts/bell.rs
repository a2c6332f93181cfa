//! Rings: decides whether and how an alert is shown, keeps what is on the screen, and acts on the answers.

use super::alert::{Alert, Rank};
use super::mute::Mute;
use super::record::Record;
use super::screen::{Answer, Live, Popup, Screen, Service};
use super::storm::{Showing, Storm, together};
use chrono::{DateTime, Utc};
use nightdesk_api::AlertSeen;
use nightdesk_api::preferences::Sound;
use nightdesk_core::clock::Clock;
use nightdesk_core::ids::{DeliveryId, TicketId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use tokio::sync::watch;

/// What the timeline says of a popup's place.
pub const AS_POPUP: &str = "as a notification";

/// What the timeline says of our own window.
pub const IN_WINDOW: &str = "in the alarm window";

/// What the program does when somebody answers, or when nothing else can show an alert.
pub trait Hands: Send + Sync {
    /// Shows a ticket, or the boards.
    fn open(&self, ticket: Option<TicketId>);

    /// Shows the alarm window, which lists what is critical; `false` where no window can be shown.
    fn alarm(&self) -> bool;
}

/// What became of an alert at first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rung {
    /// It is on the screen, there.
    Shown(&'static str),
    /// It waits for the end of a mute.
    Held(DateTime<Utc>),
    /// Nobody shows alerts here, for this reason; it waits until somebody does.
    Waits(String),
    /// It could not be shown, for this reason.
    NotShown(String),
}

/// What a popup is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum About {
    Ticket(TicketId),
    /// Several at once, a trial, or the desk itself.
    Storm,
    Trial,
    Desk,
}

/// A popup and what it stands for.
struct OnScreen {
    live: Live,
    deliveries: Vec<DeliveryId>,
    ticket: Option<TicketId>,
    number: u64,
}

#[derive(Default)]
struct Screenful {
    storm: Storm,
    popups: HashMap<About, OnScreen>,
    number: u64,
}

/// The bell.
pub struct Bell {
    me: Weak<Self>,
    clock: Arc<dyn Clock>,
    screen: Box<dyn Screen>,
    record: OnceLock<Box<dyn Record>>,
    hands: OnceLock<Box<dyn Hands>>,
    mute: watch::Sender<Mute>,
    service: watch::Sender<Service>,
    sound: Mutex<Sound>,
    /// Held while a popup is being shown, so that a storm takes away all that it stands for.
    shown: tokio::sync::Mutex<Screenful>,
}

impl Bell {
    /// A bell that records nothing and opens nothing yet.
    pub fn new(clock: Arc<dyn Clock>, screen: Box<dyn Screen>) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            me: me.clone(),
            clock,
            screen,
            record: OnceLock::new(),
            hands: OnceLock::new(),
            mute: watch::Sender::default(),
            service: watch::Sender::default(),
            sound: Mutex::default(),
            shown: tokio::sync::Mutex::default(),
        })
    }

    /// Where it writes down what becomes of alerts. The first one given stays.
    pub fn record_in(&self, record: Box<dyn Record>) {
        let _already = self.record.set(record);
    }

    /// What acts for it. The first one given stays.
    pub fn act_by(&self, hands: Box<dyn Hands>) {
        let _already = self.hands.set(hands);
    }

    /// Which alerts make a sound.
    pub fn sounds(&self, sound: Sound) {
        *self.sound.lock().unwrap_or_else(PoisonError::into_inner) = sound;
    }

    /// Mutes, or with `None` unmutes. What was held back is shown by [`Self::replay`].
    pub fn mute(&self, until: Option<DateTime<Utc>>) {
        self.mute.send_replace(Mute::until(until));
    }

    /// Until when it is muted.
    pub fn muted_until(&self) -> Option<DateTime<Utc>> {
        self.mute.borrow().lasts(self.clock.now())
    }

    /// What is known of the notification service.
    pub fn service(&self) -> Service {
        self.service.borrow().clone()
    }

    /// Looks at the service anew; answers whether it changed.
    pub async fn look(&self) -> bool {
        let now = self.screen.service().await;
        self.service.send_if_modified(|before| {
            let changed = *before != now;
            *before = now;
            changed
        })
    }

    /// Rings for an alert of the outbox.
    pub async fn ring(&self, alert: Alert) -> Rung {
        let now = self.clock.now();
        let muted = *self.mute.borrow();
        if let Some(until) = muted.lasts(now).filter(|_| muted.holds(now, alert.rank)) {
            self.write(alert.delivery, AlertSeen::Held(until)).await;
            return Rung::Held(until);
        }
        let mut shown = self.shown.lock().await;
        let rung = match shown.storm.arrive(now, &alert) {
            Showing::One => {
                let about = alert.ticket.map_or(About::Desk, About::Ticket);
                let deliveries = alert.delivery.into_iter().collect();
                self.show(&mut shown, about, &alert, deliveries).await
            }
            Showing::All(all) => {
                for ticket in all.tickets {
                    if let Some(one) = shown.popups.remove(&About::Ticket(ticket)) {
                        one.live.close.cancel();
                    }
                }
                self.show(&mut shown, About::Storm, &all.alert, all.deliveries).await
            }
        };
        drop(shown);
        self.tell(&rung, alert.delivery.as_slice()).await;
        rung
    }

    /// Shows what was held back, as one alert where it is several. Called at the start, when a mute ends, and when a
    /// notification service has come.
    pub async fn replay(&self) {
        let Some(record) = self.record.get() else { return };
        let held = record.held().await;
        let mut shown = self.shown.lock().await;
        let (rung, deliveries) = match held.as_slice() {
            [] => return,
            [one] => {
                let about = one.ticket.map_or(About::Desk, About::Ticket);
                let deliveries: Vec<_> = one.delivery.into_iter().collect();
                (self.show(&mut shown, about, one, deliveries.clone()).await, deliveries)
            }
            several => {
                let mut all = together(several.iter());
                all.alert.summary.push_str(" since the last alert");
                (self.show(&mut shown, About::Storm, &all.alert, all.deliveries.clone()).await, all.deliveries)
            }
        };
        drop(shown);
        // What still waits was said when it began to.
        if matches!(rung, Rung::Shown(_)) {
            self.tell(&rung, &deliveries).await;
        }
    }

    /// Rings for the desk itself or as a trial: at once, muted or not, and on nobody's record.
    pub async fn ring_plainly(&self, alert: &Alert, is_trial: bool) -> Rung {
        let about = if is_trial { About::Trial } else { About::Desk };
        let mut shown = self.shown.lock().await;
        self.show(&mut shown, about, alert, Vec::new()).await
    }

    /// The deliveries whose popups are on the screen.
    pub async fn on_screen(&self) -> Vec<DeliveryId> {
        self.shown.lock().await.popups.values().flat_map(|popup| popup.deliveries.iter().copied()).collect()
    }

    /// Takes away the popups of which nothing is left to answer, since somebody has done so elsewhere.
    pub async fn clear(&self, answered: &[DeliveryId]) {
        self.shown.lock().await.popups.retain(|_, popup| {
            let over = !popup.deliveries.is_empty() && popup.deliveries.iter().all(|d| answered.contains(d));
            if over {
                popup.live.close.cancel();
            }
            !over
        });
    }

    async fn show(&self, shown: &mut Screenful, about: About, alert: &Alert, mut deliveries: Vec<DeliveryId>) -> Rung {
        shown.number += 1;
        let number = shown.number;
        let before = shown.popups.get(&about);
        if about != About::Storm {
            deliveries.extend(before.iter().flat_map(|b| b.deliveries.iter().copied()));
        }
        let popup = Popup {
            summary: alert.summary.clone(),
            body: alert.body.clone(),
            rank: alert.rank,
            sound: self.is_heard(alert.rank),
            acknowledges: alert.ticket.is_some() && !deliveries.is_empty(),
            replaces: before.map(|b| b.live.id),
        };
        let me = self.me.clone();
        let answered = Box::new(move |answer| {
            if let Some(bell) = me.upgrade() {
                tauri::async_runtime::spawn(async move { bell.answered(about, number, answer).await });
            }
        });
        match self.screen.show(popup, answered).await {
            Ok(live) => {
                shown.popups.insert(about, OnScreen { live, deliveries, ticket: alert.ticket, number });
                self.look().await;
                let hidden = self.service.borrow().quiet.is_some();
                if hidden && alert.rank == Rank::Critical && about != About::Trial {
                    self.alarm();
                }
                Rung::Shown(AS_POPUP)
            }
            Err(why) => {
                tracing::warn!(why, "an alert could not be shown as a notification");
                self.look().await;
                if alert.rank == Rank::Critical && about != About::Trial && self.alarm() {
                    return Rung::Shown(IN_WINDOW);
                }
                if self.service.borrow().missing.is_some() { Rung::Waits(why) } else { Rung::NotShown(why) }
            }
        }
    }

    /// Acts on an answer. One to a popup that another has taken the place of is none any more.
    async fn answered(&self, about: About, number: u64, answer: Answer) {
        let mut shown = self.shown.lock().await;
        if shown.popups.get(&about).is_none_or(|p| p.number != number) {
            return;
        }
        let Some(popup) = shown.popups.remove(&about) else { return };
        drop(shown);
        let seen = match answer {
            Answer::Opened => AlertSeen::Opened,
            Answer::Acknowledged => AlertSeen::Acknowledged,
            Answer::Dismissed => AlertSeen::Dismissed,
            Answer::Expired => AlertSeen::Expired,
            Answer::Gone => return,
        };
        if answer == Answer::Opened
            && let Some(hands) = self.hands.get()
        {
            hands.open(popup.ticket);
        }
        for delivery in popup.deliveries {
            self.write(Some(delivery), seen.clone()).await;
        }
    }

    fn alarm(&self) -> bool {
        self.hands.get().is_some_and(|hands| hands.alarm())
    }

    fn is_heard(&self, rank: Rank) -> bool {
        let sound = *self.sound.lock().unwrap_or_else(PoisonError::into_inner);
        match rank {
            Rank::Critical => sound.critical,
            Rank::High => sound.high,
            Rank::Low => sound.low,
        }
    }

    async fn tell(&self, rung: &Rung, deliveries: &[DeliveryId]) {
        for delivery in deliveries {
            let seen = match rung {
                Rung::Shown(place) => AlertSeen::Shown((*place).to_owned()),
                Rung::Waits(why) => AlertSeen::NotShown(why.clone()),
                // The outbox says so itself.
                Rung::NotShown(_) => return,
                Rung::Held(until) => AlertSeen::Held(*until),
            };
            self.write(Some(*delivery), seen).await;
        }
    }

    async fn write(&self, delivery: Option<DeliveryId>, seen: AlertSeen) {
        if let (Some(delivery), Some(record)) = (delivery, self.record.get()) {
            record.seen(delivery, seen).await;
        }
    }
}

#[cfg(test)]
mod tests;
