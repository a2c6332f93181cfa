//! A screen of its own.

use super::program::tool;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Size and depth: the README's pictures are taken at this size, too.
const SCREEN: &str = "1280x800x24";

/// An X server without a picture; it ends when dropped.
pub struct Display {
    /// `:N`.
    pub name: String,
    server: Child,
}

impl Display {
    /// Starts one under a number that it finds free itself.
    pub fn open(log: &Path) -> Self {
        let mut server = Command::new(tool("Xvfb", "xvfb"))
            .args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(log.join("Xvfb.log")).unwrap())
            .spawn()
            .unwrap();
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "Xvfb found no free number; see {}", log.display());
        Self { name: format!(":{}", number.trim()), server }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.server.kill();
        let _gone = self.server.wait();
    }
}
