//! What reading promises.

use std::time::Duration;

use crate::fake::{Desk, Fake};
use nightdesk_core::psa::Seen;
use std::collections::BTreeSet;

async fn changed(fake: &impl Fake, since: chrono::DateTime<chrono::Utc>) -> Vec<Seen> {
    let mut all = Vec::new();
    for page in 1.. {
        let changes = fake.psa().changes(since, page).await.unwrap();
        all.extend(changes.tickets);
        if !changes.has_more {
            return all;
        }
    }
    all
}

async fn open(fake: &impl Fake) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for page in 1.. {
        let (ids, more) = fake.psa().open_tickets(page).await.unwrap();
        all.extend(ids);
        if !more {
            return all;
        }
    }
    all
}

pub async fn what_people_did_is_listed_oldest_first_and_agrees_with_each_ticket(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (told, _) = desk.opened().await;
    fake.pass(Duration::from_secs(60));
    let own = fake.person_opens("Dana's own", "Dana");
    fake.person_closes(&told.id, "Dana");
    let changes = changed(fake, told.updated_at.unwrap()).await;
    assert_eq!(changes.iter().map(|t| t.id.as_str()).collect::<Vec<_>>(), [own.as_str(), told.id.as_str()]);
    for seen in &changes {
        assert_eq!(&desk.seen(&seen.id).await, seen);
    }
    let last = changes.last().unwrap();
    assert!(last.is_closed && last.updated_at > told.updated_at);
    assert_eq!(changed(fake, last.updated_at.unwrap()).await.as_slice(), std::slice::from_ref(last), "at or after");
    assert_eq!(open(fake).await, BTreeSet::from([own]));
}

pub async fn more_than_a_page_is_listed_whole(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (told, _) = desk.opened().await;
    let mut ids: BTreeSet<_> = (0..230).map(|n| fake.person_opens(&format!("Ticket {n}"), "Dana")).collect();
    let listed = changed(fake, told.updated_at.unwrap()).await;
    assert!(listed.is_sorted_by_key(|t| t.updated_at));
    ids.insert(told.id);
    assert_eq!(listed.into_iter().map(|t| t.id).collect::<BTreeSet<_>>(), ids);
    assert_eq!(open(fake).await, ids);
}

pub async fn a_deleted_ticket_is_none_and_in_no_list(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (told, _) = desk.opened().await;
    fake.person_deletes(&told.id, "Dana");
    assert_eq!(fake.psa().ticket(&told.id).await.unwrap(), None);
    assert!(open(fake).await.is_empty() && changed(fake, told.updated_at.unwrap()).await.is_empty());
    assert_eq!(fake.psa().ticket("Security\u{1f}not an id of theirs").await.unwrap(), None);
}

pub async fn a_persons_change_bears_their_name_where_the_psa_tells_and_ours_never_does(fake: &impl Fake) {
    let desk = Desk::of(fake).await;
    let (told, was) = desk.opened().await;
    fake.person_opens("Dana's own", "Dana");
    fake.psa().changes(told.updated_at.unwrap(), 1).await.unwrap();
    fake.person_sets_client(&told.id, &desk.client(1), "Dana");
    let by = desk.seen(&told.id).await.by;
    assert!(by.as_deref().is_none_or(|by| by == "Dana"), "{by:?}");
    let now = nightdesk_core::psa::Filed { client: desk.client(1), ..was };
    desk.change(&told.id, &now, &desk.closed(&now)).await;
    assert_ne!(desk.seen(&told.id).await.by.as_deref(), Some("Dana"));
}
