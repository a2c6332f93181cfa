//! Signatures, judged by the specification's own library and by Svix's.

use crate::consumer::{BODY, Consumer, ID, KEY, outgoing, says, sender, terms};
use axum::http::HeaderMap;
use nightdesk_core::port::Sender;
use nightdesk_core::webhook::Terms;
use nightdesk_senders::webhook::{MasterKey, signature};
use secrecy::ExposeSecret;
use standardwebhooks::Webhook;

fn judge(url: &str, generation: u32) -> Webhook {
    Webhook::new(MasterKey::new(KEY).derive(url, generation).to_whsec().expose_secret()).unwrap()
}

/// The library looks at the machine's clock; a signature of another time is judged without it.
fn accepts(judge: &Webhook, body: &[u8], headers: &HeaderMap) -> bool {
    let at: i64 = headers["webhook-timestamp"].to_str().unwrap().parse().unwrap();
    let id = headers["webhook-id"].to_str().unwrap();
    let expected = judge.sign(id, at, body).unwrap();
    headers["webhook-signature"].to_str().unwrap().split(' ').any(|one| one == expected)
}

#[tokio::test]
async fn the_raw_body_is_signed_under_both_families_of_headers() {
    let consumer = Consumer::start([says(204)]).await;
    sender().send(&outgoing(&consumer.url, terms())).await;
    let (headers, body) = consumer.seen().remove(0);
    assert_eq!(body, BODY.as_bytes());
    assert!(accepts(&judge(&consumer.url, 1), &body, &headers));
    assert!(!accepts(&judge(&consumer.url, 2), &body, &headers));
    assert!(!accepts(&judge("https://other.example/", 1), &body, &headers));
    assert!(!accepts(&judge(&consumer.url, 1), b"{}", &headers));
    for part in ["id", "timestamp", "signature"] {
        assert_eq!(headers[&format!("svix-{part}")], headers[&format!("webhook-{part}")]);
    }
    assert_eq!(headers["webhook-id"], ID);
    assert_eq!(headers["content-type"], "application/json");
    assert!(headers["user-agent"].to_str().unwrap().starts_with("Nightdesk-Webhooks/"));
}

#[tokio::test]
async fn during_an_overlap_both_secrets_verify_and_afterwards_one() {
    let consumer = Consumer::start([says(204), says(204)]).await;
    let (old, new) = (judge(&consumer.url, 1), judge(&consumer.url, 2));
    for earlier in [1, 0] {
        sender().send(&outgoing(&consumer.url, Terms { generation: 2, earlier, ..terms() })).await;
    }
    let seen = consumer.seen();
    let verdicts = |at: usize| (accepts(&old, &seen[at].1, &seen[at].0), accepts(&new, &seen[at].1, &seen[at].0));
    assert_eq!((verdicts(0), verdicts(1)), ((true, true), (false, true)));
}

#[test]
fn the_libraries_themselves_verify_what_was_signed_just_now() {
    let url = "https://siem.example.com/in";
    let secret = MasterKey::new(KEY).derive(url, 1);
    // Its tolerance is five minutes of the machine's clock, which this test may look at.
    #[allow(clippy::disallowed_methods)]
    let now = chrono::Utc::now();
    let signed = signature(&[secret], ID, now, BODY.as_bytes()).unwrap();
    let mut headers = HeaderMap::new();
    for (name, value) in signed.headers(ID) {
        headers.insert(name, value.parse().unwrap());
    }
    judge(url, 1).verify(BODY.as_bytes(), &headers).unwrap();
    // Svix's library takes either family of headers, and each alone.
    let of_svix = |generation| {
        let secret = MasterKey::new(KEY).derive(url, generation).to_whsec();
        svix::webhooks::Webhook::new(secret.expose_secret()).unwrap()
    };
    for family in ["svix", "webhook"] {
        let mut one = HeaderMap::new();
        let named = headers.iter().filter(|(name, _)| name.as_str().starts_with(family));
        one.extend(named.map(|(name, value)| (name.clone(), value.clone())));
        assert_eq!(one.len(), 3);
        of_svix(1).verify(BODY.as_bytes(), &one).unwrap();
        assert!(of_svix(1).verify(b"{}", &one).is_err());
        assert!(of_svix(2).verify(BODY.as_bytes(), &one).is_err());
    }
    assert!(judge(url, 1).verify(b"{}", &headers).is_err());
    assert!(judge(url, 2).verify(BODY.as_bytes(), &headers).is_err());
}
