//! What a connector promises when it can't have its way.

use std::time::Duration;

use crate::fake::{Desk, Fake, reference};
use nightdesk_core::delivery::Outcome;
use nightdesk_core::port::{Found, PsaError};

pub async fn a_ticket_that_the_psa_will_never_take_is_refused_for_good_in_words(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let mut bad = desk.create();
    fake.spoil(&mut bad.filed);
    let outcome = desk.open(&bad, 1).await;
    assert!(matches!(&outcome, Outcome::Permanent { error } if error.len() > 40), "{outcome:?}");
    assert_eq!(fake.tickets(), 0);
    reference(desk.open(&desk.create(), 1).await);
}

pub async fn a_refused_key_waits_for_a_person_and_names_the_secret(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (told, was) = desk.opened().await;
    fake.refuse_the_key();
    for outcome in [desk.open(&desk.create(), 1).await, desk.change(&told.id, &was, &desk.closed(&was)).await] {
        assert!(matches!(&outcome, Outcome::NeedsHuman { error } if error.contains("secret set")), "{outcome:?}");
    }
    assert!(matches!(desk.look_up(&desk.create()).await, Found::Unknown(_)), "not found isn't not there");
    let psa = fake.psa();
    assert!(matches!(psa.catalogue().await, Err(PsaError::Refused(_))));
    assert!(matches!(psa.ticket(&told.id).await, Err(PsaError::Refused(_))), "nor deleted");
    assert!(matches!(psa.access().await, Err(PsaError::Refused(_))));
}

pub async fn what_the_key_may_do_is_told_without_doing_it(fake: &impl Fake) {
    let access = fake.psa().access().await.unwrap();
    assert!(access.rights.iter().any(|right| right.is_needed) && access.lacking().count() == 0, "{access:?}");
    assert_eq!(fake.tickets(), 0);
}

pub async fn a_limit_is_kept_by_every_sender_until_it_is_over(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let wait = Duration::from_secs(90);
    fake.limit(wait);
    let outcome = desk.open(&desk.create(), 1).await;
    assert!(matches!(outcome, Outcome::Temporary { retry_after: Some(asked), .. } if asked == wait), "{outcome:?}");
    assert!(fake.senders().iter().all(|sender| sender.closed_until().is_some()), "so that nothing is claimed in vain");
    let before = fake.requests();
    assert!(matches!(desk.open(&desk.create(), 1).await, Outcome::Temporary { retry_after: Some(_), .. }));
    assert_eq!((fake.requests(), fake.tickets()), (before, 0));
    fake.pass(wait + Duration::from_secs(10));
    assert!(fake.senders().iter().all(|sender| sender.closed_until().is_none()));
    reference(desk.open(&desk.create(), 1).await);
}
