//! How soon the window is back with a thousand tickets on triage, beside a bare Tauri application's empty window in the
//! same run.

use crate::Outcome;
use crate::bare::{self, Bare};
use crate::desktop::in_the_tray;
use crate::table::{Table, median};
use nightdesk_tests::desktop::{SOON, Session, TrayHost, until};
use std::time::Duration;

/// Triage tickets on the board.
const MANY: i64 = 1_000;

/// Openings of which the median counts. One before them warms the disk and doesn't.
pub const OPENINGS: usize = 5;

/// Openings after a rest, which each take one.
const AFTER_A_REST: usize = 3;

/// The desk comes to rest some seconds after its window was closed.
const RESTS_WITHIN: Duration = Duration::from_secs(30);

/// Measures it; nothing where the programs weren't built.
pub async fn measure(table: &mut Table) -> Outcome {
    let Some(program) = bare::program() else { return Ok(()) };
    let bare = {
        let session = Session::open().await;
        let _host = TrayHost::join(&session).await;
        let mut bare = Bare::start(&session, &program).await?;
        let openings = bare.open_and_close(&session, 1 + OPENINGS).await?;
        bare.end().await?;
        openings
    };
    let (session, _host, _desk) = in_the_tray(MANY).await;
    let ours = open_and_close(&session, 1 + OPENINGS).await;
    let mut rested = Vec::new();
    for _ in 0..AFTER_A_REST {
        let none_left = async || session.web_services().is_empty().then_some(());
        until("nothing of the web view is left", RESTS_WITHIN, none_left).await;
        rested.extend(open_and_close(&session, 1).await);
    }
    eprintln!("window opened, ms: bare {}, Nightdesk {}, after a rest {}", ms(&bare), ms(&ours), ms(&rested));
    let floor = median(bare.into_iter().skip(1).collect());
    table.ratio("window reopened, 1,000 tickets painted", median(ours.into_iter().skip(1).collect()), floor, 1.5);
    table.ratio("… after a rest", median(rested), floor, 1.5);
    Ok(())
}

fn ms(openings: &[Duration]) -> String {
    openings.iter().map(|d| d.as_millis().to_string()).collect::<Vec<_>>().join(" ")
}

/// Opens the window and closes it, so many times; answers how long each took to paint its board.
pub async fn open_and_close(session: &Session, times: usize) -> Vec<Duration> {
    let before = session.painted().len();
    for n in 0..times {
        // A second start asks the first to show its window.
        let _second = session.start(&[]);
        let is_painted = async || (session.painted().len() > before + n).then_some(());
        until("the board is painted", SOON, is_painted).await;
        let window = until("the window is there", SOON, async || session.windows().into_iter().next()).await;
        session.close(&window);
        until("the window's process has ended", SOON, async || session.web_views().is_empty().then_some(())).await;
    }
    session.painted().split_off(before)
}
