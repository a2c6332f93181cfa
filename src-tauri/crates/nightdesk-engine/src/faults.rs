//! Named points at which a test may kill the process, to show that nothing is lost there. Outside such a test they do
//! nothing: the variable is read once and is never set.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The environment variable that names a point and after how many passes to die there: `ingest.commit:3`.
pub const VARIABLE: &str = "NIGHTDESK_TEST_KILL_AT";

/// Passes a named point.
pub fn point(name: &str) {
    static TARGET: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static PASSES: AtomicU64 = AtomicU64::new(0);
    let target = TARGET.get_or_init(|| {
        let value = std::env::var(VARIABLE).ok()?;
        let (name, count) = value.rsplit_once(':')?;
        Some((name.to_owned(), count.parse().ok()?))
    });
    if let Some((wanted, count)) = target
        && wanted == name
        && PASSES.fetch_add(1, Ordering::SeqCst) + 1 >= *count
    {
        std::process::abort();
    }
}
