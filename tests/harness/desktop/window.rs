//! Windows on the session's screen, seen from outside.

use super::session::Session;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, MapState, Window as Id};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

x11rb::atom_manager! {
    /// The names that window managers and programs talk with.
    Atoms: AtomsCookie { WM_PROTOCOLS, WM_DELETE_WINDOW, _NET_WM_NAME, UTF8_STRING, }
}

/// A window that a person can see and close.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Its number at the X server.
    pub id: Id,
    /// Its title.
    pub title: String,
}

impl Session {
    /// What is on the screen. Nobody manages windows here, so programs' windows lie right on the root.
    pub fn windows(&self) -> Vec<Window> {
        let (x, root, atoms) = self.screen();
        let found = x.query_tree(root).unwrap().reply().unwrap().children;
        found.into_iter().filter_map(|id| seen(&x, &atoms, id)).collect()
    }

    /// Closes a window as its frame's button does: the program is asked.
    pub fn close(&self, window: &Window) {
        let (x, _, atoms) = self.screen();
        let data = [atoms.WM_DELETE_WINDOW, x11rb::CURRENT_TIME, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window.id, atoms.WM_PROTOCOLS, data);
        x.send_event(false, window.id, EventMask::NO_EVENT, message).unwrap().check().unwrap();
        x.sync().unwrap();
    }

    /// A window's width and height.
    pub fn size(&self, window: &Window) -> (u16, u16) {
        let (x, _, _) = self.screen();
        let found = x.get_geometry(window.id).unwrap().reply().unwrap();
        (found.width, found.height)
    }

    fn screen(&self) -> (RustConnection, Id, Atoms) {
        let (x, screen) = x11rb::connect(Some(self.display())).unwrap();
        let atoms = Atoms::new(&x).unwrap().reply().unwrap();
        let root = x.setup().roots[screen].root;
        (x, root, atoms)
    }
}

/// `None` for what can't be seen or can't be closed, and for what vanished meanwhile.
fn seen(x: &RustConnection, atoms: &Atoms, id: Id) -> Option<Window> {
    let attributes = x.get_window_attributes(id).ok()?.reply().ok()?;
    if attributes.map_state != MapState::VIEWABLE || attributes.override_redirect {
        return None;
    }
    let protocols = x.get_property(false, id, atoms.WM_PROTOCOLS, AtomEnum::ATOM, 0, 16).ok()?.reply().ok()?;
    protocols.value32()?.find(|atom| *atom == atoms.WM_DELETE_WINDOW)?;
    let title = x.get_property(false, id, atoms._NET_WM_NAME, atoms.UTF8_STRING, 0, 1024).ok()?.reply().ok()?;
    Some(Window { id, title: String::from_utf8_lossy(&title.value).into_owned() })
}
