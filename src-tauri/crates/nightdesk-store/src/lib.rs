//! Nightdesk's SQLite store: every public method is one query or one transaction.
