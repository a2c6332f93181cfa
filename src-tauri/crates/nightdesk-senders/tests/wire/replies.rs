//! Texts that came back.

use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_core::port::{Carrier, CarrierError};
use serde_json::{Value, json};

use crate::desk::{CONTACT, OURS, client};
use crate::fake::{Fake, Reply};

fn since() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-03-01T01:12:00Z").unwrap().to_utc()
}

fn row(sid: &str, minutes: i64, body: &str) -> Value {
    let sent = (since() + TimeDelta::minutes(minutes)).to_rfc2822();
    json!({ "sid": sid, "direction": "inbound", "from": CONTACT, "to": OURS, "body": body, "date_sent": sent })
}

fn page(rows: Vec<Value>, next: Option<&str>) -> Reply {
    Reply::ok(json!({ "messages": rows, "next_page_uri": next }))
}

#[tokio::test]
async fn oldest_first_over_all_pages_and_nothing_but_theirs() {
    let mut foreign = row("SM8", 2, "ack 1");
    foreign["from"] = json!("+15005550199");
    let mut ours = row("SM9", 2, "CRITICAL");
    ours["direction"] = json!("outbound-api");
    let mut nameless = row("", 2, "ack");
    nameless["sid"] = json!(null);
    let next = "/2010-04-01/Accounts/AC1/Messages.json?PageSize=100&Page=1&PageToken=PASM3";
    let first = page(vec![row("SM4", 9, "ACK 4821"), foreign, ours, nameless, row("SM3", 3, "who?")], Some(next));
    let mut timeless = row("SM5", 0, "hm");
    timeless["date_sent"] = json!(null);
    let second = page(vec![timeless, row("SM2", -2, "early clock"), row("SM1", -20, "old")], Some(next));
    let fake = Fake::new([first, second]).await;
    let replies = client(&fake.url).replies(CONTACT, since()).await.unwrap();
    let told: Vec<(&str, &str)> = replies.iter().map(|reply| (reply.id.as_str(), reply.body.as_str())).collect();
    assert_eq!(told, [("SM2", "early clock"), ("SM5", "hm"), ("SM3", "who?"), ("SM4", "ACK 4821")]);
    assert_eq!((replies[3].at, replies[3].from.as_str()), (since() + TimeDelta::minutes(9), CONTACT));

    let seen = fake.seen();
    assert_eq!(seen.len(), 2, "what is too old ends the list");
    assert_eq!((seen[0].asked("To"), seen[0].asked("From")), (Some(OURS), Some(CONTACT)));
    assert_eq!(seen[0].asked("DateSent>"), Some("2026-03-01T00:00:00Z"));
    assert_eq!((seen[1].asked("PageToken"), seen[1].asked("DateSent>")), (Some("PASM3"), Some("2026-03-01T00:00:00Z")));
}

#[tokio::test]
async fn around_midnight_the_day_before_is_asked_for() {
    let fake = Fake::new([page(vec![], None)]).await;
    let midnight = DateTime::parse_from_rfc3339("2026-03-01T00:02:00Z").unwrap().to_utc();
    assert_eq!(client(&fake.url).replies(CONTACT, midnight).await, Ok(vec![]));
    assert_eq!(fake.seen()[0].asked("DateSent>"), Some("2026-02-28T00:00:00Z"));
}

#[tokio::test]
async fn an_endless_list_ends() {
    let next = "?Page=1&PageToken=PA";
    let fake = Fake::new((0..20).map(|n| page(vec![row(&format!("SM{n}"), 5, "hi")], Some(next)))).await;
    assert_eq!(client(&fake.url).replies(CONTACT, since()).await.unwrap().len(), 10);
    assert_eq!(fake.seen().len(), 10);
}

#[tokio::test]
async fn a_link_elsewhere_leads_nowhere_else() {
    let elsewhere = Fake::new([]).await;
    let link = format!("{}/steal?Page=1&PageToken=PA", elsewhere.url);
    let fake = Fake::new([page(vec![row("SM1", 1, "a")], Some(&link)), page(vec![], None)]).await;
    client(&fake.url).replies(CONTACT, since()).await.unwrap();
    assert_eq!(fake.whats(), ["GET /Messages.json"; 2]);
    assert!(elsewhere.seen().is_empty(), "credentials go along");
}

#[tokio::test]
async fn a_list_of_the_wrong_shape_is_a_bad_answer() {
    for body in [json!({}), json!({ "messages": "none" }), json!([])] {
        let fake = Fake::new([Reply::ok(body)]).await;
        let error = client(&fake.url).replies(CONTACT, since()).await.unwrap_err();
        assert!(matches!(error, CarrierError::BadAnswer(_)), "{error:?}");
    }
    let odd = Fake::new([page(vec![json!(1), json!(null), json!({ "direction": "inbound" })], None)]).await;
    assert_eq!(client(&odd.url).replies(CONTACT, since()).await, Ok(vec![]));
}
