//! Answers that never came, and what must not be concluded from that (ND-5).

use nightdesk_core::delivery::Outcome;
use nightdesk_core::port::{Carrier, CarrierError, Found, Sender};

use crate::desk::{FLOW, TEXT, armed, call, client, impatient, text};
use crate::fake::{closed_port, rude};

#[tokio::test]
async fn nd_5_a_text_or_call_whose_answer_is_lost_is_neither_sent_nor_failed() {
    let cut = "HTTP/1.1 201 Created\r\ncontent-length: 900\r\n\r\n{\"sid\":\"SM";
    let cut_fault = "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 900\r\n\r\n<html>";
    for (begins, hangs) in [("", false), ("", true), (cut, false), (cut, true), (cut_fault, false)] {
        let client = impatient(&rude(begins, hangs).await);
        client.set_keys(Some(FLOW.into()));
        for outcome in [
            client.texts().send(&text("x")).await,
            client.calls().send(&call(true, None)).await,
            client.calls().send(&call(false, None)).await,
        ] {
            assert!(matches!(outcome, Outcome::Unknown { .. }), "{begins:?} {hangs}: {outcome:?}");
        }
        let found = client.texts().look_up(&text("x")).await;
        assert!(matches!(found, Found::Unknown(_)), "{found:?}");
    }
}

#[tokio::test]
async fn a_refusal_that_breaks_off_is_still_a_refusal() {
    let url = rude("HTTP/1.1 429 Too Many Requests\r\ncontent-length: 900\r\n\r\n{", false).await;
    assert!(matches!(client(&url).texts().send(&text("x")).await, Outcome::Temporary { .. }));
    let url = rude("HTTP/1.1 401 Unauthorized\r\ncontent-length: 900\r\n\r\n{", false).await;
    assert!(matches!(client(&url).texts().send(&text("x")).await, Outcome::NeedsHuman { .. }));
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_sent() {
    let url = closed_port().await;
    let client = armed(&url);
    for outcome in [client.texts().send(&text("x")).await, client.calls().send(&call(true, None)).await] {
        match outcome {
            Outcome::Temporary { error, retry_after: None } => assert!(!error.contains("2010"), "{error}"),
            other => panic!("{other:?}"),
        }
    }
    assert!(matches!(client.text(TEXT).await, Err(CarrierError::Unreachable(_))));
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_temporary() {
    let mut settings = crate::desk::settings("https://carrier.invalid");
    settings.studio_base_url = "https://studio.invalid".into();
    let client = crate::desk::client_with(settings, crate::desk::Keychain::holding("x"));
    let outcome = client.texts().send(&text("x")).await;
    assert!(matches!(outcome, Outcome::Temporary { .. }), "{outcome:?}");
}
