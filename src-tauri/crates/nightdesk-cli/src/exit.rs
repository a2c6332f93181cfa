//! How a command ends.

use std::process::ExitCode;

/// The contract's exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0
    Done,
    /// 1: it failed, or a check found something; the words are on stderr.
    Failed,
    /// 2: wrong usage or invalid configuration.
    Usage,
    /// 3, from `poll` alone: routing is incomplete.
    Paused,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Paused => 3,
        })
    }
}

/// A command that could not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// In words for stderr.
    Words(Exit, String),
    /// Whoever read our standard output has gone: nothing more to say, and nothing went wrong.
    NobodyReads,
}

impl Failure {
    /// It failed, for this reason.
    pub fn failed(words: impl std::fmt::Display) -> Self {
        Self::Words(Exit::Failed, words.to_string())
    }

    /// It was asked wrongly.
    pub fn usage(words: impl std::fmt::Display) -> Self {
        Self::Words(Exit::Usage, words.to_string())
    }

    /// Reports it and gives the exit code.
    pub fn report(self) -> Exit {
        match self {
            Self::Words(exit, words) => {
                crate::output::say(&words);
                exit
            }
            Self::NobodyReads => Exit::Done,
        }
    }
}

/// What a command gives.
pub type Ended = Result<Exit, Failure>;
