//! A tray host of its own, with the icons that programs put into it.

use super::menu::Menu;
use super::session::Session;
use super::until::{SOON, until};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};

const NAME: &str = "org.kde.StatusNotifierWatcher";
const PATH: &str = "/StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";

type Registered = Arc<Mutex<Vec<(String, String)>>>;

struct Watcher(Registered);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    async fn register_status_notifier_item(
        &self,
        service: String,
        #[zbus(header)] header: Header<'_>,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) {
        // Ayatana's library names the object's path, others the bus name whose object lies at the usual path.
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let item = if service.starts_with('/') { (sender, service) } else { (service, "/StatusNotifierItem".into()) };
        let told = format!("{}{}", item.0, item.1);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(item);
        Self::status_notifier_item_registered(&emitter, &told).await.unwrap();
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        let items = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        items.iter().map(|(name, path)| format!("{name}{path}")).collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(signal)]
    async fn status_notifier_item_registered(emitter: &SignalEmitter<'_>, service: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn status_notifier_host_registered(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
}

/// The host, as long as it is kept.
pub struct TrayHost {
    bus: zbus::Connection,
    registered: Registered,
}

impl TrayHost {
    /// Begins to answer on a session's bus.
    pub async fn join(session: &Session) -> Self {
        let registered = Registered::default();
        let bus = zbus::connection::Builder::address(session.bus()).unwrap();
        let bus = bus.serve_at(PATH, Watcher(registered.clone())).unwrap();
        let bus = bus.name(NAME).unwrap().build().await.unwrap();
        Self { bus, registered }
    }

    /// Waits for the program's icon.
    pub async fn tray(&self) -> Tray {
        let (owner, path) = until("an icon registers with the tray host", SOON, async || {
            self.registered.lock().unwrap_or_else(PoisonError::into_inner).last().cloned()
        })
        .await;
        let tray = Tray { bus: self.bus.clone(), owner, path };
        // The item is announced a moment before its menu can be asked for.
        until("the icon has a menu", SOON, async || tray.menu_path().await.map(drop)).await;
        tray
    }

    /// How many icons there are.
    pub fn count(&self) -> usize {
        self.registered.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// The program's icon in the tray.
pub struct Tray {
    bus: zbus::Connection,
    owner: String,
    path: String,
}

impl Tray {
    async fn properties(&self) -> HashMap<String, OwnedValue> {
        let item = zbus::fdo::PropertiesProxy::builder(&self.bus).destination(&*self.owner).unwrap();
        let item = item.path(&*self.path).unwrap().build().await.unwrap();
        item.get_all(ITEM.try_into().unwrap()).await.unwrap_or_default()
    }

    async fn text(&self, property: &str) -> String {
        let properties = self.properties().await;
        properties.get(property).and_then(|value| <&str>::try_from(&**value).ok()).unwrap_or_default().to_owned()
    }

    async fn menu_path(&self) -> Option<OwnedObjectPath> {
        let properties = self.properties().await;
        let path = properties.get("Menu")?.try_clone().ok()?;
        OwnedObjectPath::try_from(path).ok().filter(|path| path.as_str() != "/")
    }

    /// The words beside the icon.
    pub async fn label(&self) -> String {
        self.text("XAyatanaLabel").await
    }

    /// Waits until the words beside the icon are these.
    pub async fn until_label(&self, text: &str) {
        let mut seen = String::new();
        let reading = async {
            while seen != text {
                seen = self.label().await;
                tokio::time::sleep(std::time::Duration::from_millis(25)).await;
            }
        };
        let in_time = tokio::time::timeout(SOON, reading).await;
        assert!(in_time.is_ok(), "the tray says {seen:?}, not {text:?}; its menu: {:?}", self.menu().await.labels());
    }

    /// The name for whoever can't see the icon.
    pub async fn title(&self) -> String {
        self.text("Title").await
    }

    /// The icon's description.
    pub async fn described(&self) -> String {
        self.text("IconAccessibleDesc").await
    }

    /// The picture itself.
    pub async fn picture(&self) -> Vec<u8> {
        let name = self.text("IconName").await;
        let folder = self.text("IconThemePath").await;
        let named = std::path::Path::new(&folder).join(format!("{name}.png"));
        let file = if name.starts_with('/') { name.clone().into() } else { named };
        std::fs::read(&file).unwrap_or_else(|e| panic!("the tray's picture {name:?} in {folder:?}: {e}"))
    }

    /// The menu as it stands now.
    pub async fn menu(&self) -> Menu {
        let path = self.menu_path().await.expect("the tray has a menu");
        Menu::read(&self.bus, &self.owner, path).await
    }

    /// Waits until the menu has a line that holds this text.
    pub async fn until_line(&self, text: &str) -> Menu {
        until(&format!("the tray's menu says {text:?}"), SOON, async || {
            let menu = self.menu().await;
            menu.labels().iter().any(|label| label.contains(text)).then_some(menu)
        })
        .await
    }

    /// Clicks the first line that begins with this text, in a submenu too.
    pub async fn click(&self, label: &str) {
        let menu = self.until_line(label).await;
        menu.click(label).await;
    }
}
