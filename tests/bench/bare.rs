//! The bare Tauri tray application, which ours is compared with.

use crate::Outcome;
use nightdesk_tests::desktop::{SOON, Session, until};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Its program; `None`, with a word, where it or ours wasn't built: what needs them is left out.
pub fn program() -> Option<PathBuf> {
    let beside = std::env::current_exe().ok()?;
    let (desktop, bare) = (beside.with_file_name("nightdesk-desktop"), beside.with_file_name("examples").join("bare"));
    if !desktop.is_file() || !bare.is_file() {
        eprintln!("the desktop is left out, since it needs {} and {}", desktop.display(), bare.display());
        return None;
    }
    Some(bare)
}

/// One that runs, and is told what to do on its standard input.
pub struct Bare {
    /// Its process's number.
    pub id: u32,
    child: Child,
    say: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Bare {
    /// Starts it in a session.
    pub async fn start(session: &Session, program: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let mut command = std::process::Command::new(program);
        session.surround(&mut command);
        let mut command = Command::from(command);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let id = child.id().ok_or("it ended")?;
        let say = child.stdin.take().ok_or("no standard input")?;
        let lines = BufReader::new(child.stdout.take().ok_or("no standard output")?).lines();
        let mut bare = Self { id, child, say, lines };
        bare.hear("ready").await?;
        Ok(bare)
    }

    /// Opens its window and closes it, so many times; answers how long each took to be painted.
    pub async fn open_and_close(
        &mut self,
        session: &Session,
        times: usize,
    ) -> Result<Vec<Duration>, Box<dyn std::error::Error>> {
        let mut openings = Vec::new();
        for _ in 0..times {
            self.tell("open").await?;
            openings.push(Duration::from_millis(self.hear("painted").await?.parse()?));
            self.tell("close").await?;
            until("the window's process has ended", SOON, async || session.web_views().is_empty().then_some(())).await;
        }
        Ok(openings)
    }

    /// Ends it.
    pub async fn end(mut self) -> Outcome {
        self.tell("quit").await?;
        self.child.wait().await?;
        Ok(())
    }

    async fn tell(&mut self, word: &str) -> Outcome {
        self.say.write_all(format!("{word}\n").as_bytes()).await?;
        Ok(self.say.flush().await?)
    }

    /// What follows a word on the next line that begins with it.
    async fn hear(&mut self, word: &str) -> Result<String, Box<dyn std::error::Error>> {
        while let Some(line) = self.lines.next_line().await? {
            if let Some(rest) = line.strip_prefix(word) {
                return Ok(rest.trim().to_owned());
            }
        }
        Err("the bare program ended".into())
    }
}
