//! Windows and macOS: the system's own service, always there. Whether its do-not-disturb is on can't be read.

use super::{ANSWERS_WITHIN, Answer, Answered, Live, Popup, Screen, Service};
use nightdesk_core::port::PortFuture;
use notify_rust::{CloseReason, Notification, NotificationResponse, Timeout};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

/// Each popup on the screen keeps a thread that waits for its answer; what comes beyond is shown, and its answer lost.
const WAITING: u32 = 16;

/// The system's notifications.
#[derive(Default)]
pub struct Desktop {
    waiting: Arc<AtomicU32>,
    shown: AtomicU32,
}

impl Desktop {
    /// The system's notifications.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Screen for Desktop {
    fn show(&self, popup: Popup, answered: Answered) -> PortFuture<'_, Result<Live, String>> {
        let id = self.shown.fetch_add(1, Ordering::Relaxed) + 1;
        let waiting = self.waiting.clone();
        Box::pin(async move {
            let (tell, told) = oneshot::channel();
            let work = move || {
                let shown = notification(&popup).show();
                let shown = shown.map_err(|error| format!("the system did not show the alert ({error})"));
                match shown {
                    Err(why) => drop(tell.send(Err(why))),
                    Ok(handle) => {
                        let may_wait = waiting.fetch_add(1, Ordering::SeqCst) < WAITING;
                        let heard = tell.send(Ok(())).is_ok();
                        if may_wait && heard {
                            let _never_answered =
                                handle.wait_for_response(|r: &NotificationResponse| answered(read(r)));
                        }
                        waiting.fetch_sub(1, Ordering::SeqCst);
                    }
                }
            };
            let thread = std::thread::Builder::new().name("alert".into()).spawn(work);
            thread.map_err(|error| format!("no thread for the alert ({error})"))?;
            let told = tokio::time::timeout(ANSWERS_WITHIN, told).await;
            told.map_err(|_| "the system did not answer in time".to_owned())?
                .map_err(|_| "the system's notifications failed".to_owned())??;
            Ok(Live { id, close: CancellationToken::new() })
        })
    }

    fn service(&self) -> PortFuture<'_, Service> {
        let server = if cfg!(target_os = "macos") { "macOS" } else { "Windows" };
        Box::pin(std::future::ready(Service { server: Some(server.to_owned()), missing: None, quiet: None }))
    }
}

fn notification(popup: &Popup) -> Notification {
    let mut new = Notification::new();
    new.appname("Nightdesk").summary(&popup.summary).body(&popup.body).action("open", "Open");
    if popup.acknowledges {
        new.action("acknowledge", "Acknowledge");
    }
    if popup.rank == super::Rank::Critical {
        new.timeout(Timeout::Never);
        #[cfg(target_os = "windows")]
        new.urgency(notify_rust::Urgency::Critical);
    }
    if popup.sound {
        new.sound_name(if cfg!(target_os = "macos") { "Sosumi" } else { "Reminder" });
    }
    new
}

fn read(response: &NotificationResponse) -> Answer {
    match response {
        NotificationResponse::Default => Answer::Opened,
        // macOS gives the words, Windows the key.
        NotificationResponse::Action(key) if key.eq_ignore_ascii_case("acknowledge") => Answer::Acknowledged,
        NotificationResponse::Action(_) => Answer::Opened,
        NotificationResponse::Closed(CloseReason::Dismissed) => Answer::Dismissed,
        NotificationResponse::Closed(CloseReason::Expired) => Answer::Expired,
        _ => Answer::Gone,
    }
}
