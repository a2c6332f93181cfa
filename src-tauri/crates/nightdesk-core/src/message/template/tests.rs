use super::super::{Encoding, defang, has_link};
use super::*;
use proptest::prelude::*;

fn page(values: &Values) -> Rendered {
    Template::shipped(Kind::PageText).render(values)
}

#[test]
fn every_shipped_wording_is_fine_and_says_what_it_must() {
    for kind in Kind::ALL {
        let template = Template::parse(kind, kind.wording()).unwrap_or_else(|why| panic!("{kind:?}: {why}"));
        let shown = template.render(&Values::example());
        assert!(!shown.text.contains(['{', '}', '[', ']']), "{}", shown.text);
        assert_eq!(shown.segments.is_none(), kind.is_spoken());
        assert!(shown.segments.is_none_or(|s| s.count == 1 && s.encoding == Encoding::Gsm7), "{}", shown.text);
        assert_eq!(Kind::named(kind.name()), Some(kind));
        assert!(kind.required().iter().all(|p| kind.allowed().contains(p)));
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.name()));
    }
}

#[test]
fn a_page_in_words() {
    let text = |values: &Values| page(values).text;
    let values = Values::example();
    assert_eq!(
        text(&values),
        "Nightdesk CRITICAL Contoso Dental: Ransomware canary tripped on DC01. Reply 4821 to take it."
    );
    let bare = Values { host: String::new(), code: None, repeat: true, ..values.clone() };
    assert_eq!(text(&bare), "Nightdesk possible repeat: CRITICAL Contoso Dental: Ransomware canary tripped.");
    assert_eq!(
        text(&Values { severity: "critical".into(), ..Values::default() }),
        "Nightdesk CRITICAL a client: incident."
    );
    let pin = Template::shipped(Kind::PinCall).render(&values).text;
    assert_eq!(pin, "This is Nightdesk. The PIN for this phone is: 4, 8, 2, 1, 6, 3. Once more: 4, 8, 2, 1, 6, 3.");
    let call = Template::shipped(Kind::PageCall).render(&Values { host: "SQLProd-02".into(), ..values }).text;
    assert_eq!(
        call,
        "This is Nightdesk. critical incident at Contoso Dental, on SQL Prod 02: Ransomware canary tripped."
    );
}

#[test]
fn whoever_reads_that_it_is_taken_knows_which_and_what_is_left() {
    let taken = |values: &Values| Template::shipped(Kind::TakenText).render(values);
    let all = Values::example();
    assert_eq!(
        taken(&all).text,
        "Nightdesk: Contoso Dental, Ransomware canary tripped on DC01 (4821): taken by Sam. Nothing is left for you to do."
    );
    let some = Values { open: 19, host: String::new(), code: None, title: "2 incidents".into(), ..all.clone() };
    assert_eq!(taken(&some).text, "Nightdesk: Contoso Dental, 2 incidents: taken by Sam. Still open: 19.");
    let long = Values { title: "t ".repeat(90), host: "h".repeat(90), client: "c ".repeat(90), open: 200, ..all };
    let shown = taken(&long);
    assert_eq!(shown.segments.map(|s| (s.encoding, s.count)), Some((Encoding::Gsm7, 1)), "{}", shown.text);
    assert!(shown.text.contains("(4821)") && shown.text.ends_with("Still open: 200."), "{}", shown.text);
}

#[test]
fn long_values_are_shortened_into_one_segment_title_first() {
    let values = Values {
        title: "Malicious PowerShell download cradle seen ".repeat(20),
        client: "Contoso Dental Associates of Greater Springfield".into(),
        ..Values::example()
    };
    let shown = page(&values);
    assert_eq!(shown.segments.map(|s| (s.encoding, s.count)), Some((Encoding::Gsm7, 1)), "{}", shown.text);
    assert!(shown.text.contains("Contoso Dental Associates of Greater Springfield: Malicious PowerShell"));
    assert!(shown.text.contains("... on DC01. Reply 4821 to take it."), "{}", shown.text);
    let longer = Values { host: "h".repeat(120), client: "C".repeat(200), ..values };
    let shown = page(&longer);
    assert_eq!(shown.segments.map(|s| s.count), Some(1), "{}", shown.text);
    assert!(shown.text.ends_with("Reply 4821 to take it."));
}

#[test]
fn other_scripts_have_two_segments() {
    let values = Values { client: "株式会社サクラ".repeat(30), title: "感染".repeat(90), ..Values::example() };
    let shown = page(&values);
    assert_eq!(shown.segments.map(|s| (s.encoding, s.count)), Some((Encoding::Ucs2, 2)), "{}", shown.text);
    assert!(shown.text.contains("Reply 4821"), "{}", shown.text);
}

#[test]
fn nd_16_values_and_words_make_no_link_together() {
    let values =
        Values { client: "evil".into(), host: "com/x http".into(), title: "javascript".into(), ..Values::example() };
    for wording in
        ["{client}.{host} {code}", "{host}://{client} {code}", "{title}:{client} {code}", "{client}@{client} {code}"]
    {
        match Template::parse(Kind::PageText, wording) {
            Ok(template) => assert!(!has_link(&template.render(&values).text), "{wording}"),
            Err(why) => assert_eq!(why, TemplateError::Link, "{wording}"),
        }
    }
}

#[test]
fn what_a_wording_must_not_be() {
    let parse = |text: &str| Template::parse(Kind::PageText, text).map(|_| ());
    assert_eq!(parse(" \n\u{200b}"), Err(TemplateError::Empty));
    assert_eq!(parse("{client}: {title}"), Err(TemplateError::Missing(Placeholder::Code)));
    assert_eq!(
        parse("{client} {cod} {code}"),
        Err(TemplateError::Unknown { name: "cod".into(), kind: Kind::PageText })
    );
    assert_eq!(
        parse("{client} {pin} {code}").unwrap_err().to_string().split(';').next(),
        Some("{pin} is not known here")
    );
    for text in [
        "{client} {code",
        "{client} code}",
        "{client} [{code}",
        "{client} {code}]",
        "[[{client}]] {code}",
        "{{client}} {code}",
    ] {
        assert_eq!(parse(text), Err(TemplateError::Unbalanced), "{text}");
    }
    for text in [
        "see desk.example.com {client} {code}",
        "http://x {client} {code}",
        "a@b.c {client} {code}",
        "//x {client} {code}",
        "{client}.com {code}",
    ] {
        assert_eq!(parse(text), Err(TemplateError::Link), "{text}");
    }
    for word in ["STOP", "HELP", "Yes", "start"] {
        let asked = parse(&format!("{{client}} {{code}}. Reply {word} to end."));
        assert_eq!(asked, Err(TemplateError::CarrierWord(word.to_uppercase())));
    }
    assert_eq!(parse("{client} needs help: {title}. Reply {code}."), Ok(()));
    assert_eq!(parse(&format!("{}{{client}} {{code}}", "w".repeat(200))), Err(TemplateError::TooLong { over: 79 }));
    assert!(Template::parse(Kind::DrillCall, &"w ".repeat(300)).is_err());
}

#[test]
fn a_wording_is_made_plain() {
    let template = Template::parse(Kind::PageText, "“{client}” –\n{code}").unwrap();
    assert_eq!(template.render(&Values::example()).text, "\"Contoso Dental\" - 4821");
}

fn any_values() -> impl Strategy<Value = Values> {
    let text = || "\\PC{0,60}|[a-zA-Z .:/@。-]{0,300}|(株|é|€|\\[|ç){0,200}";
    (text(), text(), text(), text(), text(), any::<(bool, Option<u32>)>()).prop_map(
        |(client, host, title, contact, severity, (repeat, count))| Values {
            repeat,
            count,
            by: contact.clone(),
            since: severity.clone(),
            reason: title.clone(),
            client,
            host,
            title,
            contact,
            severity,
            open: count.unwrap_or_default(),
            ..Values::example()
        },
    )
}

proptest! {
    #[test]
    fn nd_16_whatever_the_values_a_text_has_no_link_and_fits(values in any_values(), at in 0usize..12) {
        let kind = Kind::ALL[at];
        let shown = Template::shipped(kind).render(&values);
        if let Some(size) = shown.segments {
            prop_assert!(!has_link(&shown.text), "{}", shown.text);
            prop_assert_eq!(&defang(&shown.text), &shown.text);
            prop_assert!(size.count <= 2, "{} {}", size.units, shown.text);
            prop_assert!(!kind.required().contains(&Placeholder::Code) || shown.text.contains("4821"));
        } else {
            prop_assert!(shown.text.chars().count() <= super::super::speech::SPOKEN_MAX);
        }
    }

    #[test]
    fn parsing_never_panics(text in "\\PC{0,80}|([a-z .:/@]|\\{(client|code|x)\\}|[\\[\\]{}]){0,40}") {
        if let Ok(template) = Template::parse(Kind::PageText, &text) {
            prop_assert!(!has_link(&template.render(&Values::example()).text));
        }
    }
}
