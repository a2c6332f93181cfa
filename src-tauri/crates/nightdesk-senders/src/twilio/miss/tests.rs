use super::*;

fn refused(status: u16, code: impl Into<Option<u32>>) -> Outcome {
    Miss::Refused { status, code: code.into(), retry_after: None }.outcome()
}

/// The classes of the table of facts, as they must come out of an answer to a POST.
#[test]
fn each_code_has_its_class() {
    for (status, code) in [(429, 20429), (409, 20409), (400, 21611)] {
        assert!(matches!(refused(status, code), Outcome::Temporary { .. }), "{code}");
    }
    for (status, code) in [(500, 20500), (503, 20503), (502, 20429)] {
        let outcome = refused(status, code);
        assert!(matches!(outcome, Outcome::Unknown { .. }), "ND-5, a fault of its own may come after the deed: {code}");
    }
    for code in [21617, 21602] {
        assert!(matches!(refused(400, code), Outcome::Permanent { .. }), "{code}");
    }
    for (code, expected) in [
        (21211, Obstacle::BadNumber),
        (21610, Obstacle::OptedOut),
        (21612, Obstacle::NoTexts),
        (21614, Obstacle::NoTexts),
        (21217, Obstacle::BadNumber),
        (21214, Obstacle::BadNumber),
        (21216, Obstacle::BadNumber),
    ] {
        assert!(matches!(refused(400, code), Outcome::OutOfReach { obstacle, .. } if obstacle == expected), "{code}");
    }
    for code in [20003, 21212, 21606, 21659, 21408, 21608, 21219, 21210, 21215, 20008, 20404] {
        match refused(400, code) {
            Outcome::NeedsHuman { error } => assert!(error.contains(&code.to_string()), "{error}"),
            other => panic!("{code}: {other:?}"),
        }
    }
}

#[test]
fn without_a_code_the_status_decides() {
    for status in [401, 403, 404, 301, 308] {
        assert!(matches!(refused(status, None), Outcome::NeedsHuman { .. }), "{status}");
    }
    for status in [400, 410, 422] {
        assert!(matches!(refused(status, None), Outcome::Permanent { .. }), "{status}");
    }
    for status in [409, 429] {
        assert!(matches!(refused(status, None), Outcome::Temporary { .. }), "{status}");
    }
    for status in [408, 500, 502, 504] {
        assert!(matches!(refused(status, None), Outcome::Unknown { .. }), "a gateway may have passed it on: {status}");
    }
    assert!(matches!(refused(429, 21211), Outcome::Temporary { .. }), "never looked at");
    assert!(matches!(refused(400, 99_999), Outcome::Permanent { error } if error.contains("99999")));
}

#[test]
fn the_wait_asked_for_is_handed_on() {
    let wait = Some(Duration::from_secs(7));
    let miss = Miss::Refused { status: 429, code: Some(20429), retry_after: wait };
    assert!(matches!(miss.clone().outcome(), Outcome::Temporary { retry_after, .. } if retry_after == wait));
    assert_eq!(CarrierError::from(miss), CarrierError::Busy { retry_after: wait });
}

#[test]
fn what_may_have_left_is_unknown_and_what_has_not_is_temporary() {
    let host = || "h".to_owned();
    let limit = Duration::from_secs(1);
    for error in [
        HttpError::Timeout { host: host(), limit, status: None },
        HttpError::Timeout { host: host(), limit, status: Some(201) },
        HttpError::Reset { host: host(), status: None },
        HttpError::Reset { host: host(), status: Some(201) },
        HttpError::Reset { host: host(), status: Some(502) },
        HttpError::Io { host: host(), detail: String::new(), status: None },
        HttpError::TooLarge { host: host(), limit: 1, status: 201 },
    ] {
        assert!(matches!(Miss::without_answer(&error).outcome(), Outcome::Unknown { .. }), "{error:?}");
    }
    for kind in [nightdesk_http::ConnectKind::Refused, nightdesk_http::ConnectKind::Dns] {
        let error = HttpError::Connect { host: host(), kind, detail: String::new() };
        assert!(matches!(Miss::without_answer(&error).outcome(), Outcome::Temporary { retry_after: None, .. }));
    }
    let cut = HttpError::Reset { host: host(), status: Some(429) };
    assert!(matches!(Miss::without_answer(&cut).outcome(), Outcome::Temporary { .. }));
    let setup = HttpError::InvalidHeader { name: "authorization".into() };
    assert!(matches!(Miss::without_answer(&setup).outcome(), Outcome::NeedsHuman { .. }));
    let redirect = HttpError::Redirect { host: host(), status: 307 };
    assert!(matches!(Miss::without_answer(&redirect).outcome(), Outcome::NeedsHuman { .. }));
}

#[test]
fn to_the_engine_each_is_one_of_its_few() {
    let told = |status, code: Option<u32>| CarrierError::from(Miss::Refused { status, code, retry_after: None });
    assert_eq!(told(404, Some(20404)), CarrierError::NotFound);
    assert_eq!(told(429, None), CarrierError::Busy { retry_after: None });
    assert!(matches!(told(503, Some(20503)), CarrierError::Unreachable(_)));
    assert!(matches!(told(500, None), CarrierError::Unreachable(_)));
    assert!(matches!(told(401, Some(20003)), CarrierError::Refused(words) if words.contains("20003")));
    assert!(matches!(CarrierError::from(Miss::Unreadable("x".into())), CarrierError::BadAnswer(_)));
}

#[test]
fn each_failed_text_has_its_obstacle() {
    for (code, expected) in [
        (30001, Obstacle::Passing),
        (30002, Obstacle::Configuration),
        (30003, Obstacle::Passing),
        (30004, Obstacle::NoTexts),
        (30005, Obstacle::BadNumber),
        (30006, Obstacle::NoTexts),
        (30007, Obstacle::Wording),
        (30008, Obstacle::Unknown),
        (30032, Obstacle::Configuration),
        (30034, Obstacle::Configuration),
        (21610, Obstacle::OptedOut),
        (21614, Obstacle::NoTexts),
        (64_000, Obstacle::Unknown),
    ] {
        let (found, words) = obstacle(Some(code));
        assert_eq!(found, expected, "{code}");
        assert!(words.contains(&code.to_string()), "{words}");
    }
    assert_eq!(obstacle(None).0, Obstacle::Unknown);
}
