//! A card is dragged in the real window, and the real engine's tickets move.

use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::desktop::{Driver, SOON, Session, until};
use serde_json::Value;

async fn ticket(session: &Session, id: i64) -> Value {
    session.nightdesk(&["ticket", &id.to_string()]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_dragged_onto_a_client_is_re_homed_and_undo_brings_it_back() {
    let session = Session::open().await;
    let incident = session.world().publish(IncidentBuilder::critical().organization(6).entity("SRV-FILE01"));
    let other = session.world().publish(IncidentBuilder::low().organization(6).entity("LAPTOP-22"));
    let window = Driver::start(&session, &[]).await;
    let page = &window.page;
    let (id, other) = (session.until_ticketed(incident).await, session.until_ticketed(other).await);
    let card = format!("[data-testid=ticket-card][data-ticket-id='{id}']");
    let rest = format!("[data-testid=ticket-card][data-ticket-id='{other}']");
    page.find("[data-testid=org-group][data-org-id='6']").await;

    page.drag(&card, "[data-testid=client-target][data-client='Globex']").await;
    page.until_count(&card, 0).await;
    let moved = until("the engine has re-homed the ticket", SOON, async || {
        Some(ticket(&session, id).await).filter(|t| t["client"] == "Globex")
    })
    .await;
    assert_eq!((&moved["board"], &moved["unmapped"]), (&"Security".into(), &false.into()));
    // "Map the organization too" is on unless a person turns it off, and takes its other tickets along.
    page.until_count(&rest, 0).await;
    assert_eq!(ticket(&session, other).await["client"], "Globex");
    let organizations = session.nightdesk(&["orgs"]).await;
    let mapped = organizations.as_array().unwrap().iter().find(|o| o["id"] == 6).unwrap();
    assert_eq!(mapped["client"], "Globex");

    page.click("[data-testid=undo]").await;
    page.find(&card).await;
    page.find(&rest).await;
    let back = ticket(&session, id).await;
    assert_eq!((&back["client"], &back["board"]), (&"Security Triage".into(), &"Triage".into()));
    let organizations = session.nightdesk(&["orgs"]).await;
    let unmapped = organizations.as_array().unwrap().iter().find(|o| o["id"] == 6).unwrap();
    assert_eq!(unmapped["client"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_appears_on_the_board_by_itself_with_the_worst_on_top() {
    let session = Session::open().await;
    let low = session.world().publish(IncidentBuilder::low().organization(6));
    let window = Driver::start(&session, &[]).await;
    let low = session.until_ticketed(low).await;
    window.page.find(&format!("[data-testid=ticket-card][data-ticket-id='{low}']")).await;

    let critical = session.world().publish(IncidentBuilder::critical().organization(8));
    window.page.click("[data-testid=poll-now]").await;
    let critical = session.until_ticketed(critical).await;
    window.page.until_count("[data-testid=ticket-card]", 2).await;
    let script =
        "return [...document.querySelectorAll('[data-testid=ticket-card]')].map((e) => Number(e.dataset.ticketId))";
    assert_eq!(window.page.run(script).await, serde_json::json!([critical, low]));
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_16_what_a_vendor_wrote_is_text_in_the_window() {
    let session = Session::open().await;
    let bait = "<img src=x onerror=\"document.title='taken'\"><b>bold</b>";
    let subject = format!("CRITICAL - Incident on {bait}");
    session.world().publish(IncidentBuilder::critical().organization(6).field("subject", subject));
    let window = Driver::start(&session, &[]).await;
    window.page.until_text("[data-testid=ticket-card]", bait).await;
    assert_eq!(window.page.count("[data-testid=ticket-card] img, [data-testid=ticket-card] b").await, 0);
    assert_ne!(window.page.0.title().await.unwrap(), "taken");
}
