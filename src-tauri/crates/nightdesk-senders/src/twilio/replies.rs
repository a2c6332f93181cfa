//! Texts that came back.

use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_core::port::{CarrierError, Reply};
use serde_json::Value;

use super::{TwilioClient, json, reference};

/// The filter knows days only, so what is older than asked for is left out here; within this much the two clocks may
/// differ.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// Rows a page, and pages at most: a thousand replies of one person in a day are no conversation any more.
const ROWS: &str = "100";
const PAGES: usize = 10;

impl TwilioClient {
    /// The replies of one number, oldest first.
    pub(super) async fn replies_of(&self, from: &str, since: DateTime<Utc>) -> Result<Vec<Reply>, CarrierError> {
        let earliest = since - SKEW;
        // Documented as a day and specified as a moment: midnight is right for both.
        let day = earliest.format("%Y-%m-%dT00:00:00Z").to_string();
        let query = [("To", self.inner.from.as_str()), ("From", from), ("DateSent>", day.as_str()), ("PageSize", ROWS)];
        // Newest first: the first that is too old ends the list.
        let too_old = |row: &Value| at(row).is_some_and(|at| at < earliest);
        let rows = self.list(self.account_url(&["Messages.json"], &query), "messages", PAGES, too_old).await?;
        let mut replies: Vec<Reply> = rows.iter().filter_map(|row| reply(row, from, since)).collect();
        replies.sort_by_key(|reply| reply.at);
        Ok(replies)
    }
}

fn reply(row: &Value, from: &str, since: DateTime<Utc>) -> Option<Reply> {
    if json::text(row, "direction") != Some("inbound") || json::text(row, "from") != Some(from) {
        return None;
    }
    let Some(id) = json::text(row, "sid").filter(|sid| reference::is_id(sid)) else {
        tracing::warn!("a reply at the carrier has no id and was passed over");
        return None;
    };
    Some(Reply {
        id: id.to_owned(),
        from: from.to_owned(),
        body: json::text(row, "body").unwrap_or_default().to_owned(),
        // Without a readable time it still is a reply of the day asked for.
        at: at(row).unwrap_or(since),
    })
}

fn at(row: &Value) -> Option<DateTime<Utc>> {
    json::time(row, "date_sent").or_else(|| json::time(row, "date_created"))
}
