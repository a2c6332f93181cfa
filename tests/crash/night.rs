//! A desk that pages people by the real client of the carrier, killed and started again; the carrier and its phones
//! outlive it.

use chrono::{DateTime, Utc};
use nightdesk_api as api;
use nightdesk_core::clock::Clock;
use nightdesk_core::config::Channel;
use nightdesk_core::ids::{AccountId, IncidentId, IncidentKey};
use nightdesk_engine::faults;
use nightdesk_standin::carrier::{Carrier, OnCall};
use nightdesk_standin::{Account, HuntressStandin, IncidentBuilder};
use nightdesk_store::{Opening, PageRow, Store, Tx};
use nightdesk_tests::{Line, configuration};
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::process::Command;

pub const DANA: &str = "+12125550102";
pub const KIM: &str = "+12125550103";

const ACCOUNT: i64 = 5;

/// The time that the child has come to. The carrier here never waits for it.
struct Told(PathBuf);

impl Clock for Told {
    fn now(&self) -> DateTime<Utc> {
        std::fs::read_to_string(&self.0).unwrap().parse().unwrap()
    }

    fn awake(&self) -> Duration {
        Duration::ZERO
    }

    fn since_boot(&self) -> Option<Duration> {
        None
    }

    fn wait_until(&self, _deadline: DateTime<Utc>) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

/// The desk with its SOC and its carrier.
pub struct Night {
    pub soc: HuntressStandin,
    pub carrier: Carrier,
    folder: tempfile::TempDir,
    /// How many processes died where they were told to.
    pub killed: u32,
}

impl Night {
    /// Dana doesn't answer; Kim, who comes next, takes it.
    pub async fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let time = folder.path().join("time");
        std::fs::write(&time, "2026-03-02T01:00:00Z").unwrap();
        let theirs = Told(time.clone());
        let account = Account::new(ACCOUNT, "Harbour IT").organization(4, "Acme Incorporated");
        let soc = HuntressStandin::start(account, Arc::new(move || theirs.now())).await.unwrap();
        soc.world().dialect(|d| d.rate_limit = None);
        let carrier = Carrier::start(Arc::new(Told(time))).await.unwrap();
        carrier.phone(KIM).on_call(OnCall::acknowledges('1'));
        let night = Self { soc, carrier, folder, killed: 0 };
        let mut toml = configuration(&night.soc.base_url());
        toml.push_str(&Line::to(&night.carrier).toml());
        for (name, phone) in [("Dana", DANA), ("Kim", KIM)] {
            toml.push_str(&format!(
                "\n[[contact]]\nname = {name:?}\nphone = {phone:?}\nchannels = [\"sms\", \"call\"]\n"
            ));
        }
        let now = night.now();
        let mut store = night.store();
        store.write(|tx| api::config_apply(tx, now, "tester", &toml, false, None)).unwrap();
        store.write(|tx| [DANA, KIM].iter().try_for_each(|phone| tx.verify_contact(phone, now, Channel::Sms))).unwrap();
        night
    }

    fn now(&self) -> DateTime<Utc> {
        Told(self.folder.path().join("time")).now()
    }

    fn store(&self) -> Store {
        Store::open(&self.folder.path().join("nightdesk.db"), Opening::Owner).unwrap()
    }

    pub fn read<T>(&self, f: impl FnOnce(&Tx<'_>) -> T) -> T {
        self.store().read(|tx| Ok::<_, nightdesk_store::Error>(f(tx))).unwrap()
    }

    /// A critical incident of a host of its own.
    pub fn incident(&self, host: i64) -> i64 {
        self.soc.world().publish(IncidentBuilder::critical().organization(4).agent(host))
    }

    pub fn page_of(&self, incident: i64) -> Option<PageRow> {
        let key = IncidentKey { account: AccountId(ACCOUNT), id: IncidentId(incident) };
        self.read(|tx| tx.pages_of_incident(key).unwrap()).into_iter().next()
    }

    async fn run(&mut self, kill_at: Option<&str>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crash-child"));
        command.env_remove(faults::VARIABLE).envs(kill_at.map(|at| (faults::VARIABLE, at)));
        let line = serde_json::to_string(&Line::to(&self.carrier)).unwrap();
        command.arg(self.folder.path()).arg(self.soc.base_url()).arg(line);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let out = tokio::time::timeout(Duration::from_secs(120), command.output()).await.expect("it ends").unwrap();
        let died = out.status.code().is_none();
        assert!(died || out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        assert!(!died || kill_at.is_some());
        self.killed += u32::from(died);
        let ledger = self.read(|tx| api::ledger(tx, true).unwrap());
        assert_eq!(ledger.verified, Some(true), "{:?}", ledger.error);
    }

    /// Runs an engine that dies at the named point when it passes it for the `count`-th time; it may end well before.
    pub async fn die_at(&mut self, point: &str, count: u32) {
        self.run(Some(&format!("{point}:{count}"))).await;
    }

    /// Runs an engine that lives until nobody is left to be told.
    pub async fn live(&mut self) {
        self.run(None).await;
    }
}
