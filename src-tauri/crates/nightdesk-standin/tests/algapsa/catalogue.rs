//! Boards, statuses, priorities, categories and clients.

use nightdesk_standin::algapsa::Desk;
use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn boards_in_use_in_their_order() {
    let client = Client::msp().await;
    assert_eq!(client.get("/boards").await.texts("board_name"), ["Security", "Triage"]);
    let triage = client.desk().add_board("Amber");
    assert!(client.desk().deactivate("Triage"));
    assert_eq!(client.get("/boards").await.texts("board_name"), ["Security", "Amber"]);
    let all = client.get("/boards?include_inactive=true&sort=board_name&limit=2").await.json();
    assert_eq!((&all["data"][0]["board_name"], &all["pagination"]["total"]), (&json!("Amber"), &json!(3)));
    assert!(client.desk().activate("Triage") && client.desk().rename(&triage, "Blue"));
    assert_eq!(client.get("/boards?search=b").await.texts("board_name"), ["Blue"]);
    assert_eq!(client.get("/boards?limit=101").await.status, 400);
    assert_eq!(client.get("/boards?sort=updated_at").await.status, 400);
}

#[tokio::test]
async fn statuses_of_all_boards_or_of_one() {
    let client = Client::msp().await;
    let all = client.get("/tickets/statuses").await;
    assert_eq!(all.texts("name"), ["New", "In Progress", "Closed", "New", "In Progress", "Closed"]);
    let rows = all.rows();
    let flags = |at: usize| (rows[at]["is_default"] == true, rows[at]["is_closed"] == true);
    assert_eq!((flags(0), flags(1), flags(2)), ((true, false), (false, false), (false, true)));
    let triage = client.desk().board("Triage").unwrap().id;
    let of_triage = client.get(&format!("/tickets/statuses?board_id={triage}")).await.rows();
    assert!(of_triage.len() == 3 && of_triage.iter().all(|row| row["board_id"] == triage));
    assert_eq!(client.get("/tickets/statuses?board_id=Triage").await.status, 400);
    for wrong in ["", "?type=ticket", "?type=other"] {
        assert_eq!(client.get(&format!("/statuses{wrong}")).await.status, 400, "{wrong}");
    }
    let general = client.get(&format!("/statuses?type=ticket&board_id={triage}&sort=order_number")).await.json();
    assert_eq!((&general["pagination"]["total"], &general["data"][2]["name"]), (&json!(3), &json!("Closed")));
    client.desk().remove_default_status("Triage");
    let rows = client.get(&format!("/tickets/statuses?board_id={triage}")).await.rows();
    assert!(rows.iter().all(|row| row["is_default"] == false));
}

#[tokio::test]
async fn priorities_in_two_forms() {
    let client = Client::msp().await;
    let names = ["Critical", "High", "Medium", "Low"];
    assert_eq!(client.get("/tickets/priorities").await.texts("priority_name"), names);
    let sorted = client.get("/priorities?item_type=ticket&sort=order_number&order=desc&limit=1").await;
    assert_eq!(sorted.texts("priority_name"), ["Low"]);
    assert_eq!(client.get("/priorities?item_type=project_task").await.rows().len(), 0);
}

#[tokio::test]
async fn categories_move_by_offset_only() {
    let client = Client::msp().await;
    let desk = client.desk();
    let parent = desk.categories("Security")[0].id.clone();
    let child = desk.add_subcategory("Security", "Security incident", "Foothold").unwrap();
    desk.add_category("Triage", "Other").unwrap();
    let security = desk.board("Security").unwrap().id;
    let of_board = client.get(&format!("/categories/ticket?board_id={security}")).await.rows();
    assert_eq!(of_board.len(), 2);
    let listed = of_board.iter().find(|row| row["category_id"] == child).unwrap();
    assert_eq!(listed["parent_category"], parent);
    let first = client.get("/categories/ticket?limit=2").await.texts("category_id");
    assert_eq!(client.slips(), [""; 0]);
    assert_eq!(client.get("/categories/ticket?limit=2&page=2").await.texts("category_id"), first, "page does nothing");
    assert_eq!(client.slips().len(), 1);
    let rest = client.get("/categories/ticket?limit=2&offset=2").await;
    assert_eq!((rest.rows().len(), &rest.json()["pagination"]["hasNext"]), (1, &json!(false)));
    assert_eq!(client.get("/categories/ticket?is_child=true").await.texts("category_name"), ["Foothold"]);
    assert_eq!(client.get("/categories/ticket?page=0").await.status, 400);
}

#[tokio::test]
async fn clients_active_or_not() {
    let client = Client::open(Desk::msp()).await;
    let desk = client.desk();
    let twin = desk.add_client("Globex");
    desk.deactivate(&twin);
    assert_eq!(client.get("/clients").await.rows().len(), 4, "all of them unless asked");
    let active = client.get("/clients?is_inactive=false&sort=client_name&order=asc").await.texts("client_name");
    assert_eq!(active, ["Acme", "Globex", "Security Triage"]);
    assert_eq!(client.get("/clients?is_inactive=true").await.texts("client_id"), [twin.as_str()]);
    assert_eq!(client.get("/clients?search=ACM").await.texts("client_name"), ["Acme"]);
    let one = client.get(&format!("/clients/{twin}")).await.data();
    assert_eq!((&one["client_name"], &one["is_inactive"]), (&json!("Globex"), &json!(true)));
    desk.rename(&twin, "Globex Ltd");
    assert_eq!(client.get(&format!("/clients/{twin}")).await.data()["client_name"], "Globex Ltd");
}

#[tokio::test]
async fn what_tickets_point_to_stays() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    let desk = client.desk();
    let (security, acme) = (desk.board("Security").unwrap().id, desk.client("Acme").unwrap().id);
    assert!(!desk.delete(&security) && !desk.delete(&acme) && !desk.delete("nothing"));
    let (triage, globex) = (desk.board("Triage").unwrap().id, desk.client("Globex").unwrap().id);
    assert!(desk.delete(&triage) && desk.delete(&globex));
    assert_eq!(client.get(&format!("/clients/{globex}")).await.status, 404);
    assert_eq!(client.get("/tickets/statuses").await.rows().len(), 3, "a board's statuses go with it");
    assert!(desk.person_deletes(&id, "Dana") && desk.delete(&security));
    assert!(desk.categories("Security").is_empty() && desk.board("Security").is_none());
}
