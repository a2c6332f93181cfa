//! Opening tickets.

use nightdesk_core::content::line;
use nightdesk_core::delivery::{Idempotency, Kind, Outcome};
use nightdesk_core::port::{Found, Outgoing, PortFuture, Sender};
use nightdesk_core::psa::{Create, Reference};
use nightdesk_http::Method;
use serde_json::{Map, Value, json};
use url::Url;

use super::exchange::{data, rows};
use super::find::REFERENCE;
use super::gate::{Turn, Urgency};
use super::reading::unreadable;
use super::refusal::Errand;
use super::rich_text;
use super::row::Ticket;
use super::{AlgaPsa, json};

pub(super) const OPEN: Errand = Errand::new("open tickets", "ticket:create");

/// What the tags' own route asks for isn't known.
pub(super) const TAG: Errand = Errand { to: "tag tickets", permission: None };

/// The longest tag, in characters.
const LONGEST_TAG: usize = 50;

/// The sender of kind `psa_ticket`: the payload is a [`Create`].
#[derive(Debug)]
pub(super) struct Tickets(pub AlgaPsa);

impl Sender for Tickets {
    fn kind(&self) -> Kind {
        Kind::PsaTicket
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Lookup
    }

    fn send<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Outcome> {
        Box::pin(async move {
            match read(outgoing) {
                Ok(create) => self.0.open(outgoing, &create).await,
                Err(error) => Outcome::Permanent { error },
            }
        })
    }

    fn look_up<'a>(&'a self, outgoing: &'a Outgoing) -> PortFuture<'a, Found> {
        Box::pin(async move {
            // What can't be read can't have been sent either.
            let Ok(create) = read(outgoing) else { return Found::No };
            let turn = self.0.turn(urgency(&create));
            match self.0.find(turn, &create).await {
                Ok(None) => Found::No,
                Ok(Some(ticket)) => {
                    Found::Yes { remote_ref: Some(self.0.taken_over(turn, ticket, &create).await.to_string()) }
                }
                Err(miss) => miss.found(),
            }
        })
    }

    fn closed_until(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        self.0.inner.gate.closed_until(Urgency::Creation)
    }
}

fn read(outgoing: &Outgoing) -> Result<Create, String> {
    serde_json::from_value(outgoing.payload.clone()).map_err(|_| {
        "the ticket is stored in a form that this version can't read: open it in AlgaPSA by hand".to_owned()
    })
}

fn urgency(create: &Create) -> Urgency {
    if create.is_urgent { Urgency::UrgentCreation } else { Urgency::Creation }
}

impl AlgaPsa {
    async fn open(&self, outgoing: &Outgoing, create: &Create) -> Outcome {
        let turn = self.turn(urgency(create));
        // Nothing there keeps a second ticket from being made, so whatever may have been sent before is looked for.
        if outgoing.attempt > 1 || outgoing.possible_repeat || create.look_first {
            match self.find(turn, create).await {
                Ok(None) => {}
                Ok(Some(ticket)) => return delivered(self.taken_over(turn, ticket, create).await),
                Err(miss) => return miss.before_the_write(),
            }
        }
        let body = match body(create) {
            Ok(body) => body,
            Err(error) => return Outcome::NeedsHuman { error },
        };
        let answer = self.put(turn, Method::POST, self.url(&["tickets"], &[]), &body, OPEN).await;
        match answer.and_then(data).and_then(|row| Ok((Ticket::read(&row).map_err(unreadable)?, row))) {
            Ok((ticket, row)) => {
                self.inner.people.made_by_us(&row);
                self.tag(turn, &ticket.id, &create.tags).await;
                delivered(ticket.written())
            }
            Err(miss) => miss.outcome(),
        }
    }

    /// A ticket that an earlier attempt made gets the tags that this attempt would have given it.
    async fn taken_over(&self, turn: Turn, ticket: Ticket, create: &Create) -> Reference {
        let path = ["tags", "entity", "ticket", ticket.id.as_str()];
        let there = self.get(turn, self.url(&path, &[]), TAG).await.and_then(|mut answer| rows(&mut answer));
        let there: Vec<String> = match there {
            Ok(rows) => rows.iter().filter_map(|row| json::text(row, "tag_text")).map(str::to_lowercase).collect(),
            Err(miss) => {
                tracing::warn!(ticket = ticket.id, ?miss, "the tags of a ticket in AlgaPSA could not be read");
                return ticket.found();
            }
        };
        let missing: Vec<String> =
            create.tags.iter().filter(|tag| !there.contains(&tag.trim().to_lowercase())).cloned().collect();
        self.tag(turn, &ticket.id, &missing).await;
        ticket.found()
    }

    /// By a call of their own: those in a creation's body are answered as if they were taken, and aren't stored. A ticket
    /// without its tags is still a ticket.
    async fn tag(&self, turn: Turn, id: &str, tags: &[String]) {
        let tags: Vec<String> = tags
            .iter()
            .map(|tag| line(tag).chars().take(LONGEST_TAG).collect::<String>().trim().to_owned())
            .filter(|tag| !tag.is_empty())
            .collect();
        if tags.is_empty() {
            return;
        }
        // The route goes by the body and not by its own path.
        let body = json!({ "entity_id": id, "entity_type": "ticket", "tags": tags });
        let url = self.url(&["tags", "entity", "ticket", id], &[]);
        if let Err(miss) = self.put(turn, Method::POST, url, &body, TAG).await {
            tracing::warn!(ticket = id, ?miss, "a ticket in AlgaPSA could not be tagged");
        }
    }
}

fn delivered(reference: Reference) -> Outcome {
    Outcome::Delivered { remote_ref: Some(reference.to_string()) }
}

/// The body: only fields that the vendor's validator takes, and the description where it is shown from, which its published
/// document has wrong.
fn body(create: &Create) -> Result<Value, String> {
    let filed = &create.filed;
    let priority = filed.priority.as_ref().ok_or(
        "the ticket has no priority, which AlgaPSA needs: set routing.priority, or open the ticket there by hand",
    )?;
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("title", json!(filed.title));
    put("board_id", json!(filed.board));
    put("client_id", json!(filed.client));
    put("status_id", json!(filed.status));
    put("priority_id", json!(priority));
    if let Some(category) = &filed.category {
        put("category_id", json!(category));
    }
    // One that isn't an address would be a reason to refuse the ticket.
    if let Some(url) = create.url.as_deref().filter(|url| Url::parse(url).is_ok()) {
        put("url", json!(url));
    }
    let mut attributes = json!({ "description": rich_text::blocks(&create.description) });
    attributes[REFERENCE] = json!(create.reference);
    put("attributes", attributes);
    Ok(Value::Object(body))
}
