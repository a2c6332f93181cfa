//! A desk that rests in the tray takes no more room than it needs there.

use crate::program::Program;
use crate::{platform, window};
use std::sync::Arc;
use std::time::Duration;
use tauri::{AppHandle, Manager as _};
use tokio::sync::oneshot;

/// What a start or a closed window still has to do is done by then.
const SETTLED: Duration = Duration::from_secs(10);

/// What was told to end has ended by then.
const ENDED: Duration = Duration::from_secs(1);

/// Polls and sweeps come by code that they need only then.
const AGAIN: Duration = Duration::from_mins(15);

/// Hands back what isn't needed whenever the desk has come to rest: after its start, after a window was closed, and now
/// and then.
pub async fn rest(app: AppHandle, program: Arc<Program>) {
    let mut wait = SETTLED;
    loop {
        tokio::select! {
            () = program.closed.notified() => wait = SETTLED,
            () = tokio::time::sleep(wait) => {
                // The code that the two share is handed back once it is this program's alone.
                if end_network_process(&app).await {
                    tokio::time::sleep(ENDED).await;
                }
                if is_at_rest(&app) {
                    // Reading the list of what is mapped takes some milliseconds: not on a thread that others wait for.
                    let _done = tokio::task::spawn_blocking(platform::hand_back).await;
                }
                wait = AGAIN;
            }
        }
    }
}

/// On the main thread, which makes the windows: none can begin meanwhile.
async fn end_network_process(app: &AppHandle) -> bool {
    let (tell, told) = oneshot::channel();
    let handle = app.clone();
    let asked = app.run_on_main_thread(move || {
        let _gone = tell.send(is_at_rest(&handle) && platform::end_network_process());
    });
    asked.is_ok() && told.await.unwrap_or(false)
}

fn is_at_rest(app: &AppHandle) -> bool {
    [window::MAIN, window::ALARM].iter().all(|label| app.get_webview_window(label).is_none())
}
