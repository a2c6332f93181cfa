//! Notes, once, for nobody but technicians.

use nightdesk_core::delivery::Outcome;
use nightdesk_core::port::Found;
use nightdesk_core::psa::{GONE, Note};
use nightdesk_standin::algapsa::{Fault, FaultKind};

use crate::desk::{Scene, outgoing};

fn note(id: &str, marker: &str) -> Note {
    Note { id: id.into(), marker: marker.into(), text: "The SOC raised the severity.".into() }
}

#[tokio::test]
async fn a_note_is_internal_and_two_of_the_same_words_are_two() {
    let scene = Scene::new().await;
    let (id, _) = scene.opened().await;
    for marker in ["N-1", "N-2"] {
        assert_eq!(scene.notes().look_up(&outgoing(&note(&id, marker), 1)).await, Found::No);
        assert!(matches!(scene.note(&note(&id, marker), 2).await, Outcome::Delivered { remote_ref: Some(_) }));
    }
    let comments = scene.desk().comments(&id);
    assert_eq!(comments.len(), 2);
    assert!(comments.iter().all(|c| c.is_internal && c.text == "The SOC raised the severity."));
    assert_eq!(scene.standin.unexpected(), []);
}

#[tokio::test]
async fn a_note_whose_answer_was_lost_is_found_among_many() {
    for kind in [FaultKind::LostAnswer, FaultKind::Truncated, FaultKind::StatusAfter(500)] {
        let scene = Scene::new().await;
        let (id, _) = scene.opened().await;
        for n in 0..70 {
            scene.desk().person_comments(&id, &format!("note {n}"), "Dana");
        }
        scene.standin.fault(Fault::new(kind.clone()).method("POST").times(1));
        let note = note(&id, "N-1");
        assert!(matches!(scene.note(&note, 1).await, Outcome::Unknown { .. }), "{kind:?}");
        for n in 0..70 {
            scene.desk().person_comments(&id, &format!("later {n}"), "Dana");
        }
        let there = scene.desk().comments(&id).into_iter().find(|c| c.by != "Dana").unwrap();
        let found = Found::Yes { remote_ref: Some(there.id.clone()) };
        assert_eq!(scene.notes().look_up(&outgoing(&note, 1)).await, found);
        assert_eq!(scene.note(&note, 2).await, Outcome::Delivered { remote_ref: Some(there.id) });
        assert_eq!(scene.desk().comments(&id).len(), 141);
    }
}

#[tokio::test]
async fn a_long_note_is_cut_an_empty_one_refused_and_a_deleted_ticket_gets_none() {
    let scene = Scene::new().await;
    let (id, _) = scene.opened().await;
    let long = Note { text: "é".repeat(6000), ..note(&id, "N-1") };
    assert!(matches!(scene.note(&long, 1).await, Outcome::Delivered { .. }));
    assert_eq!(scene.desk().comments(&id)[0].text.chars().count(), 5000);
    let empty = Note { text: " \n".into(), ..note(&id, "N-2") };
    assert!(matches!(scene.note(&empty, 1).await, Outcome::Permanent { .. }));
    scene.desk().person_deletes(&id, "Dana");
    for attempt in [1, 2] {
        let Outcome::Permanent { error } = scene.note(&note(&id, "N-3"), attempt).await else { panic!("deleted") };
        assert!(error.starts_with(GONE), "{error}");
    }
    assert_eq!(scene.notes().look_up(&outgoing(&note(&id, "N-3"), 1)).await, Found::No);
}
