//! Listing and searching tickets.

use serde_json::json;

use crate::client::Client;

/// `T00` to `T(count - 1)`, a minute apart, made over the API.
async fn full(count: usize) -> (Client, Vec<String>) {
    let client = Client::msp().await;
    let mut ids = Vec::new();
    for at in 0..count {
        ids.push(client.ticket(&format!("T{at:02}")).await);
        client.time.forward(60);
    }
    (client, ids)
}

#[tokio::test]
async fn pages_tell_where_they_lie() {
    let (client, _) = full(30).await;
    let body = client.get("/tickets").await.json();
    assert_eq!(body["data"].as_array().unwrap().len(), 25);
    assert_eq!(body["data"][0]["title"], "T29", "the newest first");
    let pagination = json!({ "page": 1, "limit": 25, "total": 30, "totalPages": 2, "hasNext": true, "hasPrev": false });
    assert_eq!(body["pagination"], pagination);
    let body = client.get("/tickets?page=4&limit=10").await.json();
    let beyond = json!({ "page": 4, "limit": 10, "total": 30, "totalPages": 3, "hasNext": false, "hasPrev": true });
    assert_eq!((&body["data"], &body["pagination"]), (&json!([]), &beyond));
    assert_eq!(client.get("/tickets?limit=100").await.rows().len(), 30);
    for (wrong, field) in [
        ("limit=101", "limit"),
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("order=down", "order"),
        ("sort=attributes", "sort"),
        ("sort=board_name", "sort"),
        ("fields=title,attributes", "fields"),
        ("is_open=yes", "is_open"),
        ("board_id=Security", "board_id"),
        ("status_ids=New", "status_ids"),
        ("updated_from=2026-06-01T00:00:00%2B00:00", "updated_from"),
        ("updated_from=2026-06-01", "updated_from"),
        ("closed_to=yesterday", "closed_to"),
    ] {
        let (status, code, paths) = client.get(&format!("/tickets?{wrong}")).await.refusal();
        assert_eq!((status, code.as_str(), paths), (400, "VALIDATION_ERROR", vec![field.to_owned()]), "{wrong}");
    }
    assert_eq!(client.slips().len(), 15);
    client.get("/tickets?query=T01&per_page=5").await.data();
    let path = "GET /api/v1/tickets";
    assert_eq!(client.slips(), [format!("{path}: query was ignored"), format!("{path}: per_page was ignored")]);
}

#[tokio::test]
async fn a_page_over_a_moving_list_skips_and_repeats() {
    let (client, ids) = full(6).await;
    let page = "/tickets?sort=updated_at&order=asc&limit=3&page=";
    assert_eq!(client.get(&format!("{page}1")).await.texts("title"), ["T00", "T01", "T02"]);
    client.put(&format!("/tickets/{}", ids[0]), json!({ "title": "T00" })).await.data();
    let second = client.get(&format!("{page}2")).await.texts("title");
    assert_eq!(second, ["T04", "T05", "T00"], "T03 has slipped onto the first page");
}

#[tokio::test]
async fn filters() {
    let (client, ids) = full(4).await;
    let desk = client.desk();
    desk.person_moves(&ids[1], "Triage", "Dana");
    desk.person_sets_client(&ids[2], "Globex", "Dana");
    desk.person_closes(&ids[3], "Dana");
    desk.person_assigns(&ids[0], Some("Dana"), "Dana");
    desk.person_sets_priority(&ids[1], "Low", "Dana");
    let triage = desk.board("Triage").unwrap().id;
    let globex = desk.client("Globex").unwrap().id;
    let low = desk.priority("Low").unwrap().id;
    let dana = desk.ticket(&ids[0]).unwrap().assigned_to.map(|name| desk.add_user(&name)).unwrap();
    let (new, closed) = (client.status_id("Security", "New"), client.status_id("Security", "Closed"));
    for (query, expected) in [
        (format!("board_id={triage}"), "T01"),
        (format!("client_id={globex}"), "T02"),
        (format!("priority_id={low}"), "T01"),
        (format!("assigned_to={dana}"), "T00"),
        (format!("status_id={closed}"), "T03"),
        (format!("status_ids={closed},{new}"), "T00 T02 T03"),
        (format!("status_ids=%5B%22{new}%22%5D"), "T00 T02"),
        ("is_open=true".to_owned(), "T00 T01 T02"),
        ("is_closed=true".to_owned(), "T03"),
        ("has_assignment=true".to_owned(), "T00"),
        ("has_assignment=false".to_owned(), "T01 T02 T03"),
        ("search=t02".to_owned(), "T02"),
        ("search=gLoB".to_owned(), "T02"),
        ("search=tic1002".to_owned(), "T01"),
        ("title=0".to_owned(), "T00 T01 T02 T03"),
        ("ticket_number=1004".to_owned(), "T03"),
        ("client_name=globex".to_owned(), "T02"),
        ("board_name=tri".to_owned(), "T01"),
        ("status_name=closed".to_owned(), "T03"),
        ("priority_name=LOW".to_owned(), "T01"),
        ("tags=none".to_owned(), ""),
        (format!("client_id={globex}&board_id={triage}"), ""),
        ("search=source_reference".to_owned(), ""),
    ] {
        let titles = client.get(&format!("/tickets?sort=title&order=asc&{query}")).await.texts("title").join(" ");
        assert_eq!(titles, expected, "{query}");
    }
    assert_eq!(client.slips(), [""; 0]);
}

#[tokio::test]
async fn orders() {
    let (client, ids) = full(3).await;
    client.desk().person_retitles(&ids[0], "z", "Dana");
    client.desk().person_closes(&ids[1], "Dana");
    for (query, expected) in [
        ("sort=title&order=asc", "T01 T02 z"),
        ("sort=ticket_number&order=desc", "T02 T01 z"),
        ("sort=created_at&order=asc", "z T01 T02"),
        ("sort=updated_at&order=desc", "T01 z T02"),
        // What has no value comes last, and first in a falling order.
        ("sort=closed_at&order=asc", "T01 z T02"),
        ("sort=closed_at&order=desc", "T02 z T01"),
        ("sort=status_name&order=asc", "T01 z T02"),
    ] {
        assert_eq!(client.get(&format!("/tickets?{query}")).await.texts("title").join(" "), expected, "{query}");
    }
}

#[tokio::test]
async fn what_changed_since() {
    let (client, ids) = full(3).await;
    let desk = client.desk();
    let mark = client.time.now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    client.time.forward(10);
    desk.person_moves(&ids[0], "Triage", "Dana");
    desk.person_comments(&ids[1], "only a note", "Dana");
    let url = format!("/tickets?updated_from={mark}&sort=updated_at&order=asc");
    let rows = client.get(&url).await.rows();
    assert_eq!((rows.len(), &rows[0]["ticket_id"]), (1, &json!(ids[0])));
    assert_eq!(rows[0]["board_name"], "Triage");
    let at = rows[0]["updated_at"].as_str().unwrap();
    assert_eq!(client.get(&format!("/tickets?updated_from={at}")).await.rows().len(), 1, "the bound belongs to it");
    assert_eq!(client.get(&format!("/tickets?updated_to={at}&updated_from={at}")).await.rows().len(), 1);
    assert_eq!(client.get(&format!("/tickets?closed_from={mark}")).await.rows().len(), 0);
    client.time.forward(10);
    desk.person_deletes(&ids[0], "Dana");
    assert_eq!(client.get(&url).await.rows().len(), 0, "a deleted ticket is in no list");
}

#[tokio::test]
async fn rows_carry_names_and_attributes_but_no_rendered_body_and_only_the_fields_asked_for() {
    let client = Client::msp().await;
    let mut draft = client.draft("One");
    draft["attributes"] = json!({ "description": "text", "source_reference": "17" });
    client.post("/tickets", draft).await.data();
    let row = client.get("/tickets").await.rows()[0].clone();
    assert_eq!((&row["attributes"]["source_reference"], &row["client_name"]), (&json!("17"), &json!("Acme")));
    assert!(row.get("description_html").is_none());
    let sparse = client.get("/tickets?fields=ticket_id,title,status_is_closed").await.rows()[0].clone();
    assert_eq!(sparse.as_object().unwrap().keys().collect::<Vec<_>>(), ["status_is_closed", "ticket_id", "title"]);
    assert_eq!(client.get("/tickets?fields=mobile_list").await.rows()[0].as_object().unwrap().len(), 14);
}

#[tokio::test]
async fn a_search_looks_at_open_tickets_titles_and_numbers() {
    let (client, ids) = full(3).await;
    client.desk().person_retitles(&ids[0], "Foothold (HR-7)", "Dana");
    client.desk().person_retitles(&ids[1], "Foothold (HR-70)", "Dana");
    client.desk().person_closes(&ids[1], "Dana");
    let titles = async |query: &str| client.get(&format!("/tickets/search?{query}")).await.texts("title").join(", ");
    assert_eq!(titles("query=hr-7").await, "Foothold (HR-7)");
    assert_eq!(titles("query=HR-7&include_closed=true").await, "Foothold (HR-70), Foothold (HR-7)");
    assert_eq!(titles("query=hr-7&include_closed=true&limit=1").await, "Foothold (HR-70)");
    assert_eq!(titles("query=tic1003").await, "T02");
    assert_eq!(titles("query=acme").await, "", "the client's name only when asked");
    assert_eq!(titles("query=acme&fields=client_name").await, "T02, Foothold (HR-7)");
    let globex = client.desk().client("Globex").unwrap().id;
    assert_eq!(titles(&format!("query=t&client_ids={globex}")).await, "");
    let body = client.get("/tickets/search?query=t").await.json();
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["data"], "no block of pages");
    for wrong in ["", "query=", "query=x&limit=101", "query=x&include_closed=1", "query=x&fields=attributes"] {
        assert_eq!(client.get(&format!("/tickets/search?{wrong}")).await.status, 400, "{wrong}");
    }
}
