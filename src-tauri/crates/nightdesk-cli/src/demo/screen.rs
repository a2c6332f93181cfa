//! What the person at the demo sees: a screen that is drawn anew where there is one, lines elsewhere.

use crate::exit::Failure;
use crate::output::Output;
use crate::render::words::line;
use crate::render::{card, ticket};
use chrono::{DateTime, Utc};
use console::Term;
use nightdesk_api::Status;
use nightdesk_api::Ticket;
use std::collections::VecDeque;
use std::fmt::Write as _;

/// How many of the last events stay on the screen.
const TOLD: usize = 8;

/// How many triage tickets are shown.
const SHOWN: usize = 10;

/// Where the night is told.
#[derive(Debug)]
pub struct Screen {
    output: Output,
    term: Option<Term>,
    told: VecDeque<String>,
    /// What was said last about the desk, so that lines appear only when it changes.
    last: String,
}

impl Screen {
    /// The terminal that standard output is, or lines.
    pub fn open(output: Output) -> Self {
        let term = Term::stdout();
        Self { output, term: term.is_term().then_some(term), told: VecDeque::new(), last: String::new() }
    }

    /// Something happened in the night.
    ///
    /// # Errors
    /// When it can't be shown.
    pub fn tell(&mut self, at: DateTime<Utc>, words: &str) -> Result<(), Failure> {
        let told = format!("{}  {}", at.format("%H:%M"), line(words));
        if self.term.is_none() {
            self.output.text(&told)?;
        }
        self.told.push_back(told);
        while self.told.len() > TOLD {
            self.told.pop_front();
        }
        Ok(())
    }

    /// Shows the desk as it is: all of it on a screen, else a line when its numbers have changed.
    ///
    /// # Errors
    /// As [`Self::tell`].
    pub fn show(&mut self, status: &Status, triage: &[Ticket], now: DateTime<Utc>) -> Result<(), Failure> {
        let Some(term) = &self.term else {
            let words = summary(status, triage);
            if words != self.last {
                self.output.text(&format!("{}  desk: {words}", now.format("%H:%M")))?;
                self.last = words;
            }
            return Ok(());
        };
        let (rows, columns) = term.size();
        let picture = self.picture(status, triage, now);
        let fitting: Vec<String> = picture
            .lines()
            .take(usize::from(rows).saturating_sub(1))
            .map(|l| console::truncate_str(l, usize::from(columns), "…").into_owned())
            .collect();
        let text = fitting.join("\n");
        if text != self.last {
            term.clear_screen().and_then(|()| term.write_line(&text)).map_err(Failure::failed)?;
            self.last = text;
        }
        Ok(())
    }

    fn picture(&self, status: &Status, triage: &[Ticket], now: DateTime<Utc>) -> String {
        let mut out = format!("Nightdesk demo, {} UTC (fast clock)\n\n", now.format("%H:%M"));
        out.push_str(&card::card(status, now));
        let _never_fails = writeln!(out, "\nTRIAGE BOARD: {} waiting for a client", triage.len());
        out.push_str(&ticket::list(triage.get(..triage.len().min(SHOWN)).unwrap_or(triage), "  Nobody waits.\n"));
        out.push_str("\nTHE NIGHT\n");
        for told in &self.told {
            let _never_fails = writeln!(out, "  {told}");
        }
        out.push_str("\nEnter: re-home the oldest   u Enter: take that back   q Enter: end\n");
        out
    }
}

/// The desk in one line.
fn summary(status: &Status, triage: &[Ticket]) -> String {
    let why = match (&status.reason, status.last_poll.ok) {
        (Some(reason), _) => format!(" ({})", line(reason)),
        (None, Some(false)) => {
            format!(" (last poll failed: {})", line(status.last_poll.error.as_deref().unwrap_or("no reason recorded")))
        }
        _ => String::new(),
    };
    format!("{}{why}; {}; {} on triage", status.state.word(), card::accounting(&status.ledger), triage.len())
}
