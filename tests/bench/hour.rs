//! The desktop program in the tray over an hour of polling: whether what it uses stays flat. Only measured when asked for
//! by its name, since it takes as long as it says.

use crate::Outcome;
use crate::desktop::{in_the_tray, processor_seconds, unique_mib};
use crate::table::Table;
use std::time::{Duration, Instant};

/// A poll comes in each of these at least once.
const STEP: Duration = Duration::from_mins(10);

/// Steps after the first, in which a start settles.
const STEPS: u32 = 6;

/// Open incidents of an ordinary night.
const ORDINARY: i64 = 40;

/// Measures it.
pub async fn measure(table: &mut Table) -> Outcome {
    if !std::env::current_exe()?.with_file_name("nightdesk-desktop").is_file() {
        eprintln!("hour: left out, since nightdesk-desktop was not built");
        return Ok(());
    }
    let (_session, _host, desk) = in_the_tray(ORDINARY).await;
    let id = desk.process.id;
    tokio::time::sleep(STEP).await;
    let (memory, used, began) = (unique_mib(id)?, processor_seconds(id)?, Instant::now());
    let mut before = used;
    for step in 1..=STEPS {
        tokio::time::sleep(STEP).await;
        let now = processor_seconds(id)?;
        let share = (now - before) / STEP.as_secs_f64() * 100.0;
        eprintln!("after {} minutes: {:.1} MiB, {share:.3} % of a core", step * 10, unique_mib(id)?);
        before = now;
    }
    let share = (before - used) / began.elapsed().as_secs_f64();
    table.amount("tray, an hour of polling: of a core", share * 100.0, " %", 0.1);
    table.amount("tray, an hour of polling: growth", unique_mib(id)? - memory, " MiB", 1.0);
    Ok(())
}
