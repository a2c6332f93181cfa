//! `/clients`.

use super::catalogue_lists::{contains, search, turn};
use super::page::Page;
use super::query::Query;
use super::refusal::{Outcome, Refusal, Reply};
use super::route::{Asked, well_formed};

/// `GET /clients`: all of them, unless `is_inactive` says which.
pub(crate) fn list(asked: &mut Asked<'_>) -> Outcome {
    let mut query = Query::of(asked.request);
    let page = Page::numbered(&mut query);
    let inactive = query.flag("is_inactive");
    let search = search(&mut query);
    let name = query.text("client_name").map(|text| text.to_lowercase());
    let [created_from, created_to, updated_from, updated_to] =
        ["created_from", "created_to", "updated_from", "updated_to"].map(|bound| query.moment(bound));
    let sort = query.choice("sort", &["client_name", "created_at", "updated_at"]);
    let descending = query.descending("order", false);
    asked.ignore(query.settle()?);
    let mut rows: Vec<_> = asked.state.clients.values().collect();
    rows.retain(|one| {
        inactive.is_none_or(|inactive| inactive != one.active)
            && contains(&one.name, &search)
            && contains(&one.name, &name)
            && created_from.is_none_or(|from| one.created_at >= from)
            && created_to.is_none_or(|to| one.created_at <= to)
            && updated_from.is_none_or(|from| one.updated_at >= from)
            && updated_to.is_none_or(|to| one.updated_at <= to)
    });
    rows.sort_by_key(|one| (one.name.to_lowercase(), one.created_at));
    match sort {
        Some("created_at") => rows.sort_by_key(|one| one.created_at),
        Some("updated_at") => rows.sort_by_key(|one| one.updated_at),
        _ => {}
    }
    turn(&mut rows, descending);
    Ok(page.reply(&rows, |one| one.json(&asked.state.tenant)))
}

/// `GET /clients/{id}`.
pub(crate) fn read(asked: &Asked<'_>, id: &str) -> Outcome {
    well_formed(id)?;
    let client = asked.state.clients.get(id).ok_or_else(|| Refusal::not_found("Client"))?;
    Ok(Reply::data(client.json(&asked.state.tenant)))
}
