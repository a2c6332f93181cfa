//! The program's own log, on standard error.

use tracing_subscriber::EnvFilter;

/// The environment variable that sets the log's levels, as `tracing` reads them: `info`, `nightdesk_engine=debug`.
const VARIABLE: &str = "NIGHTDESK_LOG";

/// Starts the log: warnings, with `-v` information, with `-vv` everything; [`VARIABLE`] wins.
pub fn start(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    // Our own crates only: a library's chatter about sockets says nothing to a dispatcher.
    let usual = if verbose < 3 { format!("warn,{}", of_ours(level)) } else { "trace".to_owned() };
    let filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new(usual));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(crate::output::is_watched())
        .with_target(verbose > 1);
    if let Err(error) = log.try_init() {
        crate::output::say(&format!("no log: {error}"));
    }
}

fn of_ours(level: &str) -> String {
    ["api", "engine", "host", "http", "huntress", "psa", "standin", "store"]
        .map(|name| format!("nightdesk_{name}={level}"))
        .join(",")
}
