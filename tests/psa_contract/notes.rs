//! What a note promises.

use crate::fake::{Desk, Fake};
use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::Found;
use nightdesk_core::psa::{GONE, Note};

fn note(id: &str, marker: &str) -> Note {
    Note { id: id.into(), marker: marker.into(), text: "The SOC raised the severity to critical.".into() }
}

pub async fn a_note_is_there_once_though_its_answer_was_lost_and_no_customer_reads_it(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    assert_eq!(desk.sender(Kind::PsaNote).idempotency(), Idempotency::Lookup);
    let (told, _) = desk.opened().await;
    let note = note(&told.id, "N-1");
    fake.lose_the_next_answer();
    assert!(matches!(desk.note(&note, 1).await, Outcome::Unknown { .. }));
    let found = desk.look_up_note(&note).await;
    let Found::Yes { remote_ref: Some(id) } = found else { panic!("{found:?}") };
    assert_eq!(desk.note(&note, 2).await, Outcome::Delivered { remote_ref: Some(id) });
    assert_eq!(fake.notes(&told.id), [(note.text, false)]);
}

pub async fn two_notes_of_the_same_words_are_two(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (told, _) = desk.opened().await;
    for marker in ["N-1", "N-2"] {
        let note = note(&told.id, marker);
        assert_eq!(desk.look_up_note(&note).await, Found::No);
        assert!(matches!(desk.note(&note, 2).await, Outcome::Delivered { remote_ref: Some(_) }));
    }
    assert_eq!(fake.notes(&told.id).len(), 2);
}

pub async fn a_note_of_any_length_is_taken(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (told, _) = desk.opened().await;
    let long = Note { text: "é".repeat(50_000), ..note(&told.id, "N-1") };
    assert!(matches!(desk.note(&long, 1).await, Outcome::Delivered { .. }));
}

pub async fn a_note_for_a_deleted_ticket_says_so(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (told, _) = desk.opened().await;
    fake.person_deletes(&told.id, "Dana");
    let outcome = desk.note(&note(&told.id, "N-1"), 1).await;
    assert!(matches!(&outcome, Outcome::Permanent { error } if error.starts_with(GONE)), "{outcome:?}");
}
