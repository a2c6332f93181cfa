//! The call tree: edited, shown, verified.

use crate::fixture::{Desk, t};
use crate::host::Door;
use nightdesk_api as api;
use nightdesk_api::{Code, Detail, Entered, PinOutcome, Request, VerificationReport};
use nightdesk_core::config::Channel;
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::port::{CallStatus, Carrier, CarrierError, PortFuture, Reply, TextState};
use nightdesk_engine::contacts::{Drawn, start_verification};
use nightdesk_store::{CallAdvice, Setting, TextObstacle};
use serde_json::{Value, json};

const DANA: &str = "+12125550102";

const FILE: &str = r#"
[[contact]]
name = "Dana"
phone = "+1 212 555 0102"
channels = ["sms", "call"]
wait_minutes = 3
[[contact]]
name = "Kiri"
phone = "+64211234567"
channels = ["call"]
[paging]
account_sid = "AC00000000000000000000000000000000"
from = "+12125550101"
"#;

/// A carrier that can only seal.
struct Sealer;

fn nothing<'a, T: Send + 'a>() -> PortFuture<'a, Result<T, CarrierError>> {
    Box::pin(std::future::ready(Err(CarrierError::NotFound)))
}

impl Carrier for Sealer {
    fn text<'a>(&'a self, _: &'a str) -> PortFuture<'a, Result<TextState, CarrierError>> {
        nothing()
    }
    fn call<'a>(&'a self, _: &'a str) -> PortFuture<'a, Result<CallStatus, CarrierError>> {
        nothing()
    }
    fn hang_up<'a>(&'a self, _: &'a str) -> PortFuture<'a, Result<(), CarrierError>> {
        nothing()
    }
    fn replies<'a>(
        &'a self,
        _: &'a str,
        _: chrono::DateTime<chrono::Utc>,
    ) -> PortFuture<'a, Result<Vec<Reply>, CarrierError>> {
        nothing()
    }
    fn keys<'a>(&'a self, _: Option<&'a str>) -> PortFuture<'a, Result<Option<String>, CarrierError>> {
        nothing()
    }
    fn seal(&self, text: &str) -> Result<[u8; 32], CarrierError> {
        Ok(nightdesk_core::ledger::digest(text))
    }
}

fn desk() -> Desk {
    let mut desk = Desk::empty();
    desk.act(|tx| api::config_apply(tx, t(1), "dana", FILE, false, None)).unwrap();
    desk
}

fn dana(place: Value, phone: &str) -> Value {
    json!({ "name": "Dana", "place": place, "if_revision": null,
            "contact": { "name": "Dana", "phone": phone, "channels": ["sms", "call"],
                         "extension": null, "wait_minutes": null } })
}

fn names(tree: &Value) -> Vec<&str> {
    tree.as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect()
}

#[test]
fn the_tree_is_shown_as_the_contract_says_and_more() {
    let mut desk = desk();
    let tree = desk.ask(|tx| api::contacts(tx, t(2))).unwrap();
    let shown = serde_json::to_value(&tree).unwrap();
    let first = &shown[0];
    assert_eq!(
        [&first["name"], &first["phone"], &first["country"], &first["channels"], &first["verified_at"]],
        [&json!("Dana"), &json!(DANA), &json!("US"), &json!(["sms", "call"]), &Value::Null]
    );
    assert_eq!((&first["waits"], &shown[1]["waits"]), (&json!(3), &json!(5)));
    assert_eq!((tree[1].can.sms, tree[1].can.call), (false, true), "New Zealand: calls only");
    assert!(tree[0].trouble[0].contains("isn't verified") && tree[0].reachable.is_empty());
    desk.act(|tx| {
        tx.verify_contact(DANA, t(3), Channel::Call)?;
        tx.set_text_obstacle(DANA, t(4), Some(TextObstacle::OptedOut))?;
        tx.set_call_advice(DANA, t(4), Some(CallAdvice::NoKey))?;
        Ok(())
    })
    .unwrap();
    let tree = desk.ask(|tx| api::contacts(tx, t(5))).unwrap();
    assert_eq!((tree[0].verified_at, tree[0].verified_by), (Some(t(3)), Some(api::words::Channel::Call)));
    assert_eq!(tree[0].reachable, [api::words::Channel::Call]);
    assert!(tree[0].trouble[0].contains("STOP"), "{:?}", tree[0].trouble);
    assert!(tree[0].advice[0].contains("nobody presses a key") && tree[0].advice[0].contains("+12125550101"));
    let cannot_ask = |desk: &mut Desk| {
        let advice = desk.ask(|tx| api::contacts(tx, t(5))).unwrap().swap_remove(0).advice;
        advice.iter().any(|a| a.contains("can't ask for a key"))
    };
    assert!(!cannot_ask(&mut desk), "nobody has asked the carrier yet");
    desk.act(|tx| Ok(tx.set_mark(Setting::PagingArmedAt, Some(t(5)))?)).unwrap();
    assert!(cannot_ask(&mut desk));
    desk.act(|tx| Ok(tx.set(Setting::PagingKeys, Some("FW1"))?)).unwrap();
    assert!(!cannot_ask(&mut desk));
    let shown = desk.ask(api::config_show).unwrap().toml;
    assert!(shown.contains("[[contact]]\nname = \"Dana\"\nphone = \"+12125550102\""), "{shown}");
    let again = desk.act(|tx| api::config_apply(tx, t(6), "dana", &shown, true, None)).unwrap();
    assert_eq!((again.revision, again.difference), (1, vec![]), "what is shown changes nothing");
}

#[test]
fn one_contact_is_added_changed_moved_and_removed_by_way_of_the_configuration() {
    let door = Door::to(desk());
    let tree = door.call("contact_set", dana(json!(1), "+12125550199")).unwrap();
    assert_eq!((names(&tree), &tree[1]["phone"]), (vec!["Kiri", "Dana"], &json!("+12125550199")));
    assert_eq!(door.call("config", Value::Null).unwrap()["revision"], 2);
    let mut eli = dana(json!(0), "+44 7400 123456");
    (eli["name"], eli["contact"]["name"]) = (Value::Null, json!("Eli"));
    assert_eq!(names(&door.call("contact_set", eli.clone()).unwrap()), ["Eli", "Kiri", "Dana"]);
    let twice = door.call("contact_set", eli.clone()).unwrap_err();
    assert_eq!(twice.code, Code::InvalidInput);
    let Some(Detail::Problems(problems)) = twice.detail else { panic!("no problems") };
    assert!(problems.iter().all(|p| p.line.is_none() && p.key == "contact.name"), "{problems:?}");
    eli["name"] = json!("Eli");
    eli["contact"]["name"] = json!("Eli B.");
    eli["place"] = Value::Null;
    assert_eq!(names(&door.call("contact_set", eli.clone()).unwrap()), ["Eli B.", "Kiri", "Dana"]);
    let gone = json!({ "name": "kiri", "contact": null, "place": null, "if_revision": null });
    assert_eq!(names(&door.call("contact_set", gone.clone()).unwrap()), ["Eli B.", "Dana"]);
    assert_eq!(door.call("contact_set", gone).unwrap_err().code, Code::NotFound);
    let stale = json!({ "name": "Dana", "contact": null, "place": null, "if_revision": 1 });
    assert_eq!(door.call("contact_set", stale).unwrap_err().code, Code::Conflict);
    let nothing = json!({ "name": null, "contact": null, "place": null, "if_revision": null });
    assert_eq!(door.call("contact_set", nothing).unwrap_err().code, Code::InvalidInput);
    let mut wrong = dana(Value::Null, "+64211234567");
    wrong["contact"]["wait_minutes"] = json!(99);
    let Some(Detail::Problems(problems)) = door.call("contact_set", wrong).unwrap_err().detail else {
        panic!("no problems")
    };
    let keys: Vec<&str> = problems.iter().map(|p| p.key.as_str()).collect();
    assert_eq!(keys, ["contact.channels", "contact.wait_minutes"], "all at once");
    assert_eq!(names(&door.call("contacts", Value::Null).unwrap()), ["Eli B.", "Dana"], "and nothing was changed");
}

#[test]
fn the_form_keeps_contacts_and_changes_the_carrier() {
    let door = Door::to(desk());
    let mut draft = door.call("config", Value::Null).unwrap()["draft"].clone();
    assert_eq!(draft["paging"]["from"], "+12125550101");
    draft["paging"]["rounds"] = json!(3);
    let checked = door.call("config_check", json!({ "draft": draft })).unwrap();
    assert_eq!((&checked["difference"], &checked["problems"]), (&json!(["paging.rounds: 2 -> 3"]), &json!([])));
    door.call("config_apply", json!({ "draft": draft, "if_revision": 1 })).unwrap();
    assert_eq!(names(&door.call("contacts", Value::Null).unwrap()), ["Dana", "Kiri"], "what has a method of its own");
    draft["paging"]["account_sid"] = json!(" ");
    draft["paging"]["step_wait_minutes"] = json!(0);
    let checked = door.call("config_check", json!({ "draft": draft })).unwrap();
    assert_eq!(checked["problems"][0]["key"], "paging.step_wait_minutes");
}

#[test]
fn the_countries_come_with_their_hints() {
    let countries = Door::to(Desk::empty()).call("countries", Value::Null).unwrap();
    let countries = countries.as_array().unwrap();
    assert_eq!(countries.len(), 24);
    let nz = countries.iter().find(|c| c["id"] == "NZ").unwrap();
    assert_eq!((&nz["sms"], &nz["call"], &nz["name"]), (&json!(false), &json!(true), &json!("New Zealand")));
    assert!(countries.iter().all(|c| c["hint"].as_str().unwrap().starts_with('+')));
}

#[test]
fn a_pin_is_asked_for_and_entered() {
    let mut desk = desk();
    let ask = Request::ContactVerify { name: "Dana".into(), channel: Some(Channel::Sms) };
    let id = desk.act(|tx| api::ask(tx, &ask, t(2), t(12))).unwrap();
    let body = desk.ask(|tx| Ok(tx.request(id.0)?.unwrap().body)).unwrap();
    assert_eq!(body, r#"{"channel":"sms","name":"Dana"}"#);
    assert_eq!(desk.ask(|tx| api::answer::<VerificationReport>(tx, id)).unwrap(), None);

    let drawn = Drawn::new(&Sealer, DANA, [7; 16]).unwrap();
    let started = desk.act(|tx| Ok(start_verification(tx, t(2), "Dana", None, &drawn, "request 1")?)).unwrap();
    let tree = desk.ask(|tx| api::contacts(tx, t(3))).unwrap();
    let pin = tree[0].pin.clone().unwrap();
    assert_eq!((pin.sent_at, pin.expires_at, pin.tries_left), (t(2), t(12), 5));
    let payload = desk.ask(|tx| Ok(tx.delivery(started.delivery)?.unwrap().payload)).unwrap();
    let digits: String = payload.chars().filter(char::is_ascii_digit).take(6).collect();
    let wrong = if digits == "000000" { "000001" } else { "000000" };
    let enter = |desk: &mut Desk, typed: &str| {
        let phone = desk.ask(|tx| api::contact_phone(tx, "dana")).unwrap();
        let entered = Entered::new(&Sealer, &phone, typed).map_err(api::Error::from)?;
        desk.act(|tx| api::contact_confirm(tx, t(4), "dana", "dana", &entered))
    };
    let e = enter(&mut desk, "12").unwrap_err();
    assert_eq!((e.code, e.message.as_str()), (Code::InvalidInput, "a PIN has six digits"));
    let told = enter(&mut desk, wrong).unwrap();
    assert_eq!((told.ok, told.outcome, told.left), (false, PinOutcome::Wrong, Some(4)));
    assert_eq!(told.error.as_deref(), Some("that is not the PIN; 4 tries are left"));
    let told = enter(&mut desk, &digits).unwrap();
    assert_eq!((told.ok, told.outcome, told.verified_at), (true, PinOutcome::Verified, Some(t(4))));
    assert_eq!(enter(&mut desk, &digits).unwrap().outcome, PinOutcome::NoPin);
    assert_eq!(desk.ask(|tx| api::contacts(tx, t(5))).unwrap()[0].verified_at, Some(t(4)));
    assert_eq!(desk.ask(|tx| api::contact_phone(tx, "Nobody")).unwrap_err().code, Code::NotFound);
    forgotten(&mut desk, started.delivery);
}

/// A PIN that was brought can't be brought again.
fn forgotten(desk: &mut Desk, delivery: DeliveryId) {
    use nightdesk_core::delivery::Event;
    desk.write(|tx| tx.change_delivery(delivery, Event::Refer, t(6)));
    let refused = desk.act(|tx| api::redrive(tx, t(7), delivery)).unwrap_err();
    assert_eq!(refused.code, Code::Conflict);
    assert!(refused.message.contains("brought a PIN, which isn't kept"), "{refused}");
    let view = desk.ask(|tx| api::delivery_view::view(tx, delivery)).unwrap();
    assert!(!view.line.can_redrive);
}
