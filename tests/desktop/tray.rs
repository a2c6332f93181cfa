//! The tray, listed and clicked over D-Bus as a panel does.

use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::desktop::{Key, SOON, Session, TrayHost, until};

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_in_the_menu_and_poll_now_polls() {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    let _desk = session.start(&["--minimised"]);
    let tray = host.tray().await;
    let menu = tray.until_line("Watching 5 organizations").await;
    for label in ["Poll now", "Open triage board", "Acknowledge", "Mute desk alerts", "Open log folder", "Quit"] {
        menu.line(label);
    }
    assert!(!menu.line("Watching").enabled, "the status line only tells");
    let mute = &menu.line("Mute desk alerts").submenu;
    assert!(mute.len() >= 3, "{mute:?}");
    assert_eq!(host.count(), 1);

    session.walks();
    menu.click("Poll now").await;
    session.until_polled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn picture_and_words_follow_what_waits() {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    let _desk = session.start(&["--minimised"]);
    let tray = host.tray().await;
    tray.until_line("Watching 5 organizations").await;
    let watching = tray.picture().await;

    session.world().publish(IncidentBuilder::high().organization(6));
    tray.click("Poll now").await;
    tray.until_line("Open triage board (1)").await;
    let triage = until("the tray shows another picture for triage", SOON, async || {
        Some(tray.picture().await).filter(|now| *now != watching)
    })
    .await;
    tray.until_label("1 to triage").await;

    session.world().publish(IncidentBuilder::critical().organization(4));
    tray.click("Poll now").await;
    tray.until_line("1 critical incident open").await;
    until("the tray shows a third picture for what is critical", SOON, async || {
        Some(tray.picture().await).filter(|now| *now != watching && *now != triage).map(drop)
    })
    .await;
    tray.until_label("1 critical").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_key_is_never_green() {
    let mut session = Session::open().await;
    session.key = Key::Wrong;
    let host = TrayHost::join(&session).await;
    let _desk = session.start(&["--minimised"]);
    let tray = host.tray().await;
    let menu = until("the menu says what is wrong", SOON, async || {
        let menu = tray.menu().await;
        menu.labels().iter().any(|label| label.contains("key")).then_some(menu)
    })
    .await;
    assert!(!menu.labels().iter().any(|label| label.starts_with("Watching")), "{:?}", menu.labels());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mute_ends_by_the_same_menu() {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    let _desk = session.start(&["--minimised"]);
    let tray = host.tray().await;
    tray.click("15 minutes").await;
    let menu = tray.until_line("uted until").await;
    let end = menu.labels().into_iter().find(|label| label.starts_with("Unmute") || label.starts_with("End"));
    tray.click(&end.unwrap_or_else(|| panic!("nothing ends the mute: {:?}", menu.labels()))).await;
    until("the mute is over", SOON, async || {
        (!tray.menu().await.labels().iter().any(|label| label.contains("uted until"))).then_some(())
    })
    .await;
}
