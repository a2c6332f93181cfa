//! What the person at the demo types.

use std::io::{BufRead, IsTerminal};
use tokio::sync::mpsc;

/// A line that was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Enter alone: re-home the oldest triage ticket.
    Rehome,
    /// `u`: take the last re-home back.
    Undo,
    /// `q`: enough.
    Quit,
}

fn read(line: &str) -> Option<Key> {
    match line.trim() {
        "" => Some(Key::Rehome),
        "u" | "U" => Some(Key::Undo),
        "q" | "Q" => Some(Key::Quit),
        _ => None,
    }
}

/// What is typed at a terminal. Without one nothing ever comes.
///
/// A thread of its own reads whole lines: the terminal stays as it is, so that a demo that is cut off leaves nothing
/// to be put right. The thread ends with the program.
pub fn keys() -> mpsc::UnboundedReceiver<Key> {
    let (send, receive) = mpsc::unbounded_channel();
    if std::io::stdin().is_terminal() {
        let reading = std::thread::Builder::new().name("keys".into()).spawn(move || {
            for line in std::io::stdin().lock().lines() {
                let Ok(line) = line else { return };
                if read(&line).is_some_and(|key| send.send(key).is_err()) {
                    return;
                }
            }
        });
        if let Err(error) = reading {
            tracing::warn!(%error, "keys cannot be read");
        }
    }
    receive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_alone_re_homes() {
        assert_eq!(read("\n"), Some(Key::Rehome));
        assert_eq!(read("q\n"), Some(Key::Quit));
        assert_eq!(read("U"), Some(Key::Undo));
        assert_eq!(read("what"), None);
    }
}
