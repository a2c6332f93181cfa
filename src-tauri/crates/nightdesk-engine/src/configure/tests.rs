use super::*;
use crate::desk::fixture::{ACCOUNT, Desk, config};
use nightdesk_store::Setting;

fn put(desk: &mut Desk, config: &Config, exact: bool) -> Applied {
    desk.write(|tx, _, now| apply(tx, now, "dana", config, exact, None)).unwrap()
}

fn organization(id: i64, client: Option<&str>, ignore: bool) -> Organization {
    Organization { id: OrganizationId(id), client: client.map(Into::into), ignore }
}

#[test]
fn the_same_configuration_again_changes_nothing() {
    let mut desk = Desk::bare();
    let mut wanted = config();
    wanted.organizations = vec![organization(4, Some("Acme"), false), organization(5, None, true)];
    let first = put(&mut desk, &wanted, false);
    assert_eq!(first, Applied { revision: 1, difference_is_empty: false, missing: vec![], carried: None });
    let (shown, revision) = desk.read(|tx, _| current(tx).unwrap());
    assert_eq!((&shown, revision), (&wanted, 1));
    let lines = desk.ledger().len();
    for exact in [false, true] {
        let again = put(&mut desk, &shown, exact);
        assert_eq!(again, Applied { revision: 1, difference_is_empty: true, missing: vec![], carried: None });
    }
    assert_eq!(desk.ledger().len(), lines);
    desk.read(|_, ctx| {
        assert!(ctx.config.organizations.is_empty(), "the mapping table is the only copy");
        assert!(ctx.bound.is_some());
    });
}

#[test]
fn organizations_that_a_file_does_not_name_stay_unless_it_is_exact() {
    let mut desk = Desk::new();
    let mut wanted = config();
    wanted.organizations = vec![organization(4, Some("Acme"), false), organization(5, None, true)];
    put(&mut desk, &wanted, false);
    assert_eq!(desk.incident(9, Some(5), "sent"), None);
    wanted.organizations = vec![organization(6, Some("Globex"), false)];
    put(&mut desk, &wanted, false);
    assert_eq!(desk.client_of(4).as_deref(), Some("Acme"));
    let exact = put(&mut desk, &wanted, true);
    assert!(!exact.difference_is_empty);
    assert_eq!((desk.client_of(4), desk.client_of(6).as_deref()), (None, Some("Globex")));
    let rows = desk.read(|tx, _| tx.organizations(ACCOUNT).unwrap());
    assert!(rows.iter().all(|r| !r.ignored && !r.sticky));
    let (_, open) = desk.read(|tx, _| tx.open_tickets_by_organization().unwrap())[0];
    assert_eq!(open, 1, "what was withheld got its ticket at once");

    wanted.organizations = vec![organization(6, Some("Nobody"), false)];
    let refused = desk.write(|tx, _, now| apply(tx, now, "dana", &wanted, false, None));
    assert!(matches!(refused, Err(Error::UnknownClient { .. })));
}

#[test]
fn what_stood_between_a_number_and_our_own_is_forgotten_with_our_own() {
    use nightdesk_store::TextObstacle::{BadNumber, NoTexts, OptedOut};
    let numbers = [("+12125550102", NoTexts), ("+12125550103", OptedOut), ("+12125550104", BadNumber)];
    let mut desk = Desk::bare();
    let mut wanted = config();
    wanted.paging.account_sid = Some("AC1".into());
    wanted.paging.from = Some("+12125550101".into());
    put(&mut desk, &wanted, false);
    desk.write(|tx, _, now| numbers.iter().try_for_each(|(phone, why)| tx.set_text_obstacle(phone, now, Some(*why))))
        .unwrap();
    let left = |desk: &mut Desk| -> Vec<_> {
        let rows = desk.read(|tx, _| tx.contacts().unwrap());
        rows.into_iter().filter_map(|row| row.text_obstacle.map(|(why, _)| why)).collect()
    };
    wanted.paging.rounds = 3;
    put(&mut desk, &wanted, false);
    assert_eq!(left(&mut desk), [NoTexts, OptedOut, BadNumber], "the sender is the same");
    wanted.paging.from = Some("+12125550109".into());
    put(&mut desk, &wanted, false);
    assert_eq!(left(&mut desk), [BadNumber], "a number that doesn't exist is none for any sender");
}

#[test]
fn nd_14_incomplete_routing_pauses_and_the_pause_is_a_gap() {
    let mut desk = Desk::bare();
    let mut part = config();
    part.routing.triage_board = None;
    part.routing.priority.low = None;
    let applied = put(&mut desk, &part, false);
    assert_eq!(applied.missing, ["routing.triage_board", "routing.priority.low"]);
    let paused_at = desk.now;
    desk.read(|tx, ctx| {
        assert!(ctx.bound.is_none());
        assert_eq!(tx.mark(Setting::PausedSince).unwrap(), Some(paused_at));
        assert!(tx.setting(Setting::PauseReason).unwrap().unwrap().contains("routing.triage_board"));
        assert_eq!(tx.open_gap().unwrap().unwrap().from, paused_at);
        assert_eq!(tx.setting(Setting::RoutingWasComplete).unwrap(), None);
    });
    part.routing.priority.low = Some("Low".into());
    assert_eq!(put(&mut desk, &part, false).missing, ["routing.triage_board"]);
    desk.read(|tx, _| {
        assert_eq!(tx.mark(Setting::PausedSince).unwrap(), Some(paused_at), "one pause, whatever is missing");
        assert_eq!(tx.gaps(9).unwrap().len(), 1);
    });
    assert_eq!(put(&mut desk, &config(), false).missing, [""; 0]);
    let complete_at = desk.now;
    desk.read(|tx, ctx| {
        assert!(ctx.bound.is_some());
        assert_eq!(tx.mark(Setting::PausedSince).unwrap(), None);
        assert_eq!(tx.setting(Setting::PauseReason).unwrap(), None);
        assert_eq!(tx.setting(Setting::RoutingWasComplete).unwrap().as_deref(), Some("1"));
        let gaps = tx.gaps(9).unwrap();
        assert_eq!((gaps.len(), gaps[0].to), (1, Some(complete_at)));
        assert!(
            gaps[0].why.starts_with("polling was paused: routing is incomplete: routing.triage_board"),
            "{}",
            gaps[0].why
        );
    });
    put(&mut desk, &part, false);
    desk.read(|tx, ctx| assert!(ctx.bound.is_none() && tx.open_gap().unwrap().is_some()));
}

#[test]
fn a_withheld_incident_that_was_let_go_during_a_pause_gets_its_ticket_afterwards() {
    let mut desk = Desk::new();
    let org = OrganizationId(4);
    desk.write(|tx, ctx, now| mapping::ignore(tx, ctx, now, "dana", org)).unwrap();
    desk.incident(1, Some(4), "sent");
    let mut part = config();
    part.routing.triage_board = None;
    put(&mut desk, &part, false);
    let opened = desk.write(|tx, ctx, now| mapping::unmap(tx, ctx, now, "dana", org)).unwrap().opened;
    assert_eq!(opened, []);
    put(&mut desk, &config(), false);
    assert_eq!(desk.read(|tx, _| tx.open_tickets_by_organization().unwrap()), [(org, 1)]);
}

#[test]
fn mappings_made_before_the_account_is_known_are_adopted() {
    let mut desk = Desk::bare();
    desk.write(|tx, _, _| tx.set(Setting::Account, None)).unwrap();
    let mut wanted = config();
    wanted.organizations = vec![organization(4, Some("Acme"), false)];
    put(&mut desk, &wanted, false);
    desk.write(|tx, _, now| {
        adopt_account(tx, now, ACCOUNT)?;
        let account = serde_json::json!({ "id": ACCOUNT, "name": "Night MSP", "subdomain": null });
        tx.set(Setting::Account, Some(&account.to_string()))
    })
    .unwrap();
    assert_eq!(desk.client_of(4).as_deref(), Some("Acme"));
    assert_eq!(desk.read(|tx, _| current(tx).unwrap().0), wanted);
    assert_eq!(desk.read(|tx, _| tx.organizations(AccountId(0)).unwrap()), []);
}
