//! Vocabulary and decisions of Nightdesk: pure and total, with no clock and no I/O.
