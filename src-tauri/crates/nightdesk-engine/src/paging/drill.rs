//! Drills and tests: the same texts and calls as a page's, to this shift's people, who answer with a key or a reply.

use super::asked::Refused;
use super::carry;
use super::telling::Telling;
use super::words;
use crate::contacts::reachable;
use crate::context::Context;
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::config::Channel;
use nightdesk_core::ledger::{Draft, Kind};
use nightdesk_core::paging::{PageState, Position, StepState};
use nightdesk_store::{Error, Purpose, RunRow, StepRow, Tx};

/// How long a drill waits for answers.
pub const DRILL_MINUTES: i64 = 10;

/// Tries every channel of everybody who can be reached; answers the run's number.
///
/// # Errors
/// [`Refused::NotArmed`], [`Refused::Nobody`].
pub fn drill(tx: &Tx<'_>, ctx: &Context, now: DateTime<Utc>, actor: &str, cause: Option<&str>) -> Result<i64, Refused> {
    begin(tx, ctx, now, actor, Purpose::Drill, None, cause)
}

/// Tries every channel of one contact; answers the run's number.
///
/// # Errors
/// As [`drill`].
pub fn test(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    actor: &str,
    contact: &str,
    cause: Option<&str>,
) -> Result<i64, Refused> {
    begin(tx, ctx, now, actor, Purpose::Test, Some(contact), cause)
}

fn begin(
    tx: &Tx<'_>,
    ctx: &Context,
    now: DateTime<Utc>,
    actor: &str,
    purpose: Purpose,
    only: Option<&str>,
    cause: Option<&str>,
) -> Result<i64, Refused> {
    if !ctx.config.paging.is_set_up() {
        return Err(Refused::NotArmed);
    }
    let tree = carry::tree(tx, &ctx.config)?;
    let wanted = |name: &str| only.is_none_or(|only| only == name);
    if !tree.rungs.iter().any(|r| wanted(&r.contact) && !r.channels.is_empty()) {
        return Err(Refused::Nobody);
    }
    let run = tx.open_run(now, purpose, now + Duration::minutes(DRILL_MINUTES), cause)?;
    let run = RunRow { state: PageState::Running, ..run };
    tx.save_run(now, &run)?;
    let telling = Telling { tx, ctx, now, run: &run, tree: &tree };
    for (n, step) in reachable(tx, &ctx.config)?.into_iter().enumerate().filter(|(_, r)| wanted(&r.contact.name)) {
        let (contact, mut why_not) = (&step.contact, step.why_not.iter());
        let at = Position { round: 0, step: u32::try_from(n).unwrap_or(u32::MAX) };
        for channel in &contact.channels {
            match channel {
                // Whoever can't be tried hasn't been tried, and a drill that says otherwise is none.
                channel if !step.ways.contains(channel) => {
                    let why = why_not.next().or(step.why_not.first()).map_or("it can't be used", String::as_str);
                    telling.pass_over(contact, at, *channel, &[], why)?;
                }
                Channel::Sms => {
                    let code = telling.code_to(contact)?;
                    telling.text(contact, at, &[], code, words::drill_text(&ctx.config.paging, &contact.name, code))?;
                }
                Channel::Call => {
                    telling.call(contact, at, &[], words::drill_call(&ctx.config.paging, &contact.name))?
                }
            }
        }
    }
    let fact = format!("{} {} began", purpose.word(), run.id);
    tx.append(now, &Draft::new(Kind::Paged, fact).text(actor)).map_err(Refused::Store)?;
    Ok(run.id)
}

/// When a drill is over: at once when nothing more can come of any step, else at its latest. What a key has proved of a
/// call it hasn't of the text beside it, so that is heard out too.
pub(super) fn next_of(tx: &Tx<'_>, run: &RunRow) -> Result<Option<DateTime<Utc>>, Error> {
    let steps = tx.steps_of_run(run.id)?;
    let arrived = |s: &StepRow| {
        // A text that can't be answered is waited for no longer than until it is known to have arrived.
        let asks = s.code.is_some() && !is_answered(&steps, &s.phone);
        s.channel == Channel::Sms && matches!(s.state, StepState::Delivered | StepState::Unconfirmed) && !asks
    };
    Ok(if steps.iter().all(|s| s.state.is_spent() || arrived(s)) { None } else { run.next_at })
}

fn is_answered(steps: &[StepRow], phone: &str) -> bool {
    steps.iter().any(|s| s.phone == phone && s.state == StepState::Acknowledged)
}

/// Ends a drill that is over.
pub(super) fn go_on(tx: &Tx<'_>, now: DateTime<Utc>, run: &RunRow) -> Result<(), Error> {
    if next_of(tx, run)?.is_some_and(|at| at > now) {
        return Ok(());
    }
    let steps = tx.steps_of_run(run.id)?;
    // Whoever answered one channel is reached by another only if that works too.
    let is_dead = |s: &StepRow| matches!(s.state, StepState::Failed | StepState::Skipped);
    let everybody = steps.iter().all(|s| is_answered(&steps, &s.phone) && !is_dead(s));
    let state = if everybody { PageState::Acknowledged } else { PageState::Exhausted };
    tx.save_run(now, &RunRow { state, next_at: None, ..run.clone() })?;
    let fact = format!("{} {} {}", run.purpose.word(), run.id, state.word());
    tx.append(now, &Draft::new(Kind::Paged, fact))?;
    Ok(())
}
