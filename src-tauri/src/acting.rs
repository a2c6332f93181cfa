//! What a choice in the tray or an answer to an alert sets in motion.

use crate::alerts::Hands;
use crate::asked::Asker;
use crate::exit::Asked;
use crate::program::Program;
use crate::tray::Chosen;
use crate::window;
use nightdesk_api::rpc::Host as _;
use nightdesk_core::ids::TicketId;
use std::sync::Arc;
use tauri::AppHandle;

/// Acts on a choice in the tray.
pub fn act(app: &AppHandle, program: &Arc<Program>, chosen: Chosen) {
    match chosen {
        Chosen::Triage => window::show(app, Some(window::place("triage"))),
        Chosen::Acknowledge => {
            if let Err(error) = window::alarm(app) {
                tracing::error!(%error, "the alarm window could not be shown");
            }
        }
        Chosen::Mute(span) => program.mute(Some(span)),
        Chosen::Unmute => program.mute(None),
        Chosen::Poll => {
            let program = program.clone();
            tauri::async_runtime::spawn(async move {
                // What came of it is on the status card and in the tray.
                match program.desk.poll_now().await {
                    Ok(polled) => tracing::info!(ok = polled.ok, "polled, as asked in the tray"),
                    Err(error) => tracing::warn!(%error, "the poll that was asked for in the tray did not happen"),
                }
            });
        }
        Chosen::Logs => {
            if let Err(error) = (Asker { app: app.clone(), program: program.clone() }).show_logs() {
                tracing::warn!(%error, "the folder of the logs was not shown");
            }
        }
        Chosen::Quit => {
            let (app, program) = (app.clone(), program.clone());
            tauri::async_runtime::spawn(async move { program.quit(&app, Asked::Person).await });
        }
    }
}

/// The bell's hands.
pub struct AppHands(pub AppHandle);

impl Hands for AppHands {
    fn open(&self, ticket: Option<TicketId>) {
        window::show(&self.0, Some(ticket.map_or_else(|| window::place("triage"), window::ticket)));
    }

    fn alarm(&self) -> bool {
        match window::alarm(&self.0) {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(%error, "the alarm window could not be shown");
                false
            }
        }
    }
}
