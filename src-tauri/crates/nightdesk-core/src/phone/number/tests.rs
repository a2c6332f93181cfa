use super::super::REGIONS;
use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Number {
    Number::read(text).unwrap_or_else(|why| panic!("{text}: {why}"))
}

fn refused(text: &str) -> Refused {
    Number::read(text).expect_err(text)
}

#[test]
fn each_countrys_example_is_its_own() {
    for region in &REGIONS {
        let number = read(region.hint);
        assert_eq!(number.region().id, region.id, "{}", region.hint);
        assert!(matches!(number.line(), Line::Mobile | Line::MobileOrFixed), "{}", region.hint);
        assert_eq!(number.can().sms, region.id != "NZ");
        assert!(number.can().call);
    }
}

#[test]
fn a_number_is_read_as_people_write_it() {
    for text in [
        "+44 7400 123456",
        " +44 (0)7400-123456 ",
        "(+44) 7400.123.456",
        "\u{202a}+44 7400 123456\u{202c}",
        "＋４４ ７４００ １２３４５６",
        "+44\u{a0}7400\u{2011}123\u{2013}456",
    ] {
        assert_eq!(read(text).e164(), "+447400123456", "{text}");
    }
    assert_eq!(read("+39 02 1234 5678").e164(), "+390212345678", "Italy keeps its zero");
}

#[test]
fn a_plus_is_needed() {
    for text in ["", "  ", "07400 123456", "0044 7400 123456", "(201) 555-0123", "4"] {
        assert_eq!(refused(text), Refused::NoPlus, "{text}");
    }
}

#[test]
fn what_is_no_number_is_said_so() {
    let long = format!("+1{}", "2".repeat(500));
    for text in [
        "+",
        "++447400123456",
        "+1 800 FLOWERS",
        "+1 201 555 0123 ext 4",
        "tel:+12015550123",
        "+44 74x",
        "+999 1",
        &long,
    ] {
        assert!(matches!(refused(text), Refused::NotANumber | Refused::Elsewhere { .. }), "{text}");
    }
    assert!(refused("+1 800 FLOWERS").to_string().contains("extension in its own field"));
}

#[test]
fn a_number_its_country_does_not_have() {
    let why = refused("+44 7700 90012");
    assert_eq!(why, Refused::Invalid { country: "United Kingdom", hint: "+44 7400 123456" });
    assert!(why.to_string().contains("for example +44 7400 123456"));
    assert!(refused("+1 201 55").to_string().starts_with("USA or Canada has no such number"));
}

#[test]
fn the_region_decides_and_not_the_calling_code() {
    for (text, place) in [
        ("+44 7911 123456", "Guernsey"),
        ("+44 7781 123456", "Guernsey"),
        ("+44 7797 712345", "Jersey"),
        ("+44 7624 123456", "the Isle of Man"),
        ("+1 787 234 5678", "Puerto Rico"),
        ("+1 876 210 1234", "Jamaica"),
        ("+1 340 642 1234", "the US Virgin Islands"),
        ("+1 809 234 5678", "the Dominican Republic"),
        ("+47 79 12 34 56", "Svalbard and Jan Mayen"),
        ("+39 06 698 12345", "Vatican City"),
        ("+41 78 123 45 67", "the country CH (+41)"),
    ] {
        assert_eq!(refused(text), Refused::Elsewhere { place: place.into() }, "{text}");
    }
    let words = refused("+44 7911 123456").to_string();
    assert!(words.starts_with("Guernsey is not supported; supported are Australia, Belgium"), "{words}");
    assert!(words.ends_with("United Kingdom, USA"), "{words}");
}

#[test]
fn what_can_be_done_follows_line_and_country() {
    let can = |text| read(text).can();
    let all = Can { sms: true, sms_uncertain: false, call: true, two_way: true };
    let calls = Can { sms: false, sms_uncertain: false, call: true, two_way: false };
    assert_eq!(can("+44 7400 123456"), all);
    assert_eq!(can("+44 20 7946 0018"), calls, "a landline");
    assert_eq!(can("+64 21 123 4567"), calls, "New Zealand");
    assert_eq!(can("+1 201 555 0123"), Can { sms_uncertain: true, ..all });
    assert_eq!(can("+45 32 12 34 56"), Can { sms_uncertain: true, ..all });
    assert_eq!(can("+1 345 323 1234"), Can { two_way: false, ..all });
    assert_eq!(can("+1 345 222 1234"), calls, "a landline in the Caymans");
    assert_eq!(can("+86 131 2345 6789"), Can { two_way: false, ..all });
    assert_eq!(read("+33 9 12 34 56 78").line(), Line::Other);
    assert_eq!(can("+33 9 12 34 56 78"), calls);
}

#[test]
fn numbers_that_are_nobodys_phone_are_refused() {
    for (text, kind) in [
        ("+1 800 234 5678", "toll-free"),
        ("+1 900 234 5678", "premium-rate"),
        ("+44 800 123 4567", "toll-free"),
        ("+49 1801 234567", "shared-cost"),
        ("+44 76 4012 3456", "pager"),
        ("+49 900 1234567", "premium-rate"),
        ("+353 85 5123 4567", "voicemail"),
    ] {
        assert_eq!(refused(text), Refused::NotAPhone { kind }, "{text}");
    }
}

#[test]
fn masked_keeps_the_country_and_three_digits() {
    assert_eq!(read("+44 7400 123456").masked(), "+44*******456");
    assert_eq!(read("+1 345 323 1234").masked(), "+1*******234");
}

#[test]
fn it_travels_as_text() {
    let number = read("+1 201 555 0123");
    let json = serde_json::to_string(&number).unwrap();
    assert_eq!(json, "\"+12015550123\"");
    assert_eq!(serde_json::from_str::<Number>(&json).unwrap(), number);
    assert!(serde_json::from_str::<Number>("\"+447911123456\"").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn reading_never_panics_and_what_is_read_reads_the_same(text in "\\PC{0,24}|\\+[0-9 ()./-]{0,24}|\\+(1|44|45|61|64|49)[0-9]{7,11}") {
        if let Ok(number) = Number::read(&text) {
            prop_assert_eq!(Number::read(number.e164()), Ok(number.clone()));
            prop_assert!(number.e164().len() <= 16);
            prop_assert!(number.e164()[1..].bytes().all(|b| b.is_ascii_digit()));
            prop_assert_eq!(number.masked().len(), number.e164().len());
        }
    }
}
