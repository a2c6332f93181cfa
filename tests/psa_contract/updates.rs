//! What changing a ticket promises.

use crate::fake::{Desk, Fake, reference};
use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::psa::{Filed, GONE};

pub async fn a_ticket_becomes_what_is_wanted_and_again_changes_nothing(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    assert_eq!(desk.sender(Kind::PsaUpdate).idempotency(), Idempotency::Natural);
    let (told, was) = desk.opened().await;
    let moved = desk.filed(1, 1);
    // A PSA may not be able to take a category away, so none is asked to.
    let moved = Filed { category: moved.category.clone().or(was.category.clone()), ..desk.lower(&moved) };
    let first = reference(desk.change(&told.id, &was, &moved).await);
    let seen = desk.seen(&told.id).await;
    assert_eq!((seen.filed, seen.updated_at), (moved.clone(), first.updated_at));
    assert_eq!(first.id, told.id);
    let again = reference(desk.change(&told.id, &was, &moved).await);
    assert_eq!((desk.seen(&told.id).await.updated_at, again.id), (seen.updated_at, told.id));
}

pub async fn closing_and_reopening(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (told, was) = desk.opened().await;
    let closed = desk.closed(&was);
    reference(desk.change(&told.id, &was, &closed).await);
    assert!(desk.seen(&told.id).await.is_closed);
    reference(desk.change(&told.id, &closed, &was).await);
    let seen = desk.seen(&told.id).await;
    assert_eq!((seen.is_closed, seen.filed), (false, was));
}

pub async fn what_a_person_changed_stays_and_stays_news(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (told, was) = desk.opened().await;
    fake.person_closes(&told.id, "Dana");
    let wants = Filed { client: desk.client(1), ..desk.filed(1, 1) };
    let written = reference(desk.change(&told.id, &was, &wants).await);
    let seen = desk.seen(&told.id).await;
    assert!(seen.is_closed, "Dana closed it");
    assert_eq!(
        (seen.filed.board, seen.filed.client),
        (was.board.clone(), desk.client(1)),
        "its client was nobody's but ours"
    );
    assert_eq!(written.updated_at, None, "the engine is to look at what Dana did");
}

pub async fn a_lost_answer_is_in_doubt_and_repeating_it_is_harmless(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (told, was) = desk.opened().await;
    let closed = desk.closed(&was);
    fake.lose_the_next_answer();
    assert!(matches!(desk.change(&told.id, &was, &closed).await, Outcome::Unknown { .. }));
    let done = desk.seen(&told.id).await;
    assert!(done.is_closed);
    reference(desk.change(&told.id, &was, &closed).await);
    assert_eq!(desk.seen(&told.id).await.updated_at, done.updated_at);
}

pub async fn a_deleted_ticket_is_left_deleted_and_says_so(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (told, was) = desk.opened().await;
    fake.person_deletes(&told.id, "Dana");
    let outcome = desk.change(&told.id, &was, &desk.closed(&was)).await;
    assert!(matches!(&outcome, Outcome::Permanent { error } if error.starts_with(GONE)), "{outcome:?}");
    assert_eq!(fake.tickets(), 0);
}
