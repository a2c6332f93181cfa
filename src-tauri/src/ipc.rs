//! The window's one door: a method of the registry by its name. Everything else is refused by the capabilities.

use crate::asked::Asker;
use crate::program::Program;
use crate::window;
use nightdesk_api::Error;
use nightdesk_api::rpc;
use serde_json::Value;
use std::sync::Arc;
use tauri::ipc::Response;
use tauri::{AppHandle, Emitter as _, State, WebviewWindow};

/// Calls a method. The answer is passed on as it was serialised where it was made.
///
/// # Errors
/// The method's own, with a code and a sentence.
#[tauri::command]
pub async fn rpc(
    app: AppHandle,
    window: WebviewWindow,
    program: State<'_, Arc<Program>>,
    method: String,
    params: Option<Value>,
) -> Result<Response, Error> {
    let program = Arc::clone(&program);
    let asker = Asker { app: app.clone(), program: program.clone() };
    let mut answer = Box::pin(rpc::call(&program.desk, &asker, &method, params.unwrap_or(Value::Null))).await;
    if method == "doctor" {
        answer = answer.and_then(|found| asker.with_own_findings(&found));
    }
    if answer.is_ok() && method == "preferences_set" {
        asker.preferences_changed().await;
    }
    // Whoever asks listens already: a question that waited for the window can be put.
    if window.label() == window::MAIN
        && let Some(question) = program.take_pending()
        && let Err(error) = app.emit_to(window::MAIN, "goto", question)
    {
        tracing::warn!(%error, "the window could not be asked");
    }
    answer.map(|json| Response::new(json.get().to_owned()))
}
