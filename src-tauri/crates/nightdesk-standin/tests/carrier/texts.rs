//! Texts: acceptance, receipts, replies, lists.

use std::time::Duration;

use crate::desk::{ANNA, Desk};
use nightdesk_standin::carrier::OnText;

#[tokio::test]
async fn a_text_is_queued_then_sent_then_delivered() {
    let desk = Desk::open().await;
    let made = desk.text(ANNA, "Hello [Acme]").await.json();
    assert_eq!((made["status"].as_str(), made["date_sent"].is_null()), (Some("queued"), true));
    assert_eq!((made["num_segments"].as_str(), made["direction"].as_str()), (Some("1"), Some("outbound-api")));
    let path = format!("Messages/{}.json", made["sid"].as_str().unwrap());
    let status = async || desk.get(&path).await.json()["status"].as_str().unwrap().to_owned();
    desk.time.advance(1);
    assert_eq!(status().await, "sent");
    assert!(desk.carrier.phone(ANNA).texts().is_empty());
    desk.time.advance(1);
    assert_eq!(status().await, "delivered");
    assert_eq!(desk.carrier.phone(ANNA).texts()[0].body, "Hello [Acme]");
    assert_eq!(desk.carrier.take_texts().len(), 1);
    desk.carrier.assert_quiet();
}

#[tokio::test]
async fn phones_bounce_refuse_stay_silent_and_are_off_too_long() {
    let desk = Desk::open().await;
    let phone = desk.carrier.phone(ANNA);
    let late = Duration::from_secs(7_200);
    phone.next_texts([
        OnText::Undelivered(30_003),
        OnText::RejectedAtOnce(21_614),
        OnText::NoReceipt,
        OnText::Delivered { after: late },
    ]);
    let bounced = desk.text(ANNA, "one").await.sid();
    assert_eq!(desk.text(ANNA, "two").await.refusal(), (400, 21_614));
    let silent = desk.text(ANNA, "three").await.sid();
    let number = desk.carrier.number();
    let form = [("To", ANNA), ("From", number.as_str()), ("Body", "four"), ("ValidityPeriod", "300")];
    let stale = desk.post("Messages.json", &form).await.sid();
    desk.time.advance(8_000);
    for (sid, status, code) in [(bounced, "undelivered", 30_003), (silent, "sent", 0), (stale, "undelivered", 30_036)] {
        let now = desk.get(&format!("Messages/{sid}.json")).await.json();
        assert_eq!((now["status"].as_str().unwrap(), now["error_code"].as_i64().unwrap_or_default()), (status, code));
    }
    assert_eq!(phone.texts().iter().map(|text| text.body.as_str()).collect::<Vec<_>>(), ["three"]);
    assert_eq!(desk.carrier.texts().len(), 3);
}

#[tokio::test]
async fn replies_are_polled_and_stop_is_heeded() {
    let desk = Desk::open().await;
    let phone = desk.carrier.phone(ANNA);
    phone.on_text(OnText::ReplyWithCode { after: Duration::from_secs(10) });
    desk.text(ANNA, "Critical at Acme. Reply ACK 4821").await;
    let from =
        format!("Messages.json?From={}&To={}", ANNA.replace('+', "%2B"), desk.carrier.number().replace('+', "%2B"));
    desk.time.advance(11);
    assert!(desk.get(&from).await.json()["messages"].as_array().unwrap().is_empty());
    desk.time.advance(1);
    let inbound = desk.get(&from).await.json()["messages"][0].clone();
    assert_eq!((inbound["body"].as_str(), inbound["status"].as_str()), (Some("ACK 4821"), Some("received")));
    assert_eq!(inbound["direction"], "inbound");
    desk.carrier.reply_from(ANNA, " stop ");
    assert_eq!(desk.text(ANNA, "more").await.refusal(), (400, 21_610));
    desk.time.advance(1);
    phone.reply("START");
    desk.text(ANNA, "Your code is 042817").await.sid();
    desk.time.advance(2);
    assert_eq!(phone.last_pin().as_deref(), Some("042817"));
}

#[tokio::test]
async fn lists_are_newest_first_and_paged_by_relative_addresses() {
    let desk = Desk::open().await;
    for at in 0..5 {
        desk.text(ANNA, &format!("text {at}")).await;
        desk.time.advance(10);
    }
    let mut seen = Vec::new();
    let mut next = Some("Messages.json?PageSize=2&To=%2B12125550101".to_owned());
    while let Some(address) = next {
        let page = desk.get(&address).await.json();
        seen.extend(page["messages"].as_array().unwrap().iter().map(|row| row["body"].as_str().unwrap().to_owned()));
        next = page["next_page_uri"].as_str().map(str::to_owned);
        assert!(next.as_ref().is_none_or(|next| next.starts_with("/2010-04-01/") && next.contains("To=%2B")));
        desk.text("+12125550102", "new ones don't shift pages").await;
    }
    assert_eq!(seen, ["text 4", "text 3", "text 2", "text 1", "text 0"]);
    let count = async |filter: &str| {
        let page = desk.get(&format!("Messages.json?To=%2B12125550101&{filter}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        page.json()["messages"].as_array().unwrap().len()
    };
    // The first left at START + 1 s = 20:26:41, the third at 20:27:01.
    assert_eq!(count("DateSent%3E=2026-05-28T20:27:01Z").await, 3);
    assert_eq!(count("DateSent%3C=2026-05-28T20:27:01Z").await, 3);
    assert_eq!(count("DateSent=2026-05-28").await, 5);
    assert_eq!(count("DateSent%3E=2026-05-29").await, 0);
    assert_eq!(desk.get("Messages.json?DateSent%3E=yesterday").await.refusal(), (400, 20_001));
    assert_eq!(desk.get("Messages.json?PageSize=5000").await.refusal(), (400, 20_001));
}

#[tokio::test]
async fn malformed_requests_are_refused_and_remembered() {
    let desk = Desk::open().await;
    let number = desk.carrier.number();
    let (to, from, body) = (("To", ANNA), ("From", number.as_str()), ("Body", "x"));
    let long = "x".repeat(1_601);
    for (form, code) in [
        (vec![from, body], 21_604),
        (vec![to, body], 21_603),
        (vec![to, from], 21_602),
        (vec![to, from, ("Body", long.as_str())], 21_617),
        (vec![("To", "0123"), from, body], 21_211),
        (vec![to, ("From", "+12015550999"), body], 21_606),
        (vec![to, from, ("Bodyy", "x")], 20_001),
        (vec![to, from, body, ("ValidityPeriod", "abc")], 20_001),
        (vec![to, from, body, ("SmartEncoded", "maybe")], 20_001),
        (vec![to, to, from, body], 20_001),
    ] {
        assert_eq!(desk.post("Messages.json", &form).await.refusal(), (400, code), "{form:?}");
    }
    assert_eq!(desk.carrier.take_slips().len(), 4);
    assert!(desk.carrier.texts().is_empty());
    desk.carrier.assert_quiet();
}
