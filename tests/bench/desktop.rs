//! The desktop program in the tray, beside a bare Tauri tray application in the same run: what it adds in memory, and what
//! it costs at rest.

use crate::Outcome;
use crate::bare::{self, Bare};
use crate::reopening::{OPENINGS, open_and_close};
use crate::table::Table;
use chrono::TimeDelta;
use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::desktop::{Process, Session, Started, TrayHost};
use std::path::Path;
use std::time::{Duration, Instant};

/// Open incidents of an ordinary night, with which the memory is measured.
const ORDINARY: i64 = 40;

/// Time after which a program that was started, or whose window was closed, is at rest.
const SETTLING: Duration = Duration::from_secs(20);

/// Time at rest that the use of the processor is measured over.
const RESTING: Duration = Duration::from_secs(60);

/// How often the kernel's counters tick in a second; the same on every Linux that Rust runs on.
const TICKS: f64 = 100.0;

/// What one program was seen to use.
struct Seen {
    never_opened: f64,
    closed: f64,
}

/// Measures memory and rest.
pub async fn measure(table: &mut Table) -> Outcome {
    let Some(bare) = bare::program() else { return Ok(()) };
    let bare = measure_bare(&bare).await?;
    let ours = measure_ours(table).await?;
    table.amount("tray, never opened: more than bare", ours.never_opened - bare.never_opened, " MiB", 12.0);
    table.amount("tray, window closed: more than bare", ours.closed - bare.closed, " MiB", 12.0);
    eprintln!("unique memory, MiB: bare {:.1}, closed {:.1};", bare.never_opened, bare.closed);
    eprintln!("Nightdesk {:.1}, closed {:.1}", ours.never_opened, ours.closed);
    Ok(())
}

async fn measure_bare(program: &Path) -> Result<Seen, Box<dyn std::error::Error>> {
    let session = Session::open().await;
    let _host = TrayHost::join(&session).await;
    let mut bare = Bare::start(&session, program).await?;
    tokio::time::sleep(SETTLING).await;
    let never_opened = unique_mib(bare.id)?;
    bare.open_and_close(&session, 1 + OPENINGS).await?;
    tokio::time::sleep(SETTLING).await;
    let closed = unique_mib(bare.id)?;
    bare.end().await?;
    Ok(Seen { never_opened, closed })
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
    open_and_close(&session, 1 + OPENINGS).await;
    tokio::time::sleep(SETTLING).await;
    let closed = unique_mib(id)?;
    Ok(Seen { never_opened, closed })
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
