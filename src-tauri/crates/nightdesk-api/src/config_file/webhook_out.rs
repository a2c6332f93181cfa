//! `[[webhook_out]]`: who is told of news by webhook. The list is whole where it is present: an endpoint that it leaves out
//! is deleted, and `webhook_out = []` deletes all. A document without it leaves them as they are.

use super::findings::Findings;
use super::render::{list, quoted, section};
use super::section::{Section, shown};
use nightdesk_core::address::{forbidden_for_outside, is_name_of_this_machine};
use nightdesk_core::config::{Category, MOST_ENDPOINTS, WebhookOut};
use toml::Spanned;
use toml::de::DeValue;
use url::{Host, Url};

const EXPECTED: &str = "[[webhook_out]] with url and categories";
const ADDRESS: &str = "an address such as \"https://siem.example.com/in\" (no password or fragment)";
const OUTSIDE: &str = "an https address outside, or allow_private = true if this endpoint may be on your own network";
const CATEGORIES: &str =
    "a list of \"incident_reports\", \"escalations\", \"platform_actions\" and \"account_notices\"";

/// The endpoints that a document names, in its order.
pub(super) fn read(value: &Spanned<DeValue<'_>>, findings: &mut Findings) -> Vec<WebhookOut> {
    let Some(array) = value.get_ref().as_array() else {
        findings.report("webhook_out", format!("is {}", shown(value.get_ref())), EXPECTED);
        return Vec::new();
    };
    let mut read: Vec<(WebhookOut, usize)> = Vec::new();
    for (n, item) in array.iter().enumerate() {
        let line = findings.line_of(item.span().start);
        let Some(table) = item.get_ref().as_table() else {
            findings.report_on(Some(line), "webhook_out", format!("is {}", shown(item.get_ref())), EXPECTED);
            continue;
        };
        if n >= MOST_ENDPOINTS {
            let found = format!("is number {} of them", n + 1);
            findings.report_on(Some(line), "webhook_out", found, format!("at most {MOST_ENDPOINTS}"));
        }
        findings.forget("webhook_out.");
        let Some(endpoint) = endpoint(&Section { path: "webhook_out".into(), table }, line, findings) else { continue };
        match read.iter().find(|(e, _)| e.url == endpoint.url) {
            Some((_, at)) => {
                let found = format!("is {:?}, which the one on line {at} is too", endpoint.url);
                findings.report("webhook_out.url", found, "each address once");
            }
            None => read.push((endpoint, line)),
        }
    }
    read.into_iter().map(|(endpoint, _)| endpoint).collect()
}

fn endpoint(section: &Section<'_, '_>, line: usize, findings: &mut Findings) -> Option<WebhookOut> {
    section.only(&["url", "categories", "allow_private"], findings);
    let allow_private = section.flag("allow_private", findings).unwrap_or(false);
    let categories = categories(section, findings);
    let Some(text) = section.text("url", ADDRESS, findings) else {
        if section.get("url", findings).is_none_or(|v| v.get_ref().is_str()) {
            findings.report_on(Some(line), "webhook_out.url", "is missing", ADDRESS);
        }
        return None;
    };
    match address(&text, allow_private) {
        Ok(url) => Some(WebhookOut { url, categories: categories?, allow_private }),
        Err((why, expected)) => {
            findings.report("webhook_out.url", why, expected);
            None
        }
    }
}

/// An endpoint's address, normalised, if it may be one.
///
/// # Errors
/// What is wrong with it, to be read after the key, and what to write instead.
pub(crate) fn address(text: &str, allow_private: bool) -> Result<String, (String, &'static str)> {
    let no = |why: &str, expected| Err((why.to_owned(), expected));
    let Ok(url) = Url::parse(text.trim()) else { return no("is not an address", ADDRESS) };
    if !matches!(url.scheme(), "https" | "http") {
        return no("is neither https nor http", ADDRESS);
    }
    // Asked before anything is shown, so that no message and no store ever holds a password (ND-12).
    if !url.username().is_empty() || url.password().is_some() {
        return no("holds a user name or password", ADDRESS);
    }
    if url.fragment().is_some() {
        return no("has a fragment, which is never sent", ADDRESS);
    }
    let (inside, is_name) = match url.host() {
        Some(Host::Domain(name)) => (is_name_of_this_machine(name).then_some("a name of this machine"), true),
        Some(Host::Ipv4(ip)) => (forbidden_for_outside(ip.into()), false),
        Some(Host::Ipv6(ip)) => (forbidden_for_outside(ip.into()), false),
        None => return no("names no host", ADDRESS),
    };
    match inside {
        Some(what) if !allow_private => return Err((format!("leads to {what}"), OUTSIDE)),
        None if url.scheme() == "http" && !allow_private => return no("is plain http", OUTSIDE),
        // A name is looked at on each request.
        None if url.scheme() == "http" && !is_name => return no("is plain http to an address outside", "https"),
        _ => {}
    }
    Ok(url.as_str().to_owned())
}

/// Without the key all of them: what nobody switched off is told.
fn categories(section: &Section<'_, '_>, findings: &mut Findings) -> Option<Vec<Category>> {
    let Some(value) = section.get("categories", findings) else { return Some(Category::ALL.to_vec()) };
    let Some(list) = value.get_ref().as_array() else {
        findings.report("webhook_out.categories", format!("is {}", shown(value.get_ref())), CATEGORIES);
        return None;
    };
    let mut named = Vec::new();
    for item in list.iter() {
        let line = Some(findings.line_of(item.span().start));
        match item.get_ref().as_str().and_then(Category::parse) {
            Some(category) if named.contains(&category) => {
                let found = format!("holds {:?} twice", category.word());
                findings.report_on(line, "webhook_out.categories", found, "each category once");
            }
            Some(category) => named.push(category),
            None => {
                let found = format!("holds {}", shown(item.get_ref()));
                findings.report_on(line, "webhook_out.categories", found, CATEGORIES);
            }
        }
    }
    named.sort();
    Some(named)
}

/// An endpoint's keys, as the file has them.
fn keys(endpoint: &WebhookOut) -> [(&'static str, Option<String>); 3] {
    let words: Vec<String> = endpoint.categories.iter().map(|c| c.word().to_owned()).collect();
    [
        ("url", Some(quoted(&endpoint.url))),
        ("categories", Some(list(&words))),
        ("allow_private", endpoint.allow_private.then(|| "true".to_owned())),
    ]
}

/// All endpoints, in their order.
pub(crate) fn render(endpoints: &[WebhookOut]) -> String {
    let mut out = String::new();
    for endpoint in endpoints {
        section(&mut out, "[[webhook_out]]", &keys(endpoint));
    }
    out
}

/// Each endpoint under its address, for the comparison.
pub(super) fn named(endpoints: &[WebhookOut]) -> Vec<(String, String)> {
    let one = |e: &WebhookOut| {
        let words: Vec<String> = e.categories.iter().map(|c| c.word().to_owned()).collect();
        let private = if e.allow_private { ", allow_private" } else { "" };
        (format!("webhook_out {}", quoted(&e.url)), format!("{}{private}", list(&words)))
    };
    endpoints.iter().map(one).collect()
}
