//! Everything that must be refused.

use crate::{Post, at, secrets};
use nightdesk_core::port::{Refusal, Signed, Verifier};
use nightdesk_huntress::webhook::SigningSecrets;
use proptest::prelude::*;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const NOW: i64 = 1_614_265_330;

fn post() -> Post {
    Post {
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek".into(),
        timestamp: NOW.to_string(),
        signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=".into(),
        body: r#"{"test": 2432232314}"#.into(),
    }
}

fn refused(change: impl FnOnce(&mut Post)) -> Refusal {
    let mut post = post();
    change(&mut post);
    post.verify(&secrets(SECRET), at(NOW)).expect_err("refused")
}

#[test]
fn a_missing_header() {
    let (post, secrets) = (post(), secrets(SECRET));
    for (name, signed) in [
        ("svix-id", Signed { id: None, ..post.signed() }),
        ("svix-timestamp", Signed { timestamp: None, ..post.signed() }),
        ("svix-signature", Signed { signature: None, ..post.signed() }),
    ] {
        assert_eq!(secrets.verify(signed, &post.body, at(NOW)), Err(Refusal::Unsigned(name)));
    }
}

#[test]
fn an_id_that_svix_does_not_make() {
    for id in ["", " ", "msg 1", "msg.1", "../1", "msg_é", "msg\n1", &"x".repeat(256)] {
        assert_eq!(refused(|p| p.id = id.into()), Refusal::BadId, "{id:?}");
    }
    assert_eq!(refused(|p| p.id = "msg_p5jXN8AQM9LWM0D4loKWxJel".into()), Refusal::BadSignature);
}

#[test]
fn a_timestamp_that_is_no_number() {
    for timestamp in [
        "",
        "hello",
        "1614265330.5",
        "+1614265330",
        "-1",
        " 1614265330",
        "0x603798f2",
        "01614265330",
        "99999999999999999999",
    ] {
        assert_eq!(refused(|p| p.timestamp = timestamp.into()), Refusal::BadTimestamp, "{timestamp:?}");
    }
}

#[test]
fn a_signature_of_another_version_body_or_secret() {
    let tag = "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    for signature in [
        "",
        "v1",
        "v1,",
        tag,
        &format!("v2,{tag}"),
        &format!("v1a,{tag}"),
        &format!("V1,{tag}"),
        &format!("v1, {tag}"),
        &format!("v1:{tag}"),
        // Cut, without its padding, in the other alphabet, with a bit changed.
        "v1,g0hM9SsE+OTPJTGt",
        &format!("v1,{}", tag.trim_end_matches('=')),
        "v1,g0hM9SsE-OTPJTGt_tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1,h0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        &format!("v1,{}", "A".repeat(5_000)),
    ] {
        assert_eq!(refused(|p| p.signature = signature.into()), Refusal::BadSignature, "{signature:?}");
    }
    assert_eq!(refused(|p| p.body.push(b' ')), Refusal::BadSignature);
    // The same JSON, written otherwise: what is signed are bytes.
    assert_eq!(refused(|p| p.body = r#"{"test":2432232314}"#.into()), Refusal::BadSignature);
    assert_eq!(post().verify(&secrets(OTHER), at(NOW)), Err(Refusal::BadSignature));
}

#[test]
fn more_than_five_minutes_either_way() {
    let (post, secrets) = (post(), secrets(SECRET));
    for seconds in [-300, -299, 0, 299, 300] {
        assert!(post.verify(&secrets, at(NOW + seconds)).is_ok(), "{seconds}");
    }
    for seconds in [-301, 301, 86_400, -86_400] {
        let refused = post.verify(&secrets, at(NOW + seconds)).unwrap_err();
        assert_eq!(refused, Refusal::Stale { seconds }, "told apart from a forgery, for the clock may be wrong");
    }
    let forged = Post { signature: "v1,AAAA".into(), ..post };
    assert_eq!(forged.verify(&secrets, at(NOW + 301)), Err(Refusal::StaleAndForged { seconds: 301 }));
}

#[test]
fn one_right_signature_among_several_is_enough() {
    let (right, wrong) = (post().signature, "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    for signature in [
        format!("{wrong} {right}"),
        format!("{right} {wrong}"),
        format!("v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg== {right}"),
        format!("x {right}  y"),
    ] {
        let post = Post { signature: signature.clone(), ..post() };
        assert!(post.verify(&secrets(SECRET), at(NOW)).is_ok(), "{signature}");
    }
}

#[test]
fn either_secret_while_one_is_rotated() {
    let both = secrets(&format!("{OTHER} {SECRET}"));
    assert!(post().verify(&both, at(NOW)).is_ok());
    assert_eq!(post().verify(&secrets(OTHER), at(NOW)), Err(Refusal::BadSignature));
}

fn any_secrets() -> impl Strategy<Value = SigningSecrets> {
    use base64::Engine as _;
    proptest::collection::vec(any::<u8>(), 16..64)
        .prop_map(|key| secrets(&format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(key))))
}

proptest! {
    /// What was signed is verified, whatever the body is; not by another key, and not with any byte changed.
    #[test]
    fn signing_and_verifying_agree(
        key in any_secrets(),
        other in any_secrets(),
        id in "[A-Za-z0-9_-]{1,255}",
        timestamp in 0_i64..4_000_000_000,
        skew in -300_i64..=300,
        body in proptest::collection::vec(any::<u8>(), 0..2_000),
        flip in any::<(proptest::sample::Index, u8)>(),
    ) {
        let signature = key.sign(&id, at(timestamp), &body).unwrap();
        let post = Post { id, timestamp: timestamp.to_string(), signature, body };
        prop_assert_eq!(post.verify(&key, at(timestamp + skew)).unwrap().signed_at, at(timestamp));
        if other.sign("x", at(0), b"") != key.sign("x", at(0), b"") {
            prop_assert!(post.verify(&other, at(timestamp)).is_err());
        }
        let mut longer = post.clone();
        longer.body.push(flip.1);
        prop_assert!(longer.verify(&key, at(timestamp)).is_err());
        if !post.body.is_empty() && flip.1 != 0 {
            let mut tampered = post.clone();
            tampered.body[flip.0.index(post.body.len())] ^= flip.1;
            prop_assert!(tampered.verify(&key, at(timestamp)).is_err());
        }
    }

    /// No header, however odd, is taken for a signature or makes it panic.
    #[test]
    fn odd_headers_are_refused(id in ".*", timestamp in ".*", signature in ".*") {
        let post = Post { id, timestamp, signature, body: b"{}".to_vec() };
        prop_assert!(post.verify(&secrets(SECRET), at(NOW)).is_err());
    }
}
