use super::*;
use crate::desk::fixture::{ACCOUNT, Desk, config, listed};
use nightdesk_store::Setting;

const ORG: OrganizationId = OrganizationId(4);

fn list(desk: &mut Desk, rows: &[(i64, &str)]) -> Listing {
    let rows: Vec<_> = rows.iter().map(|(id, name)| listed(*id, name)).collect();
    desk.write(|tx, ctx, now| put_listing(tx, ctx, now, &rows, true)).unwrap()
}

fn row(desk: &mut Desk, id: i64) -> OrganizationRow {
    desk.read(|tx, _| tx.organization(ACCOUNT, OrganizationId(id)).unwrap().unwrap())
}

#[test]
fn names_link_once_and_never_against_a_persons_will() {
    let mut desk = Desk::new();
    let t = desk.ticket_for(1, Some(4));
    let first = list(&mut desk, &[(4, "ACME"), (5, "Acme."), (6, "Security Triage"), (7, "Initech")]);
    assert_eq!(first.auto_linked, [ORG, OrganizationId(5)], "two organizations may share a client; none the fallback");
    assert_eq!(first.new, [5, 6, 7].map(OrganizationId), "4 was met before");
    assert_eq!(desk.place(t)[1], "Triage", "open triage tickets stay");
    assert!(desk.read(|tx, _| tx.mark(Setting::OrganizationsListedAt).unwrap()).is_some());

    let gone = desk.write(|tx, ctx, now| unmap(tx, ctx, now, "dana", ORG)).unwrap();
    assert_eq!((gone.was.is_some(), gone.open_tickets), (true, 1));
    let second = list(&mut desk, &[(4, "ACME"), (5, "Globex")]);
    assert_eq!(second, Listing { renamed: vec![OrganizationId(5)], ..Listing::default() });
    assert_eq!(desk.client_of(4), None, "sticky");
    assert_eq!(desk.client_of(5).as_deref(), Some("Acme"), "a rename keeps the mapping");
    assert!(row(&mut desk, 7).name.is_some(), "not listed any more, but kept");
}

#[test]
fn mapping_leaves_triage_tickets_and_moves_them_on_request() {
    let mut desk = Desk::new();
    let t = desk.ticket_for(1, Some(4));
    let left = desk.write(|tx, ctx, now| map(tx, ctx, now, "dana", ORG, "Acme", false, How::Manual)).unwrap();
    assert_eq!((left.left_on_triage, left.undo), (vec![t], None));
    assert_eq!(desk.place(t)[1], "Triage");
    let moved = desk.write(|tx, ctx, now| map(tx, ctx, now, "dana", ORG, "Acme", true, How::Manual)).unwrap();
    assert_eq!(moved.moved, [t]);
    assert_eq!(desk.place(t), ["Acme", "Security", "New"]);
    let undo = moved.undo.unwrap();
    desk.write(|tx, ctx, now| desk::undo(tx, ctx, now, "dana", undo)).unwrap();
    assert_eq!((desk.place(t)[1].as_str(), desk.client_of(4).as_deref()), ("Triage", Some("Acme")));
    let error = desk.write(|tx, ctx, now| map(tx, ctx, now, "dana", ORG, "Acm", false, How::Manual)).unwrap_err();
    assert!(error.to_string().contains("\"Acme\""), "{error}");
}

#[test]
fn ignoring_withholds_and_its_end_opens_tickets_at_once() {
    let mut desk = Desk::new();
    desk.ticket_for(1, Some(4));
    let ignored = desk.write(|tx, ctx, now| ignore(tx, ctx, now, "dana", ORG)).unwrap();
    assert_eq!(ignored, Ignored { already: false, open_tickets: 1 });
    assert!(desk.write(|tx, ctx, now| ignore(tx, ctx, now, "dana", ORG)).unwrap().already);
    assert_eq!(desk.incident(2, Some(4), "sent"), None);
    assert_eq!(desk.incident(3, Some(4), "closed"), None);
    let back = desk.write(|tx, ctx, now| unmap(tx, ctx, now, "dana", ORG)).unwrap();
    assert_eq!((back.was_ignored, back.opened.len(), back.open_tickets), (true, 1, 1));
    assert_eq!(desk.place(back.opened[0])[1], "Triage");

    desk.write(|tx, ctx, now| ignore(tx, ctx, now, "dana", ORG)).unwrap();
    desk.incident(5, Some(4), "sent");
    let mapped = desk.write(|tx, ctx, now| map(tx, ctx, now, "dana", ORG, "Acme", false, How::Manual)).unwrap();
    assert_eq!(mapped.opened.len(), 1);
    assert_eq!(desk.place(mapped.opened[0]), ["Acme", "Security", "New"]);
    let unknown = desk.write(|tx, ctx, now| unmap(tx, ctx, now, "dana", OrganizationId(99)));
    assert!(matches!(unknown, Err(Error::UnknownOrganization(_))));
}

#[test]
fn the_table_comes_back_as_it_went_or_not_at_all() {
    let mut desk = Desk::new();
    list(&mut desk, &[(4, "Acme"), (5, "Globx"), (6, "Initech")]);
    desk.write(|tx, ctx, now| ignore(tx, ctx, now, "dana", OrganizationId(6))).unwrap();
    let table = desk.read(|tx, ctx| export(tx, ctx).unwrap());
    assert_eq!(table.len(), 3);
    assert_eq!(table[0].client.as_deref(), Some("Acme"));
    let before = desk.ledger().len();
    let same = desk.write(|tx, ctx, now| import(tx, ctx, now, "dana", &table)).unwrap();
    assert_eq!((same.unchanged, same.changed), (3, vec![]));
    assert_eq!(desk.ledger().len(), before);

    let mut wrong = table.clone();
    wrong[0].client = None;
    wrong[1].client = Some("Globexx".into());
    wrong[2].id = OrganizationId(4);
    let error = desk.write(|tx, ctx, now| import(tx, ctx, now, "dana", &wrong)).unwrap_err().to_string();
    assert!(error.contains("row 2") && error.contains("\"Globex\"") && error.contains("row 3"), "{error}");
    assert_eq!(desk.client_of(4).as_deref(), Some("Acme"));

    let mut right = table;
    right[0].client = None;
    right[1].client = Some("Globex".into());
    let changed = desk.write(|tx, ctx, now| import(tx, ctx, now, "dana", &right)).unwrap().changed;
    assert_eq!(changed, [ORG, OrganizationId(5)]);
    assert_eq!((desk.client_of(4), row(&mut desk, 5).how), (None, How::Import));
}

#[test]
fn suggestions_are_near_names_but_never_the_fallback_client() {
    let mut desk = Desk::new();
    list(&mut desk, &[(4, "Globx"), (5, "Security Triag")]);
    let (near, none) = (row(&mut desk, 4), row(&mut desk, 5));
    desk.read(|_, ctx| {
        let found = suggestions(ctx, &near);
        assert_eq!(found[0].0, "Globex");
        assert!(found[0].1 > 0.6 && found[0].1 < 1.0);
        assert_eq!(suggestions(ctx, &none), []);
    });
}

#[test]
fn a_client_that_comes_later_links_organizations_that_are_known() {
    let mut desk = Desk::new();
    list(&mut desk, &[(4, "Initech")]);
    let mut more = config();
    more.local.clients.push("Initech".into());
    desk.write(|tx, _, now| crate::configure::apply(tx, now, "dana", &more, false, None)).unwrap();
    assert_eq!(desk.client_of(4).as_deref(), Some("Initech"));
    assert_eq!(row(&mut desk, 4).how, How::Auto);
}
