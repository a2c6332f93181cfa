//! Waiting for what should come to be, with a limit and without fixed pauses.

use std::time::Duration;

/// How long something that should happen at once may take on a busy machine.
pub const SOON: Duration = Duration::from_secs(30);

/// How often is looked.
const LOOK: Duration = Duration::from_millis(25);

/// What `look` finds, as soon as it finds something.
///
/// # Panics
/// When `limit` passes before; `what` says what was waited for.
pub async fn until<T>(what: &str, limit: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let looking = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    match tokio::time::timeout(limit, looking).await {
        Ok(found) => found,
        Err(_) => panic!("not within {limit:?}: {what}"),
    }
}

/// Looks for the whole of `span` whether `what` holds: for what must not happen.
///
/// # Panics
/// At the first look that finds it broken.
pub async fn holds(what: &str, span: Duration, mut look: impl AsyncFnMut() -> bool) {
    let looking = async {
        loop {
            assert!(look().await, "no longer holds: {what}");
            tokio::time::sleep(LOOK).await;
        }
    };
    // Running out of time is the good end.
    let _over: Result<(), _> = tokio::time::timeout(span, looking).await;
}
