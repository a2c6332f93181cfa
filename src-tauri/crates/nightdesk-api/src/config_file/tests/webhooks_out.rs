//! `[[webhook_out]]`.

use super::super::*;
use super::{example, has, problems, read};
use nightdesk_core::config::{Category, WebhookOut};

fn endpoint(url: &str, rest: &str) -> String {
    format!("[[webhook_out]]\nurl = \"{url}\"\ncategories = [\"escalations\", \"incident_reports\"]\n{rest}\n")
}

#[test]
fn an_endpoint_is_read_as_documented() {
    let read = read(&endpoint("https://SIEM.example.com/in", "")).unwrap().webhooks_out;
    let siem = WebhookOut {
        url: "https://siem.example.com/in".into(),
        categories: vec![Category::IncidentReports, Category::Escalations],
        allow_private: false,
    };
    assert_eq!(read, [siem], "normalised, in Huntress's order");
}

#[test]
fn without_categories_it_is_told_everything_and_with_none_nothing() {
    let all = read("[[webhook_out]]\nurl = \"https://a.example/\"").unwrap().webhooks_out;
    assert_eq!(all[0].categories, Category::ALL);
    let none = read("[[webhook_out]]\nurl = \"https://a.example/\"\ncategories = []").unwrap().webhooks_out;
    assert!(none[0].categories.is_empty());
}

#[test]
fn the_list_is_whole_where_it_is_present_and_stays_where_it_is_absent() {
    let base = read(&(endpoint("https://a.example/", "") + &endpoint("https://b.example/", ""))).unwrap();
    let over = |text: &str, exact| {
        let urls = parse(text, &base, &Used::default(), exact).unwrap().config.webhooks_out;
        urls.into_iter().map(|e| e.url).collect::<Vec<_>>()
    };
    assert_eq!(over("", false), ["https://a.example/", "https://b.example/"]);
    assert_eq!(over("", true).len(), 2);
    assert_eq!(over(&endpoint("https://b.example/", ""), false), ["https://b.example/"]);
    assert!(over("webhook_out = []", false).is_empty());
}

#[test]
fn addresses_that_are_literally_inside_are_refused_in_any_notation() {
    for (host, what) in [
        ("127.0.0.1", "loopback"),
        ("127.1", "loopback"),
        ("2130706433", "loopback"),
        ("0x7f.0.0.1", "loopback"),
        ("0177.0.0.1", "loopback"),
        ("[::1]", "loopback"),
        ("[::ffff:127.0.0.1]", "loopback"),
        ("localhost", "this machine"),
        ("LOCALHOST.", "this machine"),
        ("siem.localhost", "this machine"),
        ("10.0.0.1", "private"),
        ("192.168.1", "private"),
        ("[fd00::1]", "private"),
        ("169.254.169.254", "link-local"),
        ("[fe80::1]", "link-local"),
        ("100.64.0.1", "shared"),
        ("0.0.0.0", "unspecified"),
        ("224.0.0.1", "multicast"),
        ("192.0.2.1", "examples"),
        ("[64:ff9b::10.0.0.1]", "private"),
        ("[2002:7f00:1::]", "loopback"),
    ] {
        let found = read(&endpoint(&format!("https://{host}/in"), "")).unwrap_err();
        assert!(found[0].message.contains(what) && found[0].key == "webhook_out.url", "{host}: {found:?}");
        assert!(found[0].expected.contains("allow_private"), "{found:?}");
        for scheme in ["https", "http"] {
            read(&endpoint(&format!("{scheme}://{host}/in"), "allow_private = true")).unwrap();
        }
    }
}

#[test]
fn plain_http_goes_inside_alone() {
    has(&endpoint("http://siem.example.com/in", ""), &["webhook_out.url is plain http; expected an https address"]);
    has(&endpoint("http://8.8.8.8/in", "allow_private = true"), &["is plain http to an address outside"]);
    read(&endpoint("http://siem.lan/in", "allow_private = true")).unwrap();
}

#[test]
fn what_is_wrong_is_told_at_once_with_its_line() {
    has(&endpoint("https://u:hush@siem.example.com/", ""), &["line 2: webhook_out.url holds a user name or password"]);
    let found = read(&endpoint("https://u:hush@siem.example.com/", "")).unwrap_err();
    assert!(!format!("{found:?}").contains("hush"));
    has(&endpoint("https://siem.example.com/#x", ""), &["has a fragment"]);
    has(&endpoint("ftp://siem.example.com/", ""), &["is neither https nor http"]);
    has("[[webhook_out]]\ncategories = []", &["line 1: webhook_out.url is missing"]);
    has("[[webhook_out]]\nurl = 5", &["line 2: webhook_out.url is 5"]);
    has("[webhook_out]\nurl = \"https://a.example/\"", &["webhook_out is a table"]);
    let found = problems(
        "[[webhook_out]]\nurl = \"https://a.example/\"\ncategories = [\"incidents\", \"escalations\", \"escalations\"]\ncolour = 1",
    );
    for (line, part) in found.iter().zip([
        "line 3: webhook_out.categories holds \"incidents\"",
        "line 3: webhook_out.categories holds \"escalations\" twice",
        "line 4: webhook_out.colour is not a known key",
    ]) {
        assert!(line.contains(part), "{part:?} is not in {found:#?}");
    }
    assert_eq!(found.len(), 3);
    let same = endpoint("https://a.example/", "") + &endpoint("https://A.example", "");
    has(&same, &["line 6: webhook_out.url is \"https://a.example/\", which the one on line 1 is too"]);
}

#[test]
fn a_sixth_is_refused() {
    let many = |n: usize| (0..n).map(|i| endpoint(&format!("https://e{i}.example/"), "")).collect::<String>();
    assert_eq!(read(&many(5)).unwrap().webhooks_out.len(), 5);
    has(&many(6), &["webhook_out is number 6 of them; expected at most 5"]);
}

#[test]
fn what_is_shown_is_read_back_and_a_change_is_told() {
    let base = example();
    let one = parse(&endpoint("https://a.example/?token=x", "allow_private = true"), &base, &Used::default(), false);
    let one = one.unwrap().config;
    assert_eq!(parse(&render(&one), &base, &Used::default(), false).unwrap().config.webhooks_out, one.webhooks_out);
    let told = difference(&base, &one);
    assert!(told.iter().any(|l| l.contains("webhook_out \"https://a.example/?token=x\"")), "{told:?}");
    let back = difference(&one, &Config { webhooks_out: Vec::new(), ..one.clone() });
    assert!(back[0].ends_with("-> (unset)"), "{back:?}");
}
