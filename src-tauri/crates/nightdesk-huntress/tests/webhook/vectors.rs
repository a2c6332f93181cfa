//! The vectors that Svix and Standard Webhooks publish.

use crate::{Post, at, secrets};
use serde_json::Value;
use std::path::Path;

struct Vector {
    name: &'static str,
    secret: &'static str,
    id: &'static str,
    timestamp: i64,
    body: &'static str,
    signature: &'static str,
}

/// Svix's documentation ("Verifying Webhooks Manually") and the tests of its libraries and of Standard Webhooks'.
const PUBLISHED: [Vector; 4] = [
    Vector {
        name: "the documentation's",
        secret: "whsec_plJ3nmyCDGBKInavdOK15jsl",
        id: "msg_loFOjxBNrRLzqYUf",
        timestamp: 1_731_705_121,
        body: r#"{"event_type":"ping","data":{"success":true}}"#,
        signature: "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
    },
    Vector {
        name: "the libraries'",
        secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp: 1_614_265_330,
        body: r#"{"test": 2432232314}"#,
        signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
    Vector {
        name: "the Rust library's",
        secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        timestamp: 1_649_367_553,
        body: r#"{"email":"test@example.com","username":"test_user"}"#,
        signature: "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
    },
    Vector {
        name: "one with another id, which is part of what is signed",
        secret: "whsec_plJ3nmyCDGBKInavdOK15jsl",
        id: "msg_loFOjxBNtRLzqYUf",
        timestamp: 1_731_705_121,
        body: r#"{"event_type":"ping","data":{"success":true}}"#,
        signature: "v1,iVLuClidFhVZGHuHPwWsa/rdDGcE6+gbnzB4Bo2G4xU=",
    },
];

fn check(name: &str, secret: &str, post: &Post) {
    let secrets = secrets(secret);
    let timestamp: i64 = post.timestamp.parse().unwrap();
    let verified = post.verify(&secrets, at(timestamp));
    assert_eq!(verified.as_ref().map(|v| v.id.as_str()), Ok(post.id.as_str()), "{name}");
    assert_eq!(secrets.sign(&post.id, at(timestamp), &post.body).as_ref(), Some(&post.signature), "{name}");
}

#[test]
fn the_published_vectors() {
    for v in &PUBLISHED {
        let post = Post {
            id: v.id.into(),
            timestamp: v.timestamp.to_string(),
            signature: v.signature.into(),
            body: v.body.into(),
        };
        check(v.name, v.secret, &post);
    }
    // The vector of Svix's C# library for long bodies.
    let long = Post {
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek".into(),
        timestamp: "1614265330".into(),
        signature: "v1,Mw4Pe2WgApuT7NSqnSq0PQPV9gbLdggCl9B865x5Xh0=".into(),
        body: vec![b'a'; 262_144],
    };
    check("256 KiB", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &long);
}

/// A collection of the vectors kept beside this repository, where it is there.
#[test]
fn the_collected_vectors_where_they_are_present() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(4).unwrap();
    let Ok(text) = std::fs::read(folder.join("shared/contracts/svix/vectors.positive.json")) else { return };
    let vectors: Vec<Value> = serde_json::from_slice(&text).unwrap();
    assert!(!vectors.is_empty());
    for v in vectors {
        let text = |key: &str| v[key].as_str().unwrap().to_owned();
        let body = match v["payload"].as_str() {
            Some(body) => body.as_bytes().to_vec(),
            None => {
                let count = usize::try_from(v["payload_repeat"]["count"].as_u64().unwrap()).unwrap();
                v["payload_repeat"]["char"].as_str().unwrap().repeat(count).into_bytes()
            }
        };
        let timestamp = v["timestamp"].to_string();
        check(&text("name"), &text("secret"), &Post { id: text("id"), timestamp, signature: text("signature"), body });
    }
}
