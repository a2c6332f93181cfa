//! Model tests: arbitrary sequences of operations against the real store and against a few lines that say what ought
//! to happen.

#[cfg(test)]
mod outbox;
