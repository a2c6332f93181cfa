//! The bridge of the browser tests: the real engine against a stand-in Huntress in a temporary directory, behind a
//! loopback server that carries the same calls as the desktop shell. Only tests run it; no part of the desk does.
//!
//! `nightdesk-bridge [--scene SCENE] [--ui FOLDER] [--port PORT]`. The first line on standard output is JSON,
//! `{"url", "huntress", "key", "secret", "mail", "consumer", "psa", "psa_key"}`, once the scene is set; it ends with SIGTERM, Ctrl-C, or with whoever holds the
//! other end of its standard input.
//!
//! | path | what |
//! |---|---|
//! | `POST /rpc` | `{method, params}`; answers `{ok: true, value}` or `{ok: false, error}` |
//! | `GET /events` | server-sent events `changed` and `goto` |
//! | `POST /control` | what a test makes happen outside the desk: see [`control::Order`] |
//! | anything else | the built user interface, under the desktop application's content security policy |
//!
//! What only a program with a screen can do is answered by [`screen::Screen`], a double that records it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "only tests run it, and they see why it ended")]

mod alerts;
mod args;
mod clock;
mod control;
mod door;
mod drawer;
mod outside;
mod page;
mod phones;
mod psa;
mod scene;
mod screen;
mod town;

use args::Args;
use nightdesk_host::run_with;
use scene::Setting;
use std::process::ExitCode;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> ExitCode {
    let args = match Args::read(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(said) => {
            eprintln!("{said}");
            return ExitCode::from(2);
        }
    };
    match Box::pin(serve(args)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(args: Args) -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let setting = Arc::new(Setting::make(&args.scene, folder.path()).await?);
    let stop = CancellationToken::new();
    let listener = tokio::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, args.port)).await?;
    let address = listener.local_addr()?;
    let door = door::router(setting.clone(), &args.ui, address.port());
    let engine = run_with(setting.engine(), |notes| notes.iter().for_each(|n| eprintln!("{n}")), stop.clone());
    let served = axum::serve(listener, door).with_graceful_shutdown(stop.clone().cancelled_owned());
    let play = async {
        setting.begin().await;
        let (key, secret) = setting.huntress.key();
        let url = format!("http://{address}");
        let huntress = setting.huntress.base_url();
        println!("{}", {
            let (mail, consumer) = (setting.outside.mail.port(), setting.outside.consumer.url());
            let (psa, psa_key) = (setting.psa.base_url(), setting.psa.key());
            serde_json::json!({
                "url": url, "huntress": huntress, "key": key, "secret": secret, "mail": mail, "consumer": consumer,
                "psa": psa, "psa_key": psa_key,
            })
        });
        setting.go_on().await;
    };
    let mut engine = Box::pin(engine);
    let ended = tokio::select! {
        ended = &mut engine => Some(ended),
        served = served => return Ok(served?),
        () = play => None,
        () = asked_to_end() => None,
    };
    stop.cancel();
    match ended {
        Some(ended) => ended?,
        None => engine.await?,
    }
    Ok(())
}

/// Somebody says so, or whoever started this is gone.
async fn asked_to_end() {
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
        () = left_alone() => {}
    }
}

/// Completes when the other end of standard input is closed. Only where that is a pipe: a shell's job in the background
/// has nothing there from the beginning.
async fn left_alone() {
    #[cfg(unix)]
    let is_pipe = {
        use std::os::unix::fs::FileTypeExt;
        std::fs::metadata("/dev/stdin").is_ok_and(|m| m.file_type().is_fifo() || m.file_type().is_socket())
    };
    #[cfg(not(unix))]
    let is_pipe = false;
    if !is_pipe {
        std::future::pending::<()>().await;
    }
    let (gone, closed) = tokio::sync::oneshot::channel::<()>();
    // A thread of its own, which nobody waits for at the end.
    std::thread::spawn(move || {
        let _read = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        drop(gone);
    });
    let _closed = closed.await;
}
