//! Native alerts, received and answered by a notification service.

use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::desktop::{Driver, Inhibited, Notifications, SOON, Session, Started, TrayHost, holds, until};
use std::time::Duration;

/// A desk in the tray that has taken in what there was.
async fn at_rest(session: &Session, host: &TrayHost) -> Started {
    let desk = session.start(&["--minimised"]);
    host.tray().await.until_line("Watching 5 organizations").await;
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn a_critical_incident_is_told_once_and_acknowledged_from_the_alert() {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    let service = Notifications::join(&session, Inhibited::No).await;
    let _desk = at_rest(&session, &host).await;
    assert!(service.all().is_empty(), "{:?}", service.all());

    let bait = "CRITICAL - Incident on <b>SRV</b> & co";
    let incident = session.world().publish(IncidentBuilder::critical().organization(6).field("subject", bait));
    let tray = host.tray().await;
    tray.click("Poll now").await;
    let shown = service.until_shown("critical").await;
    assert_eq!(shown.summary, "New critical incident");
    // The service reads markup: what isn't meant as such has to be escaped.
    assert!(shown.body.contains("&lt;b&gt;SRV&lt;/b&gt; &amp; co") && !shown.body.contains("<b>"), "{shown:?}");
    assert_eq!(shown.urgency, Some(2));
    let words: Vec<&str> = shown.actions.iter().map(|(_, words)| words.as_str()).collect();
    assert!(words.contains(&"Open") && words.contains(&"Acknowledge"), "{shown:?}");

    let acknowledge = shown.actions.iter().find(|(_, words)| words == "Acknowledge").unwrap();
    let id = session.until_ticketed(incident).await.to_string();
    until("the ticket's timeline says that it was acknowledged", SOON, async || {
        service.press(shown.id, &acknowledge.0).await;
        let ticket = session.nightdesk(&["ticket", &id]).await;
        let lines = ticket["timeline"].as_array().unwrap();
        lines.iter().any(|line| line["text"].as_str().unwrap().contains("acknowledged")).then_some(())
    })
    .await;
    holds("the alert is shown once", Duration::from_secs(2), async || service.all().len() == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn open_on_an_alert_opens_the_window_at_its_ticket() {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    let service = Notifications::join(&session, Inhibited::No).await;
    let window = Driver::start(&session, &[]).await;
    window.page.find("[data-testid=status-card]").await;
    let tray = host.tray().await;
    tray.until_line("Watching 5 organizations").await;

    let incident = session.world().publish(IncidentBuilder::critical().organization(6).entity("SRV-DC02"));
    tray.click("Poll now").await;
    let shown = service.until_shown("critical").await;
    let id = session.until_ticketed(incident).await;
    let open = shown.actions.iter().find(|(_, words)| words == "Open").unwrap();
    until("the window is at the ticket", SOON, async || {
        service.press(shown.id, &open.0).await;
        let place = window.page.run("return location.hash").await;
        (place == format!("#/ticket/{id}")).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_is_one_alert_with_the_worst_on_top() {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    let service = Notifications::join(&session, Inhibited::No).await;
    let _desk = at_rest(&session, &host).await;
    for n in 0..11 {
        session.world().publish(IncidentBuilder::low().organization(6).entity(&format!("PC-{n:02}")));
    }
    session.world().publish(IncidentBuilder::critical().organization(8).entity("SRV-WORST"));
    host.tray().await.click("Poll now").await;
    service.until_shown("12 incidents, 1 critical").await;
    let standing = until("one alert stands for all", SOON, async || {
        let standing = service.standing();
        (standing.len() == 1).then(|| standing[0].clone())
    })
    .await;
    assert!(standing.body.lines().next().unwrap().contains("SRV-WORST"), "{standing:?}");
    assert_eq!(standing.urgency, Some(2));
    assert!(service.all().len() <= 12, "{}", service.all().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mute_holds_back_what_is_not_critical() {
    let session = Session::open().await;
    let host = TrayHost::join(&session).await;
    let service = Notifications::join(&session, Inhibited::No).await;
    let _desk = at_rest(&session, &host).await;
    let tray = host.tray().await;
    tray.click("15 minutes").await;
    tray.until_line("uted until").await;
    let quiet = session.world().publish(IncidentBuilder::high().organization(6).entity("PC-QUIET"));
    tray.click("Poll now").await;
    session.until_ticketed(quiet).await;
    session.world().publish(IncidentBuilder::critical().organization(6).entity("SRV-LOUD"));
    tray.click("Poll now").await;
    service.until_shown("SRV-LOUD").await;
    assert!(service.all().iter().all(|n| !n.body.contains("PC-QUIET")), "{:?}", service.all());
}
