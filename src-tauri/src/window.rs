//! The windows. Each is made when it is wanted and destroyed when it is closed (ND-10): the engine needs none, and a
//! hidden web page costs as much memory as a shown one.

use crate::first_look::FirstLook;
use crate::links;
use crate::program::Program;
use nightdesk_api::preferences::Theme;
use nightdesk_api::shell::Goto;
use nightdesk_core::ids::TicketId;
use std::sync::Arc;
use tauri::webview::NewWindowResponse;
use tauri::{
    AppHandle, Emitter as _, Manager as _, UserAttentionType, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
};

/// The boards' window.
pub const MAIN: &str = "main";

/// The small window for alerts.
pub const ALARM: &str = "alarm";

/// The size that the boards need, and begin with.
const SIZE: ((f64, f64), (f64, f64)) = ((880.0, 560.0), (1280.0, 820.0));

/// A place in the window.
pub fn place(view: &str) -> Goto {
    Goto { view: view.to_owned(), ticket_id: None, reason: None }
}

/// A ticket's place.
pub fn ticket(id: TicketId) -> Goto {
    Goto { view: "ticket".to_owned(), ticket_id: Some(id), reason: None }
}

/// Shows the boards' window, there; without a place, where it is or where it begins.
pub fn show(app: &AppHandle, to: Option<Goto>) {
    let handle = app.clone();
    let work = move || {
        if let Err(error) = show_here(&handle, to) {
            tracing::error!(%error, "the window could not be shown");
        }
    };
    if let Err(error) = app.run_on_main_thread(work) {
        tracing::error!(%error, "the window could not be shown");
    }
}

fn show_here(app: &AppHandle, to: Option<Goto>) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(MAIN) {
        window.unminimize()?;
        window.show()?;
        window.set_focus()?;
        return to.map_or(Ok(()), |to| app.emit_to(MAIN, "goto", to));
    }
    let program = Arc::clone(&app.state::<Arc<Program>>());
    program.opening();
    FirstLook::take(Arc::clone(&program));
    let page = match &to {
        Some(Goto { view, ticket_id: Some(TicketId(id)), .. }) => format!("index.html#/{view}/{id}"),
        Some(Goto { view, reason: None, .. }) => format!("index.html#/{view}"),
        // A question is put once the page listens.
        Some(_) | None => "index.html".to_owned(),
    };
    program.set_pending(to.filter(|to| to.reason.is_some()));
    let ((least_width, least_height), (width, height)) = SIZE;
    let window = builder(app, &program, MAIN, &page)
        .title("Nightdesk")
        .inner_size(width, height)
        .min_inner_size(least_width, least_height)
        .build()?;
    crate::platform::tune(&window);
    window.set_focus()
}

/// Shows the alarm window, which lists the alerts that nobody has acknowledged, above all others.
pub fn alarm(app: &AppHandle) -> tauri::Result<()> {
    let handle = app.clone();
    app.run_on_main_thread(move || {
        if let Err(error) = alarm_here(&handle) {
            tracing::error!(%error, "the alarm window could not be shown");
        }
    })
}

fn alarm_here(app: &AppHandle) -> tauri::Result<()> {
    let window = match app.get_webview_window(ALARM) {
        Some(window) => window,
        None => {
            let program = app.state::<Arc<Program>>();
            let window = builder(app, &program, ALARM, "index.html#/alarm")
                .title("Nightdesk alarm")
                .inner_size(460.0, 320.0)
                .always_on_top(true)
                .visible_on_all_workspaces(true)
                .center()
                .build()?;
            crate::platform::tune(&window);
            window
        }
    };
    window.unminimize()?;
    window.show()?;
    window.request_user_attention(Some(UserAttentionType::Critical))?;
    window.set_focus()
}

/// Closes the alarm window, where it is open.
pub fn end_alarm(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(ALARM)
        && let Err(error) = window.destroy()
    {
        tracing::warn!(%error, "the alarm window could not be closed");
    }
}

/// What every window has in common: our own pages and nothing else.
fn builder<'a>(
    app: &'a AppHandle,
    program: &Arc<Program>,
    label: &str,
    page: &str,
) -> WebviewWindowBuilder<'a, tauri::Wry, AppHandle> {
    let fetching = Arc::clone(program);
    WebviewWindowBuilder::new(app, label, WebviewUrl::App(page.into()))
        .on_web_resource_request(move |_, response| fetching.first_look.put(response))
        .theme(theme(program.preferences().theme))
        // The same for all: a context of its own for each window would not know our pages' scheme.
        .data_directory(program.web_data())
        .disable_drag_drop_handler()
        .zoom_hotkeys_enabled(false)
        .devtools(cfg!(debug_assertions))
        .on_navigation(links::is_ours)
        .on_new_window(|link, _| {
            tracing::warn!(%link, "the window asked for another window, which it never may");
            NewWindowResponse::Deny
        })
}

/// The theme for a window: what the user chose, else what the desktop prefers, where the web view can't see that itself.
pub fn theme(chosen: Theme) -> Option<tauri::Theme> {
    match chosen {
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
        Theme::System => crate::platform::preferred_theme(),
    }
}

/// Puts a changed theme on the windows that are open.
pub fn repaint(app: &AppHandle, chosen: Theme) {
    for window in app.webview_windows().into_values() {
        let painted: Result<(), _> = WebviewWindow::set_theme(&window, theme(chosen));
        if let Err(error) = painted {
            tracing::warn!(%error, "a window kept its theme");
        }
    }
}
