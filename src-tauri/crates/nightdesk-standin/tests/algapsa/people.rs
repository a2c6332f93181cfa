//! What people do in the product, as it shows over the API.

use nightdesk_standin::algapsa::{Desk, Ticket, id_of};

use crate::client::Client;

fn seen(client: &Client, id: &str) -> Ticket {
    client.desk().ticket(id).unwrap()
}

#[tokio::test]
async fn every_deed_has_a_name_and_moves_the_ticket_to_the_top_of_what_changed() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    client.ticket("Two").await;
    let desk = client.desk();
    let deeds: [(&str, &dyn Fn() -> bool); 8] = [
        ("moves", &|| desk.person_moves(&id, "Triage", "Dana")),
        ("client", &|| desk.person_sets_client(&id, "Globex", "Dana")),
        ("status", &|| desk.person_sets_status(&id, "In Progress", "Dana")),
        ("closes", &|| desk.person_closes(&id, "Dana")),
        ("reopens", &|| desk.person_reopens(&id, "Dana")),
        ("priority", &|| desk.person_sets_priority(&id, "Low", "Dana")),
        ("retitles", &|| desk.person_retitles(&id, "Uno", "Dana")),
        ("assigns", &|| desk.person_assigns(&id, Some("Lee"), "Dana")),
    ];
    for (name, deed) in deeds {
        client.time.forward(60);
        assert!(deed(), "{name}");
        let ticket = seen(&client, &id);
        assert_eq!((ticket.updated_at, ticket.updated_by.as_deref()), (client.time.now(), Some("Dana")), "{name}");
        let rows = client.get("/tickets?sort=updated_at&order=desc&limit=1").await.rows();
        assert_eq!(rows[0]["ticket_id"], id, "{name}");
        assert_eq!(rows[0]["updated_by"], id_of("user", "Dana"), "{name}");
    }
    let ticket = seen(&client, &id);
    assert_eq!((ticket.board.as_str(), ticket.status.as_str()), ("Triage", "New"));
    assert_eq!((ticket.client.as_str(), ticket.priority.as_str(), ticket.title.as_str()), ("Globex", "Low", "Uno"));
    assert_eq!(ticket.assigned_to.as_deref(), Some("Lee"));
    assert_eq!(desk.closings().len(), 1);
    assert!(desk.person_assigns(&id, None, "Lee") && seen(&client, &id).assigned_to.is_none());
    assert!(desk.person_deletes("TIC1001", "Dana") && desk.ticket(&id).is_none());
    assert_eq!(client.get(&format!("/tickets/{id}")).await.status, 404);
}

#[tokio::test]
async fn a_status_is_one_of_the_tickets_board() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    let desk = client.desk();
    desk.person_closes(&id, "Dana");
    let closed = seen(&client, &id);
    assert_eq!((closed.is_closed, closed.closed_by.as_deref()), (true, Some("Dana")));
    desk.person_moves(&id, "Triage", "Dana");
    let moved = seen(&client, &id);
    assert_eq!(moved.status_id, client.status_id("Triage", "Closed"), "moving doesn't reopen");
    assert_eq!(moved.closed_at, closed.closed_at);
    assert!(!desk.person_sets_status(&id, &client.status_id("Security", "New"), "Dana"));
    desk.person_reopens(&id, "Lee");
    let open = seen(&client, &id);
    assert_eq!((open.status.as_str(), open.is_closed, open.closed_at, open.closed_by), ("New", false, None, None));
}

#[tokio::test]
async fn what_isnt_there_cant_be_given() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    let desk = client.desk();
    let before = seen(&client, &id);
    assert!(!desk.person_moves(&id, "Nowhere", "Dana"));
    assert!(!desk.person_sets_client(&id, "Nobody", "Dana"));
    assert!(!desk.person_sets_priority(&id, "Mild", "Dana"));
    for missing in ["TIC9", ""] {
        assert!(!desk.person_closes(missing, "Dana") && !desk.person_deletes(missing, "Dana"));
        assert!(!desk.person_comments(missing, "x", "Dana"));
    }
    assert_eq!(seen(&client, &id), before);
}

#[tokio::test]
async fn people_open_tickets_too() {
    let client = Client::msp().await;
    let id = client.desk().person_opens("Printer", "Triage", "Globex", "Dana").unwrap();
    let ticket = seen(&client, &id);
    assert_eq!((ticket.source, ticket.entered_by.as_deref()), ("web_app", Some("Dana")));
    assert_eq!(client.get("/tickets").await.rows()[0]["entered_by_name"], "Dana");
    assert_eq!(client.desk().person_opens("Printer", "Nowhere", "Globex", "Dana"), None);
}

#[tokio::test]
async fn a_comment_names_its_writer() {
    let client = Client::msp().await;
    let id = client.ticket("One").await;
    assert!(client.desk().person_comments(&id, "On it", "Dana"));
    let rows = client.get(&format!("/tickets/{id}/comments")).await.rows();
    assert_eq!((&rows[0]["created_by_name"], &rows[0]["is_internal"]), (&"Dana".into(), &true.into()));
}

#[test]
fn a_desk_without_a_clock_has_a_time() {
    let desk = Desk::msp();
    assert_eq!(desk.now().to_rfc3339(), "2026-01-01T00:00:00+00:00");
    assert_eq!(desk.board("Security").unwrap().id, id_of("board", "Security"));
    assert_eq!(desk.status("Triage", "Closed").unwrap().id, id_of("status", "Triage/Closed"));
    let (first, second) = (desk.client("Acme").unwrap().id, desk.add_client("Acme"));
    assert_ne!(first, second);
    assert_eq!(desk.client("Acme").unwrap().id, first);
    assert!(format!("{desk:?}").contains("boards: 2"));
}
