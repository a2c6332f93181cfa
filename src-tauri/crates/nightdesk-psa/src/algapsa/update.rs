//! Changing tickets: moving, closing, reopening, another client, priority or title.

use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::{Found, Outgoing, PortFuture, Sender};
use nightdesk_core::psa::{Filed, Reference, Update, merge};
use nightdesk_http::Method;
use serde_json::{Map, Value, json};

use super::AlgaPsa;
use super::exchange::data;
use super::gate::{Turn, Urgency};
use super::miss::Miss;
use super::reading::unreadable;
use super::refusal::Errand;
use super::row::Ticket;

pub(super) const CHANGE: Errand = Errand::new("change tickets", "ticket:update");
pub(super) const STATUS: Errand = Errand::new("close and reopen tickets", "ticket:update");

/// No mail to customers about what nobody but the desk did; technicians are told as of any change. (The vendor's flag for
/// those has to be left out for that, and would need this one anyway.)
const QUIET: &str = "suppressContactNotifications";

/// The sender of kind `psa_update`: the payload is an [`Update`].
#[derive(Debug)]
pub(super) struct Updates(pub AlgaPsa);

impl Sender for Updates {
    fn kind(&self) -> Kind {
        Kind::PsaUpdate
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Natural
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        Box::pin(async move {
            match serde_json::from_value::<Update>(outgoing.payload.clone()) {
                Ok(update) => self.0.change(&update).await,
                Err(_) => Outcome::Permanent {
                    error: "the change is stored in a form that this version can't read: make it in AlgaPSA by hand"
                        .into(),
                },
            }
        })
    }

    /// Never asked: repeating it changes nothing.
    fn look_up<'a>(&'a self, _outgoing: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(std::future::ready(Found::No))
    }

    fn closed_until(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        self.0.inner.gate.closed_until(Urgency::Update)
    }
}

impl AlgaPsa {
    async fn change(&self, update: &Update) -> Outcome {
        let turn = self.turn(if update.is_urgent { Urgency::UrgentUpdate } else { Urgency::Update });
        let is = match self.row(turn, &update.id).await {
            Ok((ticket, _)) => ticket,
            Err(miss) if miss.is_gone() => return Miss::gone(),
            Err(miss) => return miss.before_the_write(),
        };
        let target = merge(&update.was, &update.wants, &is.filed);
        let Some(write) = Write::of(&is.filed, &target) else { return delivered(&is, &update.wants) };
        match self.write(turn, &is.id, write).await {
            Ok(now) => delivered(&now, &update.wants),
            Err(miss) if miss.is_gone() => Miss::gone(),
            // There is no way to say "only if it is as I saw it": a person who moved the ticket in between is why a status
            // that was right a moment ago is refused, and that isn't for good.
            Err(miss) if miss.is_rejected() && self.has_moved(turn, &is).await => Outcome::Temporary {
                error: "somebody changed the ticket in AlgaPSA at that moment: Nightdesk looks again by itself".into(),
                retry_after: None,
            },
            Err(miss) => miss.outcome(),
        }
    }

    async fn write(&self, turn: Turn, id: &str, write: Write) -> Result<Ticket, Miss> {
        let (url, errand) = match write.is_status_alone {
            true => (self.url(&["tickets", id, "status"], &[]), STATUS),
            false => (self.url(&["tickets", id], &[]), CHANGE),
        };
        let row = data(self.put(turn, Method::PUT, url, &Value::Object(write.body), errand).await?)?;
        self.inner.people.learn(&row);
        Ticket::read(&row).map_err(unreadable)
    }

    async fn has_moved(&self, turn: Turn, was: &Ticket) -> bool {
        self.row(turn, &was.id).await.is_ok_and(|(now, _)| now.filed != was.filed)
    }
}

/// What the PSA shows up to the time of a write is no news, but only where all of it is as was asked: a person's part of it
/// is still to be seen.
fn delivered(now: &Ticket, wants: &Filed) -> Outcome {
    let written = now.written();
    let updated_at = written.updated_at.filter(|_| now.filed == *wants);
    Outcome::Delivered { remote_ref: Some(Reference { updated_at, ..written }.to_string()) }
}

/// One request that makes a ticket what it shall be.
struct Write {
    body: Map<String, Value>,
    /// The call of its own for that fires the events of closing, as the general one does, and asks for less.
    is_status_alone: bool,
}

impl Write {
    /// `None` where nothing is left to write. Only what differs is written, so that a person who works on the ticket at the
    /// same moment loses nothing else; never `tags`, which is no column there, nor `attributes`, which would be replaced whole.
    /// A category or priority can't be taken away there.
    fn of(is: &Filed, target: &Filed) -> Option<Self> {
        let mut body = Map::new();
        let mut put = |name: &str, is: Option<&String>, target: Option<&String>| {
            if let Some(target) = target.filter(|target| Some(*target) != is) {
                body.insert(name.to_owned(), json!(target));
            }
        };
        put("title", Some(&is.title), Some(&target.title));
        put("client_id", Some(&is.client), Some(&target.client));
        put("board_id", Some(&is.board), Some(&target.board));
        put("status_id", Some(&is.status), Some(&target.status));
        put("category_id", is.category.as_ref(), target.category.as_ref());
        put("priority_id", is.priority.as_ref(), target.priority.as_ref());
        if body.contains_key("board_id") {
            // Another board is refused without one of its statuses.
            body.insert("status_id".to_owned(), json!(target.status));
        }
        let is_status_alone = body.len() == 1 && body.contains_key("status_id");
        if body.is_empty() {
            return None;
        }
        body.insert(QUIET.to_owned(), json!(true));
        Some(Self { body, is_status_alone })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filed(client: &str, board: &str, status: &str, category: Option<&str>) -> Filed {
        Filed {
            title: "t".into(),
            client: client.into(),
            board: board.into(),
            status: status.into(),
            category: category.map(str::to_owned),
            priority: Some("p".into()),
        }
    }

    #[test]
    fn only_what_differs_is_written_and_a_board_brings_its_status() {
        let is = filed("c", "b", "s", Some("k"));
        let body = |target: Filed| Write::of(&is, &target).map(|w| (Value::Object(w.body), w.is_status_alone));
        assert_eq!(body(is.clone()), None);
        assert_eq!(body(filed("c", "b", "s", None)), None, "it can't be taken away");
        assert_eq!(body(filed("c", "b", "x", Some("k"))), Some((json!({ "status_id": "x", QUIET: true }), true)));
        let moved = json!({ "board_id": "d", "status_id": "s", "client_id": "a", "category_id": "l", QUIET: true });
        assert_eq!(body(filed("a", "d", "s", Some("l"))), Some((moved, false)));
    }
}
