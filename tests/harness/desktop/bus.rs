//! A session bus of its own.

use super::program::tool;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A bus without service directories would still start systemd's; this names none of either.
const CONFIGURATION: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A bus; it ends when dropped.
pub struct Bus {
    /// Where programs find it.
    pub address: String,
    daemon: Child,
}

impl Bus {
    /// Starts one in this folder.
    pub fn open(folder: &Path) -> Self {
        let file = folder.join("bus.conf");
        std::fs::write(&file, CONFIGURATION.replace("{socket}", folder.join("bus").to_str().unwrap())).unwrap();
        let mut daemon = Command::new(tool("dbus-daemon", "dbus-daemon"))
            .args(["--nofork", "--nopidfile", "--nosyslog", "--print-address=1", "--config-file"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.join("bus.log")).unwrap())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        assert!(!address.is_empty(), "dbus-daemon didn't start; see {}", folder.display());
        Self { address, daemon }
    }

    /// A connection of its own.
    pub async fn connect(&self) -> zbus::Connection {
        zbus::connection::Builder::address(self.address.as_str()).unwrap().build().await.unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.daemon.kill();
        let _gone = self.daemon.wait();
    }
}
