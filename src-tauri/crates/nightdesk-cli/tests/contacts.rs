//! The program itself, from a configuration to a verified number, against the carrier's stand-in.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

use nightdesk_host::SystemClock;
use nightdesk_standin::carrier::Carrier;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

const DANA: &str = "+12125550102";
const ANN: &str = "+442079460018";

/// Runs one command without an engine beside it.
fn nightdesk(dir: &Path, secret: Option<&str>, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nightdesk"));
    command.arg("--data-dir").arg(dir.join("data")).args(words).env_remove("NIGHTDESK_SECRET_TWILIO_AUTH_TOKEN");
    if let Some(secret) = secret {
        command.env("NIGHTDESK_SECRET_TWILIO_AUTH_TOKEN", secret);
    }
    command.output().unwrap()
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn configured(dir: &Path, carrier: &Carrier) {
    let file = dir.join("desk.toml");
    let text = format!(
        "[[contact]]\nname = \"Dana\"\nphone = \"{DANA}\"\nchannels = [\"sms\", \"call\"]\n\
         [[contact]]\nname = \"Ann\"\nphone = \"{ANN}\"\nchannels = [\"call\"]\n\
         [paging]\naccount_sid = \"{}\"\nfrom = \"{}\"\nbase_url = \"{}\"\nstudio_base_url = \"{}\"\n",
        carrier.account_sid(),
        carrier.number(),
        carrier.url(),
        carrier.studio_url(),
    );
    std::fs::write(&file, text).unwrap();
    let (code, _, words) = said(&nightdesk(dir, None, &["config", "apply", file.to_str().unwrap()]));
    assert_eq!(code, Some(0), "{words}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_is_verified_by_text_and_by_call() {
    let dir = tempfile::tempdir().unwrap();
    let carrier = Carrier::start(Arc::new(SystemClock::default())).await.unwrap();
    configured(dir.path(), &carrier);
    let token = carrier.auth_token();
    let run = |words: &[&str]| said(&nightdesk(dir.path(), Some(&token), words));

    let (code, _, words) = said(&nightdesk(dir.path(), None, &["contacts", "verify", "Dana"]));
    assert_eq!(code, Some(1), "without the secret");
    assert!(words.contains("TWILIO_AUTH_TOKEN"), "{words}");
    assert!(carrier.texts().is_empty());

    let (code, out, words) = run(&["contacts", "verify", "dana", "--json"]);
    assert_eq!(code, Some(0), "{words}");
    let sent: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&sent["ok"], &sent["channel"], &sent["phone"]), (&true.into(), &"sms".into(), &DANA.into()));
    let pin: String = carrier.texts()[0].body.chars().filter(char::is_ascii_digit).take(6).collect();
    let database = std::fs::read(dir.path().join("data").join("nightdesk.db")).unwrap_or_default();
    assert!(!database.windows(pin.len()).any(|w| w == pin.as_bytes()), "nd_12: the PIN is nowhere in the database");

    let wrong = if pin == "000000" { "000001" } else { "000000" };
    let (code, _, words) = run(&["contacts", "confirm", "Dana", wrong]);
    assert_eq!(code, Some(1));
    assert!(words.contains("Dana is not verified: that is not the PIN; 4 tries are left"), "{words}");
    let (code, out, words) = run(&["contacts", "confirm", "Dana", &pin]);
    assert_eq!((code, out.trim()), (Some(0), "Dana is verified."), "{words}");

    let (code, _, words) = run(&["contacts", "verify", "Ann", "--by", "sms"]);
    assert_eq!(code, Some(1));
    assert!(words.contains("Ann's number takes no texts"), "{words}");
    let (code, _, words) = run(&["contacts", "verify", "Ann"]);
    assert_eq!(code, Some(0), "{words}");
    let heard = carrier.calls();
    assert_eq!(heard.len(), 1, "{heard:?}");

    let (code, out, _) = run(&["contacts", "--json"]);
    assert_eq!(code, Some(0));
    let tree: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&tree[0]["name"], &tree[0]["country"]), (&"Dana".into(), &"US".into()));
    assert!(tree[0]["verified_at"].is_string() && tree[1]["verified_at"].is_null(), "{tree}");
    let (_, out, _) = run(&["outbox", "--json"]);
    let outbox: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(outbox.as_array().map(Vec::len), Some(2), "{outbox}");
}

/// An engine in a process of its own, ended with the test.
struct Engine(std::process::Child);

impl Drop for Engine {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_engine_sends_the_pin_and_the_command_waits_for_its_outcome() {
    use std::io::BufRead as _;
    let dir = tempfile::tempdir().unwrap();
    let carrier = Carrier::start(Arc::new(SystemClock::default())).await.unwrap();
    configured(dir.path(), &carrier);
    let token = carrier.auth_token();
    let mut child = Command::new(env!("CARGO_BIN_EXE_nightdesk"))
        .arg("--data-dir")
        .arg(dir.path().join("data"))
        .arg("run")
        .env("NIGHTDESK_SECRET_TWILIO_AUTH_TOKEN", &token)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let _engine = Engine(child);
    assert_eq!(line.trim(), "ready");
    // The command has no secret: the engine does the work, and has one.
    let (code, out, words) = said(&nightdesk(dir.path(), None, &["contacts", "verify", "Dana"]));
    assert_eq!(code, Some(0), "{words}");
    assert!(out.contains("A PIN was sent to Dana"), "{out}");
    let pin: String = carrier.texts()[0].body.chars().filter(char::is_ascii_digit).take(6).collect();
    let (code, _, words) = said(&nightdesk(dir.path(), Some(&token), &["contacts", "confirm", "Dana", &pin]));
    assert_eq!(code, Some(0), "{words}");
}
