//! The end of the program is bounded, and leaves nothing locked.

use nightdesk_tests::desktop::{SOON, Session, Started, TrayHost, until};
use std::time::Duration;

/// What DESIGN.md allows an end to take.
const BOUND: Duration = Duration::from_secs(8);

/// Whoever starts next gets the directory at once.
async fn assert_free(session: &Session) {
    assert!(session.desktops().is_empty());
    // The window's process sees its connection end, and follows.
    until("the window's process has ended", SOON, async || session.web_views().is_empty().then_some(())).await;
    let polled = session.nightdesk(&["poll"]).await;
    assert_eq!(polled["ok"], true, "{polled}");
    let ledger = session.nightdesk(&["ledger", "--verify"]).await;
    assert_eq!(ledger["verified"], true, "{ledger}");
}

async fn started(session: &Session, host: &TrayHost, arguments: &[&str]) -> Started {
    let desk = session.start(arguments);
    host.tray().await.until_line("Watching 5 organizations").await;
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn quit_in_the_tray_ends_it_within_eight_seconds() {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    let mut desk = started(&session, &host, &[]).await;
    host.tray().await.click("Quit").await;
    assert_eq!(desk.ended(BOUND).await, Some(0));
    assert_free(&session).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_session_ends_it_in_order_too() {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    let mut desk = started(&session, &host, &["--minimised"]).await;
    desk.process.signal("TERM");
    assert_eq!(desk.ended(BOUND).await, Some(0));
    assert_free(&session).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_huntress_that_hangs_does_not_hold_it_up() {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    let mut desk = started(&session, &host, &["--minimised"]).await;
    let tray = host.tray().await;
    // Before the fault: what the first poll leaves to be done may be the one that hangs, and keeps the next from asking.
    session.soc.take_requests();
    session.soc.fault(nightdesk_standin::Fault::new(nightdesk_standin::FaultKind::Hang));
    tray.click("Poll now").await;
    until("Huntress is asked and doesn't answer", SOON, async || {
        (!session.soc.take_requests().is_empty()).then_some(())
    })
    .await;
    tray.click("Quit").await;
    assert_eq!(desk.ended(BOUND).await, Some(0));
}
