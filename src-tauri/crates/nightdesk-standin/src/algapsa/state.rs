//! Everything that the desk knows, in tables by id.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::bucket::Bucket;
use super::catalogue::{Board, Category, Client, Priority, Status, User, fresh_id};
use super::comment::CommentRow;
use super::id::id_of;
use super::stamp::whole_millis;
use super::tag::Tag;
use super::ticket::{Closing, TicketRow};

const BURST: u32 = 120;
const PER_MINUTE: u32 = 60;

/// What the user of a key may do unless a test takes it away. Closing against a board's rules isn't among it.
const PERMISSIONS: [&str; 10] = [
    "ticket:create",
    "ticket:read",
    "ticket:update",
    "ticket:delete",
    "client:read",
    "contact:read",
    "ticket_settings:read",
    "tag:create",
    "tag:read",
    "tag:update",
];

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) tenant: String,
    /// The user that the key acts as.
    pub(crate) actor: String,
    pub(crate) boards: BTreeMap<String, Board>,
    pub(crate) statuses: BTreeMap<String, Status>,
    pub(crate) priorities: BTreeMap<String, Priority>,
    pub(crate) categories: BTreeMap<String, Category>,
    pub(crate) clients: BTreeMap<String, Client>,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) tickets: BTreeMap<String, TicketRow>,
    /// By ticket, in the order in which they were written.
    pub(crate) comments: BTreeMap<String, Vec<CommentRow>>,
    /// By kind and id of what they are on.
    pub(crate) tags: BTreeMap<(String, String), Vec<Tag>>,
    /// By board: why it lets no ticket be closed.
    pub(crate) close_rules: BTreeMap<String, Vec<String>>,
    pub(crate) closings: Vec<Closing>,
    pub(crate) permissions: BTreeSet<String>,
    pub(crate) key_valid: bool,
    pub(crate) product_open: bool,
    pub(crate) bucket: Bucket,
    pub(crate) made_tickets: u64,
    pub(crate) made_comments: u64,
    last_write: Option<DateTime<Utc>>,
}

impl State {
    pub(crate) fn new() -> Self {
        let mut state = Self {
            tenant: id_of("tenant", "Stand-in MSP"),
            actor: String::new(),
            boards: BTreeMap::new(),
            statuses: BTreeMap::new(),
            priorities: BTreeMap::new(),
            categories: BTreeMap::new(),
            clients: BTreeMap::new(),
            users: BTreeMap::new(),
            tickets: BTreeMap::new(),
            comments: BTreeMap::new(),
            tags: BTreeMap::new(),
            close_rules: BTreeMap::new(),
            closings: Vec::new(),
            permissions: PERMISSIONS.iter().map(|permission| (*permission).to_owned()).collect(),
            key_valid: true,
            product_open: true,
            bucket: Bucket::new(BURST, PER_MINUTE),
            made_tickets: 0,
            made_comments: 0,
            last_write: None,
        };
        state.actor = state.user_named("Nightdesk API user");
        state
    }

    /// The time of a write, later than every earlier one: two writes within a millisecond of the clock would otherwise
    /// be the same moment, which the vendor's database, counting microseconds, doesn't see.
    pub(crate) fn moment(&mut self, now: DateTime<Utc>) -> DateTime<Utc> {
        let now = whole_millis(now);
        let at = self.last_write.map_or(now, |last| now.max(last + TimeDelta::milliseconds(1)));
        self.last_write = Some(at);
        at
    }

    /// The user of this name, who joins the MSP if there is none yet.
    pub(crate) fn user_named(&mut self, name: &str) -> String {
        if let Some(user) = self.users.values().find(|user| user.name == name || user.id == name) {
            return user.id.clone();
        }
        let id = fresh_id("user", name, |id| self.users.contains_key(id));
        self.users.insert(id.clone(), User { id: id.clone(), name: name.to_owned() });
        id
    }

    pub(crate) fn user_name(&self, id: Option<&str>) -> Option<String> {
        self.users.get(id?).map(|user| user.name.clone())
    }

    /// The id of the board with this id or name.
    pub(crate) fn board_key(&self, named: &str) -> Option<String> {
        self.boards.values().find(|one| one.id == named || one.name == named).map(|one| one.id.clone())
    }

    /// The id of the client with this id or name, the one added first among several of a name.
    pub(crate) fn client_key(&self, named: &str) -> Option<String> {
        let of_name = self.clients.values().filter(|one| one.id == named || one.name == named);
        of_name.min_by_key(|one| one.created_at).map(|one| one.id.clone())
    }

    pub(crate) fn priority_key(&self, named: &str) -> Option<String> {
        self.priorities.values().find(|one| one.id == named || one.name == named).map(|one| one.id.clone())
    }

    /// The id of the ticket with this id or number.
    pub(crate) fn ticket_key(&self, named: &str) -> Option<String> {
        if self.tickets.contains_key(named) {
            return Some(named.to_owned());
        }
        self.tickets.values().find(|row| row.number == named).map(|row| row.id.clone())
    }

    /// A board's statuses in their order.
    pub(crate) fn statuses_of(&self, board: &str) -> Vec<&Status> {
        let mut statuses: Vec<&Status> = self.statuses.values().filter(|one| one.board_id == board).collect();
        statuses.sort_by_key(|one| one.order_number);
        statuses
    }

    /// The status that people find preselected on a board.
    pub(crate) fn first_status(&self, board: &str) -> Option<&Status> {
        let statuses = self.statuses_of(board);
        let default = statuses.iter().find(|one| one.is_default);
        default.or_else(|| statuses.iter().find(|one| !one.is_closed)).copied()
    }

    /// Puts a ticket into the table, and notes the event when that closes it.
    pub(crate) fn store(&mut self, row: TicketRow, by: &str, at: DateTime<Utc>) {
        let was_closed = self.tickets.get(&row.id).is_some_and(|before| before.is_closed);
        if row.is_closed && !was_closed {
            let by = self.user_name(Some(by)).unwrap_or_default();
            self.closings.push(Closing { ticket_id: row.id.clone(), by, at });
        }
        self.tickets.insert(row.id.clone(), row);
    }

    /// Takes a ticket away, and what hangs on it.
    pub(crate) fn remove_ticket(&mut self, id: &str) -> bool {
        self.comments.remove(id);
        self.tags.remove(&("ticket".to_owned(), id.to_owned()));
        self.tickets.remove(id).is_some()
    }
}
