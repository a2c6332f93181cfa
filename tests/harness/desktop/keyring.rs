//! GNOME's keyring on a session's bus.

use super::program::tool;
use super::session::Session;
use super::until::{SOON, until};
use std::io::Write as _;
use std::process::{Command, Stdio};

impl Session {
    /// Starts the keyring, unlocked. Its own files lie in the session's home, so a second start finds what was stored.
    pub async fn start_keyring(&self) {
        let mut command = Command::new(tool("gnome-keyring-daemon", "gnome-keyring"));
        self.surround(&mut command);
        command.args(["--foreground", "--unlock", "--components=secrets"]);
        let mut daemon =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(self.log("keyring")).spawn().unwrap();
        daemon.stdin.take().unwrap().write_all(b"trial\n").unwrap();
        // Its end is the session's: whoever has this home is ended with it.
        drop(std::thread::spawn(move || daemon.wait()));
        self.until_owned("org.freedesktop.secrets").await;
    }

    /// Waits until somebody on the bus answers to a name.
    pub async fn until_owned(&self, name: &str) {
        let bus = self.connect().await;
        let bus = zbus::fdo::DBusProxy::new(&bus).await.unwrap();
        let name: zbus::names::BusName<'_> = name.try_into().unwrap();
        until(&format!("somebody answers to {name}"), SOON, async || {
            bus.name_has_owner(name.clone()).await.unwrap().then_some(())
        })
        .await;
    }
}
