//! `[webhook_in]`: where Huntress posts to.

use super::base_url;
use super::findings::Findings;
use super::render::quoted;
use super::section::Section;
use nightdesk_core::config::{WEBHOOK_IN_PATH, WebhookIn};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use url::{Host, Url};

const LISTEN: &str = "an address and port of this machine, such as \"127.0.0.1:8787\"";
const FILE: &str = "the path of a PEM file";
const PUBLIC: &str = "the https address of your tunnel or proxy from outside, such as \"https://desk.example.com\"; leave it out where there is none";

const KEYS: &[&str] = &["listen", "tls_cert", "tls_key", "public_url"];

pub(super) fn webhook_in(section: &Section<'_, '_>, findings: &mut Findings) -> WebhookIn {
    section.only(KEYS, findings);
    let listen = listen(section, findings);
    let tls_cert = section.text("tls_cert", FILE, findings);
    let tls_key = section.text("tls_key", FILE, findings);
    for (have, lack, key) in [(&tls_cert, &tls_key, "webhook_in.tls_key"), (&tls_key, &tls_cert, "webhook_in.tls_cert")]
    {
        if have.is_some() && lack.is_none() {
            findings.report(key, "is missing: a certificate and its key belong together", FILE);
        }
    }
    if listen.is_some_and(|at| !at.ip().is_loopback()) && tls_cert.is_none() && tls_key.is_none() {
        findings.report(
            "webhook_in.listen",
            "is reachable from other machines, where webhooks must not travel in plain text",
            "tls_cert and tls_key beside it, or a loopback address such as \"127.0.0.1:8787\" behind your tunnel",
        );
    }
    WebhookIn { listen, tls_cert, tls_key, public_url: public_url(section, findings) }
}

fn listen(section: &Section<'_, '_>, findings: &mut Findings) -> Option<SocketAddr> {
    let text = section.text("listen", LISTEN, findings)?;
    let numeric = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let parsed = numeric.as_deref().unwrap_or(&text).parse().ok();
    if parsed.is_none() {
        findings.report("webhook_in.listen", format!("is {text:?}"), LISTEN);
    }
    parsed
}

fn public_url(section: &Section<'_, '_>, findings: &mut Findings) -> Option<String> {
    let text = section.text("public_url", PUBLIC, findings)?;
    // What Huntress was given is likely pasted here, path and all.
    let bare = text.trim_end_matches('/').strip_suffix(WEBHOOK_IN_PATH).unwrap_or(&text);
    match base_url::read_with_path(bare) {
        Ok((url, loopback)) if loopback || !is_inside(&url) => Some(url),
        Ok(_) => {
            findings.report("webhook_in.public_url", "is an address that Huntress can't reach", PUBLIC);
            None
        }
        Err(why) => {
            findings.report("webhook_in.public_url", why, PUBLIC);
            None
        }
    }
}

/// Whether it literally is an address of a private network, in whatever notation: the URL's parser has resolved those.
fn is_inside(url: &str) -> bool {
    match Url::parse(url).ok().as_ref().and_then(Url::host) {
        Some(Host::Ipv4(address)) => is_inside_v4(address),
        Some(Host::Ipv6(address)) => match address.to_ipv4_mapped() {
            Some(mapped) => is_inside_v4(mapped),
            None => {
                let first = address.segments()[0];
                IpAddr::from(address).is_unspecified() || (first & 0xfe00) == 0xfc00 || (first & 0xffc0) == 0xfe80
            }
        },
        _ => false,
    }
}

fn is_inside_v4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    address.is_private() || address.is_link_local() || address.is_unspecified() || (a == 100 && (64..128).contains(&b))
}

/// The section's keys as a file has them; none where there is no receiver.
pub(super) fn keys(section: &WebhookIn) -> Vec<(&'static str, Option<String>)> {
    let text = |value: &Option<String>| value.as_deref().map(quoted);
    vec![
        ("listen", section.listen.map(|at| quoted(&at.to_string()))),
        ("tls_cert", text(&section.tls_cert)),
        ("tls_key", text(&section.tls_key)),
        ("public_url", text(&section.public_url)),
    ]
}

/// The same as a difference shows them.
pub(super) fn named(section: &WebhookIn) -> Vec<(String, String)> {
    let named = |(key, value): (&str, Option<String>)| value.map(|value| (format!("webhook_in.{key}"), value));
    keys(section).into_iter().filter_map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Used, difference, parse, render};
    use nightdesk_core::config::Config;

    fn read(text: &str) -> Result<Config, Vec<String>> {
        parse(text, &Config::default(), &Used::default(), false)
            .map(|draft| draft.config)
            .map_err(|problems| problems.into_iter().map(|p| p.to_string()).collect())
    }

    #[test]
    fn a_receiver_behind_a_tunnel() {
        let text =
            "[webhook_in]\nlisten = \"localhost:8787\"\npublic_url = \"https://desk.example.com/webhooks/huntress\"\n";
        let config = read(text).unwrap();
        assert_eq!(config.webhook_in.listen.unwrap().to_string(), "127.0.0.1:8787");
        assert_eq!(config.webhook_in.public_url.as_deref(), Some("https://desk.example.com"));
        assert_eq!(config.webhook_in.address().unwrap(), "https://desk.example.com/webhooks/huntress");
        let again = parse(&render(&config), &config, &Used::default(), false).unwrap().config;
        assert_eq!(again.webhook_in, config.webhook_in);
        assert_eq!(
            difference(&Config::default(), &config),
            [
                "webhook_in.listen: (unset) -> \"127.0.0.1:8787\"",
                "webhook_in.public_url: (unset) -> \"https://desk.example.com\""
            ]
        );
        // An empty section takes the receiver away, an absent one leaves it.
        let without = parse("[webhook_in]\n", &config, &Used::default(), false).unwrap().config;
        assert!(!without.webhook_in.is_set_up());
        assert!(parse("", &config, &Used::default(), false).unwrap().config.webhook_in.is_set_up());
    }

    #[test]
    fn what_is_reachable_from_other_machines_needs_a_certificate() {
        assert!(read("[webhook_in]\nlisten = \"0.0.0.0:443\"\n").unwrap_err()[0].contains("plain text"));
        assert!(
            read("[webhook_in]\nlisten = \"[::]:443\"\ntls_cert = \"c.pem\"\n").unwrap_err()[0].contains("tls_key")
        );
        let config =
            read("[webhook_in]\nlisten = \"0.0.0.0:443\"\ntls_cert = \"c.pem\"\ntls_key = \"k.pem\"\n").unwrap();
        assert_eq!(config.webhook_in.tls(), Some(("c.pem", "k.pem")));
        assert!(read("[webhook_in]\nlisten = \"[::1]:8787\"\n").is_ok());
    }

    #[test]
    fn every_mistake_is_named() {
        for (line, words) in [
            ("listen = \"8787\"", "webhook_in.listen"),
            ("listen = \"desk.example.com:8787\"", "webhook_in.listen"),
            ("listen = 8787", "webhook_in.listen"),
            ("port = 8787", "webhook_in.port"),
            ("public_url = \"http://desk.example.com\"", "plain http"),
            ("public_url = \"https://10.0.0.5\"", "can't reach"),
            ("public_url = \"https://0xa000005/\"", "can't reach"),
            ("public_url = \"https://[fd00::1]\"", "can't reach"),
            ("public_url = \"https://[::ffff:192.168.1.1]\"", "can't reach"),
            ("public_url = \"desk.example.com\"", "webhook_in.public_url"),
        ] {
            let problems = read(&format!("[webhook_in]\n{line}\n")).unwrap_err();
            assert!(problems.len() == 1 && problems[0].contains(words), "{line}: {problems:?}");
        }
    }
}
