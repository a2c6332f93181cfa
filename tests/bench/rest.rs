//! `nightdesk run` at rest: how soon it is ready, and what it costs to leave it running.

use crate::Outcome;
use crate::table::{Table, median};
use chrono::{TimeDelta, Utc};
use nightdesk_standin::{Account, HuntressStandin, IncidentBuilder, Story};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Incidents in the store that it opens.
const INCIDENTS: i64 = 1_000;

/// Starts of which the median counts.
const STARTS: usize = 5;

/// Time for its first poll, sweep and checks, before it is at rest.
const SETTLING: Duration = Duration::from_secs(30);

/// Time at rest that its use of the processor is measured over.
const RESTING: Duration = Duration::from_secs(60);

/// How often the kernel's counters tick in a second; the same on every Linux that Rust runs on.
const TICKS: f64 = 100.0;

struct Program {
    binary: PathBuf,
    folder: PathBuf,
    key: (String, String),
}

impl Program {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .arg("--data-dir")
            .arg(&self.folder)
            .args(arguments)
            .env("NIGHTDESK_SECRET_HUNTRESS_API_KEY", &self.key.0)
            .env("NIGHTDESK_SECRET_HUNTRESS_API_SECRET", &self.key.1)
            .kill_on_drop(true);
        command
    }

    async fn succeed(&self, arguments: &[&str]) -> Outcome {
        let out = self.command(arguments).output().await?;
        if out.status.success() {
            return Ok(());
        }
        Err(format!("nightdesk {}: {}", arguments.join(" "), String::from_utf8_lossy(&out.stderr)).into())
    }

    /// Starts the engine; answers how long it took to say `ready`.
    async fn run(&self) -> Result<(Child, Duration), Box<dyn std::error::Error>> {
        let began = Instant::now();
        let mut child = self.command(&["run"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let out = child.stdout.take().ok_or("no standard output")?;
        let mut lines = BufReader::new(out).lines();
        while let Some(line) = lines.next_line().await? {
            if line.trim() == "ready" {
                return Ok((child, began.elapsed()));
            }
        }
        Err("nightdesk run ended before it was ready".into())
    }
}

/// Measures it; skipped with a word where the program wasn't built or the kernel's counters can't be read.
pub async fn measure(table: &mut Table) -> Outcome {
    let binary = std::env::current_exe()?.with_file_name("nightdesk");
    if !binary.is_file() || !Path::new("/proc/self/stat").exists() {
        eprintln!("rest: left out, since it needs Linux and {}", binary.display());
        return Ok(());
    }
    let soc = HuntressStandin::start(account(), Arc::new(Utc::now)).await?;
    soc.world().dialect(|d| d.rate_limit = None);
    let folder = tempfile::tempdir()?;
    let program = Program { binary, folder: folder.path().join("desk"), key: soc.key() };
    let file = folder.path().join("nightdesk.toml");
    std::fs::write(&file, nightdesk_tests::configuration(&soc.base_url()))?;
    program.succeed(&["config", "apply", &file.to_string_lossy()]).await?;
    program.succeed(&["poll"]).await?;

    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let (child, took) = program.run().await?;
        starts.push(took);
        end(child).await?;
    }
    table.amount("ready on an existing store", median(starts).as_secs_f64() * 1e3, " ms", 200.0);

    let (child, _) = program.run().await?;
    let id = child.id().ok_or("it ended")?;
    tokio::time::sleep(SETTLING).await;
    table.amount("resident at rest", resident_mib(id)?, " MiB", 30.0);
    let (before, began) = (processor_seconds(id)?, Instant::now());
    tokio::time::sleep(RESTING).await;
    let share = (processor_seconds(id)? - before) / began.elapsed().as_secs_f64();
    table.amount("of a core at rest", share * 100.0, " %", 0.1);
    end(child).await
}

fn account() -> Account {
    let mut account = nightdesk_tests::Scene::account();
    for (n, story) in (0..INCIDENTS).zip(Story::ALL.into_iter().cycle()) {
        account = account.incident(IncidentBuilder::new(story).organization(4 + n % 5).sent_ago(TimeDelta::minutes(n)));
    }
    account
}

/// Ends it as a service manager does, and waits, so that the next start finds the lock free.
async fn end(mut child: Child) -> Outcome {
    if let Some(id) = child.id() {
        Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
    }
    let status = child.wait().await?;
    if status.success() { Ok(()) } else { Err(format!("nightdesk run ended with {status}").into()) }
}

fn resident_mib(id: u32) -> Result<f64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<f64>()? / 1024.0)
}

/// User and system time of all its threads, those that ended included.
fn processor_seconds(id: u32) -> Result<f64, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    let after_name = stat.rsplit_once(')').ok_or("no name in stat")?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks =
        |i: usize| -> Result<f64, Box<dyn std::error::Error>> { Ok(fields.get(i).ok_or("short stat")?.parse()?) };
    Ok((ticks(11)? + ticks(12)?) / TICKS)
}
