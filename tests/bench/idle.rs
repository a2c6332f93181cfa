//! What an idle poll asks of Huntress.

use crate::Outcome;
use crate::table::Table;
use chrono::TimeDelta;
use nightdesk_standin::IncidentBuilder;
use nightdesk_tests::Scene;

/// Polls a desk that knows everything already, and counts.
pub async fn measure(table: &mut Table) -> Outcome {
    let mut account = Scene::account();
    for n in 0..200 {
        account = account.incident(IncidentBuilder::low().organization(4).sent_ago(TimeDelta::hours(n)));
    }
    let mut scene = Scene::open(account).await;
    scene.start().await;
    scene.pass(TimeDelta::minutes(20)).await;
    scene.soc.take_requests();
    scene.poll().await;
    let asked = scene.soc.take_requests();
    let lists: Vec<_> = asked.iter().filter(|r| r.path.ends_with("/incident_reports")).collect();
    let rows = lists.iter().filter_map(|r| r.param("limit")?.parse::<f64>().ok()).fold(0.0, f64::max);
    table.amount("incident list requests of an idle poll", lists.len() as f64, "", 1.0);
    table.amount("rows that it asks for", rows, "", 50.0);
    scene.stop().await;
    Ok(())
}
