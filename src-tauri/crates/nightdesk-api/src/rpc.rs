//! One door for every client with a screen: a method's name and JSON in, JSON out. The registry is the single list from
//! which the router, the names and the TypeScript bindings come.

mod host;
mod params;
mod registry;
mod typescript;

pub use host::{At, Host, Job, Shell, Work};
pub use params::*;
pub use registry::{METHODS, Method, Sort};
pub use typescript::typescript;

use crate::error::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

/// An answer as it is sent on: serialised once, where it was made.
pub type Json = Box<RawValue>;

/// The word beside the store's topics for how far a running poll is, which isn't stored.
pub const POLLING: &str = "polling";

/// Calls a method. Parameters are strict: whatever isn't expected is refused with a sentence that names it.
///
/// # Errors
/// `NotFound` for a method that there isn't, `InvalidInput` for parameters of another shape, and the method's own.
pub async fn call(host: &dyn Host, shell: &dyn Shell, method: &str, params: Value) -> Result<Json, Error> {
    registry::route(host, shell, method, params).await
}

fn params<P: DeserializeOwned>(method: &str, given: Value) -> Result<P, Error> {
    // A method without parameters may be called with none.
    let given = if given.is_null() { Value::Object(serde_json::Map::new()) } else { given };
    // An array would be taken as fields in their order, which nobody means.
    if !given.is_object() {
        return Err(Error::invalid(format!("{method} takes an object with named parameters")));
    }
    serde_json::from_value(given).map_err(|e| Error::invalid(format!("{method} doesn't take these parameters: {e}")))
}

/// Serialises an answer.
///
/// # Errors
/// `Internal` for a value that has no JSON, which none of ours is.
pub fn json(value: &(impl Serialize + ?Sized)) -> Result<Json, Error> {
    Ok(serde_json::value::to_raw_value(value).map_err(nightdesk_store::Error::from)?)
}

fn unknown(method: &str) -> Error {
    let names = METHODS.iter().map(|m| m.name.to_owned()).collect();
    let unknown = crate::names::unknown("method", method, names);
    Error { code: crate::error::Code::NotFound, ..unknown }
}
