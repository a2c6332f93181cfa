//! `notices`

use super::Desk;
use crate::exit::{Ended, Exit, Failure};
use crate::output::Output;
use crate::render::notice;
use nightdesk_api as api;

/// Lists.
pub fn list(desk: &Desk, out: Output, kind: Option<&str>) -> Ended {
    let asked = api::NoticesAsked { kind: kind.map(str::to_owned) };
    // A type is a word of the command line, like an option's value.
    let notices = desk.ask(|tx, _| api::notices(tx, &asked))?.map_err(|e| match e.code {
        api::Code::InvalidInput => Failure::usage(e),
        _ => Failure::failed(e),
    })?;
    out.result(&notices, |n| notice::list(n))?;
    Ok(Exit::Done)
}
