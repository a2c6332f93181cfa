//! What the window's views are made of.

use crate::fixture::{ACCOUNT, Desk, incident, t, whole};
use crate::host::Door;
use nightdesk_api::{self as api, rpc};
use nightdesk_core::delivery::Event;
use nightdesk_core::ids::{AgentId, DeliveryId, TicketId};
use nightdesk_core::incident::Severity;
use nightdesk_core::port::Host;
use nightdesk_engine::poller::PollReport;
use nightdesk_store::PollRow;
use serde_json::{Value, json};

fn strings(values: &Value, key: &str) -> Vec<String> {
    let texts = values.as_array().unwrap().iter().map(|v| v[key].as_str().unwrap_or("-").to_owned());
    texts.collect()
}

fn security(state: &str, offset: u32, limit: u32) -> Value {
    json!({ "status": null, "client": null, "severity": null, "state": state, "text": null, "board": null,
            "offset": offset, "limit": limit })
}

/// `busy`, with twelve tickets of Acme on the security board, four of them closed.
fn filed() -> Door {
    let mut desk = Desk::busy();
    let severities = [Severity::Low, Severity::Critical, Severity::High, Severity::Unknown(None)];
    let of = |id: i64, status: &str| {
        whole(incident(100 + id, Some(4), status, severities[usize::try_from(id % 4).unwrap()].clone()))
    };
    desk.ingest(t(2), &(0..12).map(|id| of(id, "sent")).collect::<Vec<_>>());
    desk.ingest(t(3), &(8..12).map(|id| of(id, "closed")).collect::<Vec<_>>());
    Door::to(desk)
}

#[test]
fn the_board_is_in_groups_the_worst_and_the_oldest_first() {
    let mut desk = Desk::busy();
    let mut late = incident(21, Some(10), "sent", Severity::Critical);
    late.sent_at = Some(t(-30));
    desk.ingest(t(4), &[whole(late), whole(incident(22, Some(10), "sent", Severity::Low))]);
    let board = Door::to(desk).call("board", Value::Null).unwrap();
    let groups = &board["groups"];
    assert_eq!(strings(groups, "name"), ["Umbrella", "Globex GmbH", "-"], "{groups}");
    assert_eq!(strings(groups, "worst"), ["critical", "critical", "critical"]);
    assert_eq!(groups[0]["oldest_at"], json!(t(-30)));
    assert_eq!(strings(&groups[1]["tickets"], "severity_class"), ["critical", "low"]);
    assert_eq!(groups[1]["suggestions"][0], json!({ "client": "Globex", "score": 0.95 }));
    assert_eq!(groups[2]["organization_id"], Value::Null, "a record of nobody's waits too");
    assert!(groups[2]["tickets"][0]["quarantine"].as_str().unwrap().contains("id is missing"));
    assert_eq!(board["total"], 5);
    assert_eq!(strings(&board["clients"], "name"), ["Acme", "Globex"], "the fallback client is no target");
}

#[test]
fn a_first_look_has_the_top_of_the_board_and_counts_the_rest() {
    let at = rpc::At { now: t(10), actor: "dana".into(), polling: None };
    let mut desk = Desk::busy();
    assert_eq!(desk.ask(|tx| api::first_look(tx, &at)).unwrap(), None, "before the first poll it may be a set-up");
    let of = |organization: i64, ids: std::ops::Range<i64>| {
        ids.map(move |id| whole(incident(id, Some(organization), "sent", Severity::High))).collect::<Vec<_>>()
    };
    desk.ingest(t(2), &[of(10, 200..220), of(11, 220..225)].concat());
    desk.write(|tx| {
        let body = serde_json::to_string(&PollReport { ok: true, ..PollReport::default() })?;
        tx.add_poll(&PollRow { began_at: t(5), ended_at: t(6), ok: true, body })
    });
    let (look, board) = desk.ask(|tx| Ok((api::first_look(tx, &at)?.unwrap(), api::board::board(tx, t(2))?))).unwrap();
    let shown: usize = look.board.groups.iter().map(|g| g.tickets.len()).sum();
    assert_eq!(shown, 13);
    assert_eq!((look.board.total, look.board.groups.len()), (board.total, board.groups.len()));
    for (first, whole) in look.board.groups.iter().zip(&board.groups) {
        assert_eq!(first.tickets, whole.tickets[..first.tickets.len()], "the first of them, in their order");
        assert_eq!(first.tickets.len() + usize::try_from(first.more).unwrap(), whole.tickets.len());
        assert_eq!(whole.more, 0);
    }
}

#[test]
fn clients_that_were_chosen_last_come_first_to_mind() {
    let door = Door::to(Desk::busy());
    let recent = |door: &Door| {
        let clients = door.call("board", Value::Null).unwrap()["clients"].clone();
        clients.as_array().unwrap().iter().map(|c| c["recent"].as_i64()).collect::<Vec<_>>()
    };
    assert_eq!(recent(&door), [None, None]);
    let moved = |ticket: i64, client: &str| json!({ "tickets": [ticket], "client": client, "map_organization": false });
    door.call("rehome", moved(2, "Acme")).unwrap();
    door.call("rehome", moved(3, "Globex")).unwrap();
    assert_eq!(recent(&door), [Some(1), Some(0)]);
    let card = door.call("card", Value::Null).unwrap();
    assert_eq!(card["last_undo"]["text"], "T-1003 to Globex");
    door.call("undo", json!({ "id": card["last_undo"]["id"] })).unwrap();
    assert_eq!(recent(&door), [Some(0), None], "what was taken back was no choice");
}

#[test]
fn the_card_counts_what_waits_where() {
    let counts = filed().call("card", Value::Null).unwrap()["counts"].clone();
    let expected = json!({ "triage": 3, "triage_critical": 2, "security_open": 10, "critical_open": 7, "unmapped": 3,
                           "deliveries_attention": 0, "quarantined": 2, "notices_open": 0, "notices_overdue": 0 });
    assert_eq!(counts, expected);
}

#[test]
fn the_security_board_is_read_in_windows_that_fit_together() {
    let door = filed();
    let all = door.call("security", security("all", 0, 100)).unwrap();
    assert_eq!(all["columns"], json!([{ "status": "New", "count": 10 }, { "status": "Closed", "count": 4 }]));
    let whole: Vec<Value> = all["rows"].as_array().unwrap().clone();
    assert_eq!((whole.len(), &all["total"]), (14, &json!(14)));
    let mut windows = Vec::new();
    for offset in (0..14).step_by(3) {
        let window = door.call("security", security("all", offset, 3)).unwrap();
        assert_eq!(window["total"], 14);
        windows.extend(window["rows"].as_array().unwrap().clone());
    }
    assert_eq!(windows, whole);
    let open: Vec<(String, i64)> = whole[..10]
        .iter()
        .map(|c| (c["severity_class"].as_str().unwrap().to_owned(), c["incident_id"].as_i64().unwrap()))
        .collect();
    let rank =
        |word: &str| ["critical", "unknown", "high", "low"].iter().position(|w| *w == word).unwrap().saturating_sub(1);
    assert!(open.is_sorted_by_key(|(word, id)| (rank(word), *id)), "{open:?}");
    let closed: Vec<&Value> = whole[10..].iter().map(|c| &c["incident_id"]).collect();
    assert_eq!(closed, [&json!(111), &json!(109), &json!(110), &json!(108)], "the worst, then the newest");
}

#[test]
fn the_security_board_is_narrowed_by_what_is_asked() {
    let door = filed();
    let count = |change: &dyn Fn(&mut Value)| {
        let mut asked = security("open", 0, 100);
        change(&mut asked);
        door.call("security", asked).unwrap()["total"].as_i64().unwrap()
    };
    assert_eq!(count(&|_| {}), 10);
    assert_eq!(count(&|a| a["severity"] = json!("critical")), 2);
    assert_eq!(count(&|a| a["severity"] = json!("unknown")), 3, "with the one that can't be read");
    assert_eq!(count(&|a| a["client"] = json!("Globex")), 0);
    assert_eq!(count(&|a| a["text"] = json!("host103")), 1);
    assert_eq!(count(&|a| a["text"] = json!("host")), 10, "half a word");
    assert_eq!(count(&|a| a["status"] = json!("Closed")), 0);
    assert_eq!(count(&|a| a["state"] = json!("closed")), 4);
    assert_eq!(count(&|a| a["board"] = json!("Triage")), 3);
    let mut unknown = security("open", 0, 10);
    unknown["client"] = json!("Acne");
    assert!(door.call("security", unknown).unwrap_err().message.contains("\"Acme\""));
}

#[test]
fn a_ticket_comes_with_everything_around_it() {
    let mut desk = Desk::busy();
    desk.write(|tx| {
        let host = Host { hostname: Some("SRV\n01".into()), ..Host::default() };
        tx.put_host(ACCOUNT, AgentId(72), t(2), Some(&host))?;
        tx.queue(t(2), &crate::queries::delivery("m1", TicketId(2)))
    });
    let door = Door::to(desk);
    let view = door.call("ticket", json!({ "id": 2 })).unwrap();
    assert_eq!((&view["card"]["host"], &view["card"]["platform"]), (&json!("SRV 01"), &json!("windows")));
    assert_eq!((&view["siblings"], &view["suggestions"][0]["client"]), (&json!(1), &json!("Globex")));
    assert_eq!(view["incident"]["portal_url"], "https://check.huntress.io/org/7/incident_reports/2");
    assert_eq!(view["incident"]["indicators"], json!([{ "kind": "footholds", "count": 1 }]));
    assert_eq!(
        (&view["incident"]["organization_name"], &view["incident"]["raw"]),
        (&json!("Globex GmbH"), &Value::Null)
    );
    assert_eq!(view["timeline"][0]["kind"], "opened");
    assert_eq!(
        (&view["deliveries"][0]["ticket_number"], &view["deliveries"][0]["can_redrive"]),
        (&json!("T-1002"), &json!(false))
    );
    let quarantined = door.call("ticket", json!({ "id": 4 })).unwrap();
    assert!(quarantined["incident"]["raw"].as_str().unwrap().contains("\"severity\": []"), "{quarantined}");
    let bare = door.call("ticket", json!({ "id": 5 })).unwrap();
    assert_eq!(bare["incident"], Value::Null);
    assert!(bare["description"].as_str().unwrap().contains("Odd one"));
}

#[test]
fn a_delivery_says_why_it_stands_where_it_stands() {
    let mut desk = Desk::busy();
    desk.write(|tx| {
        tx.queue(t(2), &crate::queries::delivery("m1", TicketId(1)))?;
        tx.change_delivery(DeliveryId(1), Event::Cancel, t(3))
    });
    let door = Door::to(desk);
    let line = door.call("deliveries", json!({ "state": "cancelled", "limit": 5 })).unwrap()[0].clone();
    assert_eq!(line["why"], "It was taken back before it left.");
    assert_eq!(door.call("deliveries", json!({ "state": "dead_lettered", "limit": 5 })).unwrap(), json!([]));
    assert!(door.call("deliveries", json!({ "state": "lost", "limit": 5 })).is_err());
    let view = door.call("delivery", json!({ "id": 1 })).unwrap();
    assert_eq!((&view["line"]["id"], &view["attempts"]), (&json!(1), &json!([])));
}

#[test]
fn a_gap_says_what_arrived_when_it_ended() {
    let mut desk = Desk::busy();
    desk.write(|tx| {
        let report = PollReport { ok: true, new: 3, requests: 2, ..PollReport::default() };
        let body = serde_json::to_string(&report)?;
        tx.add_poll(&PollRow { began_at: t(5), ended_at: t(6), ok: true, body })?;
        tx.add_gap(t(0), Some(t(6)), "asleep")?;
        tx.add_gap(t(7), None, "Huntress could not be reached")
    });
    let door = Door::to(desk);
    let gaps = door.call("gaps", json!({ "limit": 5 })).unwrap();
    assert_eq!((&gaps[0]["arrived"], &gaps[1]["arrived"]), (&Value::Null, &json!(3)));
    let polls = door.call("polls", json!({ "limit": 5 })).unwrap();
    assert_eq!((&polls[0]["new"], &polls[0]["requests"], &polls[0]["ok"]), (&json!(3), &json!(2), &json!(true)));
}

#[test]
fn the_ledger_is_read_backwards_a_page_at_a_time() {
    let door = Door::to(Desk::busy());
    door.call("note", json!({ "id": 1, "text": "called them" })).unwrap();
    let first = door.call("ledger", json!({ "before": null, "limit": 3 })).unwrap();
    let newest = &first["entries"][0];
    assert_eq!(
        (&newest["kind"], &newest["actor"], &newest["ticket_id"]),
        (&json!("worked"), &json!("dana"), &json!(1))
    );
    assert_eq!(newest["text"], "dana: called them");
    assert_eq!(newest["seq"], first["head"]);
    let next = door.call("ledger", json!({ "before": first["entries"][2]["seq"], "limit": 500 })).unwrap();
    let entries = next["entries"].as_array().unwrap();
    assert_eq!(entries.len() as i64 + 3, first["total"].as_i64().unwrap());
    assert_eq!(entries.last().unwrap()["kind"], "begun");
    assert_eq!(door.call("ledger_verify", Value::Null).unwrap()["ok"], true);
}

#[test]
fn preferences_change_one_by_one() {
    let door = Door::to(Desk::empty());
    assert_eq!(door.call("preferences", Value::Null).unwrap()["map_organization"], true);
    let set = door.call(
        "preferences_set",
        json!({ "theme": "light", "sound": { "critical": true, "high": false, "low": false } }),
    );
    assert_eq!(set.unwrap()["theme"], "light");
    let after = door.call("preferences_set", json!({ "zoom": 2.0 })).unwrap();
    assert_eq!(
        (&after["theme"], &after["zoom"], &after["sound"]["high"]),
        (&json!("light"), &json!(2.0), &json!(false))
    );
    for odd in [json!({ "zoom": 9 }), json!({ "zoom": -1 }), json!({ "theme": "neon" })] {
        assert!(door.call("preferences_set", odd).is_err());
    }
    assert_eq!(door.call("preferences", Value::Null).unwrap(), after);
}
