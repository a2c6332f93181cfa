//! One desk for one data directory.

use nightdesk_tests::desktop::{SOON, Session, until};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_ends_at_once_and_opens_the_firsts_window() {
    let session = Session::open().await;
    let first = session.start(&["--minimised"]);
    session.until_polled().await;
    assert!(session.windows().is_empty());

    let mut second = session.start(&[]);
    assert_eq!(second.ended(Duration::from_secs(5)).await, Some(0));
    until("the first one's window is on the screen", SOON, async || (session.windows().len() == 1).then_some(())).await;
    assert_eq!(session.desktops().len(), 1);
    assert!(first.process.is_alive());

    let mut third = session.start(&[]);
    assert_eq!(third.ended(Duration::from_secs(5)).await, Some(0));
    assert_eq!(session.windows().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_started_at_once_are_one_desk() {
    let session = Session::open().await;
    let _two = (session.start(&[]), session.start(&[]));
    until("one of the two has ended", SOON, async || (session.desktops().len() == 1).then_some(())).await;
    session.until_polled().await;
    until("a window is on the screen", SOON, async || (session.windows().len() == 1).then_some(())).await;
}
