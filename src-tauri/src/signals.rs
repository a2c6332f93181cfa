//! The system asks the program to end.

use crate::exit::Asked;
use crate::program::Program;
use std::sync::Arc;
use tauri::AppHandle;

/// Ends the program in order when it is asked to.
pub async fn obey(app: AppHandle, program: Arc<Program>) {
    match asked().await {
        Ok(()) => program.quit(&app, Asked::System).await,
        Err(error) => tracing::warn!(%error, "the system's signals cannot be heard"),
    }
}

#[cfg(unix)]
async fn asked() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

#[cfg(windows)]
async fn asked() -> std::io::Result<()> {
    use tokio::signal::windows::{ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};
    let (mut one, mut two, mut three, mut four) = (ctrl_c()?, ctrl_close()?, ctrl_logoff()?, ctrl_shutdown()?);
    tokio::select! {
        _ = one.recv() => {}
        _ = two.recv() => {}
        _ = three.recv() => {}
        _ = four.recv() => {}
    }
    Ok(())
}
