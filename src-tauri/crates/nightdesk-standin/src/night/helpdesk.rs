//! The demo's AlgaPSA: the MSP's boards and clients, the people who work there, and what they do during the night.

use super::{Client, TRIAGE_BOARD};
use crate::algapsa::{AlgaStandin, Desk, Ticket};
use nightdesk_core::config::{Config, Desk as Where, DeskKind};
use std::collections::BTreeMap;

/// Who works at the helpdesk.
const ILSE: &str = "Ilse Brandt";
const KOFI: &str = "Kofi Adjei";

/// A helpdesk with the same boards, clients and priorities as the night's built-in desk.
pub fn helpdesk(config: &Config) -> Desk {
    let desk = Desk::new();
    for board in &config.local.boards {
        desk.add_board(&board.name);
        for (status, is_closed) in [(&*board.open_status, false), ("In Progress", false), (&*board.closed_status, true)]
        {
            desk.add_status(&board.name, status, is_closed);
        }
        for category in &board.categories {
            desk.add_category(&board.name, category);
        }
    }
    for priority in &config.local.priorities {
        desk.add_priority(priority);
    }
    for client in &config.local.clients {
        desk.add_client(client);
    }
    desk
}

/// Makes the stand-in the night's desk.
pub fn filed(config: &mut Config, base_url: &str) {
    config.desk = Where { kind: DeskKind::Algapsa, base_url: Some(base_url.to_owned()) };
}

/// What people at the helpdesk do, in this order, each when there is a ticket for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// Begins to work on one.
    Takes,
    /// Moves one from triage to a client that was recognised.
    Moves,
    /// Closes one.
    Closes,
}

const DEEDS: [Deed; 4] = [Deed::Takes, Deed::Closes, Deed::Moves, Deed::Closes];

/// One deed for so many tickets, so that the night has come to something before anybody touches it.
const TICKETS_PER_DEED: usize = 4;

/// Tells what appears at the helpdesk, and lets its people work.
pub struct Helpdesk {
    standin: AlgaStandin,
    clients: Vec<&'static str>,
    seen: BTreeMap<String, Ticket>,
    done: usize,
    /// What people did, and how they left the ticket, until the desk has followed.
    left: Vec<(Deed, Ticket)>,
}

/// One of the desk's own tickets, which follow what people do there.
#[derive(Clone, Copy, Debug)]
pub struct Here<'a> {
    /// The helpdesk's id for it.
    pub remote_id: &'a str,
    /// The desk's own number.
    pub number: &'a str,
    /// Its board here.
    pub board: &'a str,
    /// Its client here.
    pub client: &'a str,
    /// Its status here.
    pub status: &'a str,
}

/// What stands there at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// How many of the desk's tickets, by the marker that each title ends with.
    pub tickets: usize,
    /// How many are open there.
    pub open: usize,
    /// Ids of all.
    pub ids: Vec<String>,
    /// Markers that stand there more than once.
    pub doubled: Vec<String>,
}

impl Helpdesk {
    /// Nothing has come yet.
    pub fn new(standin: AlgaStandin, roster: &[Client]) -> Self {
        let clients = roster.iter().map(|c| c.client).collect();
        Self { standin, clients, seen: BTreeMap::new(), done: 0, left: Vec::new() }
    }

    /// What is new since the last time, a sentence each. Somebody there may do something meanwhile.
    pub fn news(&mut self) -> Vec<String> {
        let mut told = Vec::new();
        for ticket in self.standin.desk().tickets() {
            let number = ticket.number.clone();
            let before = self.seen.insert(ticket.id.clone(), ticket.clone());
            match before {
                None => told.push(format!("AlgaPSA has {number} for {}: {}", ticket.client, ticket.title)),
                Some(was) if (&was.board, &was.client) != (&ticket.board, &ticket.client) => {
                    told.push(format!("In AlgaPSA {number} is on {} for {} now.", ticket.board, ticket.client));
                }
                Some(was) if was.is_closed != ticket.is_closed => {
                    let is = if ticket.is_closed { "closed" } else { "open again" };
                    told.push(format!("In AlgaPSA {number} is {is}."));
                }
                Some(was) if was.priority != ticket.priority => {
                    told.push(format!("In AlgaPSA {number} has the priority {} now.", ticket.priority));
                }
                Some(_) => {}
            }
        }
        told.extend(self.work());
        told
    }

    /// What people did that the desk has followed since the last time, a sentence each.
    pub fn followed<'a>(&mut self, here: impl Iterator<Item = Here<'a>>) -> Vec<String> {
        let here: BTreeMap<&str, Here<'_>> = here.map(|h| (h.remote_id, h)).collect();
        let mut told = Vec::new();
        self.left.retain(|(deed, there)| {
            let Some(here) = here.get(&*there.id) else { return true };
            let follows = (here.board, here.client, here.status) == (&*there.board, &*there.client, &*there.status);
            if follows {
                let is = match deed {
                    Deed::Takes => format!("is {}", here.status),
                    Deed::Moves => format!("is on {} for {}", here.board, here.client),
                    Deed::Closes => "is closed".to_owned(),
                };
                told.push(format!("The desk follows: {} ({} in AlgaPSA) {is} here too.", here.number, there.number));
            }
            !follows
        });
        told
    }

    /// The next deed, once there are tickets enough for it and one that it suits.
    fn work(&mut self) -> Option<String> {
        let deed = *DEEDS.get(self.done)?;
        if self.seen.len() < (self.done + 1) * TICKETS_PER_DEED {
            return None;
        }
        let desk = self.standin.desk();
        let open: Vec<Ticket> = desk.tickets().into_iter().filter(|t| !t.is_closed).collect();
        let is_on_triage = |t: &&Ticket| t.board == TRIAGE_BOARD;
        let (touched, said) = match deed {
            Deed::Takes => {
                let ticket = open.iter().find(|t| !is_on_triage(t) && t.status == "New")?;
                desk.person_sets_status(&ticket.id, "In Progress", KOFI).then_some(())?;
                (ticket, format!("{KOFI} works on it"))
            }
            Deed::Closes => {
                let ticket = open.iter().find(|t| !is_on_triage(t))?;
                desk.person_closes(&ticket.id, ILSE).then_some(())?;
                (ticket, format!("{ILSE} closes it"))
            }
            Deed::Moves => {
                let ticket = open.iter().find(is_on_triage)?;
                let client = *self.clients.first()?;
                let board = desk.tickets().into_iter().map(|t| t.board).find(|b| b != TRIAGE_BOARD)?;
                desk.person_sets_client(&ticket.id, client, ILSE).then_some(())?;
                desk.person_moves(&ticket.id, &board, ILSE).then_some(())?;
                (ticket, format!("{ILSE} gives it to {client} on {board}"))
            }
        };
        self.done += 1;
        // What was just done is no news to be told a second time.
        self.seen = desk.tickets().into_iter().map(|t| (t.id.clone(), t)).collect();
        // Somebody may do more to the same ticket: the desk follows to how it stands then.
        self.left.retain(|(_, ticket)| ticket.id != touched.id);
        self.left.extend(self.seen.get(&touched.id).map(|ticket| (deed, ticket.clone())));
        Some(format!("A person in AlgaPSA: {}, {said}.", touched.number))
    }

    /// What stands there.
    pub fn standing(&self) -> Standing {
        let tickets = self.standin.desk().tickets();
        let mut of: BTreeMap<String, usize> = BTreeMap::new();
        for ticket in &tickets {
            // A ticket that lost its marker counts by its title: it is nobody's double.
            let marker =
                ticket.title.rsplit_once(" (").map_or(&*ticket.title, |(_, marker)| marker.trim_end_matches(')'));
            *of.entry(marker.to_owned()).or_default() += 1;
        }
        Standing {
            tickets: tickets.len(),
            open: tickets.iter().filter(|t| !t.is_closed).count(),
            doubled: of.into_iter().filter(|(_, n)| *n > 1).map(|(marker, _)| marker).collect(),
            ids: tickets.into_iter().map(|t| t.id).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::night::{TRIAGE_CLIENT, roster, setting};
    use std::sync::Arc;

    #[tokio::test]
    async fn people_work_once_there_is_something_to_work_on() {
        let desk = helpdesk(&setting("http://127.0.0.1:1", &roster()));
        assert!(desk.client(TRIAGE_CLIENT).is_some() && desk.board(TRIAGE_BOARD).is_some());
        let now = chrono::DateTime::from_timestamp(1_767_000_000, 0).unwrap();
        let standin = AlgaStandin::start(desk, Arc::new(move || now)).await.unwrap();
        let desk = standin.desk().clone();
        let mut there = Helpdesk::new(standin, &roster());
        assert!(there.news().is_empty());
        for n in 0..20 {
            let board = if n % 4 == 3 { TRIAGE_BOARD } else { "Security" };
            desk.person_opens(&format!("[Huntress] x (HR-{n})"), board, "Moonpenny Toys", "somebody").unwrap();
        }
        let told: Vec<String> = (0..8).flat_map(|_| there.news()).collect();
        let deeds = told.iter().filter(|t| t.starts_with("A person")).count();
        assert_eq!(
            (deeds, told.iter().filter(|t| t.starts_with("AlgaPSA has")).count()),
            (DEEDS.len(), 20),
            "{told:#?}"
        );
        let tickets = desk.tickets();
        let here = |status: &'static str| {
            tickets.iter().map(move |t| Here {
                remote_id: &t.id,
                number: "T-1",
                board: &t.board,
                client: &t.client,
                status: if status.is_empty() { &t.status } else { status },
            })
        };
        assert!(there.followed(here("Elsewhere")).is_empty());
        let followed = there.followed(here(""));
        assert!(followed.len() >= 3 && followed.iter().any(|f| f.contains("is closed here too")), "{followed:#?}");
        assert!(there.followed(here("")).is_empty(), "said once");
        let standing = there.standing();
        assert_eq!((standing.tickets, standing.open, standing.doubled.len()), (20, 18, 0));
        desk.person_opens("another (HR-3)", "Security", "Moonpenny Toys", "somebody").unwrap();
        assert_eq!(there.standing().doubled, ["HR-3"]);
    }
}
