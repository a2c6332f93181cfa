//! Light or dark, as the desktop prefers it. The web view looks at the theme's name, which modern desktops don't change.

use super::bus::session;
use futures_util::StreamExt as _;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use zbus::message::Type;
use zbus::zvariant::OwnedValue;
use zbus::{MatchRule, MessageStream};

const NAME: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const SETTINGS: &str = "org.freedesktop.portal.Settings";
const KEY: (&str, &str) = ("org.freedesktop.appearance", "color-scheme");

/// The portal's word: 0 no preference, 1 dark, 2 light.
static PREFERRED: AtomicU32 = AtomicU32::new(0);

/// A portal that has to be started first may take a moment.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// What the desktop prefers, as far as it has said so.
pub fn preferred_theme() -> Option<tauri::Theme> {
    match PREFERRED.load(Ordering::Relaxed) {
        1 => Some(tauri::Theme::Dark),
        2 => Some(tauri::Theme::Light),
        _ => None,
    }
}

/// Asks, and calls `changed` whenever the answer is another.
pub fn watch_theme(changed: impl Fn() + Send + Sync + 'static) {
    tauri::async_runtime::spawn(async move {
        if let Err(error) = follow(&changed).await {
            tracing::info!(%error, "the desktop does not say whether it is light or dark");
        }
    });
}

async fn follow(changed: &(impl Fn() + Send)) -> zbus::Result<()> {
    let bus = session().await?;
    let rule = MatchRule::builder().msg_type(Type::Signal).interface(SETTINGS)?.member("SettingChanged")?.build();
    let mut changes = MessageStream::for_match_rule(rule, &bus, None).await?;
    let asked = bus.call_method(Some(NAME), PATH, Some(SETTINGS), "ReadOne", &KEY);
    if let Ok(Ok(answer)) = tokio::time::timeout(ANSWERS_WITHIN, asked).await {
        take(answer.body().deserialize::<OwnedValue>().ok(), changed);
    }
    while let Some(change) = changes.next().await {
        let Ok(change) = change else { continue };
        let body = change.body();
        if let Ok((space, key, value)) = body.deserialize::<(String, String, OwnedValue)>()
            && (space.as_str(), key.as_str()) == KEY
        {
            take(Some(value), changed);
        }
    }
    Ok(())
}

fn take(value: Option<OwnedValue>, changed: &impl Fn()) {
    let said = value.and_then(|v| u32::try_from(v).ok()).unwrap_or(0);
    if PREFERRED.swap(said, Ordering::Relaxed) != said {
        changed();
    }
}
