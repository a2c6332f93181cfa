//! The key goes where it must and shows nowhere.

use nightdesk_core::delivery::Outcome;
use nightdesk_core::port::{Psa, PsaError};
use nightdesk_psa::algapsa::AlgaPsa;

use crate::desk::{Keychain, Scene, still};

#[tokio::test]
async fn a_pasted_key_works_and_a_new_one_is_taken_at_once() {
    let scene = Scene::new().await;
    let key = scene.standin.key();
    scene.keychain.set(Some("odd_key_71"));
    assert!(matches!(scene.psa.open_tickets(1).await, Err(PsaError::Refused(_))));
    let Outcome::NeedsHuman { error } = scene.open(&scene.create(), 1).await else { panic!("401") };
    assert!(error.contains("nightdesk secret set ALGAPSA_API_KEY") && !error.contains("odd_key_71"), "{error}");
    scene.keychain.set(Some(&format!(" {key}\n")));
    assert!(scene.psa.open_tickets(1).await.is_ok());
    assert!(!format!("{:?}{:?}", scene.psa, scene.psa.access().await).contains(&key));
    scene.keychain.set(None);
    let Outcome::NeedsHuman { error } = scene.open(&scene.create(), 1).await else { panic!("no key") };
    assert!(error.contains("ALGAPSA_API_KEY"), "{error}");
}

#[tokio::test]
async fn a_key_that_http_cannot_carry_is_never_told() {
    let scene = Scene::new().await;
    scene.keychain.set(Some("bad\nkey"));
    let error = scene.psa.open_tickets(1).await.unwrap_err().to_string();
    assert!(!error.contains("bad"), "{error}");
}

#[test]
fn a_key_goes_to_no_open_line() {
    for url in ["http://psa.example", "ftp://psa.example", "https://user:pw@psa.example", ""] {
        let refused = AlgaPsa::new(url, Keychain::holding("k"), still());
        assert!(refused.unwrap_err().to_string().contains("desk.base_url"), "{url}");
    }
}
