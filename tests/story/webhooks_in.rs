//! Huntress's webhooks: what comes by them, beside polls and without, on bad days and while the desk isn't ready.

mod accounts;
mod door;
mod doubt;
mod night;
mod refusals;

use chrono::TimeDelta;
use nightdesk_engine::receiver::{ReceiverState, receiver_state};
use nightdesk_standin::{Attempt, WebhookEndpoint};
use nightdesk_store::{Topic, WebhookFilter, WebhookLine};
use nightdesk_tests::{Scene, configuration};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// How long real time may take for what happens beside the simulated clock.
const PATIENCE: u32 = 2_000;

/// A desk with a receiver, and the portal's endpoint that posts to it.
pub struct Posted {
    pub scene: Scene,
    pub endpoint: WebhookEndpoint,
}

impl Posted {
    /// A desk that rests, has polled once and listens.
    pub async fn night() -> Self {
        let mut posted = Self::open().await;
        posted.start().await;
        posted
    }

    /// The same, not started yet.
    pub async fn open() -> Self {
        Self::over(Scene::open(Scene::account()).await)
    }

    /// The same over a desk of another kind.
    pub fn over(scene: Scene) -> Self {
        scene.apply(&toml(&scene, "127.0.0.1:0"));
        let endpoint = WebhookEndpoint::new("127.0.0.1:1".parse().unwrap(), Arc::new(scene.clock.clone()));
        scene.signing.put(Some(&endpoint.secret()));
        Self { scene, endpoint }
    }

    pub async fn start(&mut self) {
        self.scene.start().await;
        self.find();
    }

    /// Lets the endpoint post to where the desk listens now.
    pub fn find(&self) {
        let listening = self.state().listening.expect("the desk listens");
        self.endpoint.move_to(listening.parse().unwrap());
    }

    pub fn state(&self) -> ReceiverState {
        self.scene.read(|tx| receiver_state(tx).unwrap())
    }

    /// Posts once and waits until the desk rests.
    pub async fn tell(&self, payload: &Value) -> Attempt {
        let attempt = self.endpoint.tell(payload).await;
        self.scene.settle().await;
        attempt
    }

    /// Posts the event of an incident as it stands at Huntress.
    pub async fn tell_of(&self, id: i64, event: &str) {
        let payload = self.scene.world().incident_event(id, event).unwrap();
        let attempt = self.tell(&payload).await;
        assert_eq!(attempt.status, Some(200), "{attempt:?}");
    }

    pub fn log(&self) -> Vec<WebhookLine> {
        self.scene.read(|tx| {
            tx.webhook_log(&WebhookFilter { nameless: true, limit: 1_000, ..WebhookFilter::default() }).unwrap()
        })
    }

    /// How many posts were accepted and refused. Refusals are counted a moment after they were answered.
    pub async fn counts(&self, refused: i64) -> (i64, i64) {
        for _ in 0..PATIENCE {
            if self.scene.status().webhooks.refused >= refused {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let webhooks = self.scene.status().webhooks;
        (webhooks.received, webhooks.refused)
    }

    /// Waits until so many attempts were made by themselves.
    pub async fn attempts(&self, made: usize) {
        for _ in 0..PATIENCE {
            if self.endpoint.attempts().len() >= made {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("{made} attempts: {:?}", self.endpoint.attempts());
    }

    /// The secret in the desk's drawer changes, as by `nightdesk secret set`.
    pub async fn secret(&self, secrets: Option<&str>) {
        self.scene.signing.put(secrets);
        self.scene.write(|tx| tx.touch(Topic::Secrets));
        self.scene.settle().await;
    }

    /// The configuration changes.
    pub async fn apply(&self, toml: &str) {
        self.scene.apply(toml);
        self.scene.settle().await;
    }

    /// So long that living through every poll would take too long: the machine sleeps, and is awake for half an hour.
    pub async fn sleep_days(&self, days: i64) {
        self.scene.sleep(TimeDelta::days(days)).await;
        self.minutes(30).await;
    }

    pub async fn minutes(&self, minutes: i64) {
        self.scene.pass(TimeDelta::minutes(minutes)).await;
    }
}

/// The stories' configuration with a receiver.
pub fn toml(scene: &Scene, listen: &str) -> String {
    format!("{}\n[webhook_in]\nlisten = {listen:?}\n", configuration(&scene.soc.base_url()))
}
