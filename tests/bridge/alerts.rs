//! A way out that shows nothing: native alerts are taken, refused or lost as a test wants it.

use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::{Found, Outgoing, PortFuture, Sender};
use serde::Deserialize;
use std::sync::Mutex;

/// What becomes of alerts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// They are shown.
    #[default]
    Shown,
    /// They fail for now.
    Failing,
    /// They are refused for good.
    Refused,
    /// A person must repair something.
    Stuck,
}

/// The sender of native alerts.
#[derive(Default)]
pub struct Alerts {
    fate: Mutex<Fate>,
}

impl Alerts {
    pub fn meet(&self, fate: Fate) {
        *self.fate.lock().unwrap() = fate;
    }
}

impl Sender for Alerts {
    fn kind(&self) -> Kind {
        Kind::Native
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::None
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        let fate = *self.fate.lock().unwrap();
        let marker = outgoing.marker.clone();
        Box::pin(std::future::ready(match fate {
            Fate::Shown => Outcome::Delivered { remote_ref: Some(marker) },
            Fate::Failing => Outcome::Temporary { error: "no notification service answers".into(), retry_after: None },
            Fate::Refused => Outcome::Permanent { error: "the notification service refused it".into() },
            Fate::Stuck => Outcome::NeedsHuman { error: "notifications are forbidden for this program".into() },
        }))
    }

    fn look_up<'a>(&'a self, _: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(std::future::ready(Found::Unknown("nothing is kept".into())))
    }
}
