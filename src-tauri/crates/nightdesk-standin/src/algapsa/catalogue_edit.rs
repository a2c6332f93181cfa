//! What an administrator does to boards, statuses, priorities, categories and clients.

use super::catalogue::{Board, Category, Client, Priority, Status, User, fresh_id};
use super::desk::Desk;

impl Desk {
    /// Adds a board after the others, without statuses; its id.
    pub fn add_board(&self, name: &str) -> String {
        self.edit(|state, _| {
            let id = fresh_id("board", name, |id| state.boards.contains_key(id));
            let display_order = state.boards.values().map(|one| one.display_order).max().unwrap_or(0) + 1;
            let board = Board { id: id.clone(), name: name.to_owned(), display_order, active: true };
            state.boards.insert(id.clone(), board);
            id
        })
    }

    /// Adds a status after the board's others; the board's first open one is its default. The status' id, `None` when
    /// there is no such board.
    pub fn add_status(&self, board: &str, name: &str, is_closed: bool) -> Option<String> {
        self.edit(|state, at| {
            let board = state.boards.get(&state.board_key(board)?)?.clone();
            let name_of_id = format!("{}/{name}", board.name);
            let id = fresh_id("status", &name_of_id, |id| state.statuses.contains_key(id));
            let others = state.statuses_of(&board.id);
            let status = Status {
                id: id.clone(),
                board_id: board.id.clone(),
                name: name.to_owned(),
                is_closed,
                is_default: !is_closed && !others.iter().any(|one| one.is_default),
                order_number: others.last().map_or(0, |last| last.order_number) + 1,
                created_at: at,
            };
            state.statuses.insert(id.clone(), status);
            Some(id)
        })
    }

    /// Adds a priority after the others; its id.
    pub fn add_priority(&self, name: &str) -> String {
        self.edit(|state, at| {
            let id = fresh_id("priority", name, |id| state.priorities.contains_key(id));
            let order_number = state.priorities.values().map(|one| one.order_number).max().unwrap_or(0) + 1;
            let priority = Priority { id: id.clone(), name: name.to_owned(), order_number, created_at: at };
            state.priorities.insert(id.clone(), priority);
            id
        })
    }

    /// Adds a category to a board; its id, `None` when there is no such board.
    pub fn add_category(&self, board: &str, name: &str) -> Option<String> {
        self.category(board, None, name)
    }

    /// Adds a subcategory; its id, `None` when the board has no such category.
    pub fn add_subcategory(&self, board: &str, category: &str, name: &str) -> Option<String> {
        let parent = self.read(|state| {
            let board = state.board_key(board)?;
            let named = |one: &&Category| one.id == category || one.name == category;
            let categories = state.categories.values().filter(|one| one.board_id == board && one.parent_id.is_none());
            categories.into_iter().find(named).cloned()
        })?;
        self.category(board, Some(parent), name)
    }

    fn category(&self, board: &str, parent: Option<Category>, name: &str) -> Option<String> {
        self.edit(|state, at| {
            let board = state.boards.get(&state.board_key(board)?)?.clone();
            let below = parent.as_ref().map(|parent| format!("{}/", parent.name)).unwrap_or_default();
            let name_of_id = format!("{}/{below}{name}", board.name);
            let id = fresh_id("category", &name_of_id, |id| state.categories.contains_key(id));
            let others = state.categories.values().filter(|one| one.board_id == board.id);
            let category = Category {
                id: id.clone(),
                board_id: board.id.clone(),
                parent_id: parent.map(|parent| parent.id),
                name: name.to_owned(),
                display_order: others.map(|one| one.display_order).max().unwrap_or(0) + 1,
                created_at: at,
                created_by: state.actor.clone(),
            };
            state.categories.insert(id.clone(), category);
            Some(id)
        })
    }

    /// Adds a client; its id. A second one of the same name is another client.
    pub fn add_client(&self, name: &str) -> String {
        self.edit(|state, at| {
            let id = fresh_id("client", name, |id| state.clients.contains_key(id));
            let client = Client { id: id.clone(), name: name.to_owned(), active: true, created_at: at, updated_at: at };
            state.clients.insert(id.clone(), client);
            id
        })
    }

    /// Adds a user; the id. People who do something join by themselves.
    pub fn add_user(&self, name: &str) -> String {
        self.state().user_named(name)
    }

    /// Renames a board, status, priority, category, client or user by its **id**; `false` when there is none.
    pub fn rename(&self, id: &str, name: &str) -> bool {
        self.edit(|state, at| {
            if let Some(client) = state.clients.get_mut(id) {
                client.updated_at = at;
            }
            let names = [
                state.boards.get_mut(id).map(|one| &mut one.name),
                state.statuses.get_mut(id).map(|one| &mut one.name),
                state.priorities.get_mut(id).map(|one| &mut one.name),
                state.categories.get_mut(id).map(|one| &mut one.name),
                state.clients.get_mut(id).map(|one| &mut one.name),
                state.users.get_mut(id).map(|one| &mut one.name),
            ];
            let found = names.into_iter().flatten().next();
            found.map(|place| name.clone_into(place)).is_some()
        })
    }

    /// Takes a board or client out of use; `false` when there is none. Tickets may still point to it.
    pub fn deactivate(&self, named: &str) -> bool {
        self.set_active(named, false)
    }

    /// Puts a board or client to use again; `false` when there is none.
    pub fn activate(&self, named: &str) -> bool {
        self.set_active(named, true)
    }

    fn set_active(&self, named: &str, active: bool) -> bool {
        self.edit(|state, at| {
            if let Some(board) = state.board_key(named).and_then(|id| state.boards.get_mut(&id)) {
                board.active = active;
                return true;
            }
            let client = state.client_key(named).and_then(|id| state.clients.get_mut(&id));
            client.map(|client| (client.active, client.updated_at) = (active, at)).is_some()
        })
    }

    /// Deletes a board (with its statuses and categories), status, priority, category or client by its **id**. `false`
    /// when there is none or a ticket points to it: the vendor's database keeps what is in use.
    #[must_use]
    pub fn delete(&self, id: &str) -> bool {
        self.edit(|state, _| {
            let used = state.tickets.values().any(|row| {
                let optional = [&row.category, &row.subcategory];
                [&row.board, &row.status, &row.priority, &row.client].into_iter().any(|used| used == id)
                    || optional.into_iter().flatten().any(|used| used == id)
            });
            if used {
                return false;
            }
            let deleted = [
                state.boards.remove(id).is_some(),
                state.statuses.remove(id).is_some(),
                state.priorities.remove(id).is_some(),
                state.categories.remove(id).is_some(),
                state.clients.remove(id).is_some(),
            ];
            state.statuses.retain(|_, one| one.board_id != id);
            state.categories.retain(|_, one| one.board_id != id && one.parent_id.as_deref() != Some(id));
            deleted.contains(&true)
        })
    }

    /// No status of the board is its default any more; `false` when there is no such board.
    pub fn remove_default_status(&self, board: &str) -> bool {
        self.edit(|state, _| {
            let Some(board) = state.board_key(board) else { return false };
            let statuses = state.statuses.values_mut().filter(|one| one.board_id == board);
            statuses.for_each(|one| one.is_default = false);
            true
        })
    }

    /// From now on the board lets no ticket be closed, for this reason as well; `false` when there is no such board.
    pub fn set_close_rule(&self, board: &str, reason: &str) -> bool {
        self.edit(|state, _| {
            let Some(board) = state.board_key(board) else { return false };
            state.close_rules.entry(board).or_default().push(reason.to_owned());
            true
        })
    }

    /// The board lets tickets be closed again.
    pub fn clear_close_rules(&self, board: &str) {
        self.edit(|state, _| state.board_key(board).map(|board| state.close_rules.remove(&board)));
    }

    /// The board with this id or name.
    pub fn board(&self, named: &str) -> Option<Board> {
        self.read(|state| state.boards.get(&state.board_key(named)?).cloned())
    }

    /// The board's status with this id or name.
    pub fn status(&self, board: &str, named: &str) -> Option<Status> {
        self.read(|state| {
            let statuses = state.statuses_of(&state.board_key(board)?);
            statuses.into_iter().find(|one| one.id == named || one.name == named).cloned()
        })
    }

    /// The priority with this id or name.
    pub fn priority(&self, named: &str) -> Option<Priority> {
        self.read(|state| state.priorities.get(&state.priority_key(named)?).cloned())
    }

    /// The client with this id or name, the one added first among several of a name.
    pub fn client(&self, named: &str) -> Option<Client> {
        self.read(|state| state.clients.get(&state.client_key(named)?).cloned())
    }

    /// Every category and subcategory of a board.
    pub fn categories(&self, board: &str) -> Vec<Category> {
        self.read(|state| {
            let board = state.board_key(board);
            let of_board = state.categories.values().filter(|one| Some(&one.board_id) == board.as_ref());
            of_board.cloned().collect()
        })
    }

    /// Every user, the key's own among them.
    pub fn users(&self) -> Vec<User> {
        self.read(|state| state.users.values().cloned().collect())
    }
}
