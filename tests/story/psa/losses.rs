//! Lost answers at every call: never two tickets for one incident, and none missing.

use super::{FIVE, night, rehome};
use chrono::TimeDelta;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::algapsa::{Fault, FaultKind};
use nightdesk_tests::Scene;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// So many incidents in each of the runs below: together a thousand.
const EACH: i64 = 200;

fn any_fault(rng: &mut StdRng) -> FaultKind {
    match rng.random_range(0..7) {
        0 => FaultKind::LostAnswer,
        1 => FaultKind::ResetMidBody,
        2 => FaultKind::Truncated,
        3 => FaultKind::StatusAfter(502),
        4 => FaultKind::ResetBefore,
        5 => FaultKind::Status(503, None),
        _ => FaultKind::WrongShape,
    }
}

async fn run(seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut scene = night().await;
    let mut ids = Vec::new();
    for round in 0..10 {
        for _ in 0..12 {
            let (kind, after) = (any_fault(&mut rng), rng.random_range(0..6));
            scene.alga().fault(Fault::new(kind).after(after).times(1));
        }
        for n in 0..EACH / 10 {
            let organization = if n % 3 == 0 { 6 } else { 4 };
            ids.push(scene.world().publish(IncidentBuilder::high().organization(organization).agent(round * 1000 + n)));
        }
        scene.pass(FIVE).await;
        for id in ids.iter().rev().take(5) {
            if scene.ticket_of(*id).unmapped {
                rehome(&scene, *id, "Globex");
            }
            scene.world().set_status(*id, "closed");
        }
    }
    scene.alga().clear_faults();
    scene.pass(TimeDelta::hours(3)).await;
    let filed = scene.psa.as_ref().unwrap().by_incident();
    assert_eq!(filed.len(), ids.len(), "seed {seed}: none missing, none twice");
    for id in ids {
        let (here, there) = (scene.ticket_of(id), &filed[&id.to_string()]);
        assert_eq!(
            (here.board, here.client, here.is_open),
            (there.board.clone(), there.client.clone(), !there.is_closed),
            "seed {seed}, incident {id}"
        );
        let notes = scene.alga().comments(&there.id);
        let mut texts: Vec<_> = notes.iter().map(|c| &c.text).collect();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), notes.len(), "seed {seed}: no note twice");
    }
    scene.stop().await;
}

#[tokio::test]
async fn nd_5_no_ticket_twice_and_none_lost_whatever_answer_is_lost_1() {
    run(1).await;
}

#[tokio::test]
async fn nd_5_no_ticket_twice_and_none_lost_whatever_answer_is_lost_2() {
    run(2).await;
}

#[tokio::test]
async fn nd_5_no_ticket_twice_and_none_lost_whatever_answer_is_lost_3() {
    run(3).await;
}

#[tokio::test]
async fn nd_5_no_ticket_twice_and_none_lost_whatever_answer_is_lost_4() {
    run(4).await;
}

#[tokio::test]
async fn nd_5_no_ticket_twice_and_none_lost_whatever_answer_is_lost_5() {
    run(5).await;
}

/// The process dies between the write there and its answer's being stored.
#[tokio::test]
async fn nd_5_a_crash_between_the_ticket_there_and_its_number_here_makes_no_second_one() {
    let mut scene: Scene = night().await;
    scene.alga().fault(Fault::new(FaultKind::HangAfter).method("POST").on("/tickets").times(1));
    scene.sends_end_within = std::time::Duration::from_millis(100);
    let id = scene.world().publish(IncidentBuilder::high().organization(4));
    scene.poll().await;
    scene.crash().await;
    scene.alga().clear_faults();
    scene.start().await;
    scene.pass(FIVE).await;
    assert_eq!(scene.ticket_of(id).remote_id, Some(scene.filed(id).id));
    scene.stop().await;
}
