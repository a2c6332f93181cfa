//! A critical incident reaches people: the call tree, what they answer, and what is never sent twice.

mod again;
mod answers;
mod arming;
mod blindness;
mod carrier;
mod content;
mod drills;
mod endings;
mod outcomes;
mod phones;
mod proxied;
mod storms;
mod strays;
mod taken;
mod tree;
mod troubles;
mod windows;

use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_core::clock::Clock;
use nightdesk_core::paging::PageState;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::carrier::Text;
use nightdesk_store::PageRow;
use nightdesk_tests::Scene;

const DANA: &str = "+12125550102";
const KIM: &str = "+12125550103";
const FIVE: TimeDelta = TimeDelta::minutes(5);

async fn on_call() -> Scene {
    Scene::on_call(&[("Dana", DANA), ("Kim", KIM)]).await
}

fn pages(scene: &Scene) -> Vec<PageRow> {
    scene.read(|tx| tx.pages(500).unwrap())
}

fn states(scene: &Scene) -> Vec<PageState> {
    pages(scene).iter().map(|p| p.state).collect()
}

fn critical(organization: i64, agent: i64) -> IncidentBuilder {
    IncidentBuilder::critical().organization(organization).agent(agent)
}

fn to(texts: &[Text]) -> Vec<String> {
    texts.iter().map(|t| t.to.clone()).collect()
}

fn key(id: i64) -> nightdesk_core::ids::IncidentKey {
    nightdesk_core::ids::IncidentKey {
        account: nightdesk_core::ids::AccountId(5),
        id: nightdesk_core::ids::IncidentId(id),
    }
}

/// The configuration in force, changed.
fn reconfigure(scene: &Scene, change: impl FnOnce(&str) -> String) {
    apply_exactly(scene, &change(&scene.on_call_toml(&[("Dana", DANA), ("Kim", KIM)])));
}

/// What the file doesn't name is taken out.
fn apply_exactly(scene: &Scene, toml: &str) {
    let now = scene.clock.now();
    scene.write(|tx| api::config_apply(tx, now, "tester", toml, true, None).unwrap());
}

/// The contacts' part of a configuration, from the first one on.
fn contacts(toml: &str) -> &str {
    &toml[toml.find("\n[[contact]]").unwrap()..]
}

/// Which texts went to whom since the last time, and how many calls were made.
fn told(scene: &Scene) -> (Vec<String>, usize) {
    (to(&scene.phones().take_texts()), scene.phones().take_calls().len())
}

/// The code that a text asks for.
fn code(text: &Text) -> String {
    let after = text.body.split("Reply ").nth(1).unwrap_or_else(|| panic!("no code in {}", text.body));
    after.chars().take_while(char::is_ascii_digit).collect()
}

/// A person pages for an incident, whatever the window says.
fn page_anyway(scene: &Scene, id: i64) {
    scene.act(|tx, now| api::page(tx, now, "sam", nightdesk_core::ids::IncidentId(id), true)).unwrap();
}

/// Somebody takes an incident's pages in the window.
fn take(scene: &Scene, id: i64) {
    let taken = scene.act(|tx, now| {
        let ctx = nightdesk_engine::context::Context::load(tx)?;
        nightdesk_engine::paging::take(tx, &ctx, now, key(id), "sam", nightdesk_core::paging::How::App)
            .map_err(|e| api::Error::conflict(e.to_string()))
    });
    assert_eq!(taken.unwrap(), 1);
}
