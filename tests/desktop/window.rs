//! The window is disposable; the desk isn't.

use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::desktop::{Driver, SOON, Session, TrayHost, Window, until};
use std::time::Duration;

async fn shown(session: &Session) -> Window {
    until("a window is on the screen", SOON, async || session.windows().into_iter().next()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_10_a_closed_window_is_gone_while_polling_goes_on_and_comes_back_from_the_tray() {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    let incident = session.world().publish(IncidentBuilder::high().organization(6));
    let desk = Driver::start(&session, &[]).await;
    let id = session.until_ticketed(incident).await;
    let card = format!("[data-testid=ticket-card][data-ticket-id='{id}']");
    desk.page.find(&card).await;
    let drawing = session.web_views();
    assert_eq!(drawing.len(), 1, "{drawing:?}");

    session.close(&shown(&session).await);
    until("the web view's process has ended", SOON, async || session.web_views().is_empty().then_some(())).await;
    until("nothing is on the screen", SOON, async || session.windows().is_empty().then_some(())).await;
    assert!(desk.process.is_alive());

    session.walks();
    let tray = host.tray().await;
    tray.click("Poll now").await;
    session.until_polled().await;
    let meanwhile = session.world().publish(IncidentBuilder::low().organization(8));
    tray.click("Poll now").await;
    let meanwhile = session.until_ticketed(meanwhile).await;

    tray.click("Open triage board").await;
    desk.page.until_open().await;
    desk.page.find(&card).await;
    desk.page.find(&format!("[data-testid=ticket-card][data-ticket-id='{meanwhile}']")).await;
    let brought = desk.page.run("return document.querySelector('meta[name=first-look]') !== null").await;
    assert_eq!(brought, true, "the window began with what the desk has");
    assert_eq!(session.web_views().len(), 1);
    assert_eq!(session.desktops(), std::slice::from_ref(&desk.process));
}

#[tokio::test(flavor = "multi_thread")]
async fn at_rest_nothing_of_the_web_view_is_left_and_the_window_comes_back_all_the_same() {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    let _desk = session.start(&[]);
    until("the board is painted", SOON, async || (session.painted().len() == 1).then_some(())).await;
    let drawing = session.web_views();
    let frugal = drawing.iter().any(|process| process.environment().iter().any(|entry| entry.starts_with("MALLOC_")));
    assert!(!frugal, "the tray's thrift with memory is its own: a window is to be quick");
    assert!(!session.web_services().is_empty(), "there is something to end");

    session.close(&shown(&session).await);
    let at_rest = Duration::from_secs(30);
    until("nothing of the web view is left", at_rest, async || session.web_services().is_empty().then_some(())).await;
    assert!(session.web_views().is_empty());

    host.tray().await.click("Open triage board").await;
    until("the board is painted again", SOON, async || (session.painted().len() == 2).then_some(())).await;
    assert_eq!(session.web_views().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_keeps_its_size_from_one_start_to_the_next() {
    let session = Session::open().await;
    {
        let desk = Driver::start(&session, &[]).await;
        desk.page.find("[data-testid=status-card]").await;
        desk.page.0.set_window_size(1010, 690).await.unwrap();
        until("the window has its new size", SOON, async || {
            (session.size(&shown(&session).await) == (1010, 690)).then_some(())
        })
        .await;
        session.close(&shown(&session).await);
        until("the window is closed", SOON, async || session.windows().is_empty().then_some(())).await;
        desk.process.signal("TERM");
        until("the program has ended", Duration::from_secs(8), async || (!desk.process.is_alive()).then_some(())).await;
    }
    let _desk = session.start(&[]);
    let window = shown(&session).await;
    until("the window has its old size again", SOON, async || (session.size(&window) == (1010, 690)).then_some(()))
        .await;
}
