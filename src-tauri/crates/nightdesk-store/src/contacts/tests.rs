//! What is known of numbers, and what is forgotten of PINs.

use super::*;
use crate::{Claimant, NewDelivery, Opening, Settlement, Store};
use nightdesk_core::delivery::{Event, Kind, State};

const PHONE: &str = "+12125550102";

fn t(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn store() -> (Store, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (Store::open(&dir.path().join("nightdesk.db"), Opening::Owner).unwrap(), dir)
}

fn queue(tx: &Tx<'_>, marker: &str) -> Result<DeliveryId, Error> {
    let new = NewDelivery {
        kind: Kind::Sms,
        destination: PHONE.into(),
        marker: marker.into(),
        payload: serde_json::json!({ "body": "123456 is your PIN" }),
        due_at: t(0),
        expires_at: Some(t(600)),
        incident: None,
        ticket: None,
        fallback_of: None,
        cause: Some("c".into()),
    };
    Ok(tx.queue(t(0), &new)?.unwrap())
}

fn payload(tx: &Tx<'_>, id: DeliveryId) -> String {
    tx.delivery(id).unwrap().unwrap().payload
}

#[test]
fn a_number_is_known_by_what_happened_to_it() {
    let (mut store, _dir) = store();
    store
        .write(|tx| {
            assert_eq!(tx.contact(PHONE)?, None);
            tx.set_text_obstacle(PHONE, t(1), Some(TextObstacle::OptedOut))?;
            tx.set_call_advice(PHONE, t(2), Some(CallAdvice::NoKey))?;
            let row = tx.contact(PHONE)?.unwrap();
            assert_eq!((row.verified, row.text_obstacle), (None, Some((TextObstacle::OptedOut, t(1)))));
            tx.verify_contact(PHONE, t(3), Channel::Call)?;
            let row = tx.contact(PHONE)?.unwrap();
            assert_eq!((row.verified, row.call_advice), (Some((t(3), Channel::Call)), None));
            assert!(row.text_obstacle.is_some(), "a call proves nothing about texts");
            tx.verify_contact(PHONE, t(4), Channel::Sms)?;
            assert_eq!(tx.contact(PHONE)?.unwrap().text_obstacle, None);
            tx.set_call_advice(PHONE, t(5), None)?;
            assert_eq!(tx.contacts()?, vec![tx.contact(PHONE)?.unwrap()]);
            Ok::<_, Error>(())
        })
        .unwrap();
    assert_eq!(store.read(|tx| tx.revision(Topic::Contacts)).unwrap(), 1);
    for o in TextObstacle::ALL {
        store.write(|tx| tx.set_text_obstacle(PHONE, t(6), Some(*o))).unwrap();
    }
    for a in CallAdvice::ALL {
        store.write(|tx| tx.set_call_advice(PHONE, t(6), Some(*a))).unwrap();
    }
}

#[test]
fn a_pin_is_kept_as_its_hash_until_it_is_dropped() {
    let (mut store, _dir) = store();
    store
        .write(|tx| {
            let first = Sealed::new([1; 32], t(0));
            tx.put_pin(PHONE, &first)?;
            tx.count_pin_try(PHONE)?;
            assert_eq!(tx.pin(PHONE)?, Some(Sealed { tries: 1, ..first }));
            let second = Sealed::new([2; 32], t(5));
            tx.put_pin(PHONE, &second)?;
            assert_eq!(tx.pin(PHONE)?, Some(second), "a new one begins anew");
            tx.drop_pin(PHONE)?;
            assert_eq!(tx.pin(PHONE)?, None);
            for at in [t(0), t(60)] {
                tx.add_pin_sending(PHONE, at)?;
            }
            assert_eq!(tx.pin_sendings(PHONE, t(0))?, [t(60)]);
            assert_eq!(tx.drop_pin_sendings(t(0))?, 1);
            Ok::<_, Error>(())
        })
        .unwrap();
}

#[test]
fn nd_12_what_a_delivery_of_a_pin_says_is_gone_once_it_has_ended() {
    let (mut store, _dir) = store();
    let ends = [
        (Event::Accept, State::Accepted),
        (Event::Deliver, State::Delivered),
        (Event::Exhaust, State::DeadLettered),
        (Event::Reject, State::Rejected),
        (Event::Refer, State::NeedsHuman),
    ];
    let goes_on = [(Event::FailForNow, State::Retrying), (Event::LoseSight, State::InDoubt)];
    for (event, state) in ends.into_iter().chain(goes_on) {
        let (pin, other) = store
            .write(|tx| {
                let both = (queue(tx, &format!("pin:{event:?}"))?, queue(tx, &format!("page:{event:?}"))?);
                for claimed in
                    tx.claim_due(Kind::Sms, Claimant { owner: "o", epoch: 1, until: t(60) }, t(0), 9, |_| true)?
                {
                    tx.begin_attempt(claimed.fence, t(0))?;
                    let settlement =
                        Settlement { event, due_at: Some(t(9)), error: None, remote_ref: None, possible_repeat: false };
                    assert_eq!(tx.settle(claimed.fence, t(1), &settlement)?, state);
                }
                Ok::<_, Error>(both)
            })
            .unwrap();
        store
            .write(|tx| {
                let forgotten = ends.iter().any(|(e, _)| *e == event);
                assert_eq!(payload(tx, pin) == FORGOTTEN, forgotten, "{event:?}");
                assert_eq!(tx.delivery(pin)?.unwrap().is_forgotten(), forgotten);
                assert!(payload(tx, other).contains("123456"), "only a PIN's");
                if forgotten {
                    assert_eq!(tx.change_delivery(pin, Event::Redrive, t(2))?, None, "{event:?}");
                }
                Ok::<_, Error>(())
            })
            .unwrap();
    }
    store
        .write(|tx| {
            let (late, replaced) = (queue(tx, "pin:late")?, queue(tx, "pin:replaced")?);
            assert_eq!(tx.delivery_by_marker("pin:late")?, Some(late));
            assert!(tx.pins_left_over(PHONE)?.contains(&replaced));
            tx.change_delivery(replaced, Event::Supersede, t(1))?;
            tx.expire_deliveries(t(600))?;
            for id in [late, replaced] {
                assert_eq!(payload(tx, id), FORGOTTEN);
            }
            assert_eq!(tx.change_delivery(late, Event::Redrive, t(601))?, None);
            let left = tx.pins_left_over(PHONE)?;
            assert!(!left.contains(&late) && !left.contains(&replaced) && left.len() == 3, "{left:?}");
            Ok::<_, Error>(())
        })
        .unwrap();
}
