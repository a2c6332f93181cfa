//! `[[contact]]` and `[paging]`.

use super::super::*;
use super::{example, has, problem, problems, read};
use nightdesk_core::config::{Channel, Contact, Paging, Threshold};

fn contact(rest: &str) -> String {
    format!("[[contact]]\nname = \"Dana\"\nphone = \"+12125550102\"\nchannels = [\"sms\", \"call\"]\n{rest}\n")
}

fn one(name: &str, phone: &str, channels: &str) -> String {
    format!("[[contact]]\nname = \"{name}\"\nphone = \"{phone}\"\nchannels = {channels}\n")
}

fn names(config: &Config) -> Vec<&str> {
    config.contacts.iter().map(|c| c.name.as_str()).collect()
}

#[test]
fn a_contact_is_read_as_documented() {
    let whole = read(&contact("extension = \"2\"\nwait_minutes = 3")).unwrap();
    let dana = Contact {
        name: "Dana".into(),
        phone: "+12125550102".into(),
        channels: vec![Channel::Sms, Channel::Call],
        extension: Some("2".into()),
        wait_minutes: Some(3),
    };
    assert_eq!(whole.contacts, [dana]);
    let spaced = read(&one("Eli", "+1 (212) 555-0103", "[\"call\"]")).unwrap();
    assert_eq!(spaced.contacts[0].phone, "+12125550103", "stored as the carrier takes it");
    assert_eq!(read("contact = []").unwrap().contacts, []);
}

#[test]
fn contacts_are_set_by_name_in_the_files_order_and_others_stay() {
    let call = "[\"call\"]";
    let base = read(&["A", "B", "C"].map(|n| one(n, "+12125550102", call)).concat()).unwrap();
    let over = |text: &str, exact| parse(text, &base, &Used::default(), exact).unwrap().config;
    assert_eq!(over("", false), Config { organizations: Vec::new(), ..base.clone() }, "an absent section stays");
    let new = one("C", "+12125550103", call) + &one("D", "+12125550104", call);
    let merged = over(&new, false);
    assert_eq!(names(&merged), ["C", "D", "A", "B"]);
    assert_eq!(merged.contacts[0].phone, "+12125550103");
    assert_eq!(names(&over(&new, true)), ["C", "D"]);
    assert!(over("", true).contacts.is_empty(), "what an exact file leaves out goes");
    let near = parse(&one("a", "+12125550102", call), &base, &Used::default(), false).unwrap_err();
    assert!(near[0].to_string().contains("is \"a\" beside \"A\", who is a contact already"), "{near:?}");
    assert!(parse(&one("a", "+12125550102", call), &base, &Used::default(), true).is_ok());
}

#[test]
fn everything_wrong_with_contacts_is_told_at_once_with_its_line() {
    let text = "[[contact]]\nphone = \"2125550102\"\nchannels = [\"fax\"]\n[[contact]]\nname = \" Eli\"\nphone = 5\nchannels = []\nwait_minutes = 61\nextension = \"x\"\ncolour = 1\n";
    let found: Vec<_> = read(text).unwrap_err().into_iter().map(|p| (p.line.unwrap(), p.key)).collect();
    let expected = [
        (1, "contact.name"),
        (2, "contact.phone"),
        (3, "contact.channels"),
        (5, "contact.name"),
        (6, "contact.phone"),
        (7, "contact.channels"),
        (8, "contact.wait_minutes"),
        (9, "contact.extension"),
        (10, "contact.colour"),
    ];
    assert_eq!(found, expected.map(|(line, key)| (line, key.to_owned())));
    assert_eq!(problems("[[contact]]\n").len(), 3, "what is missing, key by key");
    has("[contact]\nname = \"Dana\"\n", &["line 1: contact is a table; expected [[contact]]"]);
    has(&contact("extention = \"2\""), &["line 5: contact.extention is not a known key", "expected extension"]);
    for wrong in ["0", "61", "-1", "2.5", "\"3\""] {
        has(&contact(&format!("wait_minutes = {wrong}")), &["line 5: contact.wait_minutes is ", "from 1 to 60"]);
    }
    has(&contact("extension = 2"), &["line 5: contact.extension is 2; expected the digits"]);
    has(&(contact("") + &contact("")), &["is \"Dana\", which line 2 has too"]);
    let elsewhere = one("Dana", "+447911123456", "[\"call\"]");
    let found = problems(&(elsewhere.clone() + &elsewhere));
    assert!(found.len() == 3 && found[1].contains("is \"Dana\", which line 2 has too"), "{found:#?}");
    has(
        &(contact("") + &one("DANA", "+12125550103", "[\"call\"]")),
        &["line 7: contact.name is \"DANA\" beside \"Dana\" on line 2"],
    );
    has(&one("Dana", "+12125550102", "[\"sms\",\n\"sms\"]"), &["line 5: contact.channels holds \"sms\" twice"]);
    has(&one("Dana", "+12125550102", "\"sms\""), &["contact.channels is \"sms\"; expected a list"]);
    has(&one(&"x".repeat(61), "+12125550102", "[\"sms\"]"), &["contact.name is ", "1 to 60"]);
}

#[test]
fn what_a_number_cannot_do_is_refused_with_a_sentence() {
    has(
        &one("Kiri", "+64211234567", "[\"call\", \"sms\"]"),
        &["line 4: contact.channels holds \"sms\", but New Zealand gets calls only; expected channels = [\"call\"]"],
    );
    assert!(read(&one("Kiri", "+64211234567", "[\"call\"]")).is_ok());
    // A British landline.
    has(&one("Ann", "+442079460018", "[\"sms\"]"), &["is no mobile and takes no texts", "[\"call\"]"]);
    assert!(read(&one("Ann", "+442079460018", "[\"call\"]")).is_ok());
    let elsewhere = problem(&one("Gus", "+447781123456", "[\"call\"]"));
    assert!(elsewhere.contains("line 3: contact.phone is ") && elsewhere.contains("Guernsey"), "{elsewhere}");
    has(&one("Bo", "0012125550102", "[\"call\"]"), &["contact.phone is", "+"]);
    has(&one("Bo", "+18005550199", "[\"call\"]"), &["toll-free"]);
}

#[test]
fn the_carrier_is_read_as_documented_and_takes_its_defaults() {
    let config = example();
    assert_eq!(
        config.paging,
        Paging {
            account_sid: Some("AC00000000000000000000000000000000".into()),
            from: Some("+12125550101".into()),
            ..Paging::default()
        }
    );
    assert_eq!(read("[paging]\n").unwrap().paging, Paging::default());
    let reset = parse("[paging]\nrounds = 3\n", &config, &Used::default(), false).unwrap().config.paging;
    assert_eq!(reset, Paging { rounds: 3, ..Paging::default() }, "a section that is present is replaced whole");
    assert_eq!(read("[paging]\nmin_severity = \"high\"").unwrap().paging.min_severity, Threshold::High);
    has("[paging]\nmin_severity = \"dire\"", &["line 2: paging.min_severity is \"dire\"; expected \"critical\""]);
    has("[paging]\nprovider = \"pigeon\"", &["line 2: paging.provider is \"pigeon\"; expected \"twilio\""]);
    has("[paging]\nround = 2", &["paging.round is not a known key", "rounds"]);
    for (key, least, most) in [("window_hours", 1, 168), ("step_wait_minutes", 1, 60), ("rounds", 1, 10)] {
        assert!(read(&format!("paging.{key} = {least}")).is_ok() && read(&format!("paging.{key} = {most}")).is_ok());
        for wrong in [least - 1, most + 1] {
            has(&format!("paging.{key} = {wrong}"), &[&format!("paging.{key} is {wrong}; expected a whole number")]);
        }
    }
}

#[test]
fn wordings_are_checked_and_shown_again() {
    let text = "[paging]\n[paging.templates]\npage_text = \"{severity} at {client}: {title}. Reply {code}\"\n";
    let config = read(text).unwrap();
    assert_eq!(config.paging.templates["page_text"], "{severity} at {client}: {title}. Reply {code}");
    assert_eq!(read(&render(&config)).unwrap().paging, config.paging);
    assert_eq!(
        difference(&Config::default(), &config),
        ["paging.templates.page_text: (unset) -> \"{severity} at {client}: {title}. Reply {code}\""]
    );
    let with = |text: &str| format!("[paging.templates]\npage_text = \"{text}\"\n");
    has(&with("See www.example.com, {client}, {code}"), &["line 2: paging.templates.page_text", "no link"]);
    has(&with("{client} {code} {pin}"), &["line 2: paging.templates.page_text", "{pin} is not known here"]);
    has(&with("{client}"), &["{code} is missing", "expected a text such as"]);
    has(
        "[paging.templates]\npage_txt = \"x\"\n",
        &["paging.templates.page_txt is not a known key; expected page_text"],
    );
    has("[paging]\ntemplates = 3\n", &["line 2: paging.templates is 3; expected a section"]);
    assert!(read(&with("")).unwrap().paging.templates.is_empty(), "an empty one is as it came");
}

#[test]
fn an_account_is_one_of_the_carriers_unless_it_is_a_double() {
    let with = |url: &str, sid: &str| format!("[paging]\nbase_url = \"{url}\"\naccount_sid = \"{sid}\"\n");
    let twilio = "https://api.twilio.com";
    let real = "AC0123456789abcdef0123456789abcdef";
    assert!(read(&with(twilio, real)).is_ok());
    for wrong in ["AC1", "SK0123456789abcdef0123456789abcdef", "AC0123456789ABCDEF0123456789abcdef", "AC", "secret"] {
        let found = problem(&with(twilio, wrong));
        assert!(found.starts_with("line 3: paging.account_sid is no Account SID; expected"), "{found}");
        assert!(!found.contains("secret") && !found.contains("SK01"), "nd_12: it might be a secret: {found}");
    }
    assert!(read(&with("http://127.0.0.1:4010", "ACdemo")).is_ok());
    assert!(read(&with("http://127.0.0.1:4010", "demo")).is_err());
    assert!(read(&with("http://127.0.0.1:4010", "AC/../x")).is_err());
}

#[test]
fn our_number_and_addresses_have_their_form() {
    for from in ["2125550101", "+0125550101", "+1212", "+1 212 555 0101", "+1212555010112345", "Nightdesk"] {
        has(&format!("[paging]\nfrom = \"{from}\""), &["line 2: paging.from is ", "E.164"]);
    }
    assert!(read("[paging]\nfrom = \"+18005550199\"").is_ok(), "ours may be toll-free");
    for key in ["base_url", "studio_base_url"] {
        let with = |url: &str| format!("[paging]\n{key} = \"{url}\"\n");
        for url in [
            "https://api.twilio.com",
            "https://space.signalwire.com/api/laml/",
            "http://localhost:4010",
            "http://[::1]:9",
        ] {
            assert!(read(&with(url)).is_ok(), "{url}");
        }
        for url in
            ["http://api.twilio.com", "https://me:pw@api.twilio.com", "https://a.example?x=1", "ftp://a", "a.example"]
        {
            let found = problem(&with(url));
            assert!(found.starts_with(&format!("line 2: paging.{key} ")) && !found.contains("pw"), "{found}");
        }
    }
}

#[test]
fn the_difference_of_people_is_named() {
    let before = example();
    let mut after = before.clone();
    after.paging.rounds = 3;
    after.paging.from = None;
    after.contacts[0].wait_minutes = Some(3);
    after.contacts.insert(0, Contact { name: "Eli".into(), extension: Some("2".into()), ..before.contacts[0].clone() });
    assert_eq!(
        difference(&before, &after),
        [
            "paging.from: \"+12125550101\" -> (unset)",
            "paging.rounds: 2 -> 3",
            "contact \"Eli\": (unset) -> \"+12125550102\", [\"sms\", \"call\"], extension \"2\"",
            "contact \"Dana\": \"+12125550102\", [\"sms\", \"call\"] -> \"+12125550102\", [\"sms\", \"call\"], wait_minutes 3",
            "contact: [\"Dana\", \"Eli\"] -> [\"Eli\", \"Dana\"]",
        ]
    );
    after.contacts = before.contacts.clone();
    after.contacts.clear();
    assert!(difference(&before, &after).iter().any(|d| d.starts_with("contact \"Dana\": ") && d.ends_with("(unset)")));
}
