//! The program's own log: a file a day beside the data, fourteen of them, and standard error. No secret gets here,
//! because none is ever printed (ND-12).

use nightdesk_host::DataDir;
use std::path::PathBuf;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::writer::MakeWriterExt as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// The environment variable that sets the log's levels: `info`, or `warn,nightdesk_engine=debug`.
const VARIABLE: &str = "NIGHTDESK_LOG";

/// How many days are kept.
const DAYS: usize = 14;

/// Our own crates tell what they do; libraries only what worries them.
const USUAL: &str = "warn,nightdesk_desktop=info,nightdesk_api=info,nightdesk_engine=info,nightdesk_host=info,\
    nightdesk_http=info,nightdesk_huntress=info,nightdesk_psa=info,nightdesk_store=info";

/// The folder of the logs.
pub fn folder(dir: &DataDir) -> PathBuf {
    dir.path().join("logs")
}

/// Starts the log. Answers the folder, where one could be made; without one standard error still gets everything.
pub fn start(dir: &DataDir) -> Option<PathBuf> {
    let folder = folder(dir);
    // Levels by crate are all that is wanted; patterns would bring a regular expression engine along.
    let wanted = std::env::var(VARIABLE).ok().and_then(|text| text.parse::<Targets>().ok());
    let levels = wanted.or_else(|| USUAL.parse().ok()).unwrap_or_default();
    let file = private(&folder).ok().and_then(|()| {
        let daily = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix("nightdesk")
            .filename_suffix("log")
            .max_log_files(DAYS);
        daily.build(&folder).ok()
    });
    let log = tracing_subscriber::registry().with(levels);
    let lines = tracing_subscriber::fmt::layer().with_ansi(false);
    let (started, folder) = match file {
        // Written at once, line by line: what was said last before a crash is what matters.
        Some(file) => (log.with(lines.with_writer(std::io::stderr.and(file))).try_init(), Some(folder)),
        None => (log.with(lines.with_writer(std::io::stderr)).try_init(), None),
    };
    if let Err(error) = started {
        eprintln!("no log: {error}");
    }
    log_panics();
    folder
}

/// A panic's message and place also stand in the file, where somebody will look for them.
fn log_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let what = panic.payload_as_str().unwrap_or("no message");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(what, place, "a part of the program failed");
        usual(panic);
    }));
}

#[cfg(unix)]
fn private(folder: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn private(folder: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_crates_tell_more_than_libraries() {
        let levels: Targets = USUAL.parse().unwrap();
        assert!(levels.would_enable("nightdesk_engine::poller", &tracing::Level::INFO));
        assert!(!levels.would_enable("hyper", &tracing::Level::INFO));
        assert!(levels.would_enable("hyper", &tracing::Level::WARN));
    }
}
