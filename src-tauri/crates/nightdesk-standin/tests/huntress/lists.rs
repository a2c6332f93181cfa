//! Pages, orders and filters.

use crate::desk::Desk;
use chrono::TimeDelta;
use nightdesk_standin::{Account, Agent, IncidentBuilder, LastPage, Notice, PageEdge, Story};
use serde_json::json;

const BY_UPDATE: &str = "/v1/incident_reports?sort_field=updated_at&sort_direction=desc";

/// 57 reports, three by three with the same time.
async fn desk_with_many() -> Desk {
    let mut account = Account::new(5, "Check MSP").organization(4, "Acme").organization(7, "Umbrella");
    for number in 0..57 {
        account = account.incident(IncidentBuilder::low().sent_ago(TimeDelta::minutes(number / 3)));
    }
    Desk::open(account).await
}

#[tokio::test]
async fn a_walk_sees_each_row_once_whatever_its_page_sizes() {
    let desk = desk_with_many().await;
    for limits in [&[1, 2, 4, 8, 16, 32, 64][..], &[10], &[1], &[57], &[56], &[500], &[3, 50, 1]] {
        for path in [
            BY_UPDATE,
            "/v1/incident_reports?sort_field=updated_at&sort_direction=asc",
            "/v1/incident_reports",
            "/v1/incident_reports?sort_field=created_at&sort_direction=asc",
        ] {
            let mut ids = desk.walk(path, "incident_reports", limits).await;
            ids.sort_unstable();
            assert_eq!(ids, (1..=57).collect::<Vec<i64>>(), "{path} {limits:?}");
        }
    }
}

#[tokio::test]
async fn order_is_by_field_then_id_and_descending_unless_asked() {
    let desk = desk_with_many().await;
    assert_eq!(desk.walk("/v1/incident_reports", "incident_reports", &[20]).await, (1..=57).rev().collect::<Vec<_>>());
    let by_update = desk.walk(BY_UPDATE, "incident_reports", &[20]).await;
    assert_eq!(by_update[..7], [3, 2, 1, 6, 5, 4, 9]);
}

#[tokio::test]
async fn rows_that_move_or_vanish_between_pages_shift_no_other() {
    let desk = desk_with_many().await;
    desk.huntress.on_request(Box::new(|request, world| {
        if request.param("page_token").is_some() {
            world.touch(57);
            world.remove(1);
            world.publish(IncidentBuilder::high());
        }
    }));
    desk.time.forward(60);
    let ids = desk.walk(BY_UPDATE, "incident_reports", &[10]).await;
    assert_eq!(ids.len(), 56, "all but the touched one, which has moved ahead of the walk");
    assert!(!ids.contains(&57));
}

#[tokio::test]
async fn the_page_edge_can_repeat_or_miss_rows_of_an_equal_time() {
    let desk = desk_with_many().await;
    desk.huntress.world().dialect(|dialect| dialect.page_edge = PageEdge::Misses);
    assert_eq!(desk.walk(BY_UPDATE, "incident_reports", &[10]).await.len(), 49);
    desk.huntress.world().dialect(|dialect| dialect.page_edge = PageEdge::Repeats);
    let mut ids = desk.walk(BY_UPDATE, "incident_reports", &[10]).await;
    assert!(ids.len() > 57);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 57);
}

#[tokio::test]
async fn limit_is_1_to_500_and_10_by_default() {
    let desk = desk_with_many().await;
    for (limit, status) in [("0", 400), ("501", 400), ("-1", 400), ("ten", 400), ("", 400), ("1", 200), ("500", 200)] {
        assert_eq!(desk.get(&format!("/v1/incident_reports?limit={limit}")).await.status, status, "{limit}");
    }
    let body = desk.get("/v1/incident_reports").await.json();
    assert_eq!(body["incident_reports"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn the_next_url_leads_on_with_the_same_filters() {
    let desk = desk_with_many().await;
    let body = desk.get(&format!("{BY_UPDATE}&severity=low&limit=30")).await.json();
    let url = body["pagination"]["next_page_url"].as_str().unwrap();
    assert!(url.starts_with(&desk.huntress.base_url()), "{url}");
    let next = desk.get(url).await.json();
    assert_eq!(next["incident_reports"].as_array().unwrap().len(), 27);
    assert_eq!(next["pagination"], json!({}));
}

#[tokio::test]
async fn the_end_is_told_in_three_ways() {
    let desk = desk_with_many().await;
    let end = async || desk.get("/v1/incident_reports?limit=100").await.json().get("pagination").cloned();
    assert_eq!(end().await, Some(json!({})));
    desk.huntress.world().dialect(|dialect| dialect.last_page = LastPage::Null);
    assert_eq!(end().await, Some(json!(null)));
    desk.huntress.world().dialect(|dialect| dialect.last_page = LastPage::Absent);
    assert_eq!(end().await, None);
}

#[tokio::test]
async fn a_token_is_refused_outside_its_list_and_order() {
    let desk = desk_with_many().await;
    let body = desk.get(BY_UPDATE).await.json();
    let token = body["pagination"]["next_page_token"].as_str().unwrap();
    assert_eq!(desk.get(&format!("{BY_UPDATE}&page_token={token}")).await.status, 200);
    assert_eq!(desk.get(&format!("/v1/incident_reports?page_token={token}")).await.status, 400);
    assert_eq!(desk.get(&format!("/v1/agents?page_token={token}")).await.status, 400);
    assert_eq!(desk.get(&format!("{BY_UPDATE}&page_token=nonsense")).await.status, 400);
}

#[tokio::test]
async fn filters_narrow_the_list() {
    let account = Account::new(5, "Check MSP")
        .organization(4, "Acme")
        .organization(7, "Umbrella")
        .agent(Agent::new(70, 4, "laptop01"))
        .incident(IncidentBuilder::critical().id(1).organization(4).agent(70))
        .incident(IncidentBuilder::high().id(2).organization(7))
        .incident(IncidentBuilder::new(Story::SessionTheft).id(3))
        .incident(IncidentBuilder::low().id(4).organization(4).closed_ago(TimeDelta::hours(1)))
        .incident(IncidentBuilder::low().id(5).status("auto_remediating").indicator("app_control", 2));
    let desk = Desk::open(account).await;
    for (filter, expected) in [
        ("severity=critical", vec![3, 1]),
        ("status=closed", vec![4]),
        ("status=sent", vec![3, 2, 1]),
        ("status=auto_remediating", vec![5]),
        ("status=dismissed", vec![]),
        ("organization_id=4", vec![4, 1]),
        ("agent_id=70", vec![1]),
        ("platform=microsoft_365", vec![3]),
        ("indicator_type=ransomware_canaries", vec![1]),
        ("indicator_type=app_control", vec![5]),
        ("indicator_type=monitored_files", vec![]),
        ("status=sent&organization_id=7", vec![2]),
    ] {
        let ids = desk.walk(&format!("/v1/incident_reports?{filter}"), "incident_reports", &[1]).await;
        assert_eq!(ids, expected, "{filter}");
    }
    assert_eq!(desk.walk("/v1/organizations?name=Umbrella", "organizations", &[5]).await, [7]);
    assert_eq!(desk.walk("/v1/organizations?sort_field=name&sort_direction=asc", "organizations", &[1]).await, [4, 7]);
    assert_eq!(desk.walk("/v1/agents?hostname=laptop01", "agents", &[5]).await, [70]);
}

#[tokio::test]
async fn notices_are_open_overdue_or_resolved() {
    let account = Account::new(5, "Check MSP")
        .organization(4, "Acme")
        .escalation(Notice::new("New").id(1).organization(4))
        .escalation(Notice::new("Old").id(2).severity("high").created_ago(TimeDelta::hours(30)))
        .escalation(Notice::new("Done").id(3).status("resolved"));
    let desk = Desk::open(account).await;
    let ids = async |filter: &str| desk.walk(&format!("/v1/escalations?{filter}"), "escalations", &[1]).await;
    assert_eq!(ids("status=open").await, [2, 1]);
    assert_eq!(ids("status=overdue").await, [2]);
    assert_eq!(ids("status=resolved").await, [3]);
    assert_eq!(ids("organization_id=4").await, [1]);
    assert_eq!(ids("sort_field=severity").await, [2, 3, 1]);
    desk.huntress.world().resolve_escalation(2);
    assert_eq!(ids("status=resolved&sort_field=updated_at").await, [3, 2]);
}

#[tokio::test]
async fn remediations_have_pages_too() {
    let plan = (0..23).map(|n| nightdesk_standin::Remediation::new("assisted", "Delete File", &format!("f{n}")));
    let account = Account::new(5, "Check MSP").incident(IncidentBuilder::high().remediations(plan.collect()));
    let desk = Desk::open(account).await;
    let report = desk.get("/v1/incident_reports/1").await.json()["incident_report"]["remediations"].clone();
    assert_eq!((&report["total_count"], &report["has_more"]), (&json!(23), &json!(true)));
    assert_eq!(report["items"].as_array().unwrap().len(), 10);
    let ids = desk.walk("/v1/incident_reports/1/remediations", "remediations", &[5, 10]).await;
    assert_eq!(ids, (101..=123).collect::<Vec<i64>>());
}
