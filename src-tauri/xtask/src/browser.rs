//! The browser for tests and screenshots: the one of the system, so that nothing is downloaded.

use std::env;
use std::path::PathBuf;

use crate::probe;

/// Names it where it lies elsewhere; the browser tests read the same variable.
pub const VARIABLE: &str = "NIGHTDESK_CHROMIUM";

/// Names on the path, the plain one first.
const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];

/// Where macOS and Windows keep it, beside the path.
const PLACES: [&str; 5] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
];

/// The browser, by the variable, else by name, else in the usual places.
pub fn find() -> Option<PathBuf> {
    if let Some(named) = env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
        return Some(PathBuf::from(named));
    }
    NAMES.iter().find_map(|name| probe::on_path(name)).or_else(|| {
        let places = PLACES.iter().map(PathBuf::from);
        places.into_iter().find(|path| path.is_file())
    })
}
