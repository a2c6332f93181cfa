//! Which path is which.

/// What a path of the API stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint<'a> {
    Tickets,
    TicketSearch,
    TicketStatuses,
    TicketPriorities,
    Ticket(&'a str),
    TicketStatus(&'a str),
    Assignment(&'a str),
    Comments(&'a str),
    Comment(&'a str, &'a str),
    Boards,
    Priorities,
    Statuses,
    TicketCategories,
    Clients,
    Client(&'a str),
    Tags(&'a str, &'a str),
}

impl<'a> Endpoint<'a> {
    /// The endpoint at a path, `None` where the stand-in has nothing.
    pub(crate) fn of(path: &'a str) -> Option<Self> {
        let rest = path.strip_prefix("/api/v1/")?;
        let parts: Vec<&str> = rest.trim_end_matches('/').split('/').collect();
        match parts.as_slice() {
            ["tickets"] => Some(Self::Tickets),
            ["tickets", "search"] => Some(Self::TicketSearch),
            ["tickets", "statuses"] => Some(Self::TicketStatuses),
            ["tickets", "priorities"] => Some(Self::TicketPriorities),
            ["tickets", id] => Some(Self::Ticket(id)),
            ["tickets", id, "status"] => Some(Self::TicketStatus(id)),
            ["tickets", id, "assignment"] => Some(Self::Assignment(id)),
            ["tickets", id, "comments"] => Some(Self::Comments(id)),
            ["tickets", id, "comments", comment] => Some(Self::Comment(id, comment)),
            ["boards"] => Some(Self::Boards),
            ["priorities"] => Some(Self::Priorities),
            ["statuses"] => Some(Self::Statuses),
            ["categories", "ticket"] => Some(Self::TicketCategories),
            ["clients"] => Some(Self::Clients),
            ["clients", id] => Some(Self::Client(id)),
            ["tags", "entity", kind, id] => Some(Self::Tags(kind, id)),
            _ => None,
        }
    }

    /// Whether it takes a token of the rate limit: some of the tickets' sub-routes authenticate by hand and skip it.
    pub(crate) fn is_metered(self) -> bool {
        !matches!(
            self,
            Self::TicketSearch | Self::Comments(_) | Self::Comment(..) | Self::TicketStatus(_) | Self::Assignment(_)
        )
    }

    /// What the key's user must be allowed to do, `None` where nothing answers to the method.
    pub(crate) fn permission(self, method: &str) -> Option<&'static str> {
        match (self, method) {
            (Self::Tickets, "POST") => Some("ticket:create"),
            (Self::Ticket(_), "DELETE") => Some("ticket:delete"),
            (Self::Ticket(_) | Self::TicketStatus(_) | Self::Assignment(_) | Self::Comment(..), "PUT")
            | (Self::Comments(_), "POST") => Some("ticket:update"),
            (Self::TicketCategories, "GET") => Some("ticket_settings:read"),
            (Self::Clients | Self::Client(_), "GET") => Some("client:read"),
            (Self::Tags(..), "GET") => Some("tag:read"),
            (Self::Tags(..), "POST") => Some("tag:create"),
            (Self::TicketStatus(_) | Self::Assignment(_) | Self::Comment(..), _) => None,
            (_, "GET") => Some("ticket:read"),
            _ => None,
        }
    }
}
