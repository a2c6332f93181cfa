//! The Huntress key, typed in the set-up: kept in the keyring, or by choice in an encrypted file, never plainly.

use nightdesk_tests::desktop::{Driver, Key, SOON, Session, until};

const KEY: &str = "input[name=key]";
const SECRET: &str = "input[name=secret]";

async fn fresh() -> Session {
    let mut session = Session::bare().await;
    session.key = Key::None;
    session
}

async fn type_key(session: &Session, window: &Driver) {
    let (key, secret) = session.soc.key();
    window.page.fill("input[name=base_url]", &session.soc.base_url()).await;
    window.page.fill(KEY, &key).await;
    window.page.fill(SECRET, &secret).await;
}

fn assert_nowhere_plain(session: &Session) {
    let (_, secret) = session.soc.key();
    assert_eq!(session.files_with(&secret), Vec::<std::path::PathBuf>::new(), "the secret lies plainly on the disk");
}

#[tokio::test(flavor = "multi_thread")]
async fn nd_12_a_key_typed_in_the_set_up_is_kept_by_the_keyring_and_survives_a_restart() {
    let session = fresh().await;
    session.start_keyring().await;
    {
        let window = Driver::start(&session, &[]).await;
        type_key(&session, &window).await;
        window.page.press("Connect").await;
        window.page.until_text("main", "Harbour IT").await;
        window.process.signal("TERM");
    }
    assert_nowhere_plain(&session);
    session.soc.take_requests();
    let _desk = session.start(&[]);
    until("Huntress is asked with the key again", SOON, async || {
        session.soc.take_requests().iter().any(|r| r.authorized).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_the_set_up_explains_and_an_encrypted_file_is_a_choice() {
    let session = fresh().await;
    let window = Driver::start(&session, &[]).await;
    window.page.until_text("main", "keychain").await;
    type_key(&session, &window).await;
    window.page.press("Connect").await;
    window.page.until_text("main", "Harbour IT").await;
    assert_nowhere_plain(&session);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_refused_with_the_reason_and_not_kept() {
    let session = fresh().await;
    session.start_keyring().await;
    let window = Driver::start(&session, &[]).await;
    type_key(&session, &window).await;
    window.page.fill(SECRET, "hs_of_somebody_else").await;
    window.page.press("Connect").await;
    window.page.until_text("[role=alert]", "refused").await;
    drop(window);
    for process in session.desktops() {
        process.signal("KILL");
    }
    session.soc.take_requests();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_and_the_window_share_one_keyring() {
    let session = fresh().await;
    session.start_keyring().await;
    let file = session.home().join("desk.toml");
    std::fs::write(&file, nightdesk_tests::configuration(&session.soc.base_url())).unwrap();
    session.nightdesk(&["config", "apply", file.to_str().unwrap()]).await;
    let (key, secret) = session.soc.key();
    session.nightdesk_reads(&["secret", "set", "HUNTRESS_API_KEY"], &key).await;
    session.nightdesk_reads(&["secret", "set", "HUNTRESS_API_SECRET"], &secret).await;
    assert_nowhere_plain(&session);
    let _desk = session.start(&["--minimised"]);
    until("Huntress is asked with the key", SOON, async || {
        session.soc.take_requests().iter().any(|r| r.authorized).then_some(())
    })
    .await;
}
