//! What every test stands on: the real engine against a stand-in Huntress on loopback, with a simulated clock.

mod calling;
mod clock;
mod desk;
#[cfg(target_os = "linux")]
pub mod desktop;
mod hooks;
mod mailing;
mod on_call;
mod posting;
mod psa;
mod scene;
mod screen;
mod sight;

pub use calling::{Calling, Line, NoCarrier, client};
pub use clock::SimClock;
pub use desk::{CONFIG, configuration};
pub use hooks::{hook_secret, hooks, hooks_where_names_lead_to, hooks_where_no_name_is_found};
pub use posting::SigningDrawer;
pub use psa::{PsaDesk, STORY_DESK};
pub use scene::Scene;
pub use screen::Screen;
