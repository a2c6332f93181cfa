//! The demo's consumer of webhooks: the customer-facing side of the MSP keeps a log of everything.

use crate::consumer::{Consumer, Post, Reaction, Verdict};
use nightdesk_core::config::{Category, Config, WebhookOut};

/// The master key of the night's endpoint (secret `WEBHOOK_OUT_KEY`). It signs for nobody but the stand-in.
pub const WEBHOOK_OUT_KEY: &str = "YSBuaWdodCBpbiB3aGljaCBub3RoaW5nIGxlYXZlcyE=";

/// Adds the stand-in consumer to the night's configuration, and lets it be busy once, so that a retry shows.
pub fn told(config: &mut Config, consumer: &Consumer) {
    consumer.script([Reaction::Take, Reaction::Take, Reaction::BusyFor(60)]);
    let endpoint = WebhookOut { url: consumer.url(), categories: Category::ALL.to_vec(), allow_private: true };
    config.webhooks_out.push(endpoint);
}

/// Tells what the consumer has taken.
pub struct Siem {
    consumer: Consumer,
}

impl Siem {
    /// A consumer that verifies by this secret; nothing has come yet.
    pub fn new(consumer: Consumer, secret: String) -> Self {
        consumer.trust([secret]);
        Self { consumer }
    }

    /// What is new since the last time, a sentence each.
    pub fn news(&mut self) -> Vec<String> {
        self.consumer.take_posts().iter().map(sentence).collect()
    }
}

fn sentence(post: &Post) -> String {
    let about = post.json()["data"]["id"].as_i64().map(|id| format!(" {id}")).unwrap_or_default();
    let what = format!("{}{about}", post.event_type);
    match (&post.verdict, post.status) {
        (Verdict::Genuine(_), 200..300) => format!("The SIEM took {what}; its signature holds."),
        (Verdict::Genuine(_), status) => format!("The SIEM is busy ({status}) and will be asked again: {what}"),
        (other, _) => format!("The SIEM does not believe {what}: {other:?}"),
    }
}
