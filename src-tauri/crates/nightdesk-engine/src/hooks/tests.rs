use super::*;
use crate::announce::{Happened, IncidentNews, News};
use crate::configure;
use crate::desk::fixture::{ACCOUNT, Desk, config};
use chrono::TimeDelta;
use nightdesk_core::config::{Category, WebhookOut};
use nightdesk_core::delivery::Kind;
use nightdesk_core::ids::{IncidentId, IncidentKey};
use nightdesk_core::port::{Answer, Exchange};
use nightdesk_core::routing::Alert;
use nightdesk_store::{Claimant, DeliveryFilter, DeliveryRow, Settlement};
use std::time::Duration;

const URL: &str = "https://siem.example.com/in";

fn desk() -> Desk {
    let mut desk = Desk::bare();
    let mut config = config();
    let categories = Category::ALL.to_vec();
    config.webhooks_out = vec![WebhookOut { url: URL.into(), categories, allow_private: false }];
    desk.write(|tx, _, now| configure::apply(tx, now, "dana", &config, false, None)).unwrap();
    desk
}

fn posts(desk: &mut Desk) -> Vec<DeliveryRow> {
    let all = desk.write(|tx, _, _| tx.deliveries(&DeliveryFilter::default())).unwrap();
    all.into_iter().filter(|d| d.kind == Kind::Webhook).collect()
}

fn refusal(status: u16, is_farewell: bool) -> Exchange {
    let answer = Answer { status, headers: Vec::new(), body: String::new(), is_cut: false };
    let (request_headers, duration) = (Vec::new(), Duration::from_millis(3));
    Exchange { request_headers, answer: Some(answer), duration, is_farewell, is_unfound: false }
}

/// One attempt of whatever is due, which fails so.
fn fails(desk: &mut Desk, exchange: Exchange) {
    desk.write(|tx, _, now| {
        let by = Claimant { owner: "test", epoch: 1, until: now + TimeDelta::minutes(2) };
        for claimed in tx.claim_due_to(Kind::Webhook, URL, by, now, 9)? {
            let number = tx.begin_attempt(claimed.fence, now)?;
            let settlement = Settlement {
                event: nightdesk_core::delivery::Event::FailForNow,
                due_at: Some(now),
                error: Some("HTTP 500"),
                remote_ref: None,
                possible_repeat: false,
            };
            tx.settle(claimed.fence, now, &settlement)?;
            settled(tx, now, claimed.outgoing.id, &Tried { number, exchange: Some(exchange.clone()) })?;
        }
        Ok::<_, nightdesk_store::Error>(())
    })
    .unwrap();
}

#[test]
fn the_same_news_by_two_ways_is_told_once() {
    let mut desk = desk();
    desk.ticket_for(1, Some(1));
    assert_eq!(posts(&mut desk).len(), 1);
    desk.write(|tx, ctx, now| {
        let key = IncidentKey { account: ACCOUNT, id: IncidentId(1) };
        let stored = tx.incident(key)?.unwrap();
        let news = IncidentNews {
            key,
            incident: &stored.facts()?,
            happened: Happened::Alerts(Alert::New),
            old: false,
            ticket: stored.ticket.unwrap(),
            organization: None,
        };
        plan(tx, ctx, now + TimeDelta::hours(1), &News::Incident(news))
    })
    .unwrap();
    assert_eq!(posts(&mut desk).len(), 1);
}

#[test]
fn days_of_failures_disable_it_and_a_success_would_have_forgiven_them() {
    let mut desk = desk();
    desk.ticket_for(1, Some(1));
    let row = |desk: &mut Desk| desk.write(|tx, _, _| tx.endpoint(URL)).unwrap().unwrap();
    for _ in 0..10 {
        fails(&mut desk, refusal(500, false));
        desk.now += TimeDelta::hours(12);
    }
    assert!(row(&mut desk).disabled.is_none() && row(&mut desk).failing.is_some_and(|f| f.counts));
    fails(&mut desk, refusal(500, false));
    assert!(row(&mut desk).disabled.is_some());
    let kept = desk.write(|tx, _, _| tx.posts(URL, None, 100)).unwrap();
    assert_eq!(kept.len(), 11);
    assert!(kept.iter().all(|p| p.exchange.as_ref().is_some_and(|x| x.answer.as_ref().unwrap().status == 500)));
    assert_eq!(desk.write(|tx, _, _| tx.open_endpoints()).unwrap(), Vec::<String>::new());
    desk.write(|tx, _, now| enable(tx, now, "dana", URL)).unwrap();
    assert!(row(&mut desk).failing.is_none() && row(&mut desk).disabled.is_none());
}

#[test]
fn what_never_left_this_machine_says_nothing_about_the_endpoint() {
    let mut desk = desk();
    desk.ticket_for(1, Some(1));
    let id = posts(&mut desk)[0].id;
    desk.write(|tx, _, now| settled(tx, now, id, &Tried { number: 1, exchange: None })).unwrap();
    assert!(desk.write(|tx, _, _| tx.endpoint(URL)).unwrap().unwrap().failing.is_none());
}

#[test]
fn an_endpoint_is_found_as_it_is_written_or_nearly_so() {
    let mut desk = desk();
    for near in [URL, " https://SIEM.example.com/in/ "] {
        assert_eq!(desk.write(|tx, _, _| find(tx, near)).unwrap().url, URL);
    }
    let error = desk.write(|tx, _, _| find(tx, "https://other.example.com/")).unwrap_err();
    assert!(error.to_string().contains(URL), "{error}");
}
