//! Whose organization is whose: by name, by hand, by file.

use chrono::TimeDelta;
use nightdesk_api::{self as api, Code};
use nightdesk_core::ids::OrganizationId;
use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::{Scene, configuration};

const FIVE: TimeDelta = TimeDelta::minutes(5);

async fn night() -> Scene {
    let mut scene = Scene::open(Scene::account()).await;
    scene.start().await;
    scene
}

/// `id name -> client how`
fn table(scene: &Scene) -> Vec<String> {
    let mut orgs = scene.read(|tx| api::orgs(tx).unwrap());
    orgs.sort_by_key(|o| o.id);
    let line = |o: api::Organization| {
        let client = o.client.unwrap_or_else(|| if o.ignored { "ignored".into() } else { "-".into() });
        format!("{} {} -> {client} {}", o.id, o.name.unwrap_or_else(|| "?".into()), o.how)
    };
    orgs.into_iter().map(line).collect()
}

#[tokio::test]
async fn an_exact_unique_name_is_linked_and_others_are_suggested() {
    let mut scene = night().await;
    let expected = [
        "4 Acme Incorporated -> Acme config",
        "5 Globex GmbH -> - none",
        "6 Umbrella -> - none",
        "7 Initech -> Initech auto",
        "8 Hooli -> - none",
    ];
    assert_eq!(table(&scene), expected);
    let globex = scene.read(|tx| api::org(tx, OrganizationId(5)).unwrap());
    assert_eq!(globex.suggestions[0].client, "Globex", "a person decides what a legal form means");
    scene.world().rename_organization(6, "Initec");
    scene.pass(TimeDelta::minutes(60)).await;
    let umbrella = scene.read(|tx| api::org(tx, OrganizationId(6)).unwrap());
    assert_eq!(umbrella.client, None, "alike is not the same");
    assert_eq!(umbrella.suggestions[0].client, "Initech");
    assert!(umbrella.suggestions[0].score >= 0.6 && umbrella.suggestions[0].score < 1.0);
    scene.stop().await;
}

#[tokio::test]
async fn a_rename_upstream_keeps_the_mapping() {
    let mut scene = night().await;
    scene.world().rename_organization(4, "Acme Holdings");
    scene.world().rename_organization(7, "Initrode");
    scene.pass(TimeDelta::minutes(60)).await;
    let id = scene.world().publish(IncidentBuilder::high().organization(4));
    scene.pass(FIVE).await;
    assert_eq!(table(&scene)[0], "4 Acme Holdings -> Acme config");
    assert_eq!(table(&scene)[3], "7 Initrode -> Initech auto");
    let ticket = scene.ticket_of(id);
    assert_eq!((ticket.client.as_str(), ticket.organization_name.as_deref()), ("Acme", Some("Acme Holdings")));
    scene.stop().await;
}

#[tokio::test]
async fn mapping_leaves_the_waiting_tickets_and_says_how_many_unless_told_to_move_them() {
    let mut scene = night().await;
    let ids = [6, 6, 8].map(|o| scene.world().publish(IncidentBuilder::high().organization(o)));
    scene.pass(FIVE).await;
    let done = scene.act(|tx, now| api::orgs_map(tx, now, "dana", OrganizationId(6), "Globex", false)).unwrap();
    assert_eq!(done.left_on_triage.len(), 2);
    assert!(done.moved.is_empty() && done.undo_id.is_none());
    assert_eq!(scene.ticket_of(ids[0]).board, "Triage");
    assert_eq!(scene.kinds_of(ids[0]), "opened mapped");
    let next = scene.world().publish(IncidentBuilder::high().organization(6));
    scene.pass(FIVE).await;
    assert_eq!(scene.ticket_of(next).client, "Globex");

    let done = scene.act(|tx, now| api::orgs_map(tx, now, "dana", OrganizationId(8), "Initech", true)).unwrap();
    assert_eq!(done.moved, [scene.ticket_of(ids[2]).id]);
    assert_eq!((scene.ticket_of(ids[2]).board, scene.ticket_of(ids[2]).client), ("Security".into(), "Initech".into()));
    scene.act(|tx, now| api::undo(tx, now, "dana", done.undo_id.unwrap())).unwrap();
    assert_eq!(scene.ticket_of(ids[2]).board, "Triage");
    assert_eq!(table(&scene)[4], "8 Hooli -> - none");
    scene.stop().await;
}

#[tokio::test]
async fn unmapped_by_hand_stays_unmapped() {
    let mut scene = night().await;
    scene.act(|tx, now| api::orgs_unmap(tx, now, "dana", OrganizationId(7))).unwrap();
    assert_eq!(table(&scene)[3], "7 Initech -> - none");
    scene.pass(TimeDelta::hours(2)).await;
    scene.stop().await;
    scene.start().await;
    scene.apply(&configuration(&scene.soc.base_url()).replace("\"Initech\"]", "\"Initech\", \"Hooli\"]"));
    scene.pass(TimeDelta::hours(1)).await;
    assert_eq!(table(&scene)[3], "7 Initech -> - none", "its name alone doesn't bring it back");
    assert_eq!(table(&scene)[4], "8 Hooli -> Hooli auto", "while a new client is linked");
    scene.stop().await;
}

#[tokio::test]
async fn an_organization_seen_first_in_a_report_gets_its_name_with_the_same_poll() {
    let mut scene = night().await;
    scene.world().add_organization(9, "Acme");
    let id = scene.world().publish(IncidentBuilder::high().organization(9));
    scene.requests();
    scene.pass(FIVE).await;
    assert!(scene.requests().contains(&"/v1/organizations".to_owned()), "listed when an unknown id appears");
    assert_eq!(table(&scene)[5], "9 Acme -> Acme auto");
    assert_eq!(scene.ticket_of(id).board, "Triage", "mapping leaves what is open in place");
    let next = scene.world().publish(IncidentBuilder::high().organization(9));
    scene.pass(FIVE).await;
    assert_eq!(scene.ticket_of(next).client, "Acme");
    scene.stop().await;
}

#[tokio::test]
async fn the_table_goes_out_and_comes_back() {
    let mut scene = night().await;
    let withheld = {
        scene.act(|tx, now| api::orgs_ignore(tx, now, "dana", OrganizationId(8))).unwrap();
        let id = scene.world().publish(IncidentBuilder::high().organization(8));
        scene.pass(FIVE).await;
        assert!(scene.ticketed().is_empty());
        id
    };
    let mut out = Vec::new();
    let lines = scene.read(|tx| api::orgs_export(tx, &mut out).unwrap());
    let text = String::from_utf8(out).unwrap();
    let expected = "id,name,client,ignored\n4,Acme Incorporated,Acme,false\n5,Globex GmbH,,false\n\
                    6,Umbrella,,false\n7,Initech,Initech,false\n8,Hooli,,true\n";
    assert_eq!((text.as_str(), lines), (expected, 5));
    let before = table(&scene);
    let done = scene.act(|tx, now| api::orgs_import(tx, now, "dana", text.as_bytes())).unwrap();
    assert!(done.changed.is_empty() && done.opened.is_empty(), "{done:?}");
    assert_eq!(table(&scene), before);

    let wrong = "id,name,client,ignored\n6,Umbrella,Nobody,false\nsix,Umbrella,Acme,false\n7,Initech,Acme,perhaps\n";
    let refused = scene.act(|tx, now| api::orgs_import(tx, now, "dana", wrong.as_bytes())).unwrap_err();
    assert_eq!(refused.code, Code::InvalidInput);
    let Some(api::Detail::Problems(problems)) = &refused.detail else { panic!("{refused:?}") };
    assert_eq!(problems.len(), 3, "every problem at once: {problems:?}");
    assert_eq!(table(&scene), before, "and nothing of it");

    let edited =
        text.replace("6,Umbrella,,false", "6,Umbrella,Acme,false").replace("8,Hooli,,true", "8,Hooli,Globex,false");
    let done = scene.act(|tx, now| api::orgs_import(tx, now, "dana", edited.as_bytes())).unwrap();
    assert_eq!(done.changed, [OrganizationId(6), OrganizationId(8)]);
    assert_eq!(done.opened, [scene.ticket_of(withheld).id], "no longer ignored: its ticket comes at once");
    assert_eq!(scene.ticket_of(withheld).client, "Globex");
    assert_eq!(
        (table(&scene)[2].as_str(), table(&scene)[4].as_str()),
        ("6 Umbrella -> Acme import", "8 Hooli -> Globex import")
    );
    scene.assert_accounted();
    scene.stop().await;
}
