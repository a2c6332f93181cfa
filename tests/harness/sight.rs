//! What a story sees of a desk and its SOC.

use crate::Scene;
use chrono::{DateTime, Utc};
use nightdesk_core::clock::Clock;
use nightdesk_standin::Request;
use nightdesk_store::Setting;

/// What the engine may ask Huntress for, before any number.
const ASKED: [&str; 7] = [
    "/v1/account",
    "/v1/organizations",
    "/v1/incident_reports",
    "/v1/incident_reports/",
    "/v1/escalations",
    "/v1/platform_actions",
    "/v1/agents/",
];

impl Scene {
    /// Paths of the requests since the last time this was asked, without their queries; each is one that the engine may
    /// make at all.
    pub fn requests(&self) -> Vec<String> {
        self.asked().into_iter().map(|r| r.path).collect()
    }

    /// The same requests in full.
    pub fn asked(&self) -> Vec<Request> {
        let asked = self.soc.take_requests();
        for r in &asked {
            let path = r.path.trim_end_matches(|c: char| c.is_ascii_digit());
            assert!(r.method == "GET" && ASKED.contains(&path), "unexpected request: {r:?}");
            assert_ne!(r.status, Some(400), "Huntress doesn't understand: {r:?}");
        }
        asked
    }

    /// One line of the timeline's kinds, such as `opened note closed`.
    pub fn kinds_of(&self, incident: i64) -> String {
        let lines = self.lines_of(self.ticket_of(incident).id);
        lines.into_iter().map(|e| e.kind).collect::<Vec<_>>().join(" ")
    }

    /// How many of these incidents have a ticket.
    pub fn holds(&self, incidents: &[i64]) -> usize {
        let ticketed = self.ticketed();
        incidents.iter().filter(|id| ticketed.binary_search(id).is_ok()).count()
    }

    /// The incidents that have a ticket, in their order.
    pub fn ticketed(&self) -> Vec<i64> {
        let mut ids: Vec<i64> = self.tickets().into_iter().filter_map(|t| t.incident_id).map(|i| i.0).collect();
        ids.sort_unstable();
        ids
    }

    /// Gaps as `hh:mm:ss-hh:mm:ss why`, oldest first.
    pub fn gaps(&self) -> Vec<String> {
        let mut gaps = self.status().gaps;
        gaps.reverse();
        let time = |at: DateTime<Utc>| at.format("%H:%M:%S").to_string();
        gaps.into_iter().map(|g| format!("{}-{} {}", time(g.from), g.to.map_or("now".into(), time), g.why)).collect()
    }

    /// The cursor, as `hh:mm:ss`.
    pub fn cursor(&self) -> Option<String> {
        let at = self.read(|tx| tx.mark(Setting::Cursor).unwrap());
        at.map(|at| at.format("%H:%M:%S").to_string())
    }

    /// The present time as `hh:mm:ss`.
    pub fn time(&self) -> String {
        self.clock.now().format("%H:%M:%S").to_string()
    }

    /// The accounts balance: every incident is in one class, and nothing that Huntress lists is unknown.
    pub fn assert_accounted(&self) {
        let l = self.status().ledger;
        assert_eq!(l.seen, l.ticketed + l.record_only + l.withheld + l.quarantined, "{l:?}");
        assert_eq!(l.unaccounted.unwrap_or(0), 0, "{l:?}");
        let recount = self.read(|tx| tx.recount().unwrap());
        assert_eq!(recount.iter().map(|(_, n)| n).sum::<i64>(), l.seen, "{recount:?}");
    }
}
