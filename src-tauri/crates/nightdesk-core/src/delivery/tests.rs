use super::*;

#[test]
fn nd_7_every_event_either_moves_a_state_or_is_refused_and_ends_stay_ended() {
    for &state in State::ALL {
        for &event in Event::ALL {
            if let Some(after) = next(state, event) {
                assert_ne!(after, state, "{state:?} {event:?} changes nothing");
            }
        }
    }
    for end in [State::Acknowledged, State::Superseded, State::Cancelled] {
        assert!(Event::ALL.iter().all(|e| next(end, *e).is_none()), "{end:?} is an end");
    }
}

#[test]
fn nd_5_once_bytes_may_have_left_only_an_answer_or_a_look_up_leads_back_to_sending() {
    assert_eq!(next(State::Sending, Event::LeaseLost), Some(State::InDoubt));
    assert_eq!(next(State::Sending, Event::LoseSight), Some(State::InDoubt));
    assert_eq!(next(State::Sending, Event::Claim), None);
    assert_eq!(next(State::InDoubt, Event::Claim), None);
    assert_eq!(next(State::InDoubt, Event::FailForNow), None);
    assert_eq!(next(State::InDoubt, Event::FoundAbsent), Some(State::Retrying));
    assert_eq!(next(State::Accepted, Event::FailForNow), Some(State::Retrying), "the carrier itself says so");
    assert_eq!(next(State::Delivered, Event::FailForNow), None);
}

#[test]
fn a_ticket_that_cannot_be_looked_up_waits_for_a_person_and_a_page_does_not() {
    assert_eq!(doubt(Kind::PsaTicket, Idempotency::None), Doubt::Person);
    assert_eq!(doubt(Kind::PsaTicket, Idempotency::Lookup), Doubt::Ask);
    assert_eq!(doubt_unresolved(Kind::PsaTicket), Doubt::Repeat, "asked for and absent: created once");
    assert_eq!(doubt(Kind::Sms, Idempotency::None), Doubt::RepeatMarked);
    assert_eq!(doubt(Kind::PsaUpdate, Idempotency::None), Doubt::Repeat);
}

#[test]
fn words_are_unique_and_read_back() {
    for &s in State::ALL {
        assert_eq!(State::parse(s.word()), Some(s));
    }
    for &k in Kind::ALL {
        assert_eq!(Kind::parse(k.word()), Some(k));
    }
}

#[test]
fn retries_grow_honour_retry_after_and_end() {
    let now = DateTime::from_timestamp(1_767_000_000, 0).unwrap();
    let of = |kind, n, ra: Option<u64>| {
        retry_at(kind, n, now, ra.map(std::time::Duration::from_secs), 0.5).map(|t| (t - now).num_seconds())
    };
    let after = |n, ra| of(Kind::PsaTicket, n, ra);
    assert_eq!(after(1, None), Some(5));
    assert_eq!(after(7, None), Some(3600));
    assert_eq!(after(8, None), None);
    assert_eq!(after(1, Some(60)), Some(60));
    assert_eq!(after(1, Some(90_000)), Some(3600));
    assert_eq!(after(3, Some(1)), Some(120));
    assert_eq!((of(Kind::Email, 8, None), of(Kind::Email, 53, None)), (Some(3600), Some(3600)));
    assert_eq!(of(Kind::Email, 54, None), None);
    let mail: i64 = (1..54).filter_map(|n| of(Kind::Email, n, None)).sum();
    assert_eq!(mail / 3600, 47, "a mail server may be away for two days");
    for kind in [Kind::Sms, Kind::Call] {
        let page: Vec<_> = (1..=8).filter_map(|n| of(kind, n, None)).collect();
        assert_eq!(page, [2, 5, 10, 20, 30, 60, 120], "before the next step begins");
        assert_eq!(of(kind, 1, Some(17)), Some(17));
    }
    let webhook: Vec<_> = (1..=8).map(|n| of(Kind::Webhook, n, None)).collect();
    let minutes = |n: i64| Some(n * 60);
    assert_eq!(
        webhook,
        [Some(5), minutes(5), minutes(30), minutes(120), minutes(300), minutes(600), minutes(600), None]
    );
    assert_eq!(of(Kind::Webhook, 1, Some(90_000)), Some(86_400), "a day at most");
}
