//! What was done, how it ended and how long it took.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::tally::Tally;

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All was well; tests are counted.
    Passed(Option<Tally>),
    /// Something is to be repaired.
    Failed(Option<Tally>),
    /// A tool that a minimal toolchain comes without is missing. It is said and is no failure.
    Skipped(String),
    /// It couldn't be tried, because of something else that failed. Nothing is proven, so this counts as failed.
    NotRun(String),
}

impl Outcome {
    /// For a step that counts nothing.
    pub fn of(passed: bool) -> Self {
        Self::counted(passed, None)
    }

    /// For a step that counts tests.
    pub fn counted(passed: bool, tally: Option<Tally>) -> Self {
        if passed { Self::Passed(tally) } else { Self::Failed(tally) }
    }
}

struct Step {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

/// The steps of one run, in the order in which they ended. Several threads may add to it.
pub struct Report {
    steps: Mutex<Vec<Step>>,
    began: Instant,
}

impl Report {
    /// An empty report; its clock starts.
    pub fn begin() -> Self {
        Self { steps: Mutex::default(), began: now() }
    }

    /// Does one step, says how it ended, and keeps that. A step that can't be started has failed.
    pub fn step(&self, name: &'static str, work: impl FnOnce() -> Result<Outcome>) -> bool {
        let began = now();
        let outcome = work().unwrap_or_else(|error| {
            eprintln!("{name}: {error:#}");
            Outcome::Failed(None)
        });
        self.add(Step { name, outcome, took: began.elapsed() })
    }

    /// Keeps that a step couldn't be tried.
    pub fn not_run(&self, name: &'static str, why: &str) {
        self.add(Step { name, outcome: Outcome::NotRun(why.to_owned()), took: Duration::ZERO });
    }

    fn add(&self, step: Step) -> bool {
        let well = matches!(step.outcome, Outcome::Passed(_) | Outcome::Skipped(_));
        eprintln!("-- {}", line(&step, 0));
        self.steps.lock().unwrap_or_else(PoisonError::into_inner).push(step);
        well
    }

    /// Prints all steps and the totals; says whether everything that was to be shown was shown.
    pub fn close(self) -> bool {
        let total = self.began.elapsed();
        let steps = self.steps.into_inner().unwrap_or_else(PoisonError::into_inner);
        print!("{}", table(&steps, total));
        println!("\n{}", closing_line(&steps));
        steps.iter().all(|step| matches!(step.outcome, Outcome::Passed(_) | Outcome::Skipped(_)))
    }
}

#[allow(clippy::disallowed_methods, reason = "how long a step takes is told to a person and decides nothing")]
fn now() -> Instant {
    Instant::now()
}

fn table(steps: &[Step], total: Duration) -> String {
    let width = steps.iter().map(|step| step.name.chars().count()).max().unwrap_or(0);
    let mut table = String::from("\n");
    for step in steps {
        let _ = writeln!(table, "{}", line(step, width));
    }
    let _ = writeln!(table, "{:<width$}  {:>7}", "all", clock(total));
    table
}

fn line(step: &Step, width: usize) -> String {
    let (word, note) = match &step.outcome {
        Outcome::Passed(tally) => ("ok", tally.map(|tally| tally.to_string())),
        Outcome::Failed(tally) => ("FAILED", tally.map(|tally| tally.to_string())),
        Outcome::Skipped(why) => ("skipped", Some(why.clone())),
        Outcome::NotRun(why) => ("NOT RUN", Some(why.clone())),
    };
    let note = note.map(|note| format!("  {note}")).unwrap_or_default();
    format!("{:<width$}  {:>7}  {word}{note}", step.name, clock(step.took))
}

fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 { format!("{:.1} s", time.as_secs_f64()) } else { format!("{}:{:02}", seconds / 60, seconds % 60) }
}

/// Tests of all kinds together, and the steps that failed without a test having failed.
fn closing_line(steps: &[Step]) -> String {
    let mut all = Tally::default();
    let mut failed = Vec::new();
    for step in steps {
        match &step.outcome {
            Outcome::Passed(tally) => all += tally.unwrap_or_default(),
            Outcome::Failed(tally) => {
                all += tally.unwrap_or_default();
                if tally.is_none_or(|tally| tally.failed == 0) {
                    failed.push(step.name);
                }
            }
            Outcome::NotRun(_) => failed.push(step.name),
            Outcome::Skipped(_) => {}
        }
    }
    match &failed[..] {
        [] => all.to_string(),
        _ => format!("{all}; also failed: {}", failed.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &'static str, outcome: Outcome, seconds: u64) -> Step {
        Step { name, outcome, took: Duration::from_secs(seconds) }
    }

    #[test]
    fn the_table_lines_up_and_names_what_is_missing() {
        let steps = [
            step("fmt", Outcome::of(true), 2),
            step("Rust tests", Outcome::counted(false, Some(Tally { passed: 7, failed: 1 })), 125),
            step("clippy", Outcome::Skipped("no cargo clippy".into()), 0),
        ];
        let expected = "\n\
            fmt           2.0 s  ok\n\
            Rust tests     2:05  FAILED  7 passed, 1 failed\n\
            clippy        0.0 s  skipped  no cargo clippy\n\
            all            2:07\n";
        assert_eq!(table(&steps, Duration::from_secs(127)), expected);
    }

    #[test]
    fn the_closing_line_adds_up_tests_and_names_what_failed_beside_them() {
        let passed = Outcome::counted(true, Some(Tally { passed: 3, failed: 0 }));
        let broken = Outcome::counted(false, Some(Tally { passed: 4, failed: 1 }));
        assert_eq!(
            closing_line(&[step("a", passed.clone(), 1), step("b", Outcome::of(true), 1)]),
            "3 passed, 0 failed"
        );
        let steps = [
            step("a", passed, 1),
            step("b", broken, 1),
            step("fmt", Outcome::of(false), 1),
            step("c", Outcome::NotRun("no build".into()), 0),
            step("d", Outcome::counted(false, Some(Tally::default())), 1),
        ];
        assert_eq!(closing_line(&steps), "7 passed, 1 failed; also failed: fmt, c, d");
    }

    #[test]
    fn a_report_is_good_only_when_every_step_was_shown() {
        let report = Report::begin();
        assert!(report.step("a", || Ok(Outcome::of(true))));
        assert!(report.step("b", || Ok(Outcome::Skipped("why".into()))));
        assert!(report.close());
        let report = Report::begin();
        report.not_run("a", "why");
        assert!(!report.close());
        let report = Report::begin();
        assert!(!report.step("a", || anyhow::bail!("no such program")));
        assert!(!report.close());
    }
}
