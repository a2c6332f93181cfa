//! Being asked to stop.

/// Completes when the operating system asks the program to stop: Ctrl-C, and on Unix SIGTERM.
///
/// # Errors
/// When no handler can be installed.
pub async fn stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        tokio::select! {
            asked = tokio::signal::ctrl_c() => asked,
            _ = terminate.recv() => Ok(()),
            // The terminal it was started from has gone.
            _ = hang_up.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    {
        tokio::signal::ctrl_c().await
    }
}
