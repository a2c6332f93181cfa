//! The listener: ports in use, a changed configuration, certificates, slow and broken clients, a store that is full.

use super::{Posted, toml};
use chrono::Datelike as _;
use nightdesk_core::clock::Clock as _;
use nightdesk_standin::{IncidentBuilder, Line};
use rcgen::{CertificateParams, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;

#[tokio::test]
async fn a_port_in_use_is_said_and_tried_again_while_the_engine_works() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let mut posted = Posted::open().await;
    posted.scene.apply(&toml(&posted.scene, &address.to_string()));
    let id = posted.scene.world().publish(IncidentBuilder::high().organization(4));
    posted.scene.start().await;
    posted.scene.ticket_of(id);
    let error = posted.state().error.unwrap();
    assert!(error.contains("in use by another program") && error.contains(&address.to_string()), "{error}");
    assert!(posted.scene.status().alarms.iter().any(|a| a.contains("in use")), "{:?}", posted.scene.status().alarms);
    drop(taken);
    posted.minutes(1).await;
    assert_eq!(posted.state().listening, Some(address.to_string()));
    posted.find();
    assert_eq!(posted.tell(&json!({ "event_type": "test" })).await.status, Some(200));
    posted.scene.stop().await;
}

#[tokio::test]
async fn the_listener_follows_the_configuration() {
    let mut posted = Posted::night().await;
    let first: SocketAddr = posted.state().listening.unwrap().parse().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    posted.apply(&toml(&posted.scene, &free.to_string())).await;
    assert_eq!(posted.state().listening, Some(free.to_string()));
    assert!(TcpStream::connect(first).await.is_err(), "the first address is free again");
    posted.find();
    assert_eq!(posted.tell(&json!({ "event_type": "test" })).await.status, Some(200));
    // Another change leaves it alone.
    posted.scene.apply("[watch]\nblind_after_minutes = 20\n");
    posted.scene.settle().await;
    assert_eq!(posted.state().listening, Some(free.to_string()));
    posted.apply("[webhook_in]\n").await;
    assert_eq!(posted.state().listening, None);
    assert!(TcpStream::connect(free).await.is_err());
    posted.scene.stop().await;
}

async fn raw(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _cut = tokio::time::timeout(Duration::from_secs(5), stream.read_to_string(&mut answer)).await;
    answer
}

#[tokio::test]
async fn only_posts_to_the_one_path_are_answered() {
    let mut posted = Posted::night().await;
    let address = posted.state().listening.unwrap().parse().unwrap();
    let close = "host: x\r\nconnection: close\r\n\r\n";
    for (request, status) in [
        (format!("GET /webhooks/huntress HTTP/1.1\r\n{close}"), "405"),
        (format!("GET / HTTP/1.1\r\n{close}"), "404"),
        (format!("POST /webhooks/huntress/ HTTP/1.1\r\n{close}"), "404"),
        (format!("POST /webhooks/huntress HTTP/1.1\r\n{close}"), "401"),
        ("hello\r\n\r\n".to_owned(), "400"),
    ] {
        let answer = raw(address, &request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request:?}: {answer:?}");
    }
    posted.scene.stop().await;
}

#[tokio::test]
async fn slow_clients_hold_up_nobody_else() {
    let mut posted = Posted::night().await;
    let address: SocketAddr = posted.state().listening.unwrap().parse().unwrap();
    let mut slow = Vec::new();
    for n in 0..40 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = "POST /webhooks/huntress HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n";
        let begun = if n % 2 == 0 {
            head.to_owned()
        } else {
            format!("{head}svix-id: a\r\nsvix-timestamp: 1\r\nsvix-signature: v1,A\r\n\r\n{{")
        };
        stream.write_all(begun.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    let ping = json!({ "event_type": "test" });
    let told = tokio::time::timeout(Duration::from_secs(5), posted.endpoint.tell(&ping)).await;
    assert_eq!(told.unwrap().status, Some(200));
    drop(slow);
    posted.scene.settle().await;
    posted.scene.stop().await;
}

/// A certificate for 127.0.0.1 by a root of the test's own.
struct Authority {
    root: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap().der().clone();
        Self { root, issuer: Issuer::new(params, key) }
    }

    /// Certificate and key in PEM, and the certificate's bytes.
    fn issue(&self) -> (String, String, Vec<u8>) {
        self.issue_until(None)
    }

    /// The same, valid until the first second of this day.
    fn issue_until(&self, last: Option<(i32, u8, u8)>) -> (String, String, Vec<u8>) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        if let Some((year, month, day)) = last {
            params.not_before = rcgen::date_time_ymd(2020, 1, 1);
            params.not_after = rcgen::date_time_ymd(year, month, day);
        }
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem(), certificate.der().to_vec())
    }

    fn connector(&self) -> TlsConnector {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(self.root.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        TlsConnector::from(Arc::new(config))
    }
}

/// Posts over TLS; answers the status and the certificate that was served.
async fn over_tls(posted: &Posted, authority: &Authority) -> (u16, Vec<u8>) {
    let address: SocketAddr = posted.state().listening.unwrap().parse().unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let stream = authority.connector().connect(name, stream).await.unwrap();
    let served = stream.get_ref().1.peer_certificates().unwrap()[0].to_vec();
    let message = posted.endpoint.message(&json!({ "event_type": "test" }));
    let signed = posted.endpoint.sign(&message);
    let (status, _) = Line::over(stream, "127.0.0.1").post("/webhooks/huntress", &signed).await.unwrap();
    (status, served)
}

#[tokio::test]
async fn a_renewed_certificate_is_served_from_the_next_handshake_on() {
    let mut posted = Posted::open().await;
    let authority = Authority::new();
    let (cert, key) = (posted.scene.folder().join("cert.pem"), posted.scene.folder().join("key.pem"));
    let write = |(certificate, private, der): (String, String, Vec<u8>)| {
        std::fs::write(&cert, certificate).unwrap();
        std::fs::write(&key, private).unwrap();
        der
    };
    let first = write(authority.issue());
    // Any address, since it has a certificate.
    let section = format!("{}tls_cert = {:?}\ntls_key = {:?}\n", toml(&posted.scene, "0.0.0.0:0"), cert, key);
    posted.scene.apply(&section);
    posted.scene.start().await;
    let port = posted.state().listening.unwrap().rsplit_once(':').unwrap().1.to_owned();
    assert_ne!(port, "0");
    assert_eq!(over_tls(&posted, &authority).await, (200, first.clone()));

    // Half of a renewal: the old pair serves on, and the trouble is said.
    let (certificate, private, second) = authority.issue();
    std::fs::write(&cert, certificate).unwrap();
    assert_eq!(over_tls(&posted, &authority).await, (200, first));
    for _ in 0..super::PATIENCE {
        if posted.state().certificate_error.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(posted.state().certificate_error.unwrap().contains("together"));
    std::fs::write(&key, private).unwrap();
    assert_eq!(over_tls(&posted, &authority).await, (200, second));
    posted.scene.stop().await;
}

#[tokio::test]
async fn a_certificate_that_is_over_or_soon_will_be_is_an_alarm_without_a_handshake() {
    let mut posted = Posted::open().await;
    let authority = Authority::new();
    let (cert, key) = (posted.scene.folder().join("cert.pem"), posted.scene.folder().join("key.pem"));
    let write = |last: Option<(i32, u8, u8)>| {
        let (certificate, private, _) = authority.issue_until(last);
        std::fs::write(&cert, certificate).unwrap();
        std::fs::write(&key, private).unwrap();
    };
    let day = |days: i64| {
        let at = posted.scene.clock.now() + chrono::TimeDelta::days(days);
        Some((at.year(), u8::try_from(at.month()).unwrap(), u8::try_from(at.day()).unwrap()))
    };
    let (over, soon, later) = (day(-3), day(5), day(30));
    write(later);
    let section = format!("{}tls_cert = {:?}\ntls_key = {:?}\n", toml(&posted.scene, "127.0.0.1:0"), cert, key);
    posted.scene.apply(&section);
    posted.scene.start().await;
    let said = |posted: &Posted| posted.scene.status().alarms.into_iter().find(|a| a.contains("webhook_in.tls_cert"));
    assert_eq!(said(&posted), None);
    assert!(posted.state().certificate_until.is_some());
    for (last, word) in [(over, "expired at"), (soon, "expires at"), (None, "")] {
        write(last);
        posted.minutes(2).await;
        let said = said(&posted);
        assert_eq!(said.is_some(), last.is_some(), "{said:?}");
        assert!(said.unwrap_or_default().contains(word));
        assert_eq!(posted.state().certificate_error, None);
    }
    posted.scene.stop().await;
}

#[tokio::test]
async fn a_certificate_that_is_not_there_is_said() {
    let mut posted = Posted::open().await;
    posted.scene.apply(&format!(
        "{}tls_cert = \"/nowhere/c.pem\"\ntls_key = \"/nowhere/k.pem\"\n",
        toml(&posted.scene, "127.0.0.1:0")
    ));
    posted.scene.start().await;
    let error = posted.state().error.unwrap();
    assert!(error.contains("/nowhere/c.pem"), "{error}");
    posted.scene.stop().await;
}

#[tokio::test]
async fn what_can_not_be_stored_is_answered_with_503_and_sent_again() {
    let mut posted = Posted::night().await;
    posted.scene.engine().db().with(|store| store.limit_growth(0).unwrap()).await.unwrap();
    let id = posted.scene.world().publish(IncidentBuilder::high().organization(4));
    let mut payload = posted.scene.world().incident_event(id, "incident_report.created").unwrap();
    payload["body"] = json!("x".repeat(200_000));
    let message = posted.endpoint.message(&payload);
    assert_eq!(posted.endpoint.post(&message).await.status, Some(503));
    posted.scene.engine().db().with(|store| store.limit_growth(100_000).unwrap()).await.unwrap();
    assert_eq!(posted.endpoint.post(&message).await.status, Some(200));
    posted.scene.settle().await;
    posted.scene.ticket_of(id);
    posted.scene.stop().await;
}

#[tokio::test]
async fn a_desk_that_was_away_gets_what_huntress_sends_again() {
    let mut posted = Posted::night().await;
    posted.scene.stop().await;
    let id = posted.scene.world().publish(IncidentBuilder::critical().organization(4));
    let payload = posted.scene.world().incident_event(id, "incident_report.created").unwrap();
    posted.endpoint.deliver(&payload);
    for (made, wait) in (1..).zip([5, 300, 1_800]) {
        posted.attempts(made).await;
        posted.scene.clock.pass(Duration::from_secs(wait));
    }
    posted.attempts(4).await;
    assert!(posted.endpoint.attempts().iter().all(|a| a.status.is_none()));
    posted.start().await;
    posted.minutes(121).await;
    posted.attempts(5).await;
    assert_eq!(posted.endpoint.attempts()[4].status, Some(200));
    posted.scene.settle().await;
    posted.scene.ticket_of(id);
    assert_eq!(posted.log()[0].repeats, 0);
    posted.scene.stop().await;
}
