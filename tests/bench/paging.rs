//! From an incident's commit to the first request at the carrier, with a hundred pages waiting for somebody.

use crate::Outcome;
use crate::table::Table;
use chrono::TimeDelta;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::carrier::Fault;
use nightdesk_tests::Scene;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Pages that wait while it is measured.
const WAITING: i64 = 100;

/// Pages that are measured.
const MEASURED: usize = 50;

/// Longer than pages are bundled: each begins for itself. All of them are over before the tree is walked anew after an
/// hour, whose texts would be paced with theirs.
const APART: TimeDelta = TimeDelta::seconds(65);

/// Told by text alone: so many calls to one number would be paced, and the pages after them bundled.
const DANA: &str = "+12125550102";

/// Measures it.
pub async fn measure(table: &mut Table) -> Outcome {
    let mut scene = Scene::on_call(&[("Dana", DANA)]).await;
    let carrier = scene.phones();
    scene.apply(&format!(
        "[[contact]]\nname = \"Dana\"\nphone = {DANA:?}\nchannels = [\"sms\"]\n\
         [paging]\naccount_sid = {:?}\nfrom = {:?}\nbase_url = {:?}\nstudio_base_url = {:?}\nstep_wait_minutes = 60\nrounds = 10\n",
        carrier.account_sid(),
        carrier.number(),
        carrier.url(),
        carrier.studio_url()
    ));
    for n in 0..WAITING {
        scene.world().publish(IncidentBuilder::critical().organization(4).agent(5_000 + n));
    }
    scene.poll().await;
    scene.pass(APART).await;
    // A condition that is asked of every request and never holds: it only sees when the request came.
    let seen: Arc<Mutex<Option<Instant>>> = Arc::default();
    let first = seen.clone();
    scene.phones().fault(Fault::status(500).method("POST").on("Messages").when(move |_| {
        first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(Instant::now);
        false
    }));
    let mut beyond = Vec::new();
    for n in 0..MEASURED {
        scene.pass(APART).await;
        let id = scene.world().publish(IncidentBuilder::critical().organization(5).agent(9_000 + n as i64));
        *seen.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let store = scene.path();
        let committed = tokio::task::spawn_blocking(move || committed(&store, id));
        scene.poll().await;
        let committed = committed.await??;
        let sent =
            seen.lock().unwrap_or_else(PoisonError::into_inner).ok_or_else(|| format!("no text left for page {n}"))?;
        beyond.push(sent.saturating_duration_since(committed));
    }
    beyond.sort_unstable();
    let at = |share: f64| beyond[((beyond.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1000.0;
    table.amount("incident committed to first text, 100 pages waiting: median", at(0.5), " ms", 50.0);
    table.amount("... 99th percentile", at(0.99), " ms", 250.0);
    scene.phones().take_texts();
    scene.phones().take_calls();
    scene.stop_within(Duration::from_secs(5)).await;
    Ok(())
}

/// When an incident is first to be seen by another connection. Asked again and again, which takes a fraction of what is
/// measured.
fn committed(store: &std::path::Path, id: i64) -> Result<Instant, rusqlite::Error> {
    let conn = rusqlite::Connection::open(store)?;
    let mut asked = conn.prepare("SELECT 1 FROM incident WHERE id = ?1")?;
    loop {
        if asked.exists([id])? {
            return Ok(Instant::now());
        }
        std::thread::park_timeout(Duration::from_micros(200));
    }
}
