use super::super::plain;
use super::*;
use proptest::prelude::*;

#[test]
fn what_handsets_link_is_marked() {
    for (text, expected) in [
        ("go to https://evil.example/a?b=c now", "go to hxxps[://]evil[.]example/a?b=c now"),
        ("HTTP://EVIL.EXAMPLE", "HXXP[://]EVIL[.]EXAMPLE"),
        ("ftp://a.b", "ftp[://]a[.]b"),
        ("//host/share", "[//]host/share"),
        ("custom+x://y", "custom+x[://]y"),
        ("tel:+15551234 SMS:1 javascript:alert(1)", "tel[:]+15551234 SMS[:]1 javascript[:]alert(1)"),
        ("mailto:a@b.example", "mailto[:]a[at]b[.]example"),
        ("http:evil.example", "hxxp[:]evil[.]example"),
        ("root@localhost", "root[at]localhost"),
        ("evil.com evil。com evil．com evil｡com evil․com", "evil[.]com evil[.]com evil[.]com evil[.]com evil[.]com"),
        ("почта.рф 例子.中国", "почта[.]рф 例子[.]中国"),
        ("10.1.2.3 and 10.1.2.3:8080/x", "10[.]1[.]2[.]3 and 10[.]1[.]2[.]3:8080/x"),
        ("svchost.exe a.ps1 report.docx Node.js", "svchost[.]exe a[.]ps1 report[.]docx Node[.]js"),
        ("Dr.Smith of Acme Co.Ltd", "Dr[.]Smith of Acme Co[.]Ltd"),
        ("SRV01.acme.local", "SRV01[.]acme[.]local"),
        ("www.evil.com.", "www[.]evil[.]com."),
        ("(evil.com) \"evil.com\" 'evil.com'", "(evil[.]com) \"evil[.]com\" 'evil[.]com'"),
        ("down.Please", "down[.]Please"),
        ("a..com ...com", "a.[.]com ..[.]com"),
    ] {
        assert_eq!(defang(text), expected);
        assert!(has_link(text), "{text}");
        assert!(!has_link(expected), "{expected}");
    }
}

#[test]
fn what_nobody_links_stays() {
    for text in [
        "",
        "CRITICAL - Incident on SRV01 (Acme, Inc.)",
        "Disk at 2.5 GB, up 1.75%. See 3.4.",
        "(2.5) costs $4.99, or =1.5!",
        "Wait... what. No?",
        "C:\\Windows\\Temp and \\\\host\\share",
        "Trojan:Win32/Wacatac and 10:30 and 24/7 and and/or",
        ".NET and .htaccess",
        "evil[.]com hxxp[://]x[.]y a[at]b tel[:]5 [//]h",
        "感染。",
        "Note: tel: unknown",
    ] {
        assert_eq!(defang(text), text);
        assert!(!has_link(text), "{text}");
    }
    assert_eq!(defang("感染。请处理"), "感染。 请处理");
}

/// A second opinion on what a link needs, which shares nothing with the function under test.
fn looks_linked(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let wordy = |c: char| c.is_alphanumeric();
    let joined = chars.windows(3).any(|w| {
        wordy(w[0]) && "。．｡․.".contains(w[1]) && wordy(w[2]) && !(w[0].is_ascii_digit() && w[2].is_ascii_digit())
    });
    let lower = text.to_lowercase();
    let scheme = ["tel:", "sms:", "javascript:", "mailto:", "http:", "data:"].iter().any(|s| {
        lower.match_indices(s).any(|(i, _)| {
            !lower[..i].ends_with(char::is_alphanumeric)
                && lower[i + s.len()..].starts_with(|c: char| !c.is_whitespace())
        })
    });
    let slashes = lower.match_indices("//").any(|(i, _)| {
        let (before, after) = (lower[..i].trim_end_matches('/'), lower[i..].trim_start_matches('/'));
        !(after.starts_with(']') && before.trim_end_matches(':').ends_with('['))
    });
    joined
        || scheme
        || slashes
        || text.contains('@')
        || LinkFinder::new().url_must_have_scheme(false).links(text).next().is_some()
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let line = defang(&plain(text));
    prop_assert!(!looks_linked(&line), "{:?}", line);
    prop_assert!(!has_link(&line), "{:?}", line);
    prop_assert_eq!(&defang(&line), &line);
    // An accent that a mark has come before has no letter any more, and goes.
    prop_assert!(!has_link(&plain(&line)), "{:?}", line);
    let raw = defang(text);
    prop_assert_eq!(&defang(&raw), &raw);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nd_16_no_link_survives_whatever_the_vendor_wrote(text in "\\PC*|[\\x00-\\x{ff}]*") {
        check(&text)?;
    }

    #[test]
    fn nd_16_no_link_survives_near_misses(text in "([a-c1。．｡․.@/:\\[\\](){}'\" \u{200b}é中!?_~-]|://|http|tel:|com){0,24}") {
        check(&text)?;
    }
}
