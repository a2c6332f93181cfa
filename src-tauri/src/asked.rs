//! What a window asks of the program around the desk.

use crate::alerts::Rung;
use crate::alerts::alert::{Alert, Rank};
use crate::alerts::mute::Span;
use crate::exit;
use crate::links;
use crate::program::Program;
use crate::{platform, window};
use nightdesk_api::rpc::{Json, Shell, Work, json};
use nightdesk_api::setup::{Finding, FindingSeverity};
use nightdesk_api::shell::{Ability, Goto, Notifications, ShellView, TestAlertShown, TextSaved, TextToSave};
use nightdesk_api::words::Severity;
use nightdesk_api::{Code, Error};
use nightdesk_api::{psa_status, ticket_view};
use nightdesk_core::ids::TicketId;
use std::path::Path;
use std::sync::Arc;
use tauri::AppHandle;
use tauri_plugin_autostart::ManagerExt as _;
use tauri_plugin_dialog::DialogExt as _;
use tauri_plugin_opener::OpenerExt as _;
use tokio::sync::oneshot;

/// A window's question to the program.
pub struct Asker {
    /// The application.
    pub app: AppHandle,
    /// Its parts.
    pub program: Arc<Program>,
}

impl Asker {
    fn seen(&self) -> ShellView {
        let service = self.program.bell.service();
        let tray = self.program.tray_trouble().map(str::to_owned);
        ShellView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            platform: platform::name(),
            demo: self.program.desk.is_demo(),
            tray: Ability { ok: tray.is_none(), why: tray },
            notifications: Notifications {
                ok: service.missing.is_none(),
                why: service.trouble().map(str::to_owned),
                server: service.server,
            },
            autostart: self.autostart(),
            mute_until: self.program.bell.muted_until(),
            data_dir: shown(self.program.desk.dir().path()),
            log_dir: self.program.logs.as_deref().map(shown),
            watching_for: platform::kind().to_owned(),
        }
    }

    fn autostart(&self) -> Option<bool> {
        if !self.program.is_usual {
            return None;
        }
        self.app.autolaunch().is_enabled().ok()
    }

    /// Reads the preferences anew and shows what follows from them.
    pub async fn preferences_changed(&self) {
        match self.program.desk.ask(|tx, _| nightdesk_api::preferences::preferences(tx)).await {
            Ok(now) => {
                let theme = now.theme;
                if self.program.prefer(now).theme != theme {
                    window::repaint(&self.app, theme);
                }
            }
            Err(error) => tracing::warn!(%error, "changed preferences could not be read"),
        }
    }

    /// The doctor's findings with those that only a program with a screen can make.
    ///
    /// # Errors
    /// None that these findings have.
    pub fn with_own_findings(&self, found: &Json) -> Result<Json, Error> {
        let mut all: Vec<Finding> = serde_json::from_str(found.get()).map_err(|e| failed("the findings", &e))?;
        let service = self.program.bell.service();
        let shown = service.server.as_deref().unwrap_or("the desktop");
        all.push(finding("alerts", service.trouble(), format!("{shown} shows native alerts")));
        all.push(finding("tray", self.program.tray_trouble(), "the tray icon is shown".to_owned()));
        json(&all)
    }

    /// Sends the browser to an address that was judged before.
    fn browse(&self, link: String) -> Result<(), Error> {
        let opened = self.app.opener().open_url(link, None::<&str>);
        opened.map_err(|error| failed("the desktop did not open a browser", &error))
    }

    /// Opens the folder of the logs.
    ///
    /// # Errors
    /// `NotFound` without one; `Internal` where the desktop opens no folders.
    pub fn show_logs(&self) -> Result<(), Error> {
        let folder = self.program.logs.as_deref();
        let folder =
            folder.ok_or_else(|| Error::not_found("there is no folder for logs; the log goes to standard error"))?;
        let opened = self.app.opener().open_path(shown(folder), None::<&str>);
        opened.map_err(|error| failed(&format!("the desktop did not open {}", folder.display()), &error))
    }
}

impl Shell for Asker {
    fn view(&self) -> Work<'_, ShellView> {
        Box::pin(async move {
            self.program.bell.look().await;
            Ok(self.seen())
        })
    }

    fn autostart_set(&self, on: bool) -> Work<'_, ShellView> {
        Box::pin(async move {
            if !self.program.is_usual {
                return Err(Error::conflict(
                    "only the usual desk starts with your session, not a demo or one with --data-dir",
                ));
            }
            let launch = self.app.autolaunch();
            let done = if on { launch.enable() } else { launch.disable() };
            done.map_err(|error| failed("the system did not take the change of automatic start", &error))?;
            Ok(self.seen())
        })
    }

    fn mute(&self, minutes: Option<u32>) -> Work<'_, ShellView> {
        Box::pin(async move {
            self.program.mute(minutes.map(|minutes| Span::Minutes(i64::from(minutes))));
            Ok(self.seen())
        })
    }

    fn test_alert(&self, severity: Severity) -> Work<'_, TestAlertShown> {
        Box::pin(async move {
            let rank = match severity {
                Severity::Critical | Severity::Unknown => Rank::Critical,
                Severity::High => Rank::High,
                Severity::Low => Rank::Low,
            };
            let rung = self.program.bell.ring_plainly(&Alert::trial(rank), true).await;
            Ok(match rung {
                Rung::Shown(_) => TestAlertShown { shown: true, why: self.program.bell.service().quiet },
                Rung::NotShown(why) | Rung::Waits(why) => TestAlertShown { shown: false, why: Some(why) },
                Rung::Held(_) => TestAlertShown { shown: false, why: Some("desk alerts are muted".to_owned()) },
            })
        })
    }

    fn open_portal(&self, ticket: TicketId) -> Work<'_, ()> {
        Box::pin(async move {
            let link = self.program.desk.ask(move |tx, at| ticket_view::view(tx, at.now, ticket)).await?;
            let link = link.incident.and_then(|incident| incident.portal_url);
            let link = link.ok_or_else(|| Error::not_found("this ticket has no page in Huntress's portal"))?;
            if !links::may_open(&link) {
                return Err(Error::invalid("this is no address of Huntress's portal, so it is not opened"));
            }
            self.browse(link)
        })
    }

    fn open_psa(&self, ticket: TicketId) -> Work<'_, ()> {
        Box::pin(async move {
            let asked = self.program.desk.ask(move |tx, at| {
                let link = ticket_view::view(tx, at.now, ticket)?.card.ticket.remote_url;
                Ok((link, psa_status::psa_status(tx)?.and_then(|psa| psa.base_url)))
            });
            let (link, psa) = asked.await?;
            let link = link.ok_or_else(|| Error::not_found("this ticket has no page in the PSA"))?;
            if !psa.is_some_and(|psa| links::may_open_in(&link, &psa)) {
                return Err(Error::invalid("this is no address of the configured PSA, so it is not opened"));
            }
            self.browse(link)
        })
    }

    fn open_log_folder(&self) -> Work<'_, ()> {
        Box::pin(async move { self.show_logs() })
    }

    fn save_text(&self, text: TextToSave) -> Work<'_, TextSaved> {
        Box::pin(async move {
            let name = Path::new(&text.name).file_name().and_then(|n| n.to_str()).unwrap_or("nightdesk.txt").to_owned();
            let (tell, told) = oneshot::channel();
            self.app.dialog().file().set_file_name(name).save_file(move |chosen| drop(tell.send(chosen)));
            let chosen = told.await.ok().flatten().and_then(|file| file.into_path().ok());
            let Some(path) = chosen else { return Ok(TextSaved { path: None }) };
            let (at, content) = (path.clone(), text.text);
            let written = tauri::async_runtime::spawn_blocking(move || std::fs::write(at, content)).await;
            match written {
                Ok(Ok(())) => Ok(TextSaved { path: Some(shown(&path)) }),
                Ok(Err(error)) => Err(failed(&format!("{} could not be written", path.display()), &error)),
                Err(error) => Err(failed("the file could not be written", &error)),
            }
        })
    }

    fn demo_start(&self) -> Work<'_, ()> {
        Box::pin(async move {
            let program = std::env::current_exe().map_err(|error| failed("the program did not find itself", &error))?;
            // A program of its own: it shares nothing with this desk, and ending it ends nothing here.
            let started = std::process::Command::new(program).arg("--demo").spawn();
            started.map(drop).map_err(|error| failed("the demo did not start", &error))
        })
    }

    fn show_window(&self, place: Goto) -> Work<'_, ()> {
        Box::pin(async move {
            window::show(&self.app, Some(Goto { reason: None, ..place }));
            Ok(())
        })
    }

    fn window_painted(&self) -> Work<'_, ()> {
        Box::pin(async move {
            if let Some(after) = self.program.painted() {
                tracing::info!(after_ms = after.num_milliseconds(), "the window is painted");
            }
            Ok(())
        })
    }

    fn quit_confirmed(&self) -> Work<'_, ()> {
        Box::pin(async move {
            self.program.quit(&self.app, exit::Asked::Insisting).await;
            Ok(())
        })
    }
}

/// A finding of this program: what keeps alerts from being seen says itself what to do about it.
fn finding(area: &str, trouble: Option<&str>, well: String) -> Finding {
    let severity = if trouble.is_some() { FindingSeverity::Warning } else { FindingSeverity::Ok };
    let (what, remedy) = match trouble.map(|t| t.split_once("; ").unwrap_or((t, ""))) {
        None => (well, None),
        Some((what, "")) => (what.to_owned(), None),
        Some((what, remedy)) => (what.to_owned(), Some(remedy.to_owned())),
    };
    Finding { area: area.to_owned(), ok: trouble.is_none(), severity, text: what, remedy }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn failed(what: &str, error: &dyn std::fmt::Display) -> Error {
    Error::new(Code::Internal, format!("{what}: {error}"))
}
