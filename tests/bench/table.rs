//! The table of results.

use std::fmt;
use std::time::{Duration, Instant};

/// Results in the order of their measurement.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
}

struct Row {
    cells: [String; 5],
    ok: bool,
}

impl Table {
    /// A time beside its floor, bounded by their ratio.
    pub fn ratio(&mut self, name: &str, measured: Duration, floor: Duration, bound: f64) {
        let ratio = measured.as_secs_f64() / floor.as_secs_f64();
        self.row(
            [name.to_owned(), time(measured), time(floor), format!("{ratio:.2}"), format!("{bound}")],
            ratio <= bound,
        );
    }

    /// Something that is bounded as it is.
    pub fn amount(&mut self, name: &str, measured: f64, unit: &str, bound: f64) {
        let shown = |n: f64| format!("{}{unit}", (n * 1000.0).round() / 1000.0);
        self.row([name.to_owned(), shown(measured), "-".into(), "-".into(), shown(bound)], measured <= bound);
    }

    /// Whether everything is within its bound.
    pub fn is_within(&self) -> bool {
        self.rows.iter().all(|row| row.ok)
    }

    fn row(&mut self, cells: [String; 5], ok: bool) {
        // Long runs show that they get on.
        eprintln!("{}: {}", cells[0], cells[1]);
        self.rows.push(Row { cells, ok });
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["measurement", "measured", "floor", "ratio", "bound"].map(str::to_owned);
        let lines: Vec<(&[String; 5], &str)> = std::iter::once((&head, ""))
            .chain(self.rows.iter().map(|row| (&row.cells, if row.ok { "ok" } else { "over" })))
            .collect();
        let width = |column: usize| lines.iter().map(|(cells, _)| cells[column].len()).max().unwrap_or(0);
        for (cells, verdict) in &lines {
            write!(f, "{:<1$}", cells[0], width(0))?;
            for (column, cell) in cells.iter().enumerate().skip(1) {
                write!(f, "  {cell:>0$}", width(column))?;
            }
            writeln!(f, "  {verdict}")?;
        }
        Ok(())
    }
}

/// The median of some times.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How long something takes, and what it gives.
pub fn timed<T>(f: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let out = f();
    (began.elapsed(), out)
}

fn time(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 1_000.0 { format!("{micros:.0} us") } else { format!("{:.1} ms", micros / 1_000.0) }
}
