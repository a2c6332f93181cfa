//! What the machine does: sleep, screen lock, network. The engine finds a lapse of time by itself within seconds; what
//! is heard here only makes it sooner.

use super::bus::session;
use crate::platform::Happened;
use futures_util::StreamExt as _;
use futures_util::stream::select_all;
use zbus::message::Type;
use zbus::{Connection, MatchRule, Message, MessageStream};

const LOGIND: (&str, &str) = ("org.freedesktop.login1.Manager", "PrepareForSleep");
const NETWORK: (&str, &str) = ("org.freedesktop.NetworkManager", "StateChanged");
const SAVER: (&str, &str) = ("org.freedesktop.ScreenSaver", "ActiveChanged");
const GNOME_SAVER: (&str, &str) = ("org.gnome.ScreenSaver", "ActiveChanged");

/// NetworkManager's word for "connected, with the internet behind it".
const CONNECTED: u32 = 70;

/// Calls `happened` when it does.
pub fn watch_machine(happened: impl Fn(Happened) + Send + Sync + 'static) {
    tauri::async_runtime::spawn(async move {
        let mut streams = Vec::new();
        if let Ok(system) = Connection::system().await {
            streams.extend(subscribe(&system, &[LOGIND, NETWORK]).await);
        }
        if let Ok(session) = session().await {
            streams.extend(subscribe(&session, &[SAVER, GNOME_SAVER]).await);
        }
        if streams.is_empty() {
            tracing::info!("no bus tells of sleep and network; the engine's own clock sees what matters");
        }
        let mut signals = select_all(streams);
        while let Some(signal) = signals.next().await {
            if let Some(what) = signal.ok().and_then(|signal| read(&signal)) {
                tracing::info!(?what, "the machine changed");
                happened(what);
            }
        }
    });
}

async fn subscribe(bus: &Connection, signals: &[(&'static str, &'static str)]) -> Vec<MessageStream> {
    let mut streams = Vec::new();
    for (interface, member) in signals {
        match listen(bus, interface, member).await {
            Ok(stream) => streams.push(stream),
            Err(error) => tracing::info!(interface, %error, "a signal cannot be heard"),
        }
    }
    streams
}

async fn listen(bus: &Connection, interface: &'static str, member: &'static str) -> zbus::Result<MessageStream> {
    let rule = MatchRule::builder().msg_type(Type::Signal).interface(interface)?.member(member)?.build();
    MessageStream::for_match_rule(rule, bus, None).await
}

fn read(signal: &Message) -> Option<Happened> {
    let header = signal.header();
    let (interface, member) = (header.interface()?.as_str(), header.member()?.as_str());
    let body = signal.body();
    match (interface, member) {
        LOGIND => (!body.deserialize::<bool>().ok()?).then_some(Happened::Woke),
        SAVER | GNOME_SAVER => (!body.deserialize::<bool>().ok()?).then_some(Happened::Unlocked),
        NETWORK => (body.deserialize::<u32>().ok()? == CONNECTED).then_some(Happened::Connected),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal(which: (&str, &str), body: &(impl serde::Serialize + zbus::zvariant::DynamicType)) -> Message {
        Message::signal("/x", which.0, which.1).unwrap().build(body).unwrap()
    }

    #[test]
    fn only_what_brings_the_desk_back_counts() {
        assert_eq!(read(&signal(LOGIND, &false)), Some(Happened::Woke));
        assert_eq!(read(&signal(LOGIND, &true)), None, "going to sleep changes nothing");
        assert_eq!(read(&signal(NETWORK, &70_u32)), Some(Happened::Connected));
        assert_eq!(read(&signal(NETWORK, &20_u32)), None);
        assert_eq!(read(&signal(GNOME_SAVER, &false)), Some(Happened::Unlocked));
        assert_eq!(read(&signal(("org.example.Other", "ActiveChanged"), &false)), None);
    }
}
