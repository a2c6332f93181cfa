//! The program's own log, on standard error.

use tracing_subscriber::EnvFilter;

/// The environment variable that sets the log's levels, as `tracing` reads them: `info`, `nightdesk_engine=debug`.
const VARIABLE: &str = "NIGHTDESK_LOG";

/// Starts the log: warnings, with `-v` information, with `-vv` everything; [`VARIABLE`] wins. A demo logs nothing by itself:
/// what goes wrong in its night is meant to, and its screen tells of it.
pub fn start(verbose: u8, is_demo: bool) {
    let filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new(usual(verbose, is_demo)));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(crate::output::is_watched())
        .with_target(verbose > 1);
    if let Err(error) = log.try_init() {
        crate::output::say(&format!("no log: {error}"));
    }
}

/// The levels where nobody has set any.
fn usual(verbose: u8, is_demo: bool) -> String {
    let level = match verbose {
        0 if is_demo => return "off".to_owned(),
        0 => "warn",
        1 => "info",
        2 => "debug",
        _ => return "trace".to_owned(),
    };
    // Our own crates only: a library's chatter about sockets says nothing to a dispatcher.
    format!("warn,{}", of_ours(level))
}

fn of_ours(level: &str) -> String {
    ["api", "engine", "host", "http", "huntress", "psa", "standin", "store"]
        .map(|name| format!("nightdesk_{name}={level}"))
        .join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_logs_nothing_unless_it_is_asked_to() {
        assert_eq!(usual(0, true), "off");
        assert_eq!(usual(1, true), usual(1, false));
        assert!(usual(0, false).starts_with("warn,") && usual(2, true).contains("nightdesk_engine=debug"));
        for verbose in 0..4 {
            assert!(
                usual(verbose, true).parse::<EnvFilter>().is_ok() && usual(verbose, false).parse::<EnvFilter>().is_ok()
            );
        }
    }
}
