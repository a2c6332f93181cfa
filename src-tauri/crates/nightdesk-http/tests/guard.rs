//! Addresses that must lie outside: in every notation, and by what a name server says.
#![allow(clippy::unwrap_used, reason = "a helper that fails has failed its test")]

mod support;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use nightdesk_http::{Addresses, Client, Error, Limits, Reach, Request, Resolver, address};
use proptest::prelude::*;
use support::{Act, Counter, Server, answer, quick};
use url::Url;

/// Every name leads to these.
struct Says(Vec<IpAddr>);

impl Resolver for Says {
    fn addresses<'a>(&'a self, _name: &'a str) -> Addresses<'a> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

fn reaching(reach: Reach, says: &[&str]) -> Client {
    let says = says.iter().map(|ip| ip.parse().unwrap()).collect();
    Client::reaching(quick(), "nightdesk-test/1", reach, Arc::new(Says(says))).unwrap()
}

async fn post(client: &Client, url: &str) -> Result<u16, Error> {
    let request = Request::post(Url::parse(url).unwrap()).body("application/json", "{}");
    client.send(request, &Counter::new()).await.map(|answer| answer.status)
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_and_nothing_is_connected_to() {
    let server = Server::start([]).await;
    let port = server.url.port().unwrap();
    for (says, reason) in [
        (vec!["127.0.0.1"], "loopback"),
        (vec!["::1", "127.0.0.1"], "loopback"),
        (vec!["::ffff:127.0.0.1"], "loopback"),
        (vec!["64:ff9b::7f00:1"], "loopback"),
        (vec!["169.254.169.254"], "link-local"),
        (vec!["10.0.0.1", "fd00::1"], "private"),
    ] {
        let client = reaching(Reach::Outside, &says);
        match post(&client, &format!("https://rebound.example.com:{port}/in")).await {
            Err(error @ Error::ForbiddenAddress { .. }) => {
                assert!(error.to_string().contains(reason), "{error}");
                assert!(error.never_sent() && !error.is_transient());
            }
            other => panic!("{says:?}: {other:?}"),
        }
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn an_address_written_out_is_refused_without_asking_anybody() {
    let server = Server::start([]).await;
    let port = server.url.port().unwrap();
    let client = reaching(Reach::Outside, &["1.1.1.1"]);
    for host in ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"]
    {
        for scheme in ["https", "http"] {
            let refused = post(&client, &format!("{scheme}://{host}:{port}/in")).await;
            assert!(matches!(refused, Err(Error::ForbiddenAddress { .. })), "{scheme} {host}: {refused:?}");
        }
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn where_the_user_allows_it_plain_http_goes_inside_and_never_outside() {
    let server = Server::start([Act::Answer(answer("200 OK", "", ""))]).await;
    let port = server.url.port().unwrap();
    let client = reaching(Reach::InsideToo, &["127.0.0.1", "1.1.1.1"]);
    assert_eq!(post(&client, &format!("http://siem.lan:{port}/in")).await, Ok(200));
    let client = reaching(Reach::InsideToo, &["1.1.1.1"]);
    let refused = post(&client, &format!("http://siem.lan:{port}/in")).await;
    assert!(matches!(&refused, Err(Error::ForbiddenAddress { .. })), "{refused:?}");
    let refused = post(&client, &format!("http://1.1.1.1:{port}/in")).await;
    assert!(matches!(refused, Err(Error::InsecureUrl { .. })), "{refused:?}");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_redirect_is_no_way_inside() {
    let server = Server::start([Act::Answer(answer("307 Temporary", "Location: http://127.0.0.1:1/\r\n", ""))]).await;
    let client = reaching(Reach::InsideToo, &["127.0.0.1"]);
    let port = server.url.port().unwrap();
    let refused = post(&client, &format!("http://siem.lan:{port}/in")).await;
    assert!(matches!(refused, Err(Error::Redirect { status: 307, .. })), "{refused:?}");
}

#[tokio::test]
async fn an_answer_may_be_cut_rather_than_refused() {
    let long = "x".repeat(5000);
    let server = Server::start([Act::Answer(answer("200 OK", "Server: here\r\n", &long))]).await;
    let limits = Limits { max_body: 100, cut_body: true, ..quick() };
    let client = Client::new(limits, "nightdesk-test/1").unwrap();
    let answer = client.send(Request::post(server.url.clone()), &Counter::new()).await.unwrap();
    assert_eq!((answer.status, answer.body.len(), answer.is_cut), (200, 100, true));
    assert_eq!(answer.headers().find(|(name, _)| *name == "server"), Some(("server", "here")));
}

/// One of the forms in which a URL may hold an IPv4 address, by the URL standard's parser.
fn written(ip: Ipv4Addr, form: u8) -> String {
    let [a, b, c, d] = ip.octets();
    let all = u32::from(ip);
    match form {
        0 => ip.to_string(),
        1 => all.to_string(),
        2 => format!("0x{all:x}"),
        3 => format!("0{all:o}"),
        4 => format!("0x{a:X}.0{b:o}.{c}.0x{d:x}"),
        5 => format!("{a}.{}", all & 0xff_ffff),
        6 => format!("{a}.{b}.{}", all & 0xffff),
        7 => format!("{a}.{b}.{c}.{d}."),
        8 => format!("[::ffff:{a}.{b}.{c}.{d}]"),
        9 => format!("[64:ff9b::{a}.{b}.{c}.{d}]"),
        10 => format!("[2002:{:x}:{:x}::1]", all >> 16, all & 0xffff),
        _ => format!("%{:02x}{}.{b}.{c}.{d}", a.to_string().as_bytes()[0], &a.to_string()[1..]),
    }
}

proptest! {
    #[test]
    fn every_notation_of_an_address_is_judged_as_the_address(bits: u32, form in 0u8..=11) {
        let ip = Ipv4Addr::from(bits);
        let url = Url::parse(&format!("https://{}/in", written(ip, form))).unwrap();
        let judged = address::literally_inside(&url);
        prop_assert_eq!(judged, address::forbidden_for_outside(ip.into()), "{}", url);
        prop_assert_eq!(Reach::Outside.check(&url).is_err(), judged.is_some());
    }

    #[test]
    fn inside_ranges_are_refused_in_every_notation(
        net in prop::sample::select(vec![
            (0x7f00_0000u32, 8u32), (0x0a00_0000, 8), (0xac10_0000, 12), (0xc0a8_0000, 16), (0xa9fe_0000, 16),
            (0x6440_0000, 10), (0, 8), (0xe000_0000, 4), (0xf000_0000, 4), (0xc000_0200, 24), (0xc633_6400, 24),
            (0xcb00_7100, 24), (0xc612_0000, 15),
        ]),
        rest: u32,
        form in 0u8..=11,
    ) {
        let (base, bits) = net;
        let ip = Ipv4Addr::from(base | (rest >> bits));
        let url = Url::parse(&format!("https://{}/in", written(ip, form))).unwrap();
        prop_assert!(Reach::Outside.check(&url).is_err(), "{}", url);
    }

    #[test]
    fn no_ipv6_address_beyond_global_unicast_passes(bits: u128) {
        let ip = Ipv6Addr::from(bits);
        let mapped = ip.to_ipv4_mapped().is_some() || ip.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0];
        if ip.segments()[0] & 0xe000 != 0x2000 && !mapped {
            prop_assert!(address::forbidden_for_outside(ip.into()).is_some(), "{}", ip);
        }
    }
}
