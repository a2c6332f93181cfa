//! Against aiosmtpd, a server that shares no code with us: TLS both ways, sign-in, refusals, and connections that are
//! slow or die. Each test runs itself as a child, whose environment names the server's certificate as the trusted one.

use super::desk::{Drawer, drawer, email, mail, outgoing, send, words};
use super::tokens::Giver;
use nightdesk_core::config::{Auth, Security};
use nightdesk_core::delivery::Outcome;
use nightdesk_core::port::Sender as _;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// What the child is told: the ports, and the file of what was received.
const PORTS: &str = "NIGHTDESK_MAIL_TEST_PORTS";

struct Server {
    port: u16,
    child: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// The Debian package belongs to the system's Python, whatever comes first on the path.
fn python() -> Option<&'static str> {
    let has = |python: &&str| {
        let probe = Command::new(python).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
        probe.is_ok_and(|s| s.success())
    };
    ["/usr/bin/python3", "python3"].into_iter().find(has)
}

fn start(python: &str, security: &str, folder: &Path) -> Server {
    let path = |name: &str| folder.join(name).into_os_string();
    let mut child = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mail/server.py"))
        .arg(security)
        .args([path("cert.pem"), path("key.pem"), path("received.jsonl")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    Server { port: line.trim().parse().unwrap(), child }
}

struct World {
    plain: u16,
    starttls: u16,
    tls: u16,
    folder: std::path::PathBuf,
}

impl World {
    fn received(&self) -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(self.folder.join("received.jsonl")).unwrap_or_default();
        text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    }
}

/// Runs the test of this name as a child with three servers beside it. Answers the world within the child, and nothing
/// outside of it.
fn world(name: &str) -> Option<World> {
    if let Ok(told) = std::env::var(PORTS) {
        let mut parts = told.split('|');
        let mut port = || parts.next().unwrap().parse().unwrap();
        let (plain, starttls, tls) = (port(), port(), port());
        return Some(World { plain, starttls, tls, folder: parts.next().unwrap().into() });
    }
    let Some(python) = python() else {
        let remedy = "python3-aiosmtpd is missing: apt-get install python3-aiosmtpd, or `cargo xtask test`, which does";
        assert!(Command::new("apt-get").arg("--version").output().is_err(), "{remedy}");
        eprintln!("skipped: {remedy}");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let servers = ["none", "starttls", "tls"].map(|s| start(python, s, folder.path()));
    let [plain, starttls, tls] = &servers;
    let told = format!("{}|{}|{}|{}", plain.port, starttls.port, tls.port, folder.path().display());
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("aiosmtpd::{name}"), "--nocapture"])
        .env("SSL_CERT_FILE", folder.path().join("cert.pem"))
        .env_remove("SSL_CERT_DIR")
        .env("NO_PROXY", "localhost,127.0.0.1")
        .env(PORTS, told)
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
    None
}

fn signed_in() -> Arc<Drawer> {
    drawer("hush")
}

#[tokio::test]
async fn a_message_arrives_whole_by_every_way() {
    let Some(world) = world("a_message_arrives_whole_by_every_way") else { return };
    let ways = [
        ("127.0.0.1", world.plain, Security::None, Auth::None),
        ("localhost", world.starttls, Security::Starttls, Auth::None),
        ("localhost", world.starttls, Security::Starttls, Auth::Password),
        ("localhost", world.tls, Security::Tls, Auth::Password),
    ];
    for (n, (host, port, security, auth)) in ways.into_iter().enumerate() {
        let mail = mail(email(host, port, security, auth), &signed_in());
        // Twice: the second over the connection of the first.
        for again in 0..2 {
            let marker = format!("m{n}{again}");
            let outcome = mail.send(&outgoing("soc@example.com", &marker)).await;
            let id = format!("<inc-5-42.{marker}@example.com>");
            assert_eq!(outcome, Outcome::Accepted { remote_ref: Some(id.clone()) }, "{}", words(&outcome));
            let got = world.received().pop().unwrap();
            assert_eq!(got["message_id"], id.as_str());
            assert_eq!((&got["to"], &got["from"]), (&"soc@example.com".into(), &"nightdesk@example.com".into()));
            assert_eq!(got["subject"], format!("Nightdesk CRITICAL Incident | Größe 日本 {marker}").as_str());
            assert_eq!(
                got["text"].as_str().unwrap().replace("\r\n", "\n").trim_end(),
                "Zeile eins\n.\n..zwei\nFrom here"
            );
            assert!(got["html"].as_str().unwrap().contains("<p>Größe &lt;b&gt;</p>"), "{got}");
            assert_eq!(
                (&got["defects"], &got["in_reply_to"]),
                (&serde_json::json!([]), &"<inc-5-42@example.com>".into())
            );
            assert_eq!(got["encrypted"], security != Security::None, "{got}");
            for header in ["auto-submitted", "list-id", "x-auto-response-suppress", "date", "mime-version"] {
                assert!(got["headers"].as_array().unwrap().contains(&header.into()), "{header}: {got}");
            }
        }
    }
}

#[tokio::test]
async fn each_failure_is_told_from_the_others() {
    let Some(world) = world("each_failure_is_told_from_the_others") else { return };
    let plain = || email("127.0.0.1", world.plain, Security::None, Auth::None);
    let by = |e, drawer: &Arc<Drawer>| mail(e, drawer);
    let drawer = signed_in();
    let sender = by(plain(), &drawer);
    for (to, expected) in [
        ("nobody@example.com", "permanent: 127.0.0.1"),
        ("grey@example.com", "temporary: 127.0.0.1"),
        ("full@example.com", "temporary: 127.0.0.1"),
        ("spam@example.com", "permanent: 127.0.0.1"),
        ("dying@example.com", "unknown: the connection to 127.0.0.1"),
        ("slow@example.com", "taken"),
        ("soc@example.com", "taken"),
    ] {
        let told = words(&send(&sender, to).await);
        assert!(told.starts_with(expected), "{to}: {told}");
        let said = told.contains("5.1.1 <nobody@example.com>: no such user here") || to != "nobody@example.com";
        assert!(said, "the server's words: {told}");
    }
    // Nothing listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let told = words(&send(&by(email("127.0.0.1", free, Security::None, Auth::None), &drawer), "a@example.com").await);
    assert!(told.starts_with("temporary: ") && told.contains("nothing accepts connections there"), "{told}");
    // The certificate is for localhost.
    let other = email("127.0.0.1", world.tls, Security::Tls, Auth::None);
    let told = words(&send(&by(other, &drawer), "a@example.com").await);
    assert!(told.starts_with("human: the certificate of 127.0.0.1"), "{told}");
    let other = email("127.0.0.1", world.starttls, Security::Starttls, Auth::None);
    let told = words(&send(&by(other, &drawer), "a@example.com").await);
    assert!(told.starts_with("human: the certificate of 127.0.0.1"), "{told}");
    // A plain server where TLS is expected, one without STARTTLS, and a name that isn't.
    let told =
        words(&send(&by(email("127.0.0.1", world.plain, Security::Tls, Auth::None), &drawer), "a@example.com").await);
    assert!(told.starts_with("human: ") && told.contains("no TLS there"), "{told}");
    let told = words(
        &send(&by(email("localhost", world.plain, Security::Starttls, Auth::None), &drawer), "a@example.com").await,
    );
    assert!(told.starts_with("human: ") && told.contains("offers no STARTTLS"), "{told}");
    let told = words(&send(&by(email("mail.invalid", 25, Security::Tls, Auth::None), &drawer), "a@example.com").await);
    assert!(told.starts_with("temporary: ") && told.contains("could not be looked up"), "{told}");
    // Sign-in.
    let wrong = super::desk::drawer("wrong");
    let tls = email("localhost", world.tls, Security::Tls, Auth::Password);
    let told = words(&send(&by(tls.clone(), &wrong), "a@example.com").await);
    assert!(told.starts_with("human: signing in failed: ") && told.contains("535"), "{told}");
    let told = words(&send(&by(tls.clone(), &super::desk::drawer("")), "a@example.com").await);
    assert!(told.starts_with("human: SMTP_PASSWORD is not stored"), "{told}");
    assert!(!told.contains("wrong") && !format!("{:?}", by(tls, &wrong)).contains("wrong"));
    let mut none = email("127.0.0.1", world.plain, Security::None, Auth::Xoauth2);
    let giver = Giver::start(&["good-token"]).await;
    none.login_base_url = Some(giver.url());
    let told = words(&send(&by(none.clone(), &signed_in()), "a@example.com").await);
    assert!(told.starts_with("human: ") && told.contains("offers no sign-in by token"), "{told}");
    none.auth = Auth::Password;
    let told = words(&send(&by(none, &signed_in()), "a@example.com").await);
    assert!(told.starts_with("human: signing in at 127.0.0.1"), "{told}");
}

#[tokio::test]
async fn a_server_that_never_decides_leaves_it_unknown() {
    let Some(world) = world("a_server_that_never_decides_leaves_it_unknown") else { return };
    let sender = mail(email("127.0.0.1", world.plain, Security::None, Auth::None), &signed_in());
    let told = tokio::time::timeout(Duration::from_secs(50), send(&sender, "never@example.com")).await.unwrap();
    assert!(words(&told).starts_with("unknown: "), "{}", words(&told));
    assert_eq!(words(&send(&sender, "soc@example.com").await), "taken", "on another connection");
}

#[tokio::test]
async fn a_token_signs_in_and_a_refused_one_is_renewed_once() {
    let Some(world) = world("a_token_signs_in_and_a_refused_one_is_renewed_once") else { return };
    let giver = Giver::start(&["stale-token", "good-token"]).await;
    let mut settings = email("localhost", world.tls, Security::Tls, Auth::Xoauth2);
    settings.login_base_url = Some(giver.url());
    let drawer = drawer("");
    let sender = mail(settings.clone(), &drawer);
    assert_eq!(words(&send(&sender, "soc@example.com").await), "taken");
    assert_eq!(giver.asked().len(), 2);
    assert_eq!(world.received().len(), 1);
    assert_eq!(*drawer.refresh.lock().unwrap(), "refresh-after-good-token", "the renewed one is kept");
    assert_eq!(words(&send(&sender, "soc@example.com").await), "taken");
    assert_eq!(giver.asked().len(), 2, "nothing is asked for while the connection holds");
    // Twice refused is refused.
    let giver = Giver::start(&["stale-token", "stale-token", "good-token"]).await;
    settings.login_base_url = Some(giver.url());
    let told = words(&send(&mail(settings, &drawer), "soc@example.com").await);
    assert!(told.starts_with("human: signing in failed: ") && told.contains("refused it: 535 5.7.8 "), "{told}");
    assert!(!told.contains("challenge") && !told.contains("stale-token") && giver.asked().len() == 2, "{told}");
}
