//! Nights that went otherwise than anybody planned.

use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::health::State;
use nightdesk_core::ids::OrganizationId;
use nightdesk_standin::{Fault, IncidentBuilder};
use nightdesk_tests::{Scene, configuration};

const FIVE: TimeDelta = TimeDelta::minutes(5);

async fn night() -> Scene {
    let mut scene = Scene::open(Scene::account()).await;
    scene.start().await;
    scene
}

#[tokio::test]
async fn a_re_homed_ticket_stays_where_a_person_put_it() {
    let mut scene = night().await;
    let id = scene.world().publish(IncidentBuilder::high().organization(6));
    scene.pass(FIVE).await;
    let ticket = scene.ticket_of(id).id;
    scene.act(|tx, now| api::rehome(tx, now, "dana", &[ticket], "Globex", false)).unwrap();
    scene.world().reassign(id, Some(4));
    scene.pass(FIVE).await;
    assert_eq!(scene.ticket_of(id).client, "Globex");
    assert_eq!(scene.kinds_of(id), "opened rehomed note");
    scene.stop().await;
}

#[tokio::test]
async fn an_incident_that_comes_back_after_a_404_is_followed_again() {
    let mut scene = night().await;
    let id = scene.world().publish(IncidentBuilder::high().organization(4).id(77));
    scene.pass(FIVE).await;
    scene.world().remove(id);
    scene.pass(TimeDelta::hours(2)).await;
    assert_eq!(scene.kinds_of(id), "opened gone");
    scene.world().publish(IncidentBuilder::high().organization(4).id(77).status("closed"));
    scene.pass(FIVE).await;
    assert_eq!(scene.kinds_of(id), "opened gone note closed");
    scene.world().set_status(id, "sent");
    scene.pass(FIVE).await;
    scene.world().remove(id);
    scene.pass(TimeDelta::hours(2)).await;
    assert_eq!(scene.kinds_of(id), "opened gone note closed note reopened gone", "said again, since it was here again");
    assert_eq!(scene.tickets().len(), 1);
    scene.stop().await;
}

#[tokio::test]
async fn a_record_without_a_readable_id_has_one_bare_ticket_and_holds_nothing_back() {
    let mut scene = night().await;
    let good = scene.world().publish(IncidentBuilder::high().organization(4));
    scene.world().publish(IncidentBuilder::critical().organization(4).field("id", "seven"));
    scene.world().publish(IncidentBuilder::low().organization(4).without("id"));
    scene.pass(TimeDelta::hours(2)).await;
    let bare: Vec<_> = scene.tickets().into_iter().filter(|t| t.incident_id.is_none()).collect();
    assert_eq!(bare.len(), 2, "once each, however often they are listed");
    assert!(bare.iter().all(|t| t.board == "Triage" && t.title.contains("[Unreadable]")));
    assert_eq!(scene.ticketed(), [good]);
    assert_eq!(scene.status().last_poll.ok, Some(true), "no reason for a poll to fail");
    let l = scene.status().ledger;
    assert_eq!((l.seen, l.quarantined, l.unaccounted), (3, 2, Some(0)));
    scene.stop().await;
}

#[tokio::test]
async fn a_configuration_that_takes_routing_away_pauses_in_plain_sight_and_loses_nothing() {
    let mut scene = night().await;
    scene.pass(FIVE).await;
    let whole = configuration(&scene.soc.base_url());
    let less = whole.replace("triage_board = \"Triage\"", "");
    let applied = scene.configure(&less).unwrap();
    assert_eq!(applied.missing, ["routing.triage_board"]);
    let id = scene.world().publish(IncidentBuilder::critical().organization(6));
    scene.pass(FIVE).await;
    let status = scene.status();
    assert_eq!(status.state, State::Paused);
    assert_eq!(status.reason.as_deref(), Some("routing is incomplete: routing.triage_board"));
    scene.apply(&whole);
    scene.settle().await;
    assert_eq!(scene.status().state, State::Watching);
    assert_eq!(scene.ticket_of(id).board, "Triage");
    let gaps = scene.gaps();
    assert!(gaps.len() == 1 && gaps[0].starts_with("01:05:00-01:10:00 polling was paused"), "{gaps:?}");
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn a_client_that_the_desk_no_longer_has_loses_no_ticket() {
    let mut scene = night().await;
    let without = configuration(&scene.soc.base_url()).replace(", \"Initech\"]", "]");
    let applied = scene.configure(&without);
    let id = scene.world().publish(IncidentBuilder::critical().organization(7));
    scene.pass(FIVE).await;
    let ticket = scene.ticket_of(id);
    match applied {
        Err(refused) => {
            assert!(refused.to_string().contains("Initech"), "{refused}");
            assert_eq!(ticket.client, "Initech", "nothing was applied");
        }
        Ok(_) => assert_eq!((ticket.board.as_str(), ticket.client.as_str()), ("Triage", "Security Triage")),
    }
    assert_eq!(scene.status().state, State::Watching);
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn a_shorter_interval_counts_at_once() {
    let mut scene = Scene::bare(Scene::account()).await;
    let every = |n: u32| configuration(&scene.soc.base_url()).replace("minutes = 5", &format!("minutes = {n}"));
    let (hourly, quick) = (every(60), every(2));
    scene.apply(&hourly);
    scene.start().await;
    scene.pass(FIVE).await;
    let id = scene.world().publish(IncidentBuilder::critical().organization(4));
    scene.apply(&quick);
    scene.settle().await;
    scene.pass(TimeDelta::minutes(2)).await;
    assert!(scene.ticket_of(id).is_open, "not in an hour");
    scene.stop().await;
}

#[tokio::test]
async fn asleep_while_huntress_was_down_is_two_reasons_and_no_loss() {
    let mut scene = night().await;
    scene.pass(FIVE).await;
    let down = scene.soc.fault(Fault::status(503));
    let id = scene.world().publish(IncidentBuilder::critical().organization(4));
    scene.pass(TimeDelta::minutes(12)).await;
    scene.sleep(TimeDelta::hours(9)).await;
    scene.pass(FIVE).await;
    assert_eq!(scene.status().state, State::Blind);
    scene.world().lift(down);
    scene.pass(TimeDelta::minutes(10)).await;
    assert_eq!(scene.status().state, State::Watching);
    assert!(scene.ticket_of(id).is_open);
    let gaps = scene.gaps();
    assert!(gaps.iter().any(|g| g.contains("503")) && gaps.iter().any(|g| g.contains("asleep")), "{gaps:?}");
    assert!(gaps.iter().all(|g| !g.contains("-now")), "{gaps:?}");
    scene.stop().await;
}

#[tokio::test]
async fn an_overtaken_answer_moves_nothing_backwards() {
    let mut scene = night().await;
    let id = scene.world().publish(IncidentBuilder::high().organization(4));
    scene.pass(FIVE).await;
    let old = scene.world().incident(id).unwrap();
    scene.world().set_status(id, "closed");
    scene.pass(FIVE).await;
    // A cache at Huntress gives the state of ten minutes ago once more.
    let new = scene.world().incident(id).unwrap();
    scene.world().put_raw(id, old);
    scene.pass(FIVE).await;
    assert_eq!(scene.kinds_of(id), "opened note closed");
    scene.world().put_raw(id, new);
    scene.pass(FIVE).await;
    assert_eq!(scene.kinds_of(id), "opened note closed");
    scene.stop().await;
}

#[tokio::test]
async fn ignored_and_reopened_by_the_soc_an_old_ticket_is_followed() {
    let mut scene = night().await;
    let id = scene.world().publish(IncidentBuilder::high().organization(8));
    scene.pass(FIVE).await;
    scene.world().set_status(id, "closed");
    scene.pass(FIVE).await;
    scene.act(|tx, now| api::orgs_ignore(tx, now, "dana", OrganizationId(8))).unwrap();
    scene.world().set_status(id, "sent");
    scene.pass(FIVE).await;
    assert!(scene.ticket_of(id).is_open, "tickets it already has are still followed");
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn a_first_night_without_huntress_is_blind_and_never_green() {
    let mut scene = Scene::open(Scene::account()).await;
    let old = IncidentBuilder::critical().organization(4).sent_ago(TimeDelta::days(400));
    let old = scene.world().publish(old);
    scene.world().revoke_key();
    scene.start().await;
    assert_eq!(scene.status().state, State::Blind);
    scene.pass(TimeDelta::minutes(30)).await;
    let status = scene.status();
    assert_eq!((status.state, status.since, status.alarms.len()), (State::Blind, None, 1), "{:?}", status.alarms);
    assert_eq!(status.ledger.unaccounted, None, "nothing is proven yet");
    scene.world().restore_key();
    scene.pass(TimeDelta::hours(1)).await;
    assert_eq!(scene.status().state, State::Watching);
    assert!(scene.ticket_of(old).is_open);
    assert_eq!(scene.gaps().len(), 1, "{:?}", scene.gaps());
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn a_first_sweep_that_fails_is_done_with_the_next_poll() {
    let mut scene = Scene::open(Scene::account()).await;
    let old = IncidentBuilder::critical().organization(4).sent_ago(TimeDelta::days(400));
    let old = scene.world().publish(old);
    for _ in 0..600 {
        scene.world().publish(IncidentBuilder::low().organization(4));
    }
    let bad = scene.soc.fault(Fault::status(500).when(|r| r.param("status").is_some()));
    scene.start().await;
    assert_eq!(scene.status().last_poll.ok, Some(false), "what is old and open is missing still");
    assert_eq!(scene.status().ledger.unaccounted, None);
    scene.world().lift(bad);
    scene.pass(FIVE).await;
    assert_eq!(scene.status().last_poll.ok, Some(true));
    assert!(scene.ticket_of(old).is_open);
    assert_eq!(scene.tickets().len(), 601);
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn a_sweep_that_fails_later_changes_no_verdict_and_is_due_again() {
    let mut scene = night().await;
    let id = scene.world().publish(IncidentBuilder::high().organization(4));
    scene.pass(TimeDelta::minutes(58)).await;
    scene.world().update_quietly(id, |r| drop(r.insert("status".into(), "closed".into())));
    let second_status = |r: &nightdesk_standin::Request| r.param("status") == Some("auto_remediating");
    let bad = scene.soc.fault(Fault::status(500).when(second_status));
    scene.pass(FIVE).await;
    assert_eq!(scene.status().ledger.unaccounted, Some(0), "the last whole sweep stands");
    assert_eq!(scene.status().state, State::Watching, "the walk is what proves the read");
    scene.world().lift(bad);
    scene.requests();
    scene.pass(FIVE).await;
    let swept = scene.asked().iter().filter(|r| r.param("status").is_some() && r.path.ends_with("reports")).count();
    assert_eq!(swept, 2, "not only in an hour");
    assert!(!scene.ticket_of(id).is_open);
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn a_reopening_that_no_walk_can_see_is_found_by_the_sweep() {
    let mut scene = night().await;
    let id = scene.world().publish(IncidentBuilder::high().organization(4).status("closed"));
    scene.pass(FIVE).await;
    assert!(scene.ticketed().is_empty());
    scene.pass(TimeDelta::minutes(30)).await;
    for _ in 0..60 {
        scene.world().publish(IncidentBuilder::low().organization(4));
    }
    scene.pass(FIVE).await;
    scene.world().publish(IncidentBuilder::low().organization(4));
    scene.pass(FIVE).await;
    scene.world().update_quietly(id, |r| drop(r.insert("status".into(), "sent".into())));
    scene.pass(TimeDelta::minutes(10)).await;
    assert_eq!(scene.tickets().len(), 61, "its last change lies before the cursor");
    scene.pass(FIVE).await;
    assert!(scene.ticket_of(id).is_open);
    assert_eq!(scene.kinds_of(id), "opened");
    scene.assert_accounted();
    scene.stop().await;
}

#[tokio::test]
async fn an_ignored_organizations_withheld_incident_that_ends_stays_counted_and_opens_nothing_later() {
    let mut scene = night().await;
    scene.act(|tx, now| api::orgs_ignore(tx, now, "dana", OrganizationId(8))).unwrap();
    let id = scene.world().publish(IncidentBuilder::critical().organization(8));
    scene.pass(TimeDelta::hours(2)).await;
    assert_eq!(scene.status().ledger.withheld, 1);
    assert_eq!(scene.status().ledger.unaccounted, Some(0), "withheld is accounted for");
    scene.world().remove(id);
    scene.pass(TimeDelta::hours(2)).await;
    assert_eq!((scene.status().ledger.withheld, scene.tickets().len()), (1, 0));
    scene.act(|tx, now| api::orgs_map(tx, now, "dana", OrganizationId(8), "Globex", false)).unwrap();
    assert_eq!(scene.ticket_of(id).client, "Globex", "nobody said that it is solved");
    scene.pass(FIVE).await;
    scene.assert_accounted();
    scene.stop().await;
}
