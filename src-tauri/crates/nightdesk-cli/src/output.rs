//! Results go to standard output, as words or as JSON; everything else goes to standard error.

use crate::exit::Failure;
use serde::Serialize;
use std::io::{ErrorKind, IsTerminal, Write};

/// Where results go.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    json: bool,
}

impl Output {
    /// Output in the form that was asked for.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether a program reads it.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// Prints a result: `value` as JSON, or what `words` makes of it.
    ///
    /// # Errors
    /// When standard output can't be written; a reader that has gone is no failure.
    pub fn result<T: Serialize + ?Sized>(self, value: &T, words: impl FnOnce(&T) -> String) -> Result<(), Failure> {
        if self.json {
            let text = serde_json::to_string_pretty(value).map_err(Failure::failed)?;
            self.text(&text)
        } else {
            self.text(&words(value))
        }
    }

    /// Prints text, with one line break at its end, at once.
    ///
    /// # Errors
    /// As [`Self::result`].
    pub fn text(self, text: &str) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        let written = out.write_all(text.as_bytes()).and_then(|()| out.write_all(end.as_bytes()));
        written.and_then(|()| out.flush()).map_err(|e| match e.kind() {
            ErrorKind::BrokenPipe => Failure::NobodyReads,
            _ => Failure::failed(format!("standard output cannot be written: {e}")),
        })
    }
}

/// Says something beside the result. Nobody listening on standard error is no reason to stop.
pub fn say(words: &str) {
    let _unheard = writeln!(std::io::stderr().lock(), "{}", words.trim_end());
}

/// Whether a person sees standard error as it comes.
pub fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}
