//! The process that WebKit fetches by, and keeps for as long as the program lives: tens of MiB for a desk without a
//! window. The next window starts another one beside its page, which doesn't wait for it: our pages come from inside the
//! program.

use procfs::ProcResult;
use procfs::process::{Process, all_processes};
use rustix::process::{Pid, Signal, kill_process};

/// Its name, as far as the kernel keeps one.
const NAME: &str = "WebKitNetworkPr";

/// Set to `true` where a WebDriver drives the windows (Tauri's name for it). With the process it would lose sight of them.
const DRIVEN: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Ends it, and answers whether there was one. To be called where no window can be made meanwhile.
pub fn end_network_process() -> bool {
    if std::env::var_os(DRIVEN).is_some_and(|driven| driven == "true") {
        return false;
    }
    let found = match services() {
        Ok(found) => found,
        Err(error) => {
            tracing::debug!(%error, "the web view's processes could not be read");
            return false;
        }
    };
    let end = |process: &Process| Pid::from_raw(process.pid).is_some_and(|id| kill_process(id, Signal::TERM).is_ok());
    found.iter().filter(|process| end(process)).count() > 0
}

/// Those that are this program's own children: a number that names one of them names it until it was waited for.
fn services() -> ProcResult<Vec<Process>> {
    let me = Process::myself()?.pid;
    let is_ours = |process: &Process| process.stat().is_ok_and(|s| s.ppid == me && s.comm == NAME && s.state != 'Z');
    Ok(all_processes()?.filter_map(Result::ok).filter(is_ours).collect())
}
