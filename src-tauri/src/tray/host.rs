//! Whether anybody shows tray icons here.

use tokio::sync::watch;

/// What is known of whoever shows tray icons: `None` while nothing is known, else whether there is somebody.
#[derive(Debug, Clone)]
pub struct TrayHost {
    present: watch::Receiver<Option<bool>>,
}

impl TrayHost {
    /// Begins to look, on the present runtime's workers.
    pub fn watch() -> Self {
        let (tell, present) = watch::channel(None);
        crate::platform::watch_tray_host(tell);
        Self { present }
    }

    /// Whether there is somebody; `None` while nothing is known.
    pub fn is_present(&self) -> Option<bool> {
        *self.present.borrow()
    }

    /// Why the icon isn't seen.
    pub fn missing(&self) -> Option<&'static str> {
        (self.is_present() == Some(false)).then_some(
            "this desktop shows no tray icons at the moment; the icon appears when its panel does \
             (on GNOME, the AppIndicator extension shows them)",
        )
    }

    /// Completes when somebody shows icons.
    pub async fn comes(&mut self) {
        if self.present.wait_for(|present| *present == Some(true)).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Completes when that changes.
    pub async fn changes(&mut self) {
        if self.present.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
