//! One desktop with one Huntress behind it.

use super::bus::Bus;
use super::display::Display;
use super::processes::Process;
use super::program;
use super::until::{SOON, until};
use nightdesk_core::clock::Clock as _;
use nightdesk_engine::clock::SystemClock;
use nightdesk_standin::{Account, HuntressStandin, World};
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;

/// Where the program finds the Huntress key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// In the environment.
    Given,
    /// A wrong one in the environment.
    Wrong,
    /// Nowhere yet.
    None,
}

/// A screen, a bus, directories and a Huntress. Everything that was started with it ends when it is dropped.
pub struct Session {
    /// The Huntress behind it.
    pub soc: HuntressStandin,
    /// Where the next program started finds its key.
    pub key: Key,
    display: Display,
    bus: Bus,
    folder: tempfile::TempDir,
}

/// A program that was started in the session.
pub struct Started {
    /// Its process.
    pub process: Process,
    child: tokio::process::Child,
}

impl Session {
    /// A desktop that has been configured ([`crate::CONFIG`]) and has the key in its environment; no tray host, no
    /// notification service and no keyring before a test brings them.
    pub async fn open() -> Self {
        let session = Self::bare().await;
        session.configure().await;
        session
    }

    /// Applies [`crate::CONFIG`].
    pub async fn configure(&self) {
        let file = self.folder.path().join("first.toml");
        fs::write(&file, crate::configuration(&self.soc.base_url())).unwrap();
        self.nightdesk(&["config", "apply", file.to_str().unwrap()]).await;
    }

    /// The same with an empty data directory and no key.
    pub async fn bare() -> Self {
        let clock = SystemClock::default();
        let soc = HuntressStandin::start(account(), Arc::new(move || clock.now())).await.unwrap();
        soc.world().dialect(|d| d.rate_limit = None);
        let folder = tempfile::Builder::new().prefix("desk").tempdir().unwrap();
        for name in ["home", "run", "log"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        // Programs refuse a runtime directory that others can look into.
        fs::set_permissions(folder.path().join("run"), fs::Permissions::from_mode(0o700)).unwrap();
        let display = Display::open(&folder.path().join("log"));
        let bus = Bus::open(&folder.path().join("run"));
        Self { soc, key: Key::Given, display, bus, folder }
    }

    /// What the SOC has.
    pub fn world(&self) -> &World {
        self.soc.world()
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The home directory: no other session has it.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    pub(super) fn display(&self) -> &str {
        &self.display.name
    }

    /// A connection to the bus.
    pub async fn connect(&self) -> zbus::Connection {
        self.bus.connect().await
    }

    pub(super) fn bus(&self) -> &str {
        &self.bus.address
    }

    pub(super) fn log(&self, name: &str) -> File {
        let file = self.folder.path().join("log").join(format!("{name}.log"));
        File::options().create(true).append(true).open(file).unwrap()
    }

    /// Gives a command this session's world and nothing of the machine's.
    pub fn surround(&self, command: &mut Command) {
        let home = self.home();
        command.env_clear().current_dir(&home);
        for name in ["PATH", "LD_LIBRARY_PATH", "RUST_BACKTRACE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.env("HOME", &home).env("LANG", "C.UTF-8").env("TZ", "UTC").env("USER", "dispatcher");
        for (name, place) in [
            ("XDG_CONFIG_HOME", ".config"),
            ("XDG_CACHE_HOME", ".cache"),
            ("XDG_DATA_HOME", ".local/share"),
            ("XDG_STATE_HOME", ".local/state"),
        ] {
            command.env(name, home.join(place));
        }
        command.env("XDG_RUNTIME_DIR", self.folder.path().join("run"));
        command.env("DISPLAY", &self.display.name).env("GDK_BACKEND", "x11");
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.bus.address);
        // Software rendering without shared buffers: there is no graphics card behind this screen.
        command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        // The accessibility bus would be started by the session's bus, which starts nothing.
        command.env("NO_AT_BRIDGE", "1");
        command.env("NIGHTDESK_DATA_DIR", self.data());
        if self.key != Key::None {
            let (key, secret) = self.soc.key();
            let secret = if self.key == Key::Wrong { "hs_of_somebody_else".to_owned() } else { secret };
            command.env("NIGHTDESK_SECRET_HUNTRESS_API_KEY", key).env("NIGHTDESK_SECRET_HUNTRESS_API_SECRET", secret);
        }
    }

    /// Runs the command line to its good end and answers its JSON; null where it prints nothing.
    pub async fn nightdesk(&self, arguments: &[&str]) -> serde_json::Value {
        self.nightdesk_reads(arguments, "").await
    }

    /// The same with something to read.
    pub async fn nightdesk_reads(&self, arguments: &[&str], input: &str) -> serde_json::Value {
        let done = self.command(arguments, input).await;
        let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "nightdesk {}: {}\n{out}{err}", arguments.join(" "), done.status);
        if out.trim().is_empty() { serde_json::Value::Null } else { serde_json::from_str(&out).unwrap() }
    }

    /// Runs the command line to its bad end and answers what it said.
    pub async fn nightdesk_fails(&self, arguments: &[&str]) -> String {
        let done = self.command(arguments, "").await;
        assert!(!done.status.success(), "nightdesk {} has not failed", arguments.join(" "));
        format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
    }

    async fn command(&self, arguments: &[&str], input: &str) -> std::process::Output {
        let mut command = Command::new(program::command_line());
        self.surround(&mut command);
        command.arg("--json").args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = tokio::process::Command::from(command).spawn().unwrap();
        // A command that reads nothing may have ended by now.
        let _read = child.stdin.take().unwrap().write_all(input.as_bytes()).await;
        child.wait_with_output().await.unwrap()
    }

    /// Starts the desktop program by itself, without a driver.
    pub fn start(&self, arguments: &[&str]) -> Started {
        let mut command = Command::new(program::desktop());
        self.surround(&mut command);
        command.args(arguments).stdin(Stdio::null()).stdout(self.log("desktop")).stderr(self.log("desktop"));
        let child = tokio::process::Command::from(command).spawn().unwrap();
        let process = Process { id: child.id().unwrap(), parent: std::process::id(), name: "nightdesk-desktop".into() };
        Started { process, child }
    }

    /// The running desktop programs.
    pub fn desktops(&self) -> Vec<Process> {
        let name = program::desktop().file_name().unwrap().to_string_lossy().into_owned();
        Process::of_home(&self.home()).into_iter().filter(|process| process.name == name).collect()
    }

    /// The window's processes: those that draw pages.
    pub fn web_views(&self) -> Vec<Process> {
        Process::of_home(&self.home()).into_iter().filter(|process| process.name == "WebKitWebProcess").collect()
    }

    /// How long each opening of the boards' window took until it was painted, as the program's log tells.
    pub fn painted(&self) -> Vec<Duration> {
        let logs = fs::read_dir(self.data().join("logs")).into_iter().flatten().flatten();
        let text: String = logs.filter_map(|file| fs::read_to_string(file.path()).ok()).collect();
        let after = |line: &str| line.split("after_ms=").nth(1)?.split_whitespace().next()?.parse().ok();
        text.lines().filter_map(after).map(Duration::from_millis).collect()
    }

    /// What fetches for the window, and stays for a while after it.
    pub fn web_services(&self) -> Vec<Process> {
        Process::of_home(&self.home()).into_iter().filter(|process| process.name == "WebKitNetworkProcess").collect()
    }

    /// Walks that began since the last time this was asked.
    pub fn walks(&self) -> usize {
        let first = |r: &nightdesk_standin::Request| {
            r.path.ends_with("/incident_reports")
                && r.param("sort_field") == Some("updated_at")
                && r.param("page_token").is_none()
        };
        self.soc.take_requests().iter().filter(|r| first(r)).count()
    }

    /// Waits for the next walk.
    pub async fn until_polled(&self) {
        until("Huntress is polled", SOON, async || (self.walks() > 0).then_some(())).await;
    }

    /// Waits until the engine has opened a ticket for an incident, and answers its id.
    pub async fn until_ticketed(&self, incident: i64) -> i64 {
        until(&format!("incident {incident} has a ticket"), SOON, async || {
            let tickets = self.nightdesk(&["tickets", "--limit", "100000"]).await;
            let found = tickets.as_array().unwrap().iter().find(|t| t["incident_id"] == incident)?;
            found["id"].as_i64()
        })
        .await
    }

    /// Every file of these that holds this text, for what must not be on the disk.
    pub fn files_with(&self, text: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for folder in [self.data(), self.home(), self.folder.path().join("run")] {
            collect(&folder, text.as_bytes(), &mut found);
        }
        found
    }
}

fn collect(folder: &Path, text: &[u8], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            collect(&path, text, found);
        } else if kind.is_file() && fs::read(&path).is_ok_and(|bytes| bytes.windows(text.len()).any(|w| w == text)) {
            found.push(path);
        }
    }
}

impl Started {
    /// Waits until it has ended by itself, and answers its exit code.
    pub async fn ended(&mut self, within: Duration) -> Option<i32> {
        let ended = tokio::time::timeout(within, self.child.wait()).await;
        ended.unwrap_or_else(|_| panic!("the program has not ended within {within:?}")).unwrap().code()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for process in Process::of_home(&self.home()) {
            process.signal("KILL");
        }
        if std::thread::panicking() {
            self.tell();
        }
    }
}

impl Session {
    /// What the programs said, for whoever reads why a test failed.
    fn tell(&self) {
        for entry in fs::read_dir(self.folder.path().join("log")).into_iter().flatten().flatten() {
            let text = fs::read(entry.path()).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            let lines: Vec<&str> = text.lines().collect();
            let last = lines.len().saturating_sub(40);
            eprintln!("--- {} ---\n{}", entry.file_name().to_string_lossy(), lines[last..].join("\n"));
        }
    }
}

/// As [`crate::Scene::account`] has it: 4 is mapped by the configuration, 7 has a client's very name.
fn account() -> Account {
    crate::Scene::account()
}
