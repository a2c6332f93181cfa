//! ND-4: every field of a report in every wrong shape, through the real client and engine.

use chrono::TimeDelta;
use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::Scene;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Shapes that are wrong for most fields and right for a few; none is a closed status or another report's id.
fn shapes() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("\u{0}<b>wrong</b>\u{202e}\n"),
        json!("9".repeat(40)),
        json!([]),
        json!([null, 1, "a", [[]], { "id": 3 }]),
        json!({}),
        json!({ "id": "x", "name": [1], "0": { "deep": [[[{}]]] } }),
    ]
}

/// Puts a shape where `path` leads, or takes the field away.
fn put(fields: &mut Map<String, Value>, path: &[&str], shape: Option<&Value>) {
    let [first @ .., last] = path else { return };
    let mut at = fields;
    for step in first {
        let next = at.get_mut(*step).unwrap();
        at = if next.is_array() { next[0].as_object_mut() } else { next.as_object_mut() }.unwrap();
    }
    match shape {
        Some(shape) => drop(at.insert((*last).to_owned(), shape.clone())),
        None => drop(at.remove(*last)),
    }
}

#[tokio::test]
async fn nd_4_every_field_of_every_wrong_type_loses_nothing() {
    let mut scene = Scene::open(Scene::account()).await;
    let world = scene.world().clone();
    let good = world.publish(IncidentBuilder::high().organization(4));
    let template = world.incident(good).unwrap();
    let nested = [
        "remediations.total_count",
        "remediations.has_more",
        "remediations.items",
        "remediations.items.id",
        "remediations.items.type",
        "remediations.items.action",
        "remediations.items.parameters",
        "remediations.items.status",
        "remediations.items.approved_by",
        "indicator_counts.footholds",
    ];
    let fields: Vec<String> = template.as_object().unwrap().keys().cloned().chain(nested.map(str::to_owned)).collect();
    assert!(fields.len() >= 17 + nested.len(), "the stand-in sends every field of the vendor's document");

    let shapes = shapes();
    let mut wrong = BTreeMap::new();
    let mut without_id = 0;
    for field in &fields {
        for shape in shapes.iter().map(Some).chain([None]) {
            let id = world.publish(IncidentBuilder::high().organization(4));
            let path: Vec<&str> = field.split('.').collect();
            assert!(world.update_quietly(id, |fields| put(fields, &path, shape)));
            if field == "id" {
                without_id += 1;
            } else {
                wrong.insert(id, (field.clone(), shape.cloned()));
            }
        }
    }
    let first_shapeless = good + 10_000;
    for (n, record) in (0..).zip(shapes.iter().filter(|s| !s.is_object())) {
        world.put_raw(first_shapeless + n, record.clone());
        without_id += 1;
    }
    scene.start().await;
    scene.pass(TimeDelta::minutes(6)).await;

    let ticketed = |scene: &Scene| {
        let tickets = scene.tickets();
        let of: Vec<i64> = tickets.iter().filter_map(|t| t.incident_id.map(|i| i.0)).collect();
        let distinct: BTreeSet<i64> = of.iter().copied().collect();
        assert_eq!(of.len(), distinct.len(), "two tickets for one incident");
        (distinct, tickets.len() - of.len())
    };
    let (seen, nameless) = ticketed(&scene);
    for (id, how) in &wrong {
        assert!(seen.contains(id), "incident {id} has no ticket, with {how:?}");
    }
    assert!(seen.contains(&good), "the whole one among them");
    assert_eq!(nameless, without_id, "each record without an id has a bare ticket of its own");
    assert_eq!(scene.status().last_poll.ok, Some(true), "{:?}", scene.status().last_poll.error);
    scene.assert_accounted();

    // The same again, and after a restart: nothing is new, and nothing is opened twice.
    scene.stop().await;
    scene.start().await;
    scene.pass(TimeDelta::minutes(6)).await;
    assert_eq!(ticketed(&scene), (seen.clone(), nameless));
    scene.assert_accounted();

    // Once Huntress has mended its records, only those that never had an id stay in quarantine.
    for id in wrong.keys() {
        let mut whole = template.clone();
        whole["id"] = json!(id);
        world.update(*id, |fields| *fields = whole.as_object().unwrap().clone());
    }
    scene.pass(TimeDelta::minutes(6)).await;
    assert_eq!(ticketed(&scene), (seen, nameless));
    assert_eq!(scene.status().ledger.quarantined, i64::try_from(nameless).unwrap());
    scene.assert_accounted();
    scene.stop().await;
}
