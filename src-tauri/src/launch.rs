//! From the start to the end: engine first, then tray, then, where it is wanted, a window.

use crate::acting::{AppHands, act};
use crate::alerts::screen::Desktop;
use crate::alerts::{Bell, NativeSender};
use crate::args::Args;
use crate::demo::Demo;
use crate::program::Program;
use crate::running::{Running, Standing};
use crate::tray::Tray;
use crate::{follow, instance, ipc, logging, platform, rest, signals, window};
use anyhow::Context as _;
use nightdesk_core::clock::Clock;
use nightdesk_host::secrets::Secrets;
use nightdesk_host::{DataDir, Desk, SystemClock};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tauri::{App, AppHandle, Manager as _, RunEvent, WindowEvent};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogKind};
use tauri_plugin_window_state::{AppHandleExt as _, StateFlags};

/// How long the first window waits for the engine: a busy directory is told before anything is shown.
const BEGINS_WITHIN: Duration = Duration::from_millis(1500);

/// How long a start in the tray waits for a panel that is starting too, before it shows the window instead.
const PANEL_WITHIN: Duration = Duration::from_secs(5);

/// Runs the program to its end.
///
/// # Errors
/// What keeps it from starting.
pub fn launch(args: &Args) -> anyhow::Result<u8> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .thread_name("nightdesk")
        .enable_all()
        .build()
        .context("the program cannot start its threads")?;
    tauri::async_runtime::set(runtime.handle().clone());
    let (demo, folder) =
        if args.demo { runtime.block_on(Demo::prepare()).map(|(d, f)| (Some(d), Some(f)))? } else { (None, None) };
    let is_usual = !args.demo && args.data_dir.is_none() && std::env::var_os("NIGHTDESK_DATA_DIR").is_none();
    let desk = match &demo {
        Some(demo) => demo.desk(),
        None => {
            let dir = DataDir::resolve(args.data_dir.clone())?;
            let secrets = Arc::new(Secrets::system().beside(&dir));
            Desk::new(dir, Arc::new(SystemClock::default()), secrets, Desk::os_user())
        }
    };
    let logs = logging::start(desk.dir());
    let mut context = tauri::generate_context!();
    context.config_mut().identifier = instance::name(desk.dir(), is_usual);
    let start = Start { desk, logs, is_usual, demo, minimised: args.minimised, automatic: args.autostart };
    // First, so that a second start ends before it has touched anything.
    let single = tauri_plugin_single_instance::init(|app, _, _| window::show(app, None));
    let mut builder = tauri::Builder::default().plugin(single);
    if folder.is_none() {
        builder = builder.plugin(window_state(start.desk.dir().path().join("windows.json")));
    }
    let app = builder
        .plugin(tauri_plugin_autostart::Builder::new().arg("--autostart").build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .invoke_handler(tauri::generate_handler![ipc::rpc])
        .setup(move |app| start.run(app))
        .build(context)
        .context("the window system does not let the program start")?;
    let code = app.run_return(on_event);
    // What a hanging library call still holds mustn't keep the process: the engine has ended in order.
    runtime.shutdown_background();
    drop(folder);
    Ok(u8::try_from(code).unwrap_or(1))
}

/// What a start begins with.
struct Start {
    desk: Desk,
    logs: Option<PathBuf>,
    is_usual: bool,
    demo: Option<Demo>,
    minimised: bool,
    automatic: bool,
}

impl Start {
    /// Called on the main thread, when no other program has this directory's window.
    fn run(self, app: &mut App) -> Result<(), Box<dyn std::error::Error>> {
        let Self { desk, logs, is_usual, demo, minimised, automatic } = self;
        tracing::info!(version = env!("CARGO_PKG_VERSION"), directory = %desk.dir().path().display(), "Nightdesk starts");
        let clock: Arc<dyn Clock> = desk.clock().clone();
        let bell = Bell::new(clock, Box::new(Desktop::new()));
        bell.record_in(Box::new(desk.clone()));
        bell.act_by(Box::new(AppHands(app.handle().clone())));
        let running = Running::start(desk.clone(), vec![Arc::new(NativeSender(bell.clone()))]);
        let program = Arc::new(Program::new(desk, running, bell, logs, is_usual));
        app.manage(program.clone());
        if let Some(demo) = demo {
            tauri::async_runtime::spawn(demo.tell());
        }
        let begun = program.running.begun();
        let begun = tauri::async_runtime::block_on(async { tokio::time::timeout(BEGINS_WITHIN, begun).await });
        if let Ok(Standing::Refused(why)) = begun {
            refuse(app.handle(), &why);
            return Ok(());
        }
        let acting = program.clone();
        let tray = Tray::new(app.handle(), move |app, chosen| act(app, &acting, chosen));
        if let Some(why) = tray.missing() {
            tracing::warn!(why, "there is no tray icon");
        }
        program.keep_tray(tray);
        watch(app.handle(), &program);
        tauri::async_runtime::spawn(first_window(app.handle().clone(), program, minimised, automatic));
        Ok(())
    }
}

/// Shows the first window, unless the program starts in the tray and there is one.
async fn first_window(app: AppHandle, program: Arc<Program>, minimised: bool, automatic: bool) {
    let read = program.desk.ask(|tx, _| nightdesk_api::preferences::preferences(tx));
    let preferences = read.await.unwrap_or_default();
    let hidden = minimised || (automatic && preferences.start_minimised);
    program.prefer(preferences);
    if hidden && program.tray().is_some_and(|tray| tray.missing().is_none()) {
        let mut host = program.tray_host.clone();
        let came = tokio::time::timeout(PANEL_WITHIN, host.comes()).await.is_ok();
        if came {
            return;
        }
        tracing::warn!("nobody shows tray icons here, so the window is shown instead");
    }
    window::show(&app, None);
}

/// Everything that goes on beside the windows.
fn watch(app: &AppHandle, program: &Arc<Program>) {
    tauri::async_runtime::spawn(follow::follow(app.clone(), program.clone()));
    tauri::async_runtime::spawn(signals::obey(app.clone(), program.clone()));
    tauri::async_runtime::spawn(rest::rest(app.clone(), program.clone()));
    let running = program.running.clone();
    platform::watch_machine(move |_what| running.poke());
    let (handle, themed) = (app.clone(), program.clone());
    platform::watch_theme(move || window::repaint(&handle, themed.preferences().theme));
    let looking = program.clone();
    platform::watch_notifications(move || {
        let program = looking.clone();
        tauri::async_runtime::spawn(async move {
            if program.bell.look().await {
                program.look.notify_one();
                if program.bell.service().missing.is_none() {
                    program.bell.replay().await;
                }
            }
        });
    });
}

/// Somebody else's engine has the directory: says who, and ends.
fn refuse(app: &AppHandle, why: &str) {
    let words = format!("Nightdesk can't start: {why}. End that first, or give this one another --data-dir.");
    eprintln!("nightdesk-desktop: {words}");
    tracing::error!("{words}");
    let ending = app.clone();
    app.dialog().message(words).title("Nightdesk").kind(MessageDialogKind::Error).show(move |_| ending.exit(1));
}

fn window_state(path: PathBuf) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    tauri_plugin_window_state::Builder::new()
        // An absolute name: beside the data, so that the demo leaves nothing and each desk has its own.
        .with_filename(path.display().to_string())
        .with_denylist(&[window::ALARM])
        .with_state_flags(kept())
        .build()
}

fn kept() -> StateFlags {
    StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED | StateFlags::FULLSCREEN
}

fn on_event(app: &AppHandle, event: RunEvent) {
    match event {
        // The last window was closed: the desk goes on in the tray (ND-10). Only an exit with a code is meant.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::WindowEvent { label, event: WindowEvent::CloseRequested { .. }, .. } if label == window::MAIN => {
            keep_size(app);
        }
        RunEvent::WindowEvent { label, event: WindowEvent::Destroyed, .. } if label == window::MAIN => {
            closed(app);
        }
        // Its icon in the dock was clicked.
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app, None),
        _ => {}
    }
}

fn keep_size(app: &AppHandle) {
    // A demo keeps nothing.
    if app.try_state::<Arc<Program>>().is_none_or(|program| program.desk.is_demo()) {
        return;
    }
    if let Err(error) = app.save_window_state(kept()) {
        tracing::warn!(%error, "the window's size was not kept");
    }
}

/// After the window was closed its connections go too, and whoever closes it for the first time is told that the desk
/// goes on.
fn closed(app: &AppHandle) {
    let Some(program) = app.try_state::<Arc<Program>>() else { return };
    program.look.notify_one();
    program.closed.notify_one();
    if program.preferences().keep_in_tray_hint_shown || program.desk.is_demo() {
        return;
    }
    let program = Arc::clone(&program);
    tauri::async_runtime::spawn(async move { program.hint_at_tray().await });
}
