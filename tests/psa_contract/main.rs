//! What every PSA connector must do, whichever PSA it is for.
//!
//! **To put a connector to the test**: write its [`Fake`](fake::Fake), over a stand-in of the PSA, in a module like `algapsa`,
//! and name the promises there with `keeps!`. The promises know nothing but the port. One that leaves tickets to the desk's own
//! store, such as `local`, keeps those of the catalogue alone.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test that is how a surprise is told, helpers included")]

mod algapsa;
mod catalogue;
mod changes;
mod creations;
mod fake;
mod local;
mod notes;
mod refusals;
mod updates;

/// A test for each of the promises named, kept by the connector whose fake is given.
macro_rules! keeps {
    ($fake:ty: $($of:ident { $($promise:ident),+ $(,)? })+) => {
        $(mod $of {
            use super::*;
            $(
                #[tokio::test]
                async fn $promise() {
                    crate::$of::$promise(&<$fake>::start().await).await;
                }
            )+
        })+
    };
}
pub(crate) use keeps;
