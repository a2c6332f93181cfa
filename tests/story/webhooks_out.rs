//! Webhooks out: signed posts to consumers that take them, refuse them, hang, or go away.

mod endings;
mod endpoints;
mod news;
mod places;
mod schedule;

use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_api::{self as api, Webhook, WebhookAttempt};
use nightdesk_core::clock::Clock as _;
use nightdesk_core::delivery::State;
use nightdesk_standin::consumer::{Consumer, Post};
use nightdesk_tests::{Scene, configuration, hook_secret, hooks};
use std::sync::Arc;
use std::time::Duration;

/// A desk with so many endpoints, each told of everything, whose engine rests. Each consumer verifies by its secret.
async fn desk(many: usize) -> (Scene, Vec<Consumer>) {
    let (mut scene, consumers) = unstarted(many).await;
    scene.start().await;
    scene.pass(TimeDelta::minutes(6)).await;
    (scene, consumers)
}

async fn unstarted(many: usize) -> (Scene, Vec<Consumer>) {
    let mut scene = Scene::open(Scene::account()).await;
    scene.senders = vec![hooks(&scene.clock)];
    scene.sends_end_within = PATIENCE;
    let mut consumers = Vec::new();
    for _ in 0..many {
        let consumer = Consumer::start(Arc::new(scene.clock.clone())).await.unwrap();
        consumer.trust([hook_secret(&consumer.url(), 1)]);
        consumers.push(consumer);
    }
    let urls: Vec<String> = consumers.iter().map(Consumer::url).collect();
    scene.apply(&toml(&scene, &urls));
    (scene, consumers)
}

/// In real time: longer than anything takes that doesn't hang.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits in real time until a consumer was posted so much: a post takes a moment to arrive.
async fn heard(consumer: &Consumer, many: usize) {
    tokio::time::timeout(PATIENCE, consumer.posted(many)).await.unwrap_or_else(|_| panic!("{:?}", consumer.posts()));
}

/// When the last message to an endpoint is to be sent again, once that is known: silence is first in doubt.
async fn next_try(scene: &Scene, url: &str) -> DateTime<Utc> {
    let mut commits = scene.engine().db().commits();
    let known = async {
        loop {
            let last = attempts(scene, url).into_iter().next().filter(|a| a.state == State::Retrying);
            if let Some(at) = last.and_then(|a| a.next_at) {
                return at;
            }
            commits.changed().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, known).await.expect("it is to be sent again")
}

/// Time passes at once, as over a night in which nobody looks: what fell due in it happens once at its end.
async fn leap(scene: &Scene, by: TimeDelta) {
    scene.settle().await;
    scene.clock.pass(by.to_std().unwrap());
    scene.pass(TimeDelta::seconds(2)).await;
}

/// Leaps to when something is next to be sent to an endpoint, until nothing is or so long has passed. What is for one that
/// was disabled waits without end.
async fn follow(scene: &Scene, url: &str, within: TimeDelta) {
    let end = scene.clock.now() + within;
    loop {
        let next = attempts(scene, url).iter().filter_map(|a| a.next_at).min();
        let takes = listed(scene).iter().any(|endpoint| endpoint.url == url && endpoint.enabled);
        let Some(next) = next.filter(|at| takes && *at <= end) else { return };
        let wait = next - scene.clock.now();
        if wait > TimeDelta::seconds(2) {
            leap(scene, wait - TimeDelta::seconds(1)).await;
        } else {
            scene.pass(TimeDelta::seconds(2)).await;
        }
    }
}

/// The configuration with these endpoints, each told of everything.
fn toml(scene: &Scene, urls: &[String]) -> String {
    let mut toml = configuration(&scene.soc.base_url());
    for url in urls {
        toml.push_str(&endpoint(url, &["incident_reports", "escalations", "platform_actions", "account_notices"]));
    }
    if urls.is_empty() {
        toml = format!("webhook_out = []\n{toml}");
    }
    toml
}

fn endpoint(url: &str, categories: &[&str]) -> String {
    format!("\n[[webhook_out]]\nurl = {url:?}\ncategories = {categories:?}\nallow_private = true\n")
}

/// The events that were posted, every post being genuine.
fn events(posts: &[Post]) -> Vec<String> {
    assert!(posts.iter().all(|p| p.verdict.is_genuine()), "{posts:?}");
    posts.iter().map(|p| p.event_type.clone()).collect()
}

fn listed(scene: &Scene) -> Vec<Webhook> {
    let now = scene.clock.now();
    scene.read(|tx| api::webhooks(tx, now)).unwrap()
}

fn attempts(scene: &Scene, url: &str) -> Vec<WebhookAttempt> {
    let asked = api::WebhookAttemptsAsked { url: url.to_owned(), limit: 100 };
    scene.read(|tx| api::webhook_attempts(tx, &asked)).unwrap()
}

/// Deliveries of kind webhook as `state`, oldest first.
fn states(scene: &Scene) -> Vec<String> {
    let all = scene.read(|tx| api::outbox(tx, None)).unwrap();
    let mut of_kind: Vec<_> = all.iter().filter(|d| d.kind.word() == "webhook").collect();
    of_kind.reverse();
    of_kind.iter().map(|d| d.state.word().to_owned()).collect()
}
