//! Connections to the store that lie ready for questions.

use crate::{DataDir, open_guest};
use nightdesk_api as api;
use nightdesk_api::Code;
use nightdesk_store::Store;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::RwLock;

/// So many lie ready: one for what is shown, one beside a question that takes long.
const IDLE: usize = 2;

/// How long a question under way may hold up putting a damaged file aside.
const LEAVES_WITHIN: Duration = Duration::from_secs(5);

/// The connections. Clones share them.
#[derive(Clone)]
pub(super) struct Shelf {
    dir: DataDir,
    idle: Arc<Mutex<Vec<Store>>>,
    /// Held for reading by every question under way, and for writing while the file is put aside.
    door: Arc<RwLock<()>>,
}

impl Shelf {
    pub(super) fn of(dir: DataDir) -> Self {
        Self { dir, idle: Arc::default(), door: Arc::default() }
    }

    /// Runs something with a connection, on a thread where it may wait.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Store) -> Result<T, api::Error> + Send + 'static,
    ) -> Result<T, api::Error> {
        let inside = self.door.clone().read_owned().await;
        let shelf = self.clone();
        let work = move || {
            let _inside = inside;
            let ready = shelf.held().pop();
            let mut store = match ready {
                Some(store) => store,
                None => open_guest(&shelf.dir).map_err(unopened)?,
            };
            let done = f(&mut store);
            // A connection that met trouble isn't trusted with the next question.
            let sound = !matches!(&done, Err(e) if matches!(e.code, Code::DatabaseDamaged | Code::DatabaseUnreadable | Code::Internal));
            let mut idle = shelf.held();
            if sound && idle.len() < IDLE {
                idle.push(store);
            }
            done
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|e| api::Error::new(Code::Internal, format!("the question failed: {e}")))?
    }

    /// Closes what lies idle.
    pub(super) fn empty(&self) {
        self.held().clear();
    }

    /// Closes everything, those in use as soon as they are free, so that the file can be put aside.
    pub(super) async fn close(&self) {
        let alone = tokio::time::timeout(LEAVES_WITHIN, self.door.write()).await;
        self.empty();
        drop(alone);
    }

    fn held(&self) -> MutexGuard<'_, Vec<Store>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unopened(error: crate::Error) -> api::Error {
    match error {
        crate::Error::Store(error) => error.into(),
        other => api::Error::new(Code::DatabaseUnreadable, other.to_string()),
    }
}
