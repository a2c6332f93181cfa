//! The free desktop's notification service, over the session's bus.
//!
//! Each popup keeps the connection that showed it: some servers take a popup away when its sender leaves the bus.

use super::{ANSWERS_WITHIN, Answer, Answered, Live, Popup, Screen, Service};
use crate::alerts::alert::{Rank, escaped};
use crate::platform::session;
use nightdesk_core::port::PortFuture;
use notify_rust::{CloseReason, Hint, Notification, NotificationResponse, Timeout, Urgency};
use std::collections::VecDeque;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use tokio_util::sync::CancellationToken;
use zbus::Connection;
use zbus::zvariant::OwnedValue;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// So many popups stay on the screen; the oldest gives way. Each holds a connection to the bus.
const AT_ONCE: usize = 16;

/// Why nothing can be shown, where nobody offers notifications.
const NOBODY: &str = "no notification service runs on this desktop, so alerts cannot be shown; start one (GNOME, KDE \
    and Xfce have their own, elsewhere dunst or mako will do)";

/// The session's notification service.
#[derive(Default)]
pub struct Desktop {
    live: Mutex<VecDeque<CancellationToken>>,
}

/// What a service can do.
#[derive(Debug, Clone, Copy)]
struct Abilities {
    reads_markup: bool,
    plays_sounds: bool,
}

impl Desktop {
    /// The session's service, whoever offers it at the moment.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the service can do. One that doesn't say is taken to read markup, which then is escaped, and to be silent.
    async fn abilities(&self) -> Abilities {
        let unknown = Abilities { reads_markup: true, plays_sounds: false };
        let Ok(bus) = session().await else { return unknown };
        let asked = bus.call_method(Some(NAME), PATH, Some(NAME), "GetCapabilities", &());
        let Ok(Ok(answer)) = tokio::time::timeout(ANSWERS_WITHIN, asked).await else { return unknown };
        let Ok(all) = answer.body().deserialize::<Vec<String>>() else { return unknown };
        let has = |what: &str| all.iter().any(|one| one == what);
        Abilities { reads_markup: has("body-markup"), plays_sounds: has("sound") }
    }

    /// Makes room for one more popup.
    fn keep(&self, close: &CancellationToken) {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.retain(|one| !one.is_cancelled());
        while live.len() >= AT_ONCE {
            live.pop_front().inspect(CancellationToken::cancel);
        }
        live.push_back(close.clone());
    }
}

impl Screen for Desktop {
    fn show(&self, popup: Popup, answered: Answered) -> PortFuture<'_, Result<Live, String>> {
        Box::pin(async move {
            let able = self.abilities().await;
            let body = if able.reads_markup { escaped(&popup.body) } else { popup.body.clone() };
            let notification = notification(&popup, &body);
            let shown = tokio::time::timeout(ANSWERS_WITHIN, notification.show_async()).await;
            let handle = match shown {
                Ok(Ok(handle)) => handle,
                Ok(Err(_)) if self.service().await.missing.is_some() => return Err(NOBODY.to_owned()),
                Ok(Err(error)) => return Err(format!("the notification service refused the alert ({error})")),
                Err(_) => return Err("the notification service did not answer in time".to_owned()),
            };
            if popup.sound && !able.plays_sounds {
                play(sound(popup.rank));
            }
            let close = CancellationToken::new();
            self.keep(&close);
            let live = Live { id: handle.id(), close: close.clone() };
            tauri::async_runtime::spawn(async move {
                let mut answered = Some(answered);
                let mut tell = |answer| answered.take().into_iter().for_each(|tell| tell(answer));
                tokio::select! {
                    () = handle.wait_for_action_async(|response: &NotificationResponse| tell(read(response))) => {}
                    () = close.cancelled() => handle.close_async().await,
                }
                close.cancel();
            });
            Ok(live)
        })
    }

    fn service(&self) -> PortFuture<'_, Service> {
        Box::pin(async move {
            let Ok(bus) = session().await else {
                let missing = "there is no session bus, so alerts cannot be shown; start Nightdesk from your desktop";
                return Service { missing: Some(missing.to_owned()), ..Service::default() };
            };
            let asked = bus.call_method(Some(NAME), PATH, Some(NAME), "GetServerInformation", &());
            let answer = match tokio::time::timeout(ANSWERS_WITHIN, asked).await {
                Ok(Ok(answer)) => answer,
                Ok(Err(_)) => return Service { missing: Some(NOBODY.to_owned()), ..Service::default() },
                Err(_) => {
                    let missing = "the notification service does not answer, so alerts may not be shown; restart it";
                    return Service { missing: Some(missing.to_owned()), ..Service::default() };
                }
            };
            let server = answer.body().deserialize::<(String, String, String, String)>().ok().map(|(name, ..)| name);
            Service { server, missing: None, quiet: quiet(&bus).await }
        })
    }
}

/// Whether the desktop keeps alerts to itself, where that can be read: the specification's own property, and dunst's.
async fn quiet(bus: &Connection) -> Option<String> {
    for (interface, property) in [(NAME, "Inhibited"), ("org.dunstproject.cmd0", "paused")] {
        let which = (interface, property);
        let asked = bus.call_method(Some(NAME), PATH, Some("org.freedesktop.DBus.Properties"), "Get", &which);
        let Ok(Ok(answer)) = tokio::time::timeout(ANSWERS_WITHIN, asked).await else { continue };
        let value = answer.body().deserialize::<OwnedValue>().ok().and_then(|v| bool::try_from(v).ok());
        if value == Some(true) {
            return Some(
                "do not disturb is on, so alerts may not be seen; critical ones get a window of their own".to_owned(),
            );
        }
    }
    None
}

fn notification(popup: &Popup, body: &str) -> Notification {
    let mut new = Notification::new();
    new.appname("Nightdesk")
        .summary(&popup.summary)
        .body(body)
        // As the packages name them.
        .icon("nightdesk-desktop")
        .hint(Hint::DesktopEntry("Nightdesk".into()))
        .action("default", "Open")
        .action("open", "Open");
    if popup.acknowledges {
        new.action("acknowledge", "Acknowledge");
    }
    match popup.rank {
        Rank::Critical => new.urgency(Urgency::Critical).timeout(Timeout::Never),
        Rank::High => new.urgency(Urgency::Normal),
        Rank::Low => new.urgency(Urgency::Low),
    };
    if popup.sound {
        new.hint(Hint::SoundName(sound(popup.rank).into()));
    } else {
        new.hint(Hint::SuppressSound(true));
    }
    if let Some(id) = popup.replaces {
        new.id(id);
    }
    new
}

/// Plays a sound of the theme by the desktop's own player, for services that are silent. Where there is none either,
/// the alert is only seen.
fn play(name: &'static str) {
    let playing = std::thread::Builder::new().name("sound".into()).spawn(move || {
        let mut player = Command::new("canberra-gtk-play");
        player.args(["--id", name, "--description", "Nightdesk"]).stdin(Stdio::null()).stdout(Stdio::null());
        if let Err(error) = player.stderr(Stdio::null()).status() {
            tracing::info!(%error, "an alert made no sound: the notification service plays none, and there is no canberra-gtk-play");
        }
    });
    if let Err(error) = playing {
        tracing::warn!(%error, "no thread for an alert's sound");
    }
}

/// Names of the free desktop's sound theme.
fn sound(rank: Rank) -> &'static str {
    match rank {
        Rank::Critical => "alarm-clock-elapsed",
        Rank::High => "dialog-warning",
        Rank::Low => "message-new-instant",
    }
}

fn read(response: &NotificationResponse) -> Answer {
    match response {
        NotificationResponse::Default => Answer::Opened,
        NotificationResponse::Action(key) if key == "acknowledge" => Answer::Acknowledged,
        NotificationResponse::Action(_) => Answer::Opened,
        NotificationResponse::Closed(CloseReason::Expired) => Answer::Expired,
        NotificationResponse::Closed(CloseReason::Dismissed) => Answer::Dismissed,
        _ => Answer::Gone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn popup(rank: Rank) -> Popup {
        Popup { summary: "s".into(), body: "b".into(), rank, sound: true, acknowledges: true, replaces: Some(7) }
    }

    #[test]
    fn a_critical_alert_stays_and_can_be_answered() {
        let shown = notification(&popup(Rank::Critical), "b");
        assert_eq!(shown.timeout, Timeout::Never);
        assert_eq!(shown.actions, ["default", "Open", "open", "Open", "acknowledge", "Acknowledge"]);
        let silent = notification(&Popup { sound: false, acknowledges: false, ..popup(Rank::Low) }, "b");
        assert_eq!(silent.actions.len(), 4);
    }

    #[test]
    fn what_a_person_did_is_told_apart() {
        let action = |key: &str| read(&NotificationResponse::Action(key.into()));
        assert_eq!((action("open"), action("acknowledge")), (Answer::Opened, Answer::Acknowledged));
        assert_eq!(read(&NotificationResponse::Closed(CloseReason::Expired)), Answer::Expired);
        assert_eq!(read(&NotificationResponse::Closed(CloseReason::CloseAction)), Answer::Gone);
    }
}
