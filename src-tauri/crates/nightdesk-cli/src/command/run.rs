//! `run`

use super::{Desk, runtime};
use crate::exit::{Ended, Exit, Failure};
use crate::output::{Output, say};
use crate::signal;
use nightdesk_host as host;
use tokio_util::sync::CancellationToken;

/// The engine without a screen, until it is asked to stop.
pub fn run(desk: &Desk, out: Output) -> Ended {
    let runtime = runtime()?;
    let ended = runtime.block_on(Box::pin(engine(desk, out)));
    // What a hanging library call still holds mustn't keep the process: the engine has ended in order.
    runtime.shutdown_background();
    ended
}

async fn engine(desk: &Desk, out: Output) -> Ended {
    let stop = CancellationToken::new();
    // Its notes, of what was recovered, are in the log already, as errors.
    let ready = move |_: &[String]| {
        // Nobody reading it is no reason to stop watching.
        if let Err(Failure::Words(_, words)) = out.text("ready") {
            say(&words);
        }
    };
    let engine = host::run(desk.dir().clone(), ready, stop.clone());
    tokio::pin!(engine);
    tokio::select! {
        ended = &mut engine => return ended.map(|()| Exit::Done).map_err(Failure::failed),
        asked = signal::stop() => asked.map_err(|e| Failure::failed(format!("no signals: {e}")))?,
    }
    stop.cancel();
    engine.await.map(|()| Exit::Done).map_err(Failure::failed)
}
