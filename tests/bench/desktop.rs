//! The desktop program in the tray, beside a bare Tauri tray application in the same run: what it adds in memory, what it
//! costs at rest, and how soon its window is back.

use crate::Outcome;
use crate::table::{Table, median};
use chrono::TimeDelta;
use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::desktop::{Process, SOON, Session, Started, TrayHost, until};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Open incidents of an ordinary night, with which the memory is measured.
const ORDINARY: i64 = 40;

/// Triage tickets on the board that is opened in time.
const MANY: i64 = 1_000;

/// Time after which a program that was started, or whose window was closed, is at rest.
const SETTLING: Duration = Duration::from_secs(20);

/// Time at rest that the use of the processor is measured over.
const RESTING: Duration = Duration::from_secs(60);

/// Openings of which the median counts. The first one of all warms the disk and doesn't.
const OPENINGS: usize = 5;

/// How often the kernel's counters tick in a second; the same on every Linux that Rust runs on.
const TICKS: f64 = 100.0;

/// What one program was seen to use.
struct Seen {
    never_opened: f64,
    closed: f64,
    opening: Duration,
}

/// Measures it; left out with a word where the programs weren't built.
pub async fn measure(table: &mut Table) -> Outcome {
    let beside = std::env::current_exe()?;
    let (desktop, bare) = (beside.with_file_name("nightdesk-desktop"), beside.with_file_name("examples").join("bare"));
    if !desktop.is_file() || !bare.is_file() {
        eprintln!("desktop: left out, since it needs {} and {}", desktop.display(), bare.display());
        return Ok(());
    }
    let bare = measure_bare(&bare).await?;
    let ours = measure_ours(table).await?;
    table.amount("tray, never opened: more than bare", ours.never_opened - bare.never_opened, " MiB", 12.0);
    table.amount("tray, window closed: more than bare", ours.closed - bare.closed, " MiB", 12.0);
    eprintln!("unique memory, MiB: bare {:.1} and {:.1}, ", bare.never_opened, bare.closed);
    eprintln!("Nightdesk {:.1} and {:.1}", ours.never_opened, ours.closed);
    table.ratio("window reopened, 1,000 tickets painted", ours.opening, bare.opening, 1.5);
    Ok(())
}

/// The bare program, which is told what to do on its standard input.
struct Bare {
    child: Child,
    say: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Bare {
    async fn start(session: &Session, program: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let mut command = std::process::Command::new(program);
        session.surround(&mut command);
        let mut command = Command::from(command);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let say = child.stdin.take().ok_or("no standard input")?;
        let lines = BufReader::new(child.stdout.take().ok_or("no standard output")?).lines();
        let mut bare = Self { child, say, lines };
        bare.hear("ready").await?;
        Ok(bare)
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

async fn measure_bare(program: &Path) -> Result<Seen, Box<dyn std::error::Error>> {
    let session = Session::open().await;
    let _host = TrayHost::join(&session).await;
    let mut bare = Bare::start(&session, program).await?;
    let id = bare.child.id().ok_or("it ended")?;
    tokio::time::sleep(SETTLING).await;
    let never_opened = unique_mib(id)?;
    let mut openings = Vec::new();
    for _ in 0..=OPENINGS {
        bare.tell("open").await?;
        openings.push(Duration::from_millis(bare.hear("painted").await?.parse()?));
        bare.tell("close").await?;
        until("the window's process has ended", SOON, async || session.web_views().is_empty().then_some(())).await;
    }
    tokio::time::sleep(SETTLING).await;
    let closed = unique_mib(id)?;
    bare.tell("quit").await?;
    bare.child.wait().await?;
    Ok(Seen { never_opened, closed, opening: median(openings.split_off(1)) })
}

/// A desk on an ordinary night: its memory, and what it costs at rest.
async fn measure_ours(table: &mut Table) -> Result<Seen, Box<dyn std::error::Error>> {
    let (session, _host, desk) = in_the_tray(ORDINARY).await;
    let id = desk.process.id;
    tokio::time::sleep(SETTLING).await;
    let never_opened = unique_mib(id)?;
    let (before, began) = (processor_seconds(id)?, Instant::now());
    tokio::time::sleep(RESTING).await;
    let share = (processor_seconds(id)? - before) / began.elapsed().as_secs_f64();
    table.amount("tray: of a core at rest", share * 100.0, " %", 0.1);
    open_and_close(&session).await;
    tokio::time::sleep(SETTLING).await;
    let closed = unique_mib(id)?;
    drop((session, desk));
    let (session, _host, _desk) = in_the_tray(MANY).await;
    Ok(Seen { never_opened, closed, opening: median(open_and_close(&session).await.split_off(1)) })
}

/// A desk in the tray with so many tickets on triage, after its first poll.
pub async fn in_the_tray(tickets: i64) -> (Session, TrayHost, Started) {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    for n in 0..tickets {
        session.world().publish(IncidentBuilder::low().organization(8).sent_ago(TimeDelta::minutes(n)));
    }
    session.nightdesk(&["poll"]).await;
    let desk = session.start(&["--minimised"]);
    session.until_polled().await;
    (session, host, desk)
}

/// Opens the window and closes it, again and again; answers how long each took to paint its board.
async fn open_and_close(session: &Session) -> Vec<Duration> {
    let mut openings = Vec::new();
    for _ in 0..=OPENINGS {
        // A second start asks the first to show its window.
        let _second = session.start(&[]);
        let told = until("the board is painted", SOON, async || painted(&session.data()).get(openings.len()).copied());
        openings.push(told.await);
        let window = until("the window is there", SOON, async || session.windows().into_iter().next()).await;
        session.close(&window);
        until("the window's process has ended", SOON, async || session.web_views().is_empty().then_some(())).await;
    }
    openings
}

/// How long each opening of the window took, as the program's log tells.
fn painted(data: &Path) -> Vec<Duration> {
    let logs = std::fs::read_dir(data.join("logs")).into_iter().flatten().flatten();
    let text: String = logs.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect();
    let after = |line: &str| line.split("after_ms=").nth(1)?.split_whitespace().next()?.parse().ok();
    text.lines().filter_map(after).map(Duration::from_millis).collect()
}

/// Memory that belongs to a program's processes alone: what would be free without them.
pub fn unique_mib(root: u32) -> Result<f64, Box<dyn std::error::Error>> {
    let mut kib = 0.0;
    for process in Process::tree(root) {
        let rollup = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", process.id))?;
        for line in rollup.lines().filter(|l| l.starts_with("Private_Clean:") || l.starts_with("Private_Dirty:")) {
            kib += line.split_whitespace().nth(1).ok_or("no number")?.parse::<f64>()?;
        }
    }
    Ok(kib / 1024.0)
}

/// User and system time of all processes of a program.
pub fn processor_seconds(root: u32) -> Result<f64, Box<dyn std::error::Error>> {
    let mut ticks = 0.0;
    for process in Process::tree(root) {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.id))?;
        let after_name = stat.rsplit_once(')').ok_or("no name in stat")?.1;
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        for i in [11, 12] {
            ticks += fields.get(i).ok_or("short stat")?.parse::<f64>()?;
        }
    }
    Ok(ticks / TICKS)
}
