//! Who is alerted, kept in the store: a command that edits beside the engine opens tickets too, and knows no senders.

use chrono::{DateTime, Utc};
use nightdesk_core::delivery::Kind;
use nightdesk_store::{Error, NewDelivery, Setting, Tx};

/// Keeps the kinds that the starting engine has senders for.
pub(crate) fn remember(tx: &Tx<'_>, kinds: &[Kind]) -> Result<(), Error> {
    let words: Vec<&str> = kinds.iter().map(|k| k.word()).collect();
    tx.set(Setting::Destinations, Some(&words.join(",")))
}

/// The kinds of the engine that runs or ran last; none before the first.
pub(crate) fn known(tx: &Tx<'_>) -> Result<Vec<Kind>, Error> {
    let words = tx.setting(Setting::Destinations)?.unwrap_or_default();
    Ok(words.split(',').filter_map(Kind::parse).collect())
}

/// Tells every destination of a trouble of the desk itself, once for each `marker`.
pub(crate) fn alarm(tx: &Tx<'_>, now: DateTime<Utc>, marker: &str, title: &str) -> Result<(), Error> {
    for kind in known(tx)? {
        tx.queue(
            now,
            &NewDelivery {
                kind,
                destination: "desk".into(),
                marker: format!("{}:{marker}", kind.word()),
                payload: serde_json::json!({ "title": title, "severity": "critical", "alert": "desk", "ticket_id": null }),
                due_at: now,
                expires_at: None,
                incident: None,
                ticket: None,
                fallback_of: None,
                cause: None,
            },
        )?;
    }
    Ok(())
}
