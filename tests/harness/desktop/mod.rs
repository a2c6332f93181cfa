//! A desktop of its own for the real application: screen, session bus, tray host, notification service, keyring, and a
//! driver for the window. Nothing of the machine's own desktop is touched, and everything ends with the [`Session`].

mod bus;
mod display;
mod driver;
mod keyring;
mod menu;
mod notifications;
mod processes;
mod program;
mod session;
mod tray;
mod until;
mod window;

pub use driver::{Driver, Element, Page};
pub use menu::{Item, Menu};
pub use notifications::{Inhibited, Notification, Notifications};
pub use processes::Process;
pub use program::{command_line, desktop, tool};
pub use session::{Key, Session, Started};
pub use tray::{Tray, TrayHost};
pub use until::{SOON, holds, until};
pub use window::Window;
