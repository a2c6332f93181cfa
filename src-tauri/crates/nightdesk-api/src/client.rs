//! The clients of the desk.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Client {
    /// Its name.
    pub name: String,
    /// How many of its tickets are open.
    pub open: i64,
}
