//! The routing table, row by row.

use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::ids::OrganizationId;
use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::{CONFIG, Scene};
use serde_json::Value;

const FIVE: TimeDelta = TimeDelta::minutes(5);

/// Board, client, priority, status and whether it is open.
fn place(scene: &Scene, incident: i64) -> (String, String, String, String, bool) {
    let t = scene.ticket_of(incident);
    (t.board, t.client, t.priority.unwrap_or_default(), t.status.unwrap_or_default(), t.is_open)
}

fn at(board: &str, client: &str, priority: &str, status: &str, open: bool) -> (String, String, String, String, bool) {
    (board.into(), client.into(), priority.into(), status.into(), open)
}

async fn night() -> Scene {
    let mut scene = Scene::open(Scene::account()).await;
    scene.start().await;
    scene.requests();
    scene
}

#[tokio::test]
async fn new_and_open_of_a_mapped_organization_goes_to_its_client_by_severity() {
    let scene = &mut night().await;
    let w = scene.world();
    let ids = [
        w.publish(IncidentBuilder::critical().organization(4)),
        w.publish(IncidentBuilder::high().organization(4)),
        w.publish(IncidentBuilder::low().organization(4)),
        w.publish(IncidentBuilder::low().organization(4).status("auto_remediating")),
        w.publish(IncidentBuilder::low().organization(7)),
    ];
    scene.pass(FIVE).await;
    assert_eq!(place(scene, ids[0]), at("Security", "Acme", "Critical", "New", true));
    assert_eq!(place(scene, ids[1]), at("Security", "Acme", "High", "New", true));
    assert_eq!(place(scene, ids[2]), at("Security", "Acme", "Low", "New", true));
    assert_eq!(place(scene, ids[3]), at("Security", "Acme", "Low", "New", true));
    assert_eq!(place(scene, ids[4]), at("Security", "Initech", "Low", "New", true), "linked by its name");
    assert!(ids.iter().all(|id| scene.kinds_of(*id) == "opened"));
    assert!(ids.iter().all(|id| scene.ticket_of(*id).category.as_deref() == Some("Security incident")));
    assert_eq!(scene.ticketed(), ids);
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn new_and_open_of_nobody_we_know_goes_to_triage() {
    let scene = &mut night().await;
    let w = scene.world();
    let ids = [
        w.publish(IncidentBuilder::critical().organization(6)),
        w.publish(IncidentBuilder::high().field("organization_id", Value::Null)),
        w.publish(IncidentBuilder::high().without("organization_id")),
        w.publish(IncidentBuilder::low().organization(4).field("organization_id", 4711)),
    ];
    scene.pass(FIVE).await;
    for (id, priority) in ids.into_iter().zip(["Critical", "High", "High", "Low"]) {
        assert_eq!(place(scene, id), at("Triage", "Security Triage", priority, "To sort", true));
        assert!(scene.ticket_of(id).unmapped);
        assert_eq!(scene.ticket_of(id).category, None);
    }
    assert_eq!(scene.ticketed(), ids);
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn new_and_over_is_a_ledger_line_only() {
    let scene = &mut night().await;
    for status in ["closed", "dismissed", "partner_dismissed", "deleting"] {
        scene.world().publish(IncidentBuilder::critical().organization(4).status(status));
    }
    scene.pass(FIVE).await;
    assert!(scene.ticketed().is_empty());
    let l = scene.status().ledger;
    assert_eq!((l.seen, l.record_only, l.unaccounted), (4, 4, Some(0)));
    scene.stop().await;
}

#[tokio::test]
async fn known_without_a_ticket_gets_one_when_it_opens() {
    let scene = &mut night().await;
    let closed = scene.world().publish(IncidentBuilder::high().organization(4).status("closed"));
    let deleting = scene.world().publish(IncidentBuilder::high().organization(6).status("deleting"));
    scene.pass(FIVE).await;
    assert!(scene.ticketed().is_empty());
    scene.world().set_status(closed, "sent");
    scene.world().set_status(deleting, "sent");
    scene.pass(FIVE).await;
    assert_eq!(place(scene, closed), at("Security", "Acme", "High", "New", true));
    assert_eq!(place(scene, deleting), at("Triage", "Security Triage", "High", "To sort", true));
    assert_eq!((scene.kinds_of(closed), scene.kinds_of(deleting)), ("opened".into(), "opened".into()));
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn a_raised_severity_raises_the_priority_and_a_lowered_one_is_noted() {
    let scene = &mut night().await;
    let id = scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(FIVE).await;
    scene.world().set_severity(id, "critical");
    scene.pass(FIVE).await;
    assert_eq!(place(scene, id), at("Security", "Acme", "Critical", "New", true));
    assert_eq!(scene.kinds_of(id), "opened note priority");
    let line = scene.timeline_of(id);
    assert!(line[1].contains("- severity: low -> critical"), "{line:?}");
    assert!(line[2].contains("Priority Low -> Critical"), "{line:?}");

    scene.world().set_severity(id, "high");
    scene.pass(FIVE).await;
    assert_eq!(place(scene, id), at("Security", "Acme", "Critical", "New", true), "nothing is lowered");
    assert_eq!(scene.kinds_of(id), "opened note priority note");
    assert!(scene.timeline_of(id)[3].contains("- severity: critical -> high"));
    scene.stop().await;
}

#[tokio::test]
async fn a_raised_severity_reopens_even_what_a_person_closed() {
    let scene = &mut night().await;
    let id = scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(FIVE).await;
    let (now, ticket) = (scene.status().last_poll.at.unwrap(), scene.ticket_of(id).id);
    scene.write(|tx| api::close(tx, now, "dana", ticket).unwrap());
    scene.world().update(id, |r| {
        r.insert("summary".into(), "More was found.".into());
    });
    scene.pass(FIVE).await;
    assert!(!scene.ticket_of(id).is_open, "a change is noted and reopens nothing");
    assert_eq!(scene.kinds_of(id), "opened closed note");
    scene.world().set_severity(id, "high");
    scene.pass(FIVE).await;
    assert_eq!(place(scene, id), at("Security", "Acme", "High", "New", true));
    assert_eq!(scene.kinds_of(id), "opened closed note note priority reopened");
    assert_eq!(scene.ticket_of(id).closed_at, None);
    scene.stop().await;
}

#[tokio::test]
async fn the_socs_close_closes_with_the_closed_status_of_the_tickets_own_board() {
    for status in ["closed", "dismissed", "partner_dismissed"] {
        let scene = &mut night().await;
        let mapped = scene.world().publish(IncidentBuilder::low().organization(4));
        let triage = scene.world().publish(IncidentBuilder::low().organization(6));
        scene.pass(FIVE).await;
        scene.world().set_status(mapped, status);
        scene.world().set_status(triage, status);
        scene.pass(FIVE).await;
        assert_eq!(place(scene, mapped), at("Security", "Acme", "Low", "Closed", false));
        assert_eq!(place(scene, triage), at("Triage", "Security Triage", "Low", "Done", false));
        for id in [mapped, triage] {
            assert_eq!(scene.kinds_of(id), "opened note closed");
            assert!(scene.timeline_of(id)[1].contains(&format!("- status: sent -> {status}")));
            assert_eq!(scene.ticket_of(id).closed_at, scene.status().last_poll.at);
        }
        assert_eq!(scene.status().open_incidents, 0);

        scene.world().set_status(mapped, "sent");
        scene.world().set_status(triage, "auto_remediating");
        scene.pass(FIVE).await;
        assert_eq!(place(scene, mapped), at("Security", "Acme", "Low", "New", true));
        assert_eq!(place(scene, triage), at("Triage", "Security Triage", "Low", "To sort", true));
        assert_eq!(scene.kinds_of(triage), "opened note closed note reopened");
        scene.assert_accounted();
        scene.stop().await;
    }
}

#[tokio::test]
async fn without_close_through_the_socs_close_is_noted() {
    let mut scene = Scene::bare(Scene::account()).await;
    let toml = CONFIG.replace("close_through = true", "close_through = false");
    scene.apply(&toml.replace("{url}", &scene.soc.base_url()));
    scene.start().await;
    let id = scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(FIVE).await;
    scene.world().set_status(id, "closed");
    scene.pass(FIVE).await;
    assert_eq!(place(&scene, id), at("Security", "Acme", "Low", "New", true));
    assert_eq!(scene.kinds_of(id), "opened note");
    assert_eq!(scene.status().open_incidents, 0, "the SOC has none open, whatever the desk does");
    scene.stop().await;
}

#[tokio::test]
async fn deleting_closes_nothing() {
    let scene = &mut night().await;
    let id = scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(FIVE).await;
    scene.world().set_status(id, "deleting");
    scene.pass(FIVE).await;
    assert_eq!(place(scene, id), at("Security", "Acme", "Low", "New", true));
    assert_eq!(scene.kinds_of(id), "opened note");
    scene.world().set_status(id, "closed");
    scene.pass(FIVE).await;
    assert!(!scene.ticket_of(id).is_open, "deleting was on the way to closed");
    scene.stop().await;
}

#[tokio::test]
async fn what_a_person_did_stays_done() {
    let scene = &mut night().await;
    let [closed, noted, assigned] = [(); 3].map(|()| scene.world().publish(IncidentBuilder::low().organization(4)));
    scene.pass(FIVE).await;
    let now = scene.status().last_poll.at.unwrap();
    let ticket = |id| scene.ticket_of(id).id;
    scene.write(|tx| {
        api::close(tx, now, "dana", ticket(closed)).unwrap();
        api::note(tx, now, "dana", ticket(noted), "Called the client.").unwrap();
        api::assign(tx, now, "dana", ticket(assigned), Some("Lee")).unwrap();
    });
    for id in [closed, noted, assigned] {
        scene.world().set_status(id, "closed");
    }
    scene.pass(FIVE).await;
    assert!(!scene.ticket_of(closed).is_open);
    assert_eq!(scene.kinds_of(closed), "opened closed note", "the SOC's close is noted, not repeated");
    for (id, did) in [(noted, "note"), (assigned, "assigned")] {
        assert!(scene.ticket_of(id).is_open, "somebody works on it");
        assert_eq!(scene.kinds_of(id), format!("opened {did} note note"));
        assert!(scene.timeline_of(id)[3].contains("stays open"));
    }
    assert_eq!(scene.ticket_of(assigned).assignee.as_deref(), Some("Lee"));
    for id in [closed, noted, assigned] {
        scene.world().set_status(id, "sent");
    }
    scene.pass(FIVE).await;
    assert!([closed, noted, assigned].iter().all(|id| scene.ticket_of(*id).is_open), "the SOC's reopen counts");
    scene.stop().await;
}

#[tokio::test]
async fn an_organization_that_arrives_routes_again_what_nobody_touched() {
    let scene = &mut night().await;
    let publish = || scene.world().publish(IncidentBuilder::high().field("organization_id", Value::Null));
    let (untouched, noted, on_security) =
        (publish(), publish(), scene.world().publish(IncidentBuilder::high().organization(7)));
    let elsewhere = publish();
    scene.pass(FIVE).await;
    let now = scene.status().last_poll.at.unwrap();
    let ticket = scene.ticket_of(noted).id;
    scene.write(|tx| api::note(tx, now, "dana", ticket, "Whose is this?").unwrap());
    for id in [untouched, noted, on_security] {
        scene.world().reassign(id, Some(4));
    }
    scene.world().reassign(elsewhere, Some(6));
    scene.pass(FIVE).await;
    assert_eq!(place(scene, untouched), at("Security", "Acme", "High", "New", true));
    assert_eq!(scene.kinds_of(untouched), "opened note rerouted");
    assert_eq!(place(scene, noted), at("Triage", "Security Triage", "High", "To sort", true));
    assert_eq!(scene.kinds_of(noted), "opened note note");
    assert_eq!(place(scene, on_security), at("Security", "Initech", "High", "New", true), "only triage is left alone");
    assert_eq!(scene.kinds_of(on_security), "opened note");
    assert_eq!(place(scene, elsewhere), at("Triage", "Security Triage", "High", "To sort", true), "unmapped as well");
    scene.world().reassign(elsewhere, None);
    scene.pass(FIVE).await;
    assert_eq!(scene.ticket_of(elsewhere).organization_id, Some(OrganizationId(6)), "absence takes nothing away");
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn an_ignored_organization_is_withheld_and_counted_until_it_no_longer_is() {
    let scene = &mut night().await;
    let before = scene.world().publish(IncidentBuilder::high().organization(8));
    scene.pass(FIVE).await;
    let now = scene.status().last_poll.at.unwrap();
    scene.write(|tx| api::orgs_ignore(tx, now, "dana", OrganizationId(8)).unwrap());
    let open = scene.world().publish(IncidentBuilder::critical().organization(8));
    let over = scene.world().publish(IncidentBuilder::critical().organization(8));
    scene.pass(FIVE).await;
    scene.world().set_status(before, "closed");
    scene.world().set_status(over, "closed");
    scene.pass(FIVE).await;
    assert_eq!(scene.ticketed(), [before], "no new ones");
    assert!(!scene.ticket_of(before).is_open, "but what it has is followed");
    let l = scene.status().ledger;
    assert_eq!((l.seen, l.withheld, l.ticketed, l.unaccounted), (3, 2, 1, Some(0)));

    let done = scene.write(|tx| api::orgs_unmap(tx, now, "dana", OrganizationId(8)).unwrap());
    assert_eq!(scene.ticketed(), [before, open], "at once, and only what is open");
    assert_eq!(done.opened, [scene.ticket_of(open).id]);
    assert_eq!(place(scene, open), at("Triage", "Security Triage", "Critical", "To sort", true));
    let l = scene.status().ledger;
    assert_eq!((l.withheld, l.ticketed, l.record_only), (0, 2, 1));
    scene.pass(FIVE).await;
    assert_eq!(scene.ticketed(), [before, open]);
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn an_unknown_severity_counts_as_critical_until_the_first_known_one() {
    let scene = &mut night().await;
    let missing = scene.world().publish(IncidentBuilder::low().organization(4).field("severity", Value::Null));
    let odd = scene.world().publish(IncidentBuilder::low().organization(4).severity("apocalyptic"));
    scene.requests();
    scene.pass(FIVE).await;
    for id in [missing, odd] {
        assert_eq!(place(scene, id), at("Security", "Acme", "Critical", "New", true));
        assert!(scene.timeline_of(id)[0].contains("treated as critical"));
    }
    let asked = scene.requests();
    for id in [missing, odd] {
        let by_id = format!("/v1/incident_reports/{id}");
        assert_eq!(asked.iter().filter(|p| **p == by_id).count(), 1, "asked for by id, once: {asked:?}");
    }
    scene.world().update(missing, |r| drop(r.insert("severity".into(), "low".into())));
    scene.world().set_severity(odd, "high");
    scene.pass(FIVE).await;
    assert_eq!(
        place(scene, missing),
        at("Security", "Acme", "Low", "New", true),
        "an assumption is followed downwards"
    );
    assert_eq!(place(scene, odd), at("Security", "Acme", "High", "New", true));
    assert_eq!(scene.kinds_of(missing), "opened note priority");
    scene.world().set_severity(missing, "critical");
    scene.world().update(odd, |r| drop(r.insert("severity".into(), Value::Null)));
    scene.pass(FIVE).await;
    assert_eq!(place(scene, missing), at("Security", "Acme", "Critical", "New", true));
    assert_eq!(place(scene, odd), at("Security", "Acme", "High", "New", true), "a missing field changes nothing");
    scene.world().set_severity(missing, "low");
    scene.pass(FIVE).await;
    assert_eq!(place(scene, missing), at("Security", "Acme", "Critical", "New", true), "no longer an assumption");
    scene.stop().await;
}

#[tokio::test]
async fn the_by_id_answer_settles_an_assumed_priority() {
    let scene = &mut night().await;
    let id = scene.world().publish(IncidentBuilder::low().organization(4).field("severity", Value::Null));
    scene.soc.on_request(Box::new(move |r, world| {
        if r.path.ends_with(&format!("/{id}")) {
            world.update(id, |r| drop(r.insert("severity".into(), "low".into())));
        }
    }));
    scene.pass(FIVE).await;
    assert_eq!(place(scene, id), at("Security", "Acme", "Low", "New", true));
    assert_eq!(scene.kinds_of(id), "opened note priority");
    scene.stop().await;
}

#[tokio::test]
async fn old_news_opens_a_ticket_like_any_other() {
    let scene = &mut night().await;
    let id = scene.world().publish(IncidentBuilder::critical().organization(4).sent_ago(TimeDelta::hours(25)));
    scene.world().touch(id);
    scene.pass(FIVE).await;
    assert_eq!(place(scene, id), at("Security", "Acme", "Critical", "New", true));
    scene.assert_accounted();
    scene.stop().await;
}
