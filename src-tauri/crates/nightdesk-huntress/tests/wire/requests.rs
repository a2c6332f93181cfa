//! What is asked, and how the answers are read.

use nightdesk_core::ids::{AccountId, AgentId, IncidentId, OrganizationId};
use nightdesk_core::incident::Reading;
use nightdesk_core::port::{Huntress, Listing, NoticeListing, Urgency};

use crate::fake::{Fake, Reply};
use crate::keys::{KEY, SECRET, basic, client};
use crate::pace::{Pace, date};

const ACCOUNT: &str = r#"{"account":{"id":5,"name":"Test MSP","subdomain":"testmsp"}}"#;
const UPDATED: &str = r#""updated_at":"2022-03-01T20:31:30Z""#;

#[tokio::test]
async fn a_request_carries_the_key_as_documented() {
    let fake = Fake::new([Reply::ok(ACCOUNT)]).await;
    let pace = Pace::default();
    let (account, server_time) = client(&fake.url).account(&pace).await.unwrap();
    assert_eq!((account.id, account.name.as_str()), (AccountId(5), "Test MSP"));
    assert_eq!(account.subdomain.as_deref(), Some("testmsp"));
    assert_eq!(server_time, Some(date()));

    let seen = fake.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].path_and_query, "/v1/account");
    assert_eq!(seen[0].authorization, basic(KEY, SECRET));
    assert_eq!(seen[0].accept, "application/json");
    assert_eq!(pace.passed(), [Urgency::Walk]);
}

#[tokio::test]
async fn a_bare_account_is_read_too() {
    let fake = Fake::new([Reply::ok(r#"{"id":5,"name":"Test MSP"}"#)]).await;
    assert_eq!(client(&fake.url).account(&Pace::default()).await.unwrap().0.id, AccountId(5));
}

#[tokio::test]
async fn a_walk_asks_for_the_newest_changes_first() {
    let first = format!(
        r#"{{"incident_reports":[{{"id":2, {UPDATED}}},{{"id":1,{UPDATED}}}],"pagination":{{"next_page_token":"a+b=&c"}}}}"#
    );
    let fake = Fake::new([Reply::ok(&first), Reply::ok(r#"{"incident_reports":[],"pagination":{}}"#)]).await;
    let (client, pace) = (client(&fake.url), Pace::default());
    let page = client.incidents(&pace, Urgency::Walk, &Listing::Changes, 50, None).await.unwrap();
    let ids: Vec<_> = page.rows.iter().filter_map(|row| row.reading.incident()).map(|incident| incident.id.0).collect();
    assert_eq!(ids, [2, 1]);
    assert_eq!(page.rows[0].raw, format!(r#"{{"id":2, {UPDATED}}}"#).as_bytes(), "each row keeps its own bytes");
    assert_eq!(page.next.as_deref(), Some("a+b=&c"));
    assert_eq!(page.date, Some(date()));

    let last = client.incidents(&pace, Urgency::Walk, &Listing::Changes, 9_000, page.next.as_deref()).await.unwrap();
    assert_eq!((last.rows.len(), last.next), (0, None));
    let paths: Vec<_> = fake.seen().into_iter().map(|seen| seen.path_and_query).collect();
    assert_eq!(
        paths,
        [
            "/v1/incident_reports?limit=50&sort_field=updated_at&sort_direction=desc",
            "/v1/incident_reports?limit=500&sort_field=updated_at&sort_direction=desc&page_token=a%2Bb%3D%26c",
        ]
    );
}

#[tokio::test]
async fn a_sweep_asks_for_one_status_by_id() {
    let fake = Fake::new([Reply::ok(r#"{"incident_reports":[]}"#)]).await;
    let pace = Pace::default();
    client(&fake.url).incidents(&pace, Urgency::Sweep, &Listing::WithStatus("sent"), 500, None).await.unwrap();
    assert_eq!(
        fake.seen()[0].path_and_query,
        "/v1/incident_reports?limit=500&status=sent&sort_field=id&sort_direction=desc"
    );
    assert_eq!(pace.passed(), [Urgency::Sweep]);
}

#[tokio::test]
async fn nd_4_bad_rows_cost_neither_each_other_nor_the_page() {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let mut body = br#"{"incident_reports":[7,{"id":"x"},{"id":1,"severity":3},{"id":2,"subject":"caf"#.to_vec();
    body.push(0xe9);
    body.extend(format!(r#"",{UPDATED}}},{{"id":3,"body":{deep},{UPDATED}}},{deep},null]}}"#).bytes());
    let fake = Fake::new([Reply::bytes(200, body)]).await;
    let page = client(&fake.url).incidents(&Pace::default(), Urgency::Walk, &Listing::Changes, 50, None).await.unwrap();
    let readings: String = page
        .rows
        .iter()
        .map(|row| match row.reading {
            Reading::Whole(_) => 'w',
            Reading::Partial { .. } => 'p',
            Reading::Unkeyed { .. } => 'u',
        })
        .collect();
    assert_eq!(readings, "uupwwuu");
    assert!(page.rows[3].raw.contains(&0xe9), "the bytes as they came");
}

#[tokio::test]
async fn one_incident_or_none() {
    let own = format!(r#"{{"id":7,{UPDATED}}}"#);
    let wrapped = format!(r#"{{"incident_report":{own}}}"#);
    let fake =
        Fake::new([Reply::ok(&wrapped), Reply::ok(&own), Reply::with(404, r#"{"error":"Invalid path specified"}"#)])
            .await;
    let (client, pace) = (client(&fake.url), Pace::default());
    for _ in 0..2 {
        let record = client.incident(&pace, IncidentId(7)).await.unwrap().unwrap();
        assert_eq!(record.raw, own.as_bytes());
    }
    assert_eq!(client.incident(&pace, IncidentId(7)).await.unwrap(), None);
    assert_eq!(fake.seen()[0].path_and_query, "/v1/incident_reports/7");
    assert_eq!(pace.passed(), [Urgency::ById; 3]);
}

#[tokio::test]
async fn organizations_page_by_page() {
    let fake = Fake::new([
        Reply::ok(r#"{"organizations":[{"id":1,"name":"Acme, Inc.","key":"acme"},{"name":"no id"}],"pagination":{"next_page_token":"t2"}}"#),
        Reply::ok(r#"{"organizations":{"0":{"id":2,"name":"Globex"}},"pagination":null}"#),
    ])
    .await;
    let (client, pace) = (client(&fake.url), Pace::default());
    let first = client.organizations(&pace, None).await.unwrap();
    assert_eq!(
        first.rows.iter().map(|row| (row.id, row.name.as_str())).collect::<Vec<_>>(),
        [(OrganizationId(1), "Acme, Inc.")]
    );
    let second = client.organizations(&pace, first.next.as_deref()).await.unwrap();
    assert_eq!((second.rows[0].id, second.next), (OrganizationId(2), None));
    let paths: Vec<_> = fake.seen().into_iter().map(|seen| seen.path_and_query).collect();
    assert_eq!(paths[0], "/v1/organizations?limit=500&sort_field=id&sort_direction=asc");
    assert_eq!(paths[1], "/v1/organizations?limit=500&sort_field=id&sort_direction=asc&page_token=t2");
}

#[tokio::test]
async fn notices_of_both_kinds() {
    let fake = Fake::new([
        Reply::ok(
            r#"{"escalations":[{"id":8,"organizations":[],"severity":"high","subject":"Unexpected country"},7]}"#,
        ),
        Reply::ok(r#"{"platform_actions":[{"id":8,"organizations":[3]}],"pagination":{"next_page_token":"t2"}}"#),
    ])
    .await;
    let (client, pace) = (client(&fake.url), Pace::default());
    let escalations = client.notices(&pace, NoticeListing::Escalations, None).await.unwrap().rows;
    assert_eq!((escalations.len(), escalations[0].id, escalations[0].kind), (1, 8, NoticeListing::Escalations.kind()));
    let actions = client.notices(&pace, NoticeListing::PlatformActions, Some("t1")).await.unwrap();
    assert_eq!(
        (actions.rows[0].organizations.as_slice(), actions.next.as_deref()),
        (&[OrganizationId(3)][..], Some("t2"))
    );
    let paths: Vec<_> = fake.seen().into_iter().map(|seen| seen.path_and_query).collect();
    assert_eq!(paths[0], "/v1/escalations?limit=100&sort_field=updated_at&sort_direction=desc");
    assert_eq!(paths[1], "/v1/platform_actions?limit=100&sort_field=updated_at&sort_direction=desc&page_token=t1");
    assert_eq!(pace.passed(), [Urgency::Notices; 2]);
}

#[tokio::test]
async fn a_host_or_none() {
    let fake =
        Fake::new([Reply::ok(r#"{"agent":{"hostname":"SRV01","ipv4_address":"10.0.0.5"}}"#), Reply::with(404, "")])
            .await;
    let (client, pace) = (client(&fake.url), Pace::default());
    let host = client.agent(&pace, AgentId(7)).await.unwrap().unwrap();
    assert_eq!(host.hostname.as_deref(), Some("SRV01"));
    assert_eq!(client.agent(&pace, AgentId(7)).await.unwrap(), None);
    assert_eq!(fake.seen()[0].path_and_query, "/v1/agents/7");
    assert_eq!(pace.passed(), [Urgency::LookUp; 2]);
}
