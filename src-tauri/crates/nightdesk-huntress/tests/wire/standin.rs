//! Against the stand-in account, in each dialect that the vendor's document leaves open, and on its bad days.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use nightdesk_core::incident::Reading;
use nightdesk_core::port::{Huntress, HuntressError, Listing, NoticeListing, Page, Urgency};
use nightdesk_huntress::HuntressClient;
use nightdesk_standin::{
    Account, Agent, Fault, FaultKind, HuntressStandin, IncidentBuilder, LastPage, Notice, RetryAfter,
};
use serde_json::json;

use crate::keys::client_with_keys;
use crate::pace::{Pace, date};

/// Seven reports in two organizations, one host, an escalation and a platform action.
async fn desk() -> (HuntressStandin, HuntressClient) {
    let mut account = Account::new(5, "Test MSP")
        .organization(4, "Acme")
        .organization(600, "Globex")
        .agent(Agent::new(7, 4, "SRV01"))
        .escalation(Notice::new("Unexpected country").organization(4))
        .platform_action(Notice::new("Defender disabled"));
    for id in 1..=7 {
        account = account.incident(IncidentBuilder::critical().id(id).organization(if id % 2 == 0 { 4 } else { 600 }));
    }
    let standin = HuntressStandin::start(account, Arc::new(date)).await.unwrap();
    let (client, keys) = client_with_keys(&standin.base_url());
    let (key, secret) = standin.key();
    keys.replace(&key, &secret);
    (standin, client)
}

async fn first_page(client: &HuntressClient) -> Result<Page<nightdesk_core::incident::Record>, HuntressError> {
    client.incidents(&Pace::default(), Urgency::Walk, &Listing::Changes, 50, None).await
}

/// All ids of a listing, and how many pages it took.
async fn walk(client: &HuntressClient, listing: &Listing, limit: u32) -> (BTreeSet<i64>, u32) {
    let (mut ids, mut pages, mut token) = (BTreeSet::new(), 0, None);
    loop {
        let page = client.incidents(&Pace::default(), Urgency::Walk, listing, limit, token.as_deref()).await.unwrap();
        for row in &page.rows {
            assert!(matches!(row.reading, Reading::Whole(_)), "{:?}", row.reading);
            ids.extend(row.reading.incident().map(|incident| incident.id.0));
        }
        pages += 1;
        token = page.next;
        if token.is_none() {
            return (ids, pages);
        }
    }
}

#[tokio::test]
async fn everything_is_read_in_every_dialect() {
    let (standin, client) = desk().await;
    let pace = Pace::default();
    for (wrapped, last_page) in [(true, LastPage::EmptyObject), (false, LastPage::Absent), (true, LastPage::Null)] {
        standin.world().dialect(|dialect| {
            dialect.account_wrapped = wrapped;
            dialect.last_page = last_page;
            dialect.rate_limit = None;
        });
        let (account, server_time) = client.account(&pace).await.unwrap();
        assert_eq!((account.id.0, account.name.as_str(), server_time), (5, "Test MSP", Some(date())));
        assert_eq!(walk(&client, &Listing::Changes, 3).await, ((1..=7).collect(), 3));
        assert_eq!(walk(&client, &Listing::WithStatus("sent"), 500).await, ((1..=7).collect(), 1));
        assert_eq!(walk(&client, &Listing::WithStatus("auto_remediating"), 500).await.0.len(), 0);
        let organizations = client.organizations(&pace, None).await.unwrap();
        let named: Vec<_> = organizations.rows.iter().map(|row| (row.id.0, row.name.as_str())).collect();
        assert_eq!(named, [(4, "Acme"), (600, "Globex")]);
        for kind in [NoticeListing::Escalations, NoticeListing::PlatformActions] {
            let notices = client.notices(&pace, kind, None).await.unwrap();
            assert_eq!((notices.rows.len(), notices.next), (1, None));
        }
        let incident = client.incident(&pace, nightdesk_core::ids::IncidentId(3)).await.unwrap().unwrap();
        assert!(matches!(incident.reading, Reading::Whole(_)));
        assert_eq!(client.incident(&pace, nightdesk_core::ids::IncidentId(99)).await.unwrap(), None);
        let host = client.agent(&pace, nightdesk_core::ids::AgentId(7)).await.unwrap().unwrap();
        assert_eq!(host.hostname.as_deref(), Some("SRV01"));
        assert_eq!(client.agent(&pace, nightdesk_core::ids::AgentId(8)).await.unwrap(), None);
    }
}

#[tokio::test]
async fn nd_4_malformed_records_come_through_beside_good_ones() {
    let (standin, client) = desk().await;
    standin.world().put_raw(20, json!({"id": "?", "subject": "no id"}));
    standin.world().put_raw(21, json!({"id": 21, "severity": {"level": 3}}));
    standin.world().put_raw(22, json!("not an object"));
    standin.fault(Fault::new(FaultKind::ListAsObject).times(1));
    for _ in 0..2 {
        let rows = first_page(&client).await.unwrap().rows;
        let whole = rows.iter().filter(|row| matches!(row.reading, Reading::Whole(_))).count();
        let partial = rows.iter().filter(|row| matches!(row.reading, Reading::Partial { .. })).count();
        assert_eq!((rows.len(), whole, partial), (10, 7, 1));
    }
}

#[tokio::test]
async fn a_bad_moment_passes_unnoticed() {
    let (standin, client) = desk().await;
    for kind in [
        FaultKind::Status(503, Some(RetryAfter::Text("soon".into()))),
        FaultKind::Status(429, Some(RetryAfter::Seconds(2))),
        FaultKind::ResetBefore,
        FaultKind::ResetMidBody,
        FaultKind::ContentType("text/plain".into()),
    ] {
        standin.fault(Fault::new(kind.clone()).times(1));
        assert_eq!(first_page(&client).await.unwrap().rows.len(), 7, "{kind:?}");
    }
}

#[tokio::test]
async fn a_lasting_fault_is_named() {
    let (standin, client) = desk().await;
    for (kind, expected) in [
        (FaultKind::Status(500, None), HuntressError::Fault { status: 500 }),
        (FaultKind::Status(403, None), HuntressError::Refused { status: 403 }),
        (FaultKind::Redirect("https://elsewhere.example/".into()), HuntressError::Redirect { status: 302 }),
        (
            FaultKind::Status(429, Some(RetryAfter::Seconds(4))),
            HuntressError::RateLimited { retry_after: Some(Duration::from_secs(4)) },
        ),
    ] {
        let fault = standin.fault(Fault::new(kind.clone()));
        assert_eq!(first_page(&client).await.unwrap_err(), expected, "{kind:?}");
        standin.world().lift(fault);
    }
    for kind in [
        FaultKind::TruncatedJson,
        FaultKind::NotJson,
        FaultKind::Body(json!(null)),
        FaultKind::Body(json!([])),
        FaultKind::Body(json!({"incident_reports": null})),
        FaultKind::HugeBody(crate::keys::MAX_BODY * 2),
        FaultKind::ResetMidBody,
    ] {
        let fault = standin.fault(Fault::new(kind.clone()));
        let error = first_page(&client).await.unwrap_err();
        assert!(matches!(error, HuntressError::BadAnswer(_)), "{kind:?}: {error:?}");
        standin.world().lift(fault);
    }
    standin.fault(Fault::new(FaultKind::ResetBefore));
    assert!(matches!(first_page(&client).await.unwrap_err(), HuntressError::Unreachable(_)));
    standin.clear_faults();
    standin.world().revoke_key();
    assert_eq!(first_page(&client).await.unwrap_err(), HuntressError::Refused { status: 401 });
}
