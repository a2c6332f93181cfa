//! One alert, read from its delivery, and the few words that it shows.
//!
//! A lock screen shows alerts to whoever passes by, so there is the subject and nothing of the report. What the vendor
//! wrote is text (ND-16): a server that reads markup gets it escaped.

use nightdesk_core::content;
use nightdesk_core::ids::{DeliveryId, TicketId};
use nightdesk_core::incident::Severity;
use nightdesk_core::port::Outgoing;

/// The longest subject, in characters. Servers cut longer ones at a place of their own choosing.
const LONGEST: usize = 140;

/// How bad, in the order of what is on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Unwanted programs, leftovers.
    Low,
    /// Confirmed, on one host or identity.
    High,
    /// Spreading; and whatever Huntress hasn't rated, which is treated as critical.
    Critical,
}

impl Rank {
    /// The rank of Huntress's word.
    pub fn of(word: Option<&str>) -> Self {
        match Severity::parse(word) {
            Severity::Critical | Severity::Unknown(_) => Self::Critical,
            Severity::High => Self::High,
            Severity::Low => Self::Low,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// What a person is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its delivery; none for a trial alert and for the desk's own.
    pub delivery: Option<DeliveryId>,
    /// The ticket that it is about. One alert is shown for each: a later one takes the place of the earlier.
    pub ticket: Option<TicketId>,
    /// How bad.
    pub rank: Rank,
    /// What happened, in our words.
    pub summary: String,
    /// To what, in the vendor's words, on one line.
    pub body: String,
}

impl Alert {
    /// Reads a delivery. What it lacks is replaced, because an alert that can't be read is an alert still.
    pub fn read(outgoing: &Outgoing) -> Self {
        // What could not be delivered another way is wrapped: with the way, and why it failed (ND-8).
        let way = outgoing.payload.pointer("/instead_of/kind").and_then(|v| v.as_str());
        let payload = way.and_then(|_| outgoing.payload.get("payload")).unwrap_or(&outgoing.payload);
        let text = |key: &str| payload.get(key).and_then(|v| v.as_str());
        let kind = text("alert").unwrap_or("new");
        let rank = Rank::of(text("severity"));
        // A notice asks for an answer within some time; nobody is woken for one, whatever its severity.
        let rank = if kind == "notice" { rank.min(Rank::High) } else { rank };
        let rated = Severity::parse(text("severity")).word().is_some();
        let mut summary = match way {
            Some(way) => format!("Not delivered by {}: {} incident", content::line(way), rank.word()),
            None => summary(kind, rank, rated),
        };
        if outgoing.possible_repeat {
            summary.push_str(" (possible repeat)");
        }
        Self {
            delivery: Some(outgoing.id),
            ticket: payload.get("ticket_id").and_then(serde_json::Value::as_i64).map(TicketId),
            rank,
            summary,
            body: subject(text("title").unwrap_or("See the boards")),
        }
    }

    /// A trial, so that a person sees and hears what an alert of this rank is like.
    pub fn trial(rank: Rank) -> Self {
        Self {
            delivery: None,
            ticket: None,
            rank,
            summary: format!("Test alert, {}", rank.word()),
            body: "This is what an alert of this severity looks and sounds like. Nothing happened.".to_owned(),
        }
    }
}

fn summary(kind: &str, rank: Rank, rated: bool) -> String {
    let word = if rated { rank.word() } else { "unrated" };
    match kind {
        "raised" => format!("Incident raised to {word}"),
        "reopened" => format!("Huntress reopened a {word} incident"),
        // About the desk itself, such as its blindness: that concerns every client at once.
        "desk" => "Trouble at the desk itself".to_owned(),
        "notice" => "Notice from Huntress".to_owned(),
        _ if rank == Rank::Critical && rated => "New critical incident".to_owned(),
        _ => format!("New incident, {word}"),
    }
}

/// The vendor's subject without our own tags, which say nothing in an alert.
fn subject(title: &str) -> String {
    let mut words = title.trim_start();
    for tag in ["[Huntress]", "[Unmapped Org]"] {
        words = words.strip_prefix(tag).unwrap_or(words).trim_start();
    }
    let words = content::line(words);
    if words.chars().count() <= LONGEST {
        return words;
    }
    let kept: String = words.chars().take(LONGEST - 1).collect();
    format!("{}…", kept.trim_end())
}

/// Text that means itself where markup is read.
// Windows and macOS read none.
#[cfg_attr(not(all(unix, not(target_os = "macos"))), allow(dead_code))]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn outgoing(payload: serde_json::Value) -> Outgoing {
        Outgoing {
            id: DeliveryId(5),
            attempt: 1,
            marker: "native:1:9:New:0".into(),
            destination: "desk".into(),
            payload,
            possible_repeat: false,
            since: chrono::DateTime::UNIX_EPOCH,
        }
    }

    fn read(payload: serde_json::Value) -> Alert {
        Alert::read(&outgoing(payload))
    }

    #[test]
    fn an_alert_says_what_happened_and_to_what() {
        let alert = read(json!({
            "title": "[Huntress] CRITICAL - Incident on SRV01 (Acme)", "severity": "critical", "alert": "new", "ticket_id": 3,
        }));
        assert_eq!(alert.summary, "New critical incident");
        assert_eq!(alert.body, "CRITICAL - Incident on SRV01 (Acme)");
        assert_eq!((alert.delivery, alert.ticket), (Some(DeliveryId(5)), Some(TicketId(3))));
        let raised = read(json!({ "title": "[Huntress] [Unmapped Org] x", "severity": "high", "alert": "raised" }));
        assert_eq!((raised.summary.as_str(), raised.body.as_str()), ("Incident raised to high", "x"));
        assert_eq!(raised.rank, Rank::High);
    }

    #[test]
    fn the_desks_own_trouble_is_critical() {
        let alert =
            read(json!({ "title": "No read since 02:10", "severity": "critical", "alert": "desk", "ticket_id": null }));
        assert_eq!(
            (alert.summary.as_str(), alert.body.as_str()),
            ("Trouble at the desk itself", "No read since 02:10")
        );
        assert_eq!((alert.rank, alert.ticket), (Rank::Critical, None));
    }

    #[test]
    fn a_notice_wakes_nobody_whatever_its_severity() {
        let alert = read(json!({ "title": "Escalation: x", "severity": "critical", "alert": "notice" }));
        assert_eq!((alert.summary.as_str(), alert.rank), ("Notice from Huntress", Rank::High));
    }

    #[test]
    fn what_is_unrated_or_unreadable_counts_as_critical() {
        let unrated = read(json!({ "title": "t", "severity": null, "alert": "new" }));
        assert_eq!((unrated.rank, unrated.summary.as_str()), (Rank::Critical, "New incident, unrated"));
        let nothing = read(json!(7));
        assert_eq!((nothing.rank, nothing.body.as_str()), (Rank::Critical, "See the boards"));
        let strange = read(json!({ "title": "t", "severity": "dire", "alert": "new" }));
        assert_eq!(strange.rank, Rank::Critical);
    }

    #[test]
    fn nd_16_the_vendors_text_stays_text() {
        let alert = read(json!({ "title": "[Huntress] <a href='x'>a & b</a>\n\u{1b}[31m", "severity": "low" }));
        assert_eq!(alert.body, "<a href='x'>a & b</a> [31m");
        assert_eq!(escaped(&alert.body), "&lt;a href='x'&gt;a &amp; b&lt;/a&gt; [31m");
        let long = read(json!({ "title": "é".repeat(500) }));
        assert_eq!(long.body.chars().count(), LONGEST);
    }

    #[test]
    fn nd_8_what_failed_another_way_is_told_with_that_way() {
        let alert = read(json!({
            "instead_of": { "kind": "sms", "destination": "+12125550102" },
            "reason": "the number is not in service",
            "payload": { "title": "[Huntress] x", "severity": "high", "ticket_id": 4 },
        }));
        assert_eq!(alert.summary, "Not delivered by sms: high incident");
        assert_eq!((alert.body.as_str(), alert.ticket, alert.rank), ("x", Some(TicketId(4)), Rank::High));
    }

    #[test]
    fn a_possible_repeat_says_so() {
        let alert = Alert::read(&Outgoing { possible_repeat: true, ..outgoing(json!({ "severity": "low" })) });
        assert_eq!(alert.summary, "New incident, low (possible repeat)");
    }
}
