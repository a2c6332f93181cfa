//! The write-ahead log, of which the kernel tells when it is written: an engine at rest sleeps.

use futures_util::StreamExt as _;
use inotify::{EventMask, EventStream, Inotify, WatchMask};
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::time::Duration;

/// How often the store is asked where the kernel can't tell: all of a user's watches may be taken.
const EVERY: Duration = Duration::from_millis(200);

/// Space for a few dozen events.
const SPACE: usize = 4096;

/// The log, into which every commit writes.
pub struct Log {
    name: OsString,
    told: Option<EventStream<[u8; SPACE]>>,
}

impl Log {
    /// The log of a store; called in a runtime.
    pub fn of(store: &Path) -> Self {
        let mut name = store.file_name().unwrap_or_default().to_owned();
        name.push("-wal");
        let folder = store.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let told = watch(folder).inspect_err(|error| tracing::debug!(%error, "the store is asked for changes")).ok();
        Self { name, told }
    }

    /// Completes once something may have been written since the last time. Nothing is lost when it is dropped before.
    pub async fn written(&mut self) {
        loop {
            let Some(told) = &mut self.told else { return tokio::time::sleep(EVERY).await };
            match told.next().await {
                // News that were lost may have been of any file.
                Some(Ok(event)) if event.mask.contains(EventMask::Q_OVERFLOW) => return,
                Some(Ok(event)) if event.name.as_ref() == Some(&self.name) => return,
                Some(Ok(_)) => {}
                Some(Err(_)) | None => {
                    tracing::debug!("the store is asked for changes from now on");
                    self.told = None;
                }
            }
        }
    }
}

/// Watches the folder: the log itself comes and goes.
fn watch(folder: &Path) -> io::Result<EventStream<[u8; SPACE]>> {
    let kernel = Inotify::init()?;
    kernel.watches().add(folder, WatchMask::MODIFY | WatchMask::CREATE)?;
    kernel.into_event_stream([0; SPACE])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn where_the_kernel_cannot_tell_the_store_is_asked_every_now_and_then() {
        let mut log = Log::of(Path::new("/nowhere/at/all/nightdesk.db"));
        assert!(log.told.is_none());
        tokio::time::timeout(EVERY * 50, log.written()).await.unwrap();
    }

    #[tokio::test]
    async fn only_the_log_is_heard() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Log::of(&folder.path().join("nightdesk.db"));
        std::fs::write(folder.path().join("nightdesk.db"), "x").unwrap();
        assert!(tokio::time::timeout(EVERY, log.written()).await.is_err());
        std::fs::write(folder.path().join("nightdesk.db-wal"), "x").unwrap();
        tokio::time::timeout(EVERY * 50, log.written()).await.unwrap();
    }
}
