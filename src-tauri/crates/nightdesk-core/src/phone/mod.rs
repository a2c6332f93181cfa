//! Phone numbers: which country one belongs to, what can be done with it there, and why it is refused. Pure.

mod extension;
mod number;
mod region;

pub use extension::{BadExtension, EXTENSION_MAX, extension};
pub use number::{Can, Line, Number, Refused};
pub use region::{REGIONS, Region, supported};
