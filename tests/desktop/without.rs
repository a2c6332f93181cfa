//! A desktop that lacks something: it is said, and the desk goes on.

use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::desktop::{Driver, Inhibited, Notifications, SOON, Session, TrayHost, until};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_tray_host_the_window_opens_and_the_icon_comes_with_the_host() {
    let session = Session::open().await;
    // Whoever asks for the tray alone, on a desktop that has none, would never find the program again.
    let _desk = session.start(&["--minimised"]);
    until("the window is on the screen", SOON, async || (session.windows().len() == 1).then_some(())).await;
    let host = TrayHost::join(&session).await;
    let tray = host.tray().await;
    tray.until_line("Watching 5 organizations").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_notification_service_it_is_said_and_a_critical_incident_gets_a_window_of_its_own() {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    let _desk = session.start(&["--minimised"]);
    let tray = host.tray().await;
    tray.until_line("Watching 5 organizations").await;
    assert!(session.windows().is_empty(), "{:?}", session.windows());

    session.world().publish(IncidentBuilder::low().organization(6));
    tray.click("Poll now").await;
    tray.until_line("Open triage board (1)").await;
    session.world().publish(IncidentBuilder::critical().organization(6).entity("SRV-ALARM"));
    tray.click("Poll now").await;
    let window = until("the alarm is on the screen", SOON, async || session.windows().into_iter().next()).await;
    assert!(window.title.to_lowercase().contains("alarm") || window.title.contains("ritical"), "{window:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_say_that_no_notification_service_answers() {
    let session = Session::open().await;
    let window = Driver::start(&session, &[]).await;
    window.page.click("[data-testid=nav-settings]").await;
    window.page.until_text("main", "otification service").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn do_not_disturb_is_told_from_shown() {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    let _service = Notifications::join(&session, Inhibited::Yes).await;
    let _desk = session.start(&["--minimised"]);
    let tray = host.tray().await;
    tray.until_line("Watching 5 organizations").await;
    session.world().publish(IncidentBuilder::critical().organization(6));
    tray.click("Poll now").await;
    // A service that keeps it from the screen isn't enough for a critical incident.
    until("the alarm is on the screen", SOON, async || session.windows().into_iter().next()).await;
}
