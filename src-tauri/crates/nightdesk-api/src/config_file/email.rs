//! `[email]`: the one mail integration. A file can change it and never take it away.

use super::base_url;
use super::findings::Findings;
use super::render::{list, quoted, section as write_section};
use super::section::{Section, shown};
use nightdesk_core::config::{Auth, Email, Overrides, Security};
use nightdesk_core::mail::{Kind, Part, Template, address, feeds_a_psa, is_same_address};
use nightdesk_core::notice::NotificationType;
use std::collections::BTreeMap;
use toml::de::DeValue;
use url::Host;

const HOST: &str = "the mail server's name, such as \"smtp.office365.com\"";
const SECURITIES: &str = "\"starttls\" or \"tls\"; \"none\" only to this machine";
const AUTHS: &str = "\"none\", \"password\", \"xoauth2\" or \"graph\"";
const ADDRESS: &str = "a mail address alone, such as \"soc@example.com\"";
const ADDRESSES: &str = "a list of mail addresses, such as [\"soc@example.com\"]";
const URL: &str = "an https address (plain http only to loopback; no query or password)";

/// As many addresses as one list holds: more is a mailing list's business.
const MOST: usize = 50;

const KEYS: &[&str] = &[
    "smtp_host",
    "smtp_port",
    "security",
    "auth",
    "username",
    "tenant",
    "client_id",
    "login_base_url",
    "graph_base_url",
    "from",
    "default",
    "resolved_notices",
    "overrides",
    "templates",
];

pub(super) fn email(section: &Section<'_, '_>, findings: &mut Findings) -> Option<Email> {
    section.only(KEYS, findings);
    let auth = word(section, "auth", AUTHS, |t| Auth::ALL.into_iter().find(|a| a.word() == t), findings);
    let security =
        word(section, "security", SECURITIES, |t| Security::ALL.into_iter().find(|s| s.word() == t), findings);
    let (auth, security) = (auth.unwrap_or_default(), security.unwrap_or_default());
    let smtp_host = host(section, findings);
    let smtp_port = section.whole("smtp_port", 1..=65_535, findings).and_then(|p| u16::try_from(p).ok());
    let text = |key: &str, expected: &str, findings: &mut Findings| plain(section, key, expected, findings);
    let username = text("username", "the user to sign in as", findings);
    let tenant = text("tenant", "the Microsoft 365 tenant: its id or domain", findings);
    let client_id = text("client_id", "the application's id", findings);
    let required = |key: &str, there: bool, why: &str, findings: &mut Findings| {
        if !there && findings.sound(&section.key(key)) {
            findings.report(&section.key(key), "is missing", why);
        }
    };
    if auth != Auth::Graph {
        required("smtp_host", smtp_host.is_some(), HOST, findings);
        if let (Some(host), Security::None) = (&smtp_host, security)
            && !is_this_machine(host)
        {
            findings.report("email.security", "is \"none\" to another machine", "\"starttls\" or \"tls\"");
        }
    }
    match auth {
        Auth::None => {}
        Auth::Password => required("username", username.is_some(), "the user to sign in as", findings),
        Auth::Xoauth2 => {
            required("username", username.is_some(), "the mailbox to sign in as", findings);
            required("client_id", client_id.is_some(), "the application's id", findings);
        }
        Auth::Graph => {
            required("tenant", tenant.is_some(), "the Microsoft 365 tenant: its id or domain", findings);
            required("client_id", client_id.is_some(), "the application's id", findings);
        }
    }
    let from = one(section, findings);
    required("from", from.is_some(), ADDRESS, findings);
    let default = addresses(section, "default", findings).unwrap_or_default();
    if default.is_empty() && findings.sound("email.default") {
        let why = "at least one address: mail can be changed, but not left without anybody who gets it";
        findings.report("email.default", "names nobody", why);
    }
    // Each part is read whatever is wrong with another: every problem is told at once.
    let (login_base_url, graph_base_url) =
        (url(section, "login_base_url", findings), url(section, "graph_base_url", findings));
    let resolved_notices = section.flag("resolved_notices", findings).unwrap_or(true);
    let (overrides, templates) = (overrides(section, findings), templates(section, findings));
    Some(Email {
        smtp_host,
        smtp_port: smtp_port.unwrap_or(security.usual_port()),
        security,
        auth,
        username,
        tenant,
        client_id,
        login_base_url,
        graph_base_url,
        from: from?,
        default,
        resolved_notices,
        overrides,
        templates,
    })
}

fn word<T>(
    section: &Section<'_, '_>,
    key: &str,
    expected: &str,
    find: impl Fn(&str) -> Option<T>,
    findings: &mut Findings,
) -> Option<T> {
    let text = section.text(key, expected, findings)?;
    let found = find(&text);
    if found.is_none() {
        findings.report(&section.key(key), format!("is {text:?}"), expected);
    }
    found
}

/// One line without blanks around it.
fn plain(section: &Section<'_, '_>, key: &str, expected: &str, findings: &mut Findings) -> Option<String> {
    let text = section.text(key, expected, findings)?;
    if text.chars().any(char::is_control) || text.trim() != text || text.len() > 320 {
        findings.report(&section.key(key), "holds blanks at its ends, a line break, or too much", expected);
        return None;
    }
    Some(text)
}

fn host(section: &Section<'_, '_>, findings: &mut Findings) -> Option<String> {
    let text = section.text("smtp_host", HOST, findings)?;
    match read_host(&text) {
        Some(host) => Some(host),
        None => {
            findings.report("email.smtp_host", format!("is {text:?}"), HOST);
            None
        }
    }
}

/// A host as it is connected to: without a scheme, a port or brackets.
fn read_host(text: &str) -> Option<String> {
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    if let Ok(ip) = bare.parse::<std::net::IpAddr>() {
        return Some(ip.to_string());
    }
    match Host::parse(bare).ok()? {
        Host::Domain(name) if !name.contains(['/', ':', '@', '_']) => Some(name),
        Host::Ipv4(ip) => Some(ip.to_string()),
        _ => None,
    }
}

/// By notation only, as with addresses of services.
fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn url(section: &Section<'_, '_>, key: &str, findings: &mut Findings) -> Option<String> {
    let text = section.text(key, URL, findings)?;
    match base_url::read_with_path(&text) {
        Ok((url, _)) => Some(url),
        Err(why) => {
            findings.report(&section.key(key), why, URL);
            None
        }
    }
}

fn one(section: &Section<'_, '_>, findings: &mut Findings) -> Option<String> {
    let text = section.text("from", ADDRESS, findings)?;
    match address(&text) {
        Ok(address) => Some(address),
        Err(why) => {
            findings.report("email.from", why.to_string(), ADDRESS);
            None
        }
    }
}

/// A list of addresses. Doubles are kept: they are warned of, and mailed once.
fn addresses(section: &Section<'_, '_>, key: &str, findings: &mut Findings) -> Option<Vec<String>> {
    let path = section.key(key);
    let DeValue::Array(items) = section.get(key, findings)?.get_ref() else {
        findings.report(&path, "is no list", ADDRESSES);
        return None;
    };
    let mut found = Vec::new();
    for item in items.iter() {
        let line = Some(findings.line_of(item.span().start));
        match item.get_ref() {
            DeValue::String(text) => match address(text) {
                Ok(address) => found.push(address),
                Err(why) => {
                    findings.report_on(line, &path, format!("holds {}, which {why}", quoted(text)), ADDRESS);
                }
            },
            other => findings.report_on(line, &path, format!("holds {}", shown(other)), ADDRESS),
        }
    }
    if found.len() > MOST {
        findings.report(&path, format!("holds {} addresses", found.len()), format!("at most {MOST}"));
    }
    Some(found)
}

fn overrides(email: &Section<'_, '_>, findings: &mut Findings) -> Overrides {
    let mut overrides = Overrides::default();
    let Some(section) = table(email, "overrides", findings) else { return overrides };
    section.only(&NotificationType::ALL.map(NotificationType::word), findings);
    for category in NotificationType::ALL {
        if let Some(list) = addresses(&section, category.word(), findings) {
            *overrides.of_mut(category) = list;
        }
    }
    overrides
}

fn templates(email: &Section<'_, '_>, findings: &mut Findings) -> BTreeMap<String, String> {
    let mut templates = BTreeMap::new();
    let Some(section) = table(email, "templates", findings) else { return templates };
    let names: Vec<String> = Kind::ALL.into_iter().flat_map(|k| Part::ALL.map(|p| k.name(p))).collect();
    section.only(&names.iter().map(String::as_str).collect::<Vec<_>>(), findings);
    for name in names {
        let Some(text) = section.text(&name, "the wording", findings) else { continue };
        let Some((kind, part)) = Kind::named(&name) else { continue };
        match Template::parse(kind, part, &text) {
            Ok(_) => {
                templates.insert(name, text);
            }
            Err(why) => {
                findings.report(&section.key(&name), format!("can't be used: {why}"), "a wording that can be used");
            }
        }
    }
    templates
}

fn table<'a, 't>(email: &Section<'a, 't>, key: &str, findings: &mut Findings) -> Option<Section<'a, 't>> {
    let value = email.get(key, findings)?;
    let DeValue::Table(table) = value.get_ref() else {
        findings.report(&email.key(key), format!("is {}", shown(value.get_ref())), format!("a section, [email.{key}]"));
        return None;
    };
    Some(Section { path: email.key(key), table })
}

/// The section as a file has it.
pub(crate) fn render(out: &mut String, email: &Email) {
    let text = |value: &Option<String>| value.as_deref().map(quoted);
    write_section(
        out,
        "[email]",
        &[
            ("smtp_host", text(&email.smtp_host)),
            ("smtp_port", Some(email.smtp_port.to_string())),
            ("security", Some(quoted(email.security.word()))),
            ("auth", Some(quoted(email.auth.word()))),
            ("username", text(&email.username)),
            ("tenant", text(&email.tenant)),
            ("client_id", text(&email.client_id)),
            ("login_base_url", text(&email.login_base_url)),
            ("graph_base_url", text(&email.graph_base_url)),
            ("from", Some(quoted(&email.from))),
            ("default", Some(list(&email.default))),
            ("resolved_notices", Some(email.resolved_notices.to_string())),
        ],
    );
    let overrides = NotificationType::ALL.map(|c| (c.word(), Some(list(email.overrides.of(c)))));
    write_section(out, "[email.overrides]", &overrides);
    if !email.templates.is_empty() {
        let changed: Vec<_> = email.templates.iter().map(|(name, text)| (name.as_str(), Some(quoted(text)))).collect();
        write_section(out, "[email.templates]", &changed);
    }
}

/// Each key with its value as a file has it, for a comparison.
pub(super) fn keys(email: Option<&Email>) -> Vec<(String, String)> {
    let Some(email) = email else { return Vec::new() };
    let mut out = String::new();
    render(&mut out, &Email { templates: BTreeMap::new(), ..email.clone() });
    let mut path = "email".to_owned();
    let mut keys = Vec::new();
    for line in out.lines() {
        match (line.strip_prefix('[').and_then(|l| l.strip_suffix(']')), line.split_once(" = ")) {
            (Some(section), None) => path = section.to_owned(),
            (_, Some((key, value))) => keys.push((format!("{path}.{key}"), value.to_owned())),
            _ => {}
        }
    }
    keys.extend(email.templates.iter().map(|(name, text)| (format!("email.templates.{name}"), quoted(text))));
    keys
}

/// What is allowed and still worth a second look: an address that is listed twice, or from which a PSA may make tickets
/// beside the desk's own.
pub(crate) fn warnings(email: &Email) -> Vec<String> {
    let mut found = Vec::new();
    let lists = NotificationType::ALL.map(|c| (format!("email.overrides.{}", c.word()), email.overrides.of(c)));
    let lists = std::iter::once(("email.default".to_owned(), &email.default)).chain(lists);
    let mut told: Vec<String> = Vec::new();
    for (key, list) in lists {
        for (n, address) in list.iter().enumerate() {
            if list[..n].iter().any(|a| is_same_address(a, address)) {
                found.push(format!("{key} lists {address} twice; it gets each message once"));
                continue;
            }
            if told.iter().any(|t| is_same_address(t, address)) {
                continue;
            }
            if let Some(why) = feeds_a_psa(address) {
                found.push(format!(
                    "{key}: {address} may make a second ticket of each message, beside the desk's own: {why}"
                ));
                told.push(address.clone());
            }
        }
    }
    if email.default.iter().chain([&email.from]).all(|a| is_same_address(a, &email.from)) {
        found.push(format!(
            "email.default names {} alone, which is also the sender: bounces come back to nobody else",
            email.from
        ));
    }
    found
}
