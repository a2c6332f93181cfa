//! The Huntress key, typed in the set-up: kept in the keyring, or by choice in an encrypted file, never plainly.

use nightdesk_tests::desktop::{Driver, Key, SOON, Session, until};

/// Long enough to be taken.
const PASSPHRASE: &str = "a few words of the night";

async fn fresh() -> Session {
    let mut session = Session::bare().await;
    session.key = Key::None;
    session
}

async fn type_key(session: &Session, window: &Driver, secret: &str) {
    let (key, _) = session.soc.key();
    let page = &window.page;
    page.click("details summary").await;
    page.fill("[data-testid=setup-base-url]", &session.soc.base_url()).await;
    page.fill("[data-testid=setup-key]", &key).await;
    page.fill("[data-testid=setup-secret]", secret).await;
}

fn assert_nowhere_plain(session: &Session) {
    let (_, secret) = session.soc.key();
    assert_eq!(session.files_with(&secret), Vec::<std::path::PathBuf>::new(), "the secret lies plainly on the disk");
}

/// Waits until somebody asks Huntress with the right key.
async fn until_authorized(session: &Session) {
    until("Huntress is asked with the key", SOON, async || {
        session.soc.take_requests().iter().any(|r| r.authorized).then_some(())
    })
    .await;
}

/// Ends the program and waits until it has.
async fn end(window: Driver) {
    window.process.signal("TERM");
    until("the program has ended", SOON, async || (!window.process.is_alive()).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_12_a_key_typed_in_the_set_up_is_kept_by_the_keyring_and_survives_a_restart() {
    let session = fresh().await;
    session.start_keyring().await;
    let window = Driver::start(&session, &[]).await;
    type_key(&session, &window, &session.soc.key().1).await;
    window.page.click("[data-testid=setup-connect]").await;
    window.page.until_text("[data-testid=setup-connected]", "Harbour IT").await;
    end(window).await;
    assert_nowhere_plain(&session);

    session.configure().await;
    session.soc.take_requests();
    let _desk = session.start(&[]);
    until_authorized(&session).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_the_set_up_explains_and_an_encrypted_file_is_a_choice() {
    let session = fresh().await;
    let window = Driver::start(&session, &[]).await;
    let page = &window.page;
    page.find("[data-testid=setup-keychain]").await;
    type_key(&session, &window, &session.soc.key().1).await;
    page.click("[data-testid=setup-connect]").await;
    page.until_text("[data-testid=setup-keychain] [role=alert]", "choose the encrypted file").await;
    assert_nowhere_plain(&session);

    page.click("[data-testid=setup-keychain] input[type=checkbox]").await;
    page.fill("[data-testid=setup-keychain] div:nth-of-type(1) input[type=password]", PASSPHRASE).await;
    page.fill("[data-testid=setup-keychain] div:nth-of-type(2) input[type=password]", PASSPHRASE).await;
    page.click("[data-testid=setup-connect]").await;
    page.until_text("[data-testid=setup-connected]", "Harbour IT").await;
    end(window).await;
    assert_nowhere_plain(&session);

    session.configure().await;
    let window = Driver::start(&session, &[]).await;
    let unlock = "[data-testid=unlock]";
    if window.page.count("[data-testid=nav-settings]").await > 0 && window.page.count(unlock).await == 0 {
        window.page.click("[data-testid=nav-settings]").await;
    }
    session.soc.take_requests();
    window.page.fill(&format!("{unlock} input"), PASSPHRASE).await;
    window.page.click(&format!("{unlock} button[type=submit]")).await;
    until_authorized(&session).await;
    assert_nowhere_plain(&session);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_refused_with_the_reason_and_not_kept() {
    let session = fresh().await;
    session.start_keyring().await;
    let window = Driver::start(&session, &[]).await;
    type_key(&session, &window, "hs_of_somebody_else").await;
    window.page.click("[data-testid=setup-connect]").await;
    window.page.until_text("[role=alert]", "Huntress refused the key").await;
    end(window).await;
    session.configure().await;
    let polled = session.nightdesk_fails(&["poll"]).await;
    assert!(polled.contains("HUNTRESS_API_KEY"), "{polled}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_and_the_window_share_one_keyring() {
    let session = fresh().await;
    session.start_keyring().await;
    session.configure().await;
    let (key, secret) = session.soc.key();
    session.nightdesk_reads(&["secret", "set", "HUNTRESS_API_KEY"], &key).await;
    session.nightdesk_reads(&["secret", "set", "HUNTRESS_API_SECRET"], &secret).await;
    assert_nowhere_plain(&session);
    let _desk = session.start(&["--minimised"]);
    until_authorized(&session).await;
}
