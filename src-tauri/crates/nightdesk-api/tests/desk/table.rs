//! The mapping table as CSV.

use crate::fixture::{Desk, t};
use nightdesk_api as api;
use nightdesk_api::{Code, Detail};
use nightdesk_core::ids::OrganizationId;

fn export(desk: &mut Desk) -> String {
    let mut out = Vec::new();
    desk.ask(|tx| api::orgs_export(tx, &mut out)).unwrap();
    String::from_utf8(out).unwrap()
}

fn import(desk: &mut Desk, text: &str) -> Result<api::Imported, api::Error> {
    desk.act(|tx| api::orgs_import(tx, t(5), "dana", text.as_bytes()))
}

#[test]
fn what_is_exported_changes_nothing_when_it_is_imported() {
    let mut desk = Desk::busy();
    let text = export(&mut desk);
    assert_eq!(text.lines().next(), Some("id,name,client,ignored"));
    assert!(text.contains("4,Acme,Acme,false") && text.contains("8,Initech,,true"), "{text}");
    assert!(text.contains("9,'=Hooli,,false"), "a formula is written as text: {text}");
    let done = import(&mut desk, &text).unwrap();
    assert_eq!((done.changed.len(), done.unchanged), (0, 5));
    assert_eq!(export(&mut desk), text);
}

#[test]
fn a_table_from_a_spreadsheet_is_taken() {
    let mut desk = Desk::busy();
    let text = "\u{feff}ID;Client;Ignored\r\n7;globex;\r\n\r\n10;;YES\r\n";
    let done = import(&mut desk, text).unwrap();
    assert_eq!(done.changed, [OrganizationId(7), OrganizationId(10)]);
    let seven = desk.ask(|tx| api::org(tx, OrganizationId(7))).unwrap();
    assert_eq!((seven.client.as_deref(), seven.how.as_str()), (Some("Globex"), "import"));
    assert!(desk.ask(|tx| api::org(tx, OrganizationId(10))).unwrap().ignored);
    let without = import(&mut desk, "id,client\n10,Acme\n").unwrap();
    assert_eq!(without.changed.len(), 1);
    assert!(desk.ask(|tx| api::org(tx, OrganizationId(10))).unwrap().ignored, "no such column: left as it is");
}

#[test]
fn every_problem_comes_at_once_and_nothing_is_taken() {
    let mut desk = Desk::busy();
    let before = export(&mut desk);
    let e = import(
        &mut desk,
        "id,name,client,ignored\n7,x,Globex,false\n0,x,Acme,false\n7,x,Acme,false\n9,x,Globox,maybe\n10,x\n",
    )
    .unwrap_err();
    assert_eq!(e.code, Code::InvalidInput);
    let Some(Detail::Problems(problems)) = &e.detail else { panic!("{e:?}") };
    let lines: Vec<_> = problems.iter().map(|p| (p.line, p.key.as_str())).collect();
    assert_eq!(lines, [(Some(3), "id"), (Some(4), "id"), (Some(5), "client"), (Some(5), "ignored"), (Some(6), "line")]);
    assert!(e.to_string().contains("line 5: client is \"Globox\", which is no client; expected \"Globex\""), "{e}");
    assert_eq!(export(&mut desk), before);
    for (text, part) in [
        ("id,name\n7,x\n", "lacks id or client"),
        ("", "lacks id or client"),
        ("id,client,owner\n", "has the column \"owner\""),
        ("id,client,id\n", "has the column \"id\" twice"),
    ] {
        assert!(import(&mut desk, text).unwrap_err().to_string().contains(part), "{text:?}");
    }
    let e = desk.act(|tx| api::orgs_import(tx, t(5), "dana", b"id,client\n7,\xff\n")).unwrap_err();
    assert!(e.to_string().contains("line 2: cannot be read"), "{e}");
}
