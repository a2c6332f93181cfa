//! The lists that pickers are filled from.

use super::page::Page;
use super::query::Query;
use super::refusal::{Outcome, Refusal, Reply};
use super::route::Asked;

/// `GET /tickets/statuses`: of one board, or of all boards at once; not in pages.
pub(crate) fn ticket_statuses(asked: &mut Asked<'_>) -> Outcome {
    let mut query = Query::of(asked.request);
    let board = query.id("board_id");
    asked.ignore(query.settle()?);
    let mut boards: Vec<_> = asked.state.boards.values().collect();
    boards.retain(|one| board.as_ref().is_none_or(|id| *id == one.id));
    boards.sort_by_key(|one| one.display_order);
    let statuses = boards.into_iter().flat_map(|one| asked.state.statuses_of(&one.id));
    Ok(Reply::data(statuses.map(|status| status.of_tickets()).collect()))
}

/// `GET /tickets/priorities`, not in pages.
pub(crate) fn ticket_priorities(asked: &mut Asked<'_>) -> Outcome {
    asked.ignore(Query::of(asked.request).settle()?);
    let mut priorities: Vec<_> = asked.state.priorities.values().collect();
    priorities.sort_by_key(|one| one.order_number);
    Ok(Reply::data(priorities.into_iter().map(|priority| priority.of_tickets()).collect()))
}

/// `GET /boards`: in pages, though the published document says otherwise; only those in use unless asked.
pub(crate) fn boards(asked: &mut Asked<'_>) -> Outcome {
    let mut query = Query::of(asked.request);
    let page = Page::numbered(&mut query);
    let inactive = query.flag("include_inactive") == Some(true);
    let search = search(&mut query);
    let sort = query.choice("sort", &["display_order", "board_name", "is_inactive", "is_default"]);
    let descending = query.descending("order", false);
    asked.ignore(query.settle()?);
    let mut rows: Vec<_> = asked.state.boards.values().filter(|one| inactive || one.active).collect();
    rows.retain(|one| contains(&one.name, &search));
    rows.sort_by_key(|one| one.display_order);
    match sort {
        Some("board_name") => rows.sort_by_key(|one| one.name.to_lowercase()),
        Some("is_inactive") => rows.sort_by_key(|one| !one.active),
        Some("is_default") => rows.sort_by_key(|one| one.display_order == 1),
        _ => {}
    }
    turn(&mut rows, descending);
    Ok(page.reply(&rows, |one| one.json(&asked.state.tenant)))
}

/// `GET /priorities`.
pub(crate) fn priorities(asked: &mut Asked<'_>) -> Outcome {
    let mut query = Query::of(asked.request);
    let page = Page::numbered(&mut query);
    let of_tickets = query.choice("item_type", &["ticket", "project_task"]) != Some("project_task");
    let search = search(&mut query);
    let sort = query.choice("sort", &["created_at", "order_number", "priority_name"]);
    let descending = query.descending("order", false);
    asked.ignore(query.settle()?);
    let mut rows: Vec<_> = asked.state.priorities.values().filter(|_| of_tickets).collect();
    rows.retain(|one| contains(&one.name, &search));
    rows.sort_by_key(|one| one.created_at);
    match sort {
        Some("order_number") => rows.sort_by_key(|one| one.order_number),
        Some("priority_name") => rows.sort_by_key(|one| one.name.to_lowercase()),
        _ => {}
    }
    turn(&mut rows, descending);
    Ok(page.reply(&rows, |one| one.json(&asked.state.tenant)))
}

/// `GET /statuses`: for tickets only board by board.
pub(crate) fn statuses(asked: &mut Asked<'_>) -> Outcome {
    let mut query = Query::of(asked.request);
    let page = Page::numbered(&mut query);
    let kind = query.choice("type", &["ticket", "project", "project_task", "interaction"]);
    let board = query.id("board_id");
    let search = search(&mut query);
    let sort = query.choice("sort", &["created_at", "order_number", "name"]);
    let descending = query.descending("order", false);
    asked.ignore(query.settle()?);
    let of_tickets = matches!(kind, None | Some("ticket"));
    if of_tickets && board.is_none() {
        return Err(Refusal::bad_request("Ticket statuses are listed by board_id"));
    }
    let mut rows: Vec<_> = asked.state.statuses.values().collect();
    rows.retain(|one| of_tickets && Some(&one.board_id) == board.as_ref() && contains(&one.name, &search));
    rows.sort_by_key(|one| one.created_at);
    match sort {
        Some("order_number") => rows.sort_by_key(|one| one.order_number),
        Some("name") => rows.sort_by_key(|one| one.name.to_lowercase()),
        _ => {}
    }
    turn(&mut rows, descending);
    Ok(page.reply(&rows, |one| one.json(&asked.state.tenant)))
}

/// `GET /categories/ticket`: `offset` moves through it, `page` does nothing.
pub(crate) fn ticket_categories(asked: &mut Asked<'_>) -> Outcome {
    let mut query = Query::of(asked.request);
    let page = Page::by_offset(&mut query);
    let (board, parent) = (query.id("board_id"), query.id("parent_category"));
    let (parents, children) = (query.flag("is_parent"), query.flag("is_child"));
    query.flag("active");
    let search = search(&mut query);
    let sort = query.choice("sort_by", &["display_order", "category_name", "created_at"]);
    let descending = query.descending("sort_order", false);
    asked.ignore(query.settle()?);
    if asked.request.param("page").is_some_and(|page| page != "1") {
        asked.slip("page was ignored: the list moves by offset");
    }
    let mut rows: Vec<_> = asked.state.categories.values().collect();
    rows.retain(|one| {
        board.as_ref().is_none_or(|id| *id == one.board_id)
            && parent.as_ref().is_none_or(|id| Some(id) == one.parent_id.as_ref())
            && parents.is_none_or(|only| only == one.parent_id.is_none())
            && children.is_none_or(|only| only == one.parent_id.is_some())
            && contains(&one.name, &search)
    });
    rows.sort_by_key(|one| (one.board_id.clone(), one.display_order));
    match sort {
        Some("category_name") => rows.sort_by_key(|one| one.name.to_lowercase()),
        Some("created_at") => rows.sort_by_key(|one| one.created_at),
        _ => {}
    }
    turn(&mut rows, descending);
    Ok(page.reply(&rows, |one| one.json(&asked.state.tenant)))
}

/// What is looked for, in small letters.
pub(crate) fn search(query: &mut Query) -> Option<String> {
    query.text("search").map(|text| text.to_lowercase())
}

/// Whether a name holds what is looked for, whatever its case.
pub(crate) fn contains(name: &str, search: &Option<String>) -> bool {
    search.as_ref().is_none_or(|search| name.to_lowercase().contains(search.as_str()))
}

pub(crate) fn turn<T>(rows: &mut [T], descending: bool) {
    if descending {
        rows.reverse();
    }
}
