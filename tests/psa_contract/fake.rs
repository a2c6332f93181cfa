//! What the promises need: of any connector its catalogue, and of one that holds tickets a stand-in to play with.

use std::time::Duration;

use nightdesk_core::catalogue::{Kind as Entry, Listed, StatusRole};
use nightdesk_core::delivery::{Kind, Outcome};
use nightdesk_core::ids::DeliveryId;
use nightdesk_core::port::{Found, Outgoing, Psa, Sender};
use nightdesk_core::psa::{Create, Filed, Note, Reference, Seen, Update};
use serde::Serialize;
use std::sync::Arc;

/// A connector with a catalogue.
pub trait Listing {
    /// The connector.
    fn psa(&self) -> &dyn Psa;
}

/// A connector that holds tickets, and the stand-in that it talks to. Its catalogue has two boards at least, each with an
/// opening and a closing status, two clients and two priorities.
pub trait Fake: Listing {
    /// The connector's senders.
    fn senders(&self) -> Vec<Arc<dyn Sender>>;

    /// Time passes for the connector and the PSA.
    fn pass(&self, time: Duration);

    /// The next write is carried out, and its answer never arrives.
    fn lose_the_next_answer(&self);

    /// The next write never arrives, and nobody can tell.
    fn lose_the_next_request(&self);

    /// The next request is refused because there were too many, with this wait.
    fn limit(&self, wait: Duration);

    /// The credentials are refused from now on.
    fn refuse_the_key(&self);

    /// A status of another board than the ticket's, or whatever else the PSA refuses for good, whoever asks.
    fn spoil(&self, filed: &mut Filed);

    /// All requests so far.
    fn requests(&self) -> usize;

    /// All tickets.
    fn tickets(&self) -> usize;

    /// A ticket's title and description as people read them.
    fn shown(&self, id: &str) -> (String, String);

    /// A ticket's tags.
    fn tags(&self, id: &str) -> Vec<String>;

    /// The notes on a ticket: their words, and whether a customer can read them.
    fn notes(&self, id: &str) -> Vec<(String, bool)>;

    /// A person, by this name, closes a ticket.
    fn person_closes(&self, id: &str, by: &str);

    /// A person gives a ticket to another client.
    fn person_sets_client(&self, id: &str, client: &str, by: &str);

    /// A person opens a ticket of their own; its id.
    fn person_opens(&self, title: &str, by: &str) -> String;

    /// A person deletes a ticket.
    fn person_deletes(&self, id: &str, by: &str);
}

/// What a promise says with a fake.
pub struct Desk<'a, F> {
    pub fake: &'a F,
    listed: Vec<Listed>,
}

impl<'a, F: Fake> Desk<'a, F> {
    pub async fn of(fake: &'a F) -> Self {
        Self { fake, listed: fake.psa().catalogue().await.unwrap() }
    }

    fn ids(&self, kind: Entry) -> Vec<&str> {
        self.listed.iter().filter(|l| l.kind == kind).map(|l| l.remote_id.as_str()).collect()
    }

    /// Client number `n` of the catalogue.
    pub fn client(&self, n: usize) -> String {
        self.ids(Entry::Client)[n].to_owned()
    }

    fn status(&self, board: &str, role: StatusRole) -> String {
        let found = self.listed.iter().find(|l| l.board.as_deref() == Some(board) && l.role == Some(role));
        found.unwrap_or_else(|| panic!("{board} has no {role:?} status")).remote_id.clone()
    }

    /// A ticket for a client on a board, by their places in the catalogue.
    pub fn filed(&self, client: usize, board: usize) -> Filed {
        let board = self.ids(Entry::Board)[board].to_owned();
        let category = self.listed.iter().find(|l| l.kind == Entry::Category && l.board.as_ref() == Some(&board));
        Filed {
            title: "[Huntress] Ransomware on SRV-1 (HR-42)".into(),
            client: self.client(client),
            status: self.status(&board, StatusRole::Opening),
            category: category.map(|l| l.remote_id.clone()),
            priority: Some(self.ids(Entry::Priority)[0].to_owned()),
            board,
        }
    }

    /// The same, closed.
    pub fn closed(&self, filed: &Filed) -> Filed {
        Filed { status: self.status(&filed.board, StatusRole::Closing), ..filed.clone() }
    }

    /// The same with another priority.
    pub fn lower(&self, filed: &Filed) -> Filed {
        Filed { priority: Some(self.ids(Entry::Priority)[1].to_owned()), ..filed.clone() }
    }

    pub fn create(&self) -> Create {
        Create {
            marker: "HR-42".into(),
            reference: "huntress:7:42".into(),
            filed: self.filed(0, 0),
            description: "## Incident\n\nSeverity: critical\n\n<b>as the SOC wrote it</b>\n\n- isolate the host".into(),
            tags: vec!["huntress".into()],
            url: Some("https://huntress.io/org/1/incident_reports/42".into()),
            is_urgent: false,
            look_first: false,
        }
    }

    pub fn sender(&self, kind: Kind) -> Arc<dyn Sender> {
        let found = self.fake.senders().into_iter().find(|sender| sender.kind() == kind);
        found.unwrap_or_else(|| panic!("there is no sender of {kind:?}"))
    }

    async fn send(&self, kind: Kind, outgoing: Outgoing) -> Outcome {
        self.sender(kind).send(&outgoing).await
    }

    pub async fn open(&self, create: &Create, attempt: u32) -> Outcome {
        self.send(Kind::PsaTicket, outgoing(&create.marker, create, attempt)).await
    }

    pub async fn look_up(&self, create: &Create) -> Found {
        self.sender(Kind::PsaTicket).look_up(&outgoing(&create.marker, create, 1)).await
    }

    pub async fn change(&self, id: &str, was: &Filed, wants: &Filed) -> Outcome {
        let (id, was, wants) = (id.to_owned(), was.clone(), wants.clone());
        let update = Update { id, was, here: wants.clone(), wants, is_urgent: false };
        self.send(Kind::PsaUpdate, outgoing("U-1", &update, 1)).await
    }

    pub async fn note(&self, note: &Note, attempt: u32) -> Outcome {
        self.send(Kind::PsaNote, outgoing(&note.marker, note, attempt)).await
    }

    pub async fn look_up_note(&self, note: &Note) -> Found {
        self.sender(Kind::PsaNote).look_up(&outgoing(&note.marker, note, 1)).await
    }

    /// A ticket opened as it usually is.
    pub async fn opened(&self) -> (Reference, Filed) {
        let create = self.create();
        (reference(self.open(&create, 1).await), create.filed)
    }

    /// How a ticket stands.
    pub async fn seen(&self, id: &str) -> Seen {
        self.fake.psa().ticket(id).await.unwrap().unwrap_or_else(|| panic!("{id} isn't there"))
    }
}

pub fn outgoing(marker: &str, payload: &impl Serialize, attempt: u32) -> Outgoing {
    Outgoing {
        id: DeliveryId(1),
        attempt,
        marker: marker.into(),
        destination: "psa".into(),
        payload: serde_json::to_value(payload).unwrap(),
        possible_repeat: attempt > 1,
        since: chrono::DateTime::UNIX_EPOCH,
    }
}

/// The reference of something delivered.
pub fn reference(outcome: Outcome) -> Reference {
    let Outcome::Delivered { remote_ref: Some(text) } = &outcome else { panic!("{outcome:?}") };
    Reference::parse(text).unwrap_or_else(|| panic!("{text} is no reference"))
}
