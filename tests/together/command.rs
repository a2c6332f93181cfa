//! The built `nightdesk`, and a stand-in Huntress for it to watch.

use nightdesk_core::clock::Clock;
use nightdesk_engine::clock::SystemClock;
use nightdesk_standin::{Account, HuntressStandin, World};
use nightdesk_tests::configuration;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// How long any one command may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// 32 bytes in base64: what the signing secrets of endpoints are derived from.
const HOOKS_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Names the program where somebody has built it together with the tests, as `cargo xtask test` does.
const VARIABLE: &str = "NIGHTDESK_COMMAND_LINE";

/// The program, as fresh as the tests. It belongs to another package, so cargo doesn't build it with them.
fn program() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        if let Some(named) = std::env::var_os(VARIABLE) {
            return PathBuf::from(named);
        }
        let tests = std::env::current_exe().unwrap();
        let built = tests.parent().and_then(Path::parent).unwrap();
        let mut cargo = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "--package", "nightdesk-cli", "--target-dir"]).arg(built.parent().unwrap());
        match built.file_name().and_then(|n| n.to_str()) {
            Some("debug") | None => {}
            Some(profile) => drop(cargo.args(["--profile", profile])),
        }
        assert!(cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap().success());
        built.join(format!("nightdesk{}", std::env::consts::EXE_SUFFIX))
    })
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub what: String,
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    pub fn well(self) -> Self {
        assert_eq!(self.code, Some(0), "`nightdesk {}`: {self:?}", self.what);
        self
    }

    /// It did what it should, or it says why not and nothing was done.
    pub fn cleanly(&self) {
        match self.code {
            Some(0) => {}
            Some(1) => assert!(!self.err.trim().is_empty() && !self.err.contains("panicked"), "{self:?}"),
            _ => panic!("{self:?}"),
        }
    }
}

/// A data directory and the Huntress that it watches.
pub struct Office {
    pub soc: HuntressStandin,
    /// What the carrier's client says who it is with, where there is one.
    pub carrier_token: Option<String>,
    /// By which Huntress's webhooks are signed, where there are some.
    pub signing_secret: Option<String>,
    /// What the PSA's client says who it is with, where the desk is one.
    pub psa_key: Option<String>,
    folder: tempfile::TempDir,
}

impl Office {
    pub async fn open() -> Self {
        let clock = SystemClock::default();
        let account = Account::new(5, "Harbour IT")
            .organization(4, "Acme Incorporated")
            .organization(6, "Umbrella")
            .organization(8, "Hooli");
        let soc = HuntressStandin::start(account, Arc::new(move || clock.now())).await.unwrap();
        soc.world().dialect(|d| d.rate_limit = None);
        let folder = tempfile::tempdir().unwrap();
        let office = Self { soc, carrier_token: None, signing_secret: None, psa_key: None, folder };
        let file = office.configuration("first", |text| text);
        office.run(&["config", "apply", &file]).await.well();
        office
    }

    pub fn world(&self) -> &World {
        self.soc.world()
    }

    /// Writes a configuration and answers its file's name.
    pub fn configuration(&self, name: &str, change: impl FnOnce(String) -> String) -> String {
        let file = self.folder.path().join(format!("{name}.toml"));
        std::fs::write(&file, change(configuration(&self.soc.base_url()))).unwrap();
        file.to_str().unwrap().to_owned()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let (key, secret) = self.soc.key();
        let mut command = Command::new(program());
        command.arg("--data-dir").arg(self.folder.path().join("data")).args(arguments);
        command.env("NIGHTDESK_SECRET_HUNTRESS_API_KEY", key).env("NIGHTDESK_SECRET_HUNTRESS_API_SECRET", secret);
        command.env("NIGHTDESK_SECRET_WEBHOOK_OUT_KEY", HOOKS_KEY);
        command.envs(self.signing_secret.as_ref().map(|s| ("NIGHTDESK_SECRET_WEBHOOK_SIGNING_SECRET", s)));
        command.envs(self.psa_key.as_ref().map(|key| ("NIGHTDESK_SECRET_ALGAPSA_API_KEY", key)));
        command.envs(self.carrier_token.as_ref().map(|token| ("NIGHTDESK_SECRET_TWILIO_AUTH_TOKEN", token)));
        command.env("HOME", self.folder.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.kill_on_drop(true);
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> impl Future<Output = Ended> + use<> {
        Self::ending(arguments.join(" "), self.command(&[&["--json"], arguments].concat()))
    }

    /// As [`Self::run`], for what people read.
    pub fn told(&self, arguments: &[&str]) -> impl Future<Output = Ended> + use<> {
        Self::ending(arguments.join(" "), self.command(arguments))
    }

    /// Runs a command that needs no data directory and no secret.
    pub async fn bare(arguments: &[&str]) -> Ended {
        let mut command = Command::new(program());
        command.args(arguments).env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.kill_on_drop(true);
        Self::ending(arguments.join(" "), command).await
    }

    async fn ending(what: String, mut command: Command) -> Ended {
        let done = tokio::time::timeout(PATIENCE, command.output()).await;
        let done = done.unwrap_or_else(|_| panic!("{what} never ended")).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ended { what, code: done.status.code(), out: text(done.stdout), err: text(done.stderr) }
    }

    /// Starts an engine and waits for its `ready`.
    pub async fn engine(&self) -> Child {
        let mut child = self.command(&["run"]).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap();
        assert_eq!(line.as_deref(), Some("ready"));
        child
    }

    /// Ends an engine as a service manager does.
    pub async fn end(&self, mut engine: Child) {
        let id = engine.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
        let ended = tokio::time::timeout(Duration::from_secs(8), engine.wait()).await.expect("gone within 8 seconds");
        assert_eq!(ended.unwrap().code(), Some(0));
    }

    /// All tickets.
    pub async fn tickets(&self) -> Vec<Value> {
        self.run(&["tickets", "--limit", "100000"]).await.well().json().as_array().unwrap().clone()
    }

    /// The books balance, the chain holds, and every open report has one ticket.
    pub async fn assert_sound(&self) {
        let ledger = self.run(&["ledger", "--verify"]).await.well().json();
        assert_eq!(ledger["verified"], true, "{ledger}");
        let books = self.run(&["status"]).await.well().json()["ledger"].clone();
        let n = |key: &str| books[key].as_i64().unwrap();
        assert_eq!(n("seen"), n("ticketed") + n("record_only") + n("withheld") + n("quarantined"), "{books}");
        assert_eq!(n("unaccounted"), 0, "{books}");
        let of: Vec<i64> = self.tickets().await.iter().map(|t| t["incident_id"].as_i64().unwrap()).collect();
        let distinct: BTreeSet<i64> = of.iter().copied().collect();
        assert_eq!(of.len(), distinct.len(), "two tickets for one incident");
        let open: BTreeSet<i64> = self.world().incidents_with_status("sent").into_iter().collect();
        assert!(open.is_subset(&distinct), "no ticket: {:?}", open.difference(&distinct));
    }

    /// Polls that were asked for and are not answered yet.
    pub fn polls_asked(&self) -> usize {
        let path = self.folder.path().join("data").join("nightdesk.db");
        let store = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let sql = "SELECT COUNT(*) FROM request WHERE kind = 'poll' AND state <> 'done'";
        store.query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap() as usize
    }

    /// Walks begun since the last time this was asked: listings by change that ask for a first page.
    pub fn walks(&self) -> usize {
        let first = |r: &nightdesk_standin::Request| {
            r.path.ends_with("/incident_reports")
                && r.param("sort_field") == Some("updated_at")
                && r.param("page_token").is_none()
        };
        self.soc.take_requests().iter().filter(|r| first(r)).count()
    }
}
