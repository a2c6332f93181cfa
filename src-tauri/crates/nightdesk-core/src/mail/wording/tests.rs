use super::super::{Item, write};
use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn parse(part: Part, text: &str) -> Result<Template, TemplateError> {
    Template::parse(Kind::Incident, part, text)
}

#[test]
fn every_shipped_wording_passes_its_own_check_and_leaves_no_gaps() {
    for kind in Kind::ALL {
        for part in Part::ALL {
            let template = Template::parse(kind, part, kind.wording(part));
            assert!(template.is_ok(), "{kind:?} {part:?}: {template:?}");
            let made = Template::shipped(kind, part).render(&Values::example()).unwrap();
            assert!(!made.contains("{{") && !made.contains("{%") && !made.contains("\n\n\n"), "{made}");
            assert_eq!(Kind::named(&kind.name(part)), Some((kind, part)));
        }
    }
    assert_eq!(Kind::named("incident_sound"), None);
}

#[test]
fn an_incident_reads_as_it_should() {
    let written = write(&BTreeMap::new(), Kind::Incident, &Values::example());
    assert_eq!(
        written.subject,
        "Nightdesk [EDR] CRITICAL Incident | Ransomware canary tripped on DC01 (Contoso Dental)"
    );
    assert!(
        written.text.starts_with(
            "A new incident.\n\nSeverity:     critical\nWhat:         Ransomware canary tripped\nHost:         DC01\n\
             Organization: Contoso Dental\nTicket:       #1042, Contoso Dental Group, Security\nReported:     2026-03-01"
        ),
        "{}",
        written.text
    );
    assert!(written.text.contains("\n- Isolate host: completed\n- Delete C:"), "{}", written.text);
    assert!(written.html.contains("<td>DC01</td>"), "{}", written.html);
    let bare = Values { news: "New.".into(), title: "incident".into(), ..Values::default() };
    assert_eq!(write(&BTreeMap::new(), Kind::Incident, &bare).text, "New.\n\nWhat:         incident");
}

#[test]
fn what_is_wrong_is_said_with_what_to_change() {
    assert_eq!(parse(Part::Text, "{{ nobody }}"), Err(TemplateError::Unknown { name: "nobody".into() }));
    assert_eq!(parse(Part::Text, "  {# nothing #} "), Err(TemplateError::Empty));
    assert_eq!(parse(Part::Html, "{{ title | safe }}"), Err(TemplateError::Escaping { filter: "safe" }));
    assert_eq!(parse(Part::Html, "{{ title | e }}"), Err(TemplateError::Escaping { filter: "e" }));
    assert!(matches!(parse(Part::Text, "a\n{{ title"), Err(TemplateError::Syntax { line: 2, .. })));
    assert!(matches!(parse(Part::Text, "{{ items[0].nothing }}"), Err(TemplateError::Syntax { .. })));
    assert!(matches!(parse(Part::Text, "{{ debug() }}"), Err(TemplateError::Unknown { .. })));
    assert!(matches!(parse(Part::Text, "{% include 'x' %}"), Err(TemplateError::Syntax { .. })));
    assert_eq!(parse(Part::Text, &"x".repeat(LONGEST + 1)), Err(TemplateError::TooMuch));
    let endless = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}";
    assert_eq!(parse(Part::Text, endless), Err(TemplateError::TooMuch));
    let long = format!("{{% for a in range(9999) %}}{}{{% endfor %}}", "y".repeat(200));
    assert_eq!(parse(Part::Text, &long), Err(TemplateError::TooMuch));
}

#[test]
fn a_wording_that_a_newer_version_refuses_is_as_shipped_again() {
    let templates = BTreeMap::from([
        ("incident_subject".to_owned(), "{{ gone }}".to_owned()),
        ("incident_text".to_owned(), "{{ severity }}!".to_owned()),
    ]);
    let written = write(&templates, Kind::Incident, &Values::example());
    assert!(written.subject.starts_with("Nightdesk [EDR]"));
    assert_eq!(written.text, "critical!");
    // With these values nothing would stand there.
    let bare = Values { title: "t".into(), ..Values::default() };
    let templates = BTreeMap::from([("incident_text".to_owned(), "{{ summary }}".to_owned())]);
    assert!(write(&templates, Kind::Incident, &bare).text.contains("What:         t"));
}

/// Ways in which a wording might try to let a value through as markup.
const TRICKS: [&str; 5] = [
    "{{ title }}",
    "{% set x = title %}<b>{{ x }}</b>",
    "{% set x %}{{ title }}{% endset %}{{ x }}",
    "{% autoescape false %}{{ title }}{% endautoescape %}",
    "{{ [title, host] | join(' ') }}{{ title | replace('a', 'b') | upper }}{% filter lower %}{{ title }}{% endfilter %}",
];

proptest! {
    #[test]
    fn nd_16_no_value_is_markup_and_none_ends_a_line(
        value in "\\PC{0,60}|[<>&\"'/a-z=\\r\\n \\x00-\\x1f]{0,60}|<script>alert\\(1\\)</script>|Bcc: x@y.test\\r\\n",
        trick in 0..TRICKS.len(),
    ) {
        let values = Values {
            title: value.clone(), host: value.clone(), organization: value.clone(), summary: value.clone(),
            report: value.clone(), news: value.clone(), severity: value.clone(), remediations: vec![value.clone()],
            reason: value.clone(), advice: value.clone(), since: value.clone(), link: value.clone(), server: value.clone(), ticket: value.clone(),
            client: value.clone(), board: value.clone(), status: value.clone(), reported: value.clone(), count: 1,
            items: vec![Item { what: value.clone(), title: value.clone(), destination: value.clone(), reason: value.clone(),
                severity: value.clone(), host: value.clone(), organization: value.clone(), ticket: value.clone(), text: value.clone() }],
            ..Values::default()
        };
        for kind in Kind::ALL {
            let written = write(&BTreeMap::new(), kind, &values);
            prop_assert!(!written.subject.chars().any(char::is_control), "{:?}", written.subject);
            // What stands in angle brackets is ours: the same with and without the values.
            prop_assert_eq!(tags(&written.html), tags(&write(&BTreeMap::new(), kind, &plain(&values)).html));
        }
        let html = Template { kind: Kind::Incident, part: Part::Html, text: TRICKS[trick].to_owned() };
        if let Ok(made) = html.render(&values) {
            prop_assert!(tags(&made).iter().all(|t| t == "<b>" || t == "</b>"), "{}", made);
        }
        let subject = Template { kind: Kind::Incident, part: Part::Subject, text: TRICKS[trick].to_owned() };
        if let Ok(made) = subject.render(&values) {
            prop_assert!(!made.chars().any(char::is_control));
        }
    }
}

/// The same values with letters alone, empty ones as they are.
fn plain(values: &Values) -> Values {
    let of = |text: &String| if crate::content::line(text).is_empty() { String::new() } else { "x".to_owned() };
    let block = |text: &String| if crate::content::block(text).is_empty() { String::new() } else { "x".to_owned() };
    Values {
        title: of(&values.title),
        host: of(&values.host),
        organization: of(&values.organization),
        summary: block(&values.summary),
        report: block(&values.report),
        news: of(&values.news),
        severity: of(&values.severity),
        remediations: values.remediations.iter().map(of).collect(),
        reason: of(&values.reason),
        since: of(&values.since),
        link: of(&values.link),
        server: of(&values.server),
        ticket: of(&values.ticket),
        client: of(&values.client),
        board: of(&values.board),
        status: of(&values.status),
        reported: of(&values.reported),
        advice: of(&values.advice),
        count: values.count,
        items: values
            .items
            .iter()
            .map(|i| Item {
                what: of(&i.what),
                title: of(&i.title),
                severity: of(&i.severity),
                host: of(&i.host),
                organization: of(&i.organization),
                ticket: of(&i.ticket),
                destination: of(&i.destination),
                reason: of(&i.reason),
                text: of(&i.text),
            })
            .collect(),
        ..Values::default()
    }
}

/// The tags, without their attributes' values.
fn tags(html: &str) -> Vec<String> {
    html.split('<')
        .skip(1)
        .map(|rest| {
            let tag = rest.split('>').next().unwrap_or_default();
            format!("<{}>", tag.split(' ').next().unwrap_or_default())
        })
        .collect()
}
