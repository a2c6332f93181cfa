use super::*;
use chrono::{Duration, TimeZone};

fn at(minute: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 1, 3, 0, 0).unwrap() + Duration::minutes(minute)
}

fn notice(status: &str, updated: i64) -> Notice {
    Notice {
        account: None,
        total_organizations: None,
        id: 7,
        kind: NoticeKind::Escalation,
        severity: Some("high".into()),
        subject: Some("Sign-in from an unexpected country".into()),
        status: Some(status.into()),
        about: None,
        body: None,
        organizations: vec![OrganizationId(1)],
        created_at: Some(at(0)),
        updated_at: Some(at(updated)),
        resolved_at: (status == "resolved").then(|| at(updated)),
        overdue_since: None,
    }
}

#[test]
fn a_new_notice_is_told_once_whichever_way_it_comes() {
    let first = meet(at(1), None, &notice("open", 0), Some(Event::Created));
    assert_eq!(first.event, Some(Event::Created));
    let stored = first.stored.unwrap();
    assert_eq!(meet(at(2), Some(&stored), &notice("open", 0), None), Met { stored: None, event: None, old: false });
}

#[test]
fn a_resolved_one_is_told_when_it_was_open_before() {
    let open = notice("open", 0);
    assert_eq!(meet(at(9), Some(&open), &notice("resolved", 8), None).event, Some(Event::Closed));
    assert_eq!(meet(at(9), None, &notice("resolved", 8), None).event, None);
}

#[test]
fn word_that_was_overtaken_changes_nothing() {
    let resolved = notice("resolved", 8);
    let late = meet(at(9), Some(&resolved), &notice("open", 0), Some(Event::Created));
    assert_eq!((late.stored, late.event), (None, None));
}

#[test]
fn of_one_second_the_end_stands_unless_a_listing_says_otherwise() {
    let resolved = notice("resolved", 8);
    let created = meet(at(9), Some(&resolved), &notice("open", 8), Some(Event::Created));
    assert_eq!((created.stored, created.event), (None, None));
    assert_eq!(meet(at(9), Some(&resolved), &notice("open", 8), None).event, Some(Event::Created));
}

#[test]
fn a_time_of_change_in_the_future_holds_back_nothing() {
    let ahead = notice("open", 60 * 24 * 365);
    assert_eq!(meet(at(9), Some(&ahead), &notice("resolved", 8), None).event, Some(Event::Closed));
}

#[test]
fn a_number_that_is_used_again_for_another_message_is_told_again() {
    let message = |subject: &str| Notice { subject: Some(subject.into()), ..notice("sent", 0) };
    let met = |seen| meet(at(1), Some(&message("A")), &seen, Some(Event::Notification)).event;
    assert_eq!((met(message("A")), met(message("B"))), (None, Some(Event::Notification)));
    let later = Notice { created_at: Some(at(1)), ..message("A") };
    assert_eq!(met(later), Some(Event::Notification));
}

#[test]
fn an_overdue_one_keeps_what_was_known_and_gains_its_text() {
    let mut overdue = notice("open", 3);
    overdue.body = Some("It has waited for two days.".into());
    overdue.organizations.clear();
    let met = meet(at(4), Some(&notice("open", 0)), &overdue, Some(Event::Overdue));
    assert_eq!(met.event, Some(Event::Overdue));
    let stored = met.stored.unwrap();
    assert_eq!((stored.organizations.as_slice(), stored.overdue_since), (&[OrganizationId(1)][..], Some(at(3))));
    // A listing doesn't know it, and another reminder doesn't begin it anew.
    assert_eq!(meet(at(9), Some(&stored), &notice("open", 3), None).stored.and_then(|n| n.overdue_since), None);
    let listed = meet(at(9), Some(&stored), &notice("open", 8), None).stored.unwrap();
    assert_eq!(listed.overdue_since, Some(at(3)));
    let again = meet(at(9), Some(&listed), &notice("open", 9), Some(Event::Overdue)).stored.unwrap();
    assert_eq!(again.overdue_since, Some(at(3)));
    let over = meet(at(20), Some(&again), &notice("resolved", 12), None).stored.unwrap();
    assert_eq!(over.overdue_since, None);
    let late = meet(at(20), Some(&over), &notice("open", 3), Some(Event::Overdue));
    assert_eq!((late.stored, late.event), (None, None), "overtaken by its end");
}

#[test]
fn organizations_beside_those_that_are_listed_are_counted() {
    let names: Vec<String> = ["Acme", "Globex", "Initech"].map(Into::into).into();
    assert_eq!(concerned(&names[..1], 11, 5), "Acme and 11 more organizations");
    assert_eq!(concerned(&names, 0, 2), "Acme, Globex and 1 more organization");
    assert_eq!(concerned(&names, 0, 3), "Acme, Globex, Initech");
    assert_eq!((concerned(&[], 12, 5).as_str(), concerned(&[], 0, 5).as_str()), ("12 organizations", ""));
    let told = |total| Notice { total_organizations: total, ..notice("open", 0) }.more_organizations();
    assert_eq!((told(Some(12)), told(Some(0)), told(None)), (11, 0, 0));
}

#[test]
fn what_was_made_yesterday_is_old_when_first_seen_and_only_then() {
    let late = at(25 * 60);
    assert!(meet(late, None, &notice("open", 0), None).old);
    assert!(!meet(late, Some(&notice("open", 0)), &notice("resolved", 8), None).old);
}

#[test]
fn reopening_is_told_as_a_new_one() {
    let met = meet(at(9), Some(&notice("resolved", 3)), &notice("open", 8), None);
    assert_eq!(met.event, Some(Event::Created));
    assert!(!met.stored.unwrap().is_resolved());
}
