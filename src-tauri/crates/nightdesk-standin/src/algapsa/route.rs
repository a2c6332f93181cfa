//! From a request to what the desk does: key, rate limit, permission, endpoint.

use chrono::{DateTime, Utc};

use super::bucket::Level;
use super::endpoint::Endpoint;
use super::id::is_uuid;
use super::issue::Issues;
use super::refusal::{Outcome, Refusal};
use super::request::Request;
use super::state::State;
use super::ticket::TicketRow;
use super::{assignment, catalogue_lists, client_lists, comment_requests, creation, listing, search, tag, update};

/// A request at the desk, and what it does there that no careful client would.
pub(crate) struct Asked<'a> {
    pub(crate) request: &'a Request,
    pub(crate) state: &'a mut State,
    pub(crate) now: DateTime<Utc>,
    slips: Vec<String>,
}

/// What a request came to, with what the headers and the log should tell of it.
pub(crate) struct Settled {
    pub(crate) outcome: Outcome,
    /// `None` where the rate limit had no say.
    pub(crate) level: Option<Level>,
    pub(crate) slips: Vec<String>,
}

impl Asked<'_> {
    pub(crate) fn slip(&mut self, what: impl Into<String>) {
        self.slips.push(what.into());
    }

    /// Fields or parameters that were sent and that the vendor silently drops.
    pub(crate) fn ignore(&mut self, names: Vec<String>) {
        self.slips.extend(names.into_iter().map(|name| format!("{name} was ignored")));
    }

    /// The time of a write.
    pub(crate) fn moment(&mut self) -> DateTime<Utc> {
        self.state.moment(self.now)
    }

    pub(crate) fn actor(&self) -> String {
        self.state.actor.clone()
    }

    /// The ticket at an id of the path.
    ///
    /// # Errors
    /// 400 when that isn't a UUID, 404 when there is no such ticket.
    pub(crate) fn ticket(&self, id: &str) -> Result<TicketRow, Refusal> {
        well_formed(id)?;
        self.state.tickets.get(id).cloned().ok_or_else(|| Refusal::not_found("Ticket"))
    }

    /// # Errors
    /// 403 when the key's user may not.
    pub(crate) fn must_be_allowed(&self, permission: &str) -> Result<(), Refusal> {
        if self.state.permissions.contains(permission) { Ok(()) } else { Err(Refusal::forbidden(permission)) }
    }
}

/// # Errors
/// 400 when an id of the path isn't a UUID.
pub(crate) fn well_formed(id: &str) -> Result<(), Refusal> {
    let mut issues = Issues::default();
    if !is_uuid(id) {
        issues.wrong_form("id", "a UUID");
    }
    issues.settle()
}

/// Does what a request asks for.
pub(crate) fn respond(request: &Request, tenant: Option<&str>, state: &mut State, now: DateTime<Utc>) -> Settled {
    let refused = |refusal, slips| Settled { outcome: Err(refusal), level: None, slips };
    // The key is looked at again: the hook may just have taken it away.
    if !request.authorized || !state.key_valid {
        return refused(Refusal::unauthorized("The API key is missing, unknown or expired"), Vec::new());
    }
    if tenant.is_some_and(|tenant| tenant != state.tenant) {
        return refused(Refusal::unauthorized("The key isn't one of this tenant"), Vec::new());
    }
    let endpoint = Endpoint::of(&request.path);
    let Some((endpoint, permission)) = endpoint.and_then(|at| Some((at, at.permission(&request.method)?))) else {
        return refused(Refusal::not_found("Route"), vec!["there is nothing at this path with this method".to_owned()]);
    };
    let level = endpoint.is_metered().then(|| state.bucket.take(now));
    if let Some(wait) = level.and_then(|level| level.wait) {
        let refusal = Refusal::rate_limited(wait.num_milliseconds());
        return Settled { outcome: Err(refusal), level, slips: Vec::new() };
    }
    let mut asked = Asked { request, state, now, slips: Vec::new() };
    let outcome = admitted(&mut asked, endpoint, permission);
    if let Err(refusal) = &outcome
        && matches!(refusal.status, 400 | 500)
    {
        asked.slip(refusal.line());
    }
    let slips = asked.slips;
    Settled { outcome, level, slips }
}

fn admitted(asked: &mut Asked<'_>, endpoint: Endpoint<'_>, permission: &str) -> Outcome {
    if !asked.state.product_open {
        return Err(Refusal::product_denied());
    }
    asked.must_be_allowed(permission)?;
    match (endpoint, asked.request.method.as_str()) {
        (Endpoint::Tickets, "POST") => creation::create(asked),
        (Endpoint::Tickets, _) => listing::list(asked),
        (Endpoint::TicketSearch, _) => search::search(asked),
        (Endpoint::TicketStatuses, _) => catalogue_lists::ticket_statuses(asked),
        (Endpoint::TicketPriorities, _) => catalogue_lists::ticket_priorities(asked),
        (Endpoint::Ticket(id), "GET") => update::read(asked, id),
        (Endpoint::Ticket(id), "PUT") => update::update(asked, id),
        (Endpoint::Ticket(id), _) => update::delete(asked, id),
        (Endpoint::TicketStatus(id), _) => update::set_status(asked, id),
        (Endpoint::Assignment(id), _) => assignment::assign(asked, id),
        (Endpoint::Comments(id), "POST") => comment_requests::write(asked, id),
        (Endpoint::Comments(id), _) => comment_requests::list(asked, id),
        (Endpoint::Comment(id, comment), _) => comment_requests::rewrite(asked, id, comment),
        (Endpoint::Boards, _) => catalogue_lists::boards(asked),
        (Endpoint::Priorities, _) => catalogue_lists::priorities(asked),
        (Endpoint::Statuses, _) => catalogue_lists::statuses(asked),
        (Endpoint::TicketCategories, _) => catalogue_lists::ticket_categories(asked),
        (Endpoint::Clients, _) => client_lists::list(asked),
        (Endpoint::Client(id), _) => client_lists::read(asked, id),
        (Endpoint::Tags(kind, id), "POST") => tag::attach(asked, kind, id),
        (Endpoint::Tags(kind, id), _) => tag::list(asked, kind, id),
    }
}
