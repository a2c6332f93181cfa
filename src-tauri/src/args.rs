//! What the program is started with.

use clap::Parser;
use std::path::PathBuf;

/// Nightdesk in the tray: watches Huntress, opens tickets, alerts, and shows the triage board.
#[derive(Debug, Clone, Parser)]
#[command(name = "nightdesk-desktop", version, about)]
pub struct Args {
    /// Keep everything in this directory instead of the platform's place for application data.
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Show a made-up night at an MSP, in a temporary directory and against a stand-in for Huntress.
    #[arg(long, conflicts_with = "data_dir")]
    pub demo: bool,

    /// Start in the tray, without a window.
    #[arg(long, alias = "minimized")]
    pub minimised: bool,

    /// How the user's session starts it: in the tray, if the user prefers that.
    #[arg(long, hide = true)]
    pub autostart: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_sound() {
        Args::command().debug_assert();
        let args = Args::try_parse_from(["nightdesk-desktop", "--demo", "--minimised"]);
        assert!(args.is_ok_and(|a| a.demo && a.minimised));
        assert!(Args::try_parse_from(["nightdesk-desktop", "--demo", "--data-dir", "x"]).is_err());
    }
}
