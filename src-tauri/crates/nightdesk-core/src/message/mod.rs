//! What people are sent and told: texts that fit and hold no link, and speech that can be understood. Pure.

mod defang;
mod letters;
mod plain;
mod reply;
mod segments;
pub mod speech;
mod template;

pub use defang::{defang, has_link};
pub use plain::plain;
pub use reply::{Code, reply_code, starts_again};
pub use segments::{Encoding, Segments, segments};
pub use template::{Kind, Placeholder, Rendered, Template, TemplateError, Values};
