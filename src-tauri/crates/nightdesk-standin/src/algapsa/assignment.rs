//! `PUT /tickets/{id}/assignment`.

use super::refusal::{Outcome, Refusal};
use super::route::Asked;
use super::submission::{Given, Submission};
use super::update::write;

/// Gives a ticket to a user, or with `null` to nobody.
pub(crate) fn assign(asked: &mut Asked<'_>, id: &str) -> Outcome {
    let mut body = Submission::of(&asked.request.body);
    let to = body.nullable_id("assigned_to");
    body.silence();
    let ignored = body.settle()?;
    let mut row = asked.ticket(id)?;
    asked.ignore(ignored);
    match to {
        Given::Is(user) if !asked.state.users.contains_key(&user) => return Err(Refusal::bad_reference()),
        Given::Is(user) => row.assigned_to = Some(user),
        Given::Null => row.assigned_to = None,
        Given::Absent => {}
    }
    write(asked, row, None)
}
