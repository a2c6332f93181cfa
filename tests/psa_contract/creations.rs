//! What opening a ticket promises.

use crate::fake::{Desk, Fake, outgoing, reference};
use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::Found;
use nightdesk_core::psa::Reference;
use serde_json::json;

pub async fn a_ticket_is_delivered_with_its_reference_and_stands_as_asked(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    assert!(fake.psa().holds_tickets());
    let create = desk.create();
    let told = reference(desk.open(&create, 1).await);
    assert!(told.number.is_some() && told.updated_at.is_some(), "{told:?}");
    let seen = desk.seen(&told.id).await;
    assert_eq!((seen.filed, seen.is_closed, seen.number), (create.filed.clone(), false, told.number));
    let (title, description) = fake.shown(&told.id);
    assert_eq!(title, create.filed.title);
    assert!(description.contains("isolate the host"), "{description}");
    assert!(
        !description.contains("## ") && !description.contains("<b>"),
        "rendered, and vendor text is text: {description}"
    );
    assert_eq!(fake.tags(&told.id), create.tags);
}

pub async fn a_lost_answer_is_in_doubt_and_the_ticket_is_found_and_not_made_twice(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let create = desk.create();
    assert_eq!(desk.sender(Kind::PsaTicket).idempotency(), Idempotency::Lookup);
    fake.lose_the_next_answer();
    assert!(matches!(desk.open(&create, 1).await, Outcome::Unknown { .. }));
    let Found::Yes { remote_ref: Some(found) } = desk.look_up(&create).await else { panic!("it is there") };
    let found = Reference::parse(&found).unwrap();
    assert_eq!(reference(desk.open(&create, 2).await).id, found.id);
    assert_eq!(fake.tickets(), 1);
}

pub async fn a_lost_request_is_in_doubt_and_the_ticket_is_made_once(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let create = desk.create();
    fake.lose_the_next_request();
    assert!(matches!(desk.open(&create, 1).await, Outcome::Unknown { .. }));
    assert_eq!(desk.look_up(&create).await, Found::No);
    reference(desk.open(&create, 2).await);
    assert_eq!(fake.tickets(), 1);
}

pub async fn another_incidents_ticket_is_not_taken_for_it(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (mut longer, mut elsewhere) = (desk.create(), desk.create());
    (longer.marker, longer.reference) = ("HR-421".into(), "huntress:7:421".into());
    longer.filed.title = "[Huntress] another (HR-421)".into();
    elsewhere.reference = "huntress:8:42".into();
    reference(desk.open(&longer, 1).await);
    reference(desk.open(&elsewhere, 1).await);
    fake.person_opens("Dana's own notes about HR-42", "Dana");
    assert_eq!(desk.look_up(&desk.create()).await, Found::No);
}

pub async fn a_closed_ticket_is_found_too(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (told, _) = desk.opened().await;
    fake.person_closes(&told.id, "Dana");
    let Found::Yes { remote_ref: Some(found) } = desk.look_up(&desk.create()).await else { panic!("it is there") };
    let found = Reference::parse(&found).unwrap();
    let is_ours_alone = found.updated_at.is_some_and(|at| Some(at) > told.updated_at);
    assert!(found.id == told.id && !is_ours_alone, "as of its creation at most: what Dana did is not ours: {found:?}");
}

pub async fn one_from_before_is_looked_for_when_asked_to(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (told, _) = desk.opened().await;
    let mut again = desk.create();
    again.look_first = true;
    assert_eq!((reference(desk.open(&again, 1).await).id, fake.tickets()), (told.id, 1));
}

pub async fn a_payload_from_another_version_is_refused_for_good(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    for kind in [Kind::PsaTicket, Kind::PsaUpdate, Kind::PsaNote] {
        let before = fake.requests();
        let outcome = desk.sender(kind).send(&outgoing("X", &json!({ "odd": 1 }), 1)).await;
        assert!(matches!(&outcome, Outcome::Permanent { error } if !error.is_empty()), "{kind:?} {outcome:?}");
        assert_eq!(fake.requests(), before);
    }
}
