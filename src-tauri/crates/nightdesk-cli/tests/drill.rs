//! Drills and tests of contacts with the program itself against the carrier's stand-in, beside an engine and alone.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

use nightdesk_host::SystemClock;
use nightdesk_standin::carrier::{Carrier, OnCall};
use serde_json::Value;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

const DANA: &str = "+12125550102";

/// A night's desk: its directory, and the carrier whose phones it calls.
struct Night {
    dir: tempfile::TempDir,
    carrier: Carrier,
}

/// An engine in a process of its own, ended with the test.
struct Engine(Child);

impl Drop for Engine {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

impl Night {
    async fn begin() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let carrier = Carrier::start(Arc::new(SystemClock::default())).await.unwrap();
        let file = dir.path().join("desk.toml");
        let text = format!(
            "[[contact]]\nname = \"Dana\"\nphone = \"{DANA}\"\nchannels = [\"sms\", \"call\"]\n\
             [paging]\naccount_sid = \"{}\"\nfrom = \"{}\"\nbase_url = \"{}\"\nstudio_base_url = \"{}\"\n",
            carrier.account_sid(),
            carrier.number(),
            carrier.url(),
            carrier.studio_url(),
        );
        std::fs::write(&file, text).unwrap();
        let night = Self { dir, carrier };
        night.ok(&["config", "apply", file.to_str().unwrap()]);
        night
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nightdesk"));
        command.arg("--data-dir").arg(self.data()).args(words);
        command.env("NIGHTDESK_SECRET_TWILIO_AUTH_TOKEN", self.carrier.auth_token());
        command
    }

    fn data(&self) -> std::path::PathBuf {
        Path::new(self.dir.path()).join("data")
    }

    fn run(&self, words: &[&str]) -> (Option<i32>, String, String) {
        let output = self.command(words).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    }

    fn ok(&self, words: &[&str]) -> String {
        let (code, out, said) = self.run(words);
        assert_eq!(code, Some(0), "{words:?}: {out} {said}");
        out
    }

    fn verify(&self) {
        self.ok(&["contacts", "verify", "Dana"]);
        let pin: String = self.carrier.texts()[0].body.chars().filter(char::is_ascii_digit).take(6).collect();
        self.ok(&["contacts", "confirm", "Dana", &pin]);
    }

    fn engine(&self) -> Engine {
        use std::io::BufRead as _;
        let mut child = self.command(&["run"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "ready");
        Engine(child)
    }

    /// Every way of Dana's was tried, and by the call she answered.
    fn answered(&self, out: &str) {
        let steps: Value = serde_json::from_str(out).unwrap();
        let of = |channel: &str| steps.as_array().unwrap().iter().find(|s| s["channel"] == channel).unwrap().clone();
        assert_eq!(of("call")["state"], "acknowledged", "{steps}");
        assert_eq!((&of("sms")["contact"], steps.as_array().unwrap().len()), (&"Dana".into(), 2), "{steps}");
        assert!(of("sms")["at"].is_string());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drill_without_an_engine_calls_waits_and_tells() {
    let night = Night::begin().await;
    let (code, _, said) = night.run(&["drill"]);
    assert_eq!(code, Some(1), "nobody is verified");
    assert!(said.contains("no contact of the call tree can be reached"), "{said}");
    let status: Value = serde_json::from_str(&night.ok(&["status", "--json"])).unwrap();
    assert_eq!((&status["paging"]["is_set_up"], &status["paging"]["armed"]), (&true.into(), &false.into()));
    assert!(night.ok(&["status"]).contains("NOT ARMED: no contact is verified"));

    night.verify();
    night.carrier.phone(DANA).on_call(OnCall::acknowledges('1'));
    night.answered(&night.ok(&["drill", "--json"]));
    assert!(night.ok(&["status"]).contains("everybody answered"));
    assert!(night.carrier.texts().iter().any(|t| t.body.contains("drill")), "the text went too");

    let (code, _, said) = night.run(&["contacts", "test", "Nobody"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("Dana"), "the names that there are: {said}");
    assert_eq!(night.ok(&["pages", "--json"]).trim(), "[]", "a drill is no page");
    let (code, _, said) = night.run(&["ack", "17"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("incident 17"), "{said}");
    let (code, _, said) = night.run(&["page", "17", "--anyway"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("there is no incident 17"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_beside_an_engine_is_waited_for() {
    let night = Night::begin().await;
    night.verify();
    night.carrier.phone(DANA).on_call(OnCall::acknowledges('1'));
    let _engine = night.engine();
    night.answered(&night.ok(&["contacts", "test", "dana", "--json"]));
}
