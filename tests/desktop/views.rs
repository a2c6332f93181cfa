//! The views that the other tests have no business in: each opens in the real window and shows what it is about.

use nightdesk_tests::desktop::{Driver, Session};

#[tokio::test(flavor = "multi_thread")]
async fn contacts_email_webhooks_and_the_desk_open_and_show_their_headings() {
    let session = Session::open().await;
    let window = Driver::start(&session, &[]).await;
    for (view, heading) in [("contacts", "Contacts"), ("email", "E-mail"), ("webhooks", "Webhooks")] {
        window.page.click(&format!("[data-testid=nav-{view}]")).await;
        window.page.until_text("main h1", heading).await;
        assert_eq!(window.page.count("main [role=alert]").await, 0, "{view} complains");
    }
    window.page.click("[data-testid=nav-settings]").await;
    window.page.until_text("main h1", "Settings").await;
    window.page.until_text("#settings-desk", "Desk").await;
    window.page.until_text("[data-testid=psa-section]", "Built-in desk").await;
}
