//! The secret: fetched each time, told nobody, and the key of the PIN hashes (ND-12).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nightdesk_core::delivery::Outcome;
use nightdesk_core::port::{Carrier, CarrierError, Found, Sender};
use serde_json::json;

use crate::desk::{ACCOUNT, CONTACT, Keychain, OURS, TEXT, TOKEN, client, client_with, settings, text};
use crate::fake::{Fake, Reply};

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

#[tokio::test]
async fn a_secret_entered_anew_is_used_at_once() {
    let fake = Fake::new([Reply::refused(401, 20003), Reply::created(TEXT), Reply::created(TEXT)]).await;
    let keychain = Keychain::holding(TOKEN);
    let client = client_with(settings(&fake.url), keychain.clone());
    assert!(matches!(client.texts().send(&text("x")).await, Outcome::NeedsHuman { .. }));
    keychain.set(Some(" new_token\n"));
    client.texts().send(&text("x")).await;
    keychain.set(Some("SK123:key_secret"));
    client.texts().send(&text("x")).await;
    let used: Vec<String> = fake.seen().into_iter().map(|seen| seen.authorization).collect();
    let expected = [basic(ACCOUNT, TOKEN), basic(ACCOUNT, "new_token"), basic("SK123", "key_secret")];
    assert_eq!(used, expected);
    assert!(fake.seen()[2].path.contains(ACCOUNT), "an API key is only the user");
}

#[tokio::test]
async fn without_a_secret_nothing_is_sent() {
    let fake = Fake::new([]).await;
    let keychain = Keychain::holding(TOKEN);
    let client = client_with(settings(&fake.url), keychain.clone());
    keychain.set(None);
    match client.texts().send(&text("x")).await {
        Outcome::NeedsHuman { error } => assert!(error.contains("TWILIO_AUTH_TOKEN"), "{error}"),
        other => panic!("{other:?}"),
    }
    assert!(matches!(client.texts().look_up(&text("x")).await, Found::Unknown(_)));
    assert!(matches!(client.text(TEXT).await, Err(CarrierError::NoSecret(_))));
    assert!(matches!(client.seal("123456"), Err(CarrierError::NoSecret(_))));
    assert!(fake.seen().is_empty());
}

#[tokio::test]
async fn nd_12_no_error_and_no_debug_print_tells_a_secret_a_number_or_a_text() {
    let rude = json!({ "code": 21211, "message": format!("{CONTACT} {OURS} {TOKEN}"), "more_info": TOKEN });
    let fake =
        Fake::new([Reply::with(400, rude.clone()), Reply::with(400, rude.clone()), Reply::with(500, rude)]).await;
    let client = client(&fake.url);
    let outgoing = text("the client's words");
    let told = [
        format!("{:?}", client.texts().send(&outgoing).await),
        format!("{:?}", client.text(TEXT).await),
        format!("{:?}", client.texts().look_up(&outgoing).await),
        format!("{client:?} {:?} {:?} {:?}", client.texts(), client.calls(), settings(&fake.url)),
    ];
    for words in told {
        for secret in [TOKEN, CONTACT, OURS, "5550", "the client's words"] {
            assert!(!words.contains(secret), "{words}");
        }
    }
}

#[test]
fn a_sealed_pin_depends_on_the_secret() {
    let seal = |secret: &str, pin: &str| {
        client_with(settings("http://127.0.0.1:1"), Keychain::holding(secret)).seal(pin).unwrap()
    };
    assert_eq!(seal(TOKEN, "123456"), seal(&format!(" {TOKEN}\n"), "123456"), "pasted blanks change nothing");
    assert_ne!(seal(TOKEN, "123456"), seal("other", "123456"));
    assert_ne!(seal(TOKEN, "123456"), seal(TOKEN, "123457"));
}
