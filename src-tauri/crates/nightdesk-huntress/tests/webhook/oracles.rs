//! Both official libraries as oracles, in both directions: what they sign is verified here, what is signed here they
//! verify, and what they refuse is refused. They read the machine's clock, so these posts are of now.
#![allow(clippy::disallowed_methods, reason = "the libraries compare with the machine's clock")]

use crate::{Post, at, secrets};
use proptest::prelude::*;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn now() -> i64 {
    chrono::Utc::now().timestamp()
}

/// The oracle's view of the same post, under the given family of names.
fn headers(family: &str, post: &Post) -> http::HeaderMap {
    let mut headers = http::HeaderMap::new();
    for (name, value) in [("id", &post.id), ("timestamp", &post.timestamp), ("signature", &post.signature)] {
        let name: http::HeaderName = format!("{family}-{name}").parse().unwrap();
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    }
    headers
}

fn by_svix(secret: &str, post: &Post) -> bool {
    let library = svix::webhooks::Webhook::new(secret).unwrap();
    let verified = library.verify(&post.body, &headers("svix", post)).is_ok();
    assert_eq!(verified, library.verify(&post.body, &headers("webhook", post)).is_ok());
    verified
}

/// This one reads `webhook-*` alone.
fn by_standard(secret: &str, post: &Post) -> bool {
    standardwebhooks::Webhook::new(secret).unwrap().verify(&post.body, &headers("webhook", post)).is_ok()
}

fn ours(secret: &str, post: &Post) -> bool {
    post.verify(&secrets(secret), at(now())).is_ok()
}

#[test]
fn what_we_sign_both_verify_and_what_they_sign_we_do() {
    let (id, timestamp, body) = ("msg_2aZ", now(), r#"{"event_type":"incident_report.created","id":7,"subject":"é"}"#);
    let mine = secrets(SECRET).sign(id, at(timestamp), body.as_bytes()).unwrap();
    let svix = svix::webhooks::Webhook::new(SECRET).unwrap().sign(id, timestamp, body.as_bytes()).unwrap();
    let standard = standardwebhooks::Webhook::new(SECRET).unwrap().sign(id, timestamp, body.as_bytes()).unwrap();
    assert_eq!((mine.as_str(), mine.as_str()), (svix.as_str(), standard.as_str()));
    let post = Post { id: id.into(), timestamp: timestamp.to_string(), signature: mine, body: body.into() };
    assert!(by_svix(SECRET, &post) && by_standard(SECRET, &post) && ours(SECRET, &post));
}

/// Ways to spoil a post, and one that doesn't.
#[derive(Debug, Clone)]
enum Spoil {
    Nothing,
    Id,
    Body,
    Signature(String),
    Timestamp(i64),
    Secret,
    Prepend(String),
}

fn spoil() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        Just(Spoil::Nothing),
        Just(Spoil::Id),
        Just(Spoil::Body),
        "(v1|v1a|v2|V1| |),[A-Za-z0-9+/=]{0,60}".prop_map(Spoil::Signature),
        prop_oneof![-100_000_i64..-310, -290_i64..290, 310_i64..100_000].prop_map(Spoil::Timestamp),
        Just(Spoil::Secret),
        "(v1|v1a|v2|x)[,;][A-Za-z0-9+/=]{0,60} ".prop_map(Spoil::Prepend),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn we_take_exactly_what_they_take(
        id in "msg_[A-Za-z0-9]{1,30}",
        // Both libraries want text.
        body in "\\PC{0,300}",
        spoil in spoil(),
    ) {
        let mut timestamp = now();
        if let Spoil::Timestamp(by) = spoil {
            timestamp += by;
        }
        let signature = secrets(SECRET).sign(&id, at(timestamp), body.as_bytes()).unwrap();
        let mut post = Post { id, timestamp: timestamp.to_string(), signature, body: body.into_bytes() };
        let mut secret = SECRET;
        match &spoil {
            Spoil::Nothing | Spoil::Timestamp(_) => {}
            Spoil::Id => post.id.push('x'),
            Spoil::Body => post.body.push(b' '),
            Spoil::Signature(other) => post.signature.clone_from(other),
            Spoil::Secret => secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            Spoil::Prepend(more) => post.signature.insert_str(0, more),
        }
        let taken = ours(secret, &post);
        prop_assert_eq!(taken, by_svix(secret, &post), "svix, {:?}", spoil);
        prop_assert_eq!(taken, by_standard(secret, &post), "standardwebhooks, {:?}", spoil);
        prop_assert_eq!(taken, match spoil {
            Spoil::Nothing | Spoil::Prepend(_) => true,
            Spoil::Timestamp(by) => by.abs() < 300,
            _ => false,
        });
    }
}

/// Svix's library refuses a secret without anything in it, and so do we; the other one would take it.
#[test]
fn an_empty_secret_is_refused_as_svix_does() {
    for empty in ["", "whsec_"] {
        assert!(svix::webhooks::Webhook::new(empty).is_err(), "{empty:?}");
        let ours = nightdesk_huntress::webhook::SigningSecrets::parse(&nightdesk_core::SecretString::from(empty));
        assert!(ours.is_err(), "{empty:?}");
    }
}
