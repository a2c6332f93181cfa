//! The session's bus, and who offers what on it.

use futures_util::StreamExt as _;
use tokio::sync::{OnceCell, watch};
use zbus::Connection;
use zbus::fdo::DBusProxy;

/// Whoever shows tray icons registers this name.
const TRAY: &str = "org.kde.StatusNotifierWatcher";

/// Whoever shows notifications.
const NOTIFICATIONS: &str = "org.freedesktop.Notifications";

static SESSION: OnceCell<Connection> = OnceCell::const_new();

/// The one connection that this program's own questions share.
///
/// # Errors
/// Without a bus.
pub async fn session() -> zbus::Result<Connection> {
    SESSION.get_or_try_init(Connection::session).await.cloned()
}

/// Tells whether somebody shows tray icons, now and whenever that changes.
pub fn watch_tray_host(tell: watch::Sender<Option<bool>>) {
    tauri::async_runtime::spawn(async move {
        let told = follow(TRAY, |present| _ = tell.send_replace(Some(present))).await;
        if let Err(error) = told {
            tracing::info!(%error, "nobody can say whether tray icons are shown");
            tell.send_replace(Some(false));
            // The sender stays, or its followers would take the silence for an answer.
            std::future::pending::<()>().await;
        }
    });
}

/// Calls `changed` when a notification service comes or goes.
pub fn watch_notifications(changed: impl Fn() + Send + Sync + 'static) {
    tauri::async_runtime::spawn(async move {
        if let Err(error) = follow(NOTIFICATIONS, |_| changed()).await {
            tracing::info!(%error, "notification services cannot be followed");
        }
    });
}

/// Follows whether a name has an owner, for as long as the bus lasts.
async fn follow(name: &'static str, tell: impl Fn(bool) + Send) -> zbus::Result<()> {
    let bus = session().await?;
    let proxy = DBusProxy::new(&bus).await?;
    // Subscribed before it is asked, so that no change falls between.
    let mut changes = proxy.receive_name_owner_changed_with_args(&[(0, name)]).await?;
    tell(proxy.name_has_owner(name.try_into()?).await?);
    while let Some(change) = changes.next().await {
        if let Ok(change) = change.args() {
            tell(change.new_owner().is_some());
        }
    }
    Ok(())
}
