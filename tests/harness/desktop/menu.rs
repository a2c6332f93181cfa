//! A tray menu over D-Bus (`com.canonical.dbusmenu`), read and clicked by its labels: ids change from one look to the next.

use std::collections::HashMap;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

const INTERFACE: &str = "com.canonical.dbusmenu";

type Properties = HashMap<String, OwnedValue>;
type Layout = (i32, Properties, Vec<OwnedValue>);

/// A line of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its words, without the mark of an access key.
    pub label: String,
    /// Whether it can be clicked.
    pub enabled: bool,
    /// What opens beside it.
    pub submenu: Vec<Item>,
    id: i32,
}

/// A whole menu.
pub struct Menu {
    /// Its lines in order, without those between them.
    pub items: Vec<Item>,
    proxy: zbus::Proxy<'static>,
}

impl Menu {
    pub(super) async fn read(bus: &zbus::Connection, owner: &str, path: OwnedObjectPath) -> Self {
        let proxy = zbus::Proxy::new(bus, owner.to_owned(), path, INTERFACE).await.unwrap();
        let _changes: bool = proxy.call("AboutToShow", &0_i32).await.unwrap_or(false);
        let all: &[&str] = &[];
        let (_, (_, _, children)): (u32, Layout) = proxy.call("GetLayout", &(0_i32, -1_i32, all)).await.unwrap();
        Self { items: children.into_iter().filter_map(item).collect(), proxy }
    }

    /// Every line's words, those of submenus after their own line.
    pub fn labels(&self) -> Vec<String> {
        flat(&self.items).into_iter().map(|item| item.label.clone()).collect()
    }

    /// The first line that begins so.
    ///
    /// # Panics
    /// When there is none.
    pub fn line(&self, label: &str) -> &Item {
        let found = flat(&self.items).into_iter().find(|item| item.label.starts_with(label));
        found.unwrap_or_else(|| panic!("the menu has no line {label:?}: {:?}", self.labels()))
    }

    /// Clicks it.
    ///
    /// # Panics
    /// When there is none, or it can't be clicked.
    pub async fn click(&self, label: &str) {
        let item = self.line(label);
        assert!(item.enabled, "{item:?} can't be clicked");
        let () = self.proxy.call("Event", &(item.id, "clicked", Value::from(0_i32), 0_u32)).await.unwrap();
    }
}

fn flat(items: &[Item]) -> Vec<&Item> {
    items.iter().flat_map(|item| std::iter::once(item).chain(flat(&item.submenu))).collect()
}

/// `None` for a separator and for what isn't shown.
fn item(value: OwnedValue) -> Option<Item> {
    let (id, properties, children): Layout = value.try_into().expect("a menu's layout");
    let text = |name: &str| properties.get(name).and_then(|value| <&str>::try_from(&**value).ok());
    let is = |name: &str| properties.get(name).and_then(|value| bool::try_from(&**value).ok()).unwrap_or(true);
    if text("type") == Some("separator") || !is("visible") {
        return None;
    }
    // A doubled mark is a plain character.
    let label = text("label").unwrap_or_default().replace("__", "\0").replace('_', "").replace('\0', "_");
    let submenu = children.into_iter().filter_map(item).collect();
    Some(Item { label, enabled: is("enabled"), submenu, id })
}
