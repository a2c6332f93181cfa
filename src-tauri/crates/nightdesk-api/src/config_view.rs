//! The configuration in force with what a form needs around it.

use crate::carry_over::CarryOver;
use crate::config::{self, ConfigApplied, DeskAsked};
use crate::config_draft::{ConfigDraft, RoutingDraft};
use crate::config_file;
use crate::error::{Code, Detail, Error};
use crate::guess;
use crate::status;
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::{Catalogue, Kind, Listed, StatusRole};
use nightdesk_engine::configure;
use nightdesk_engine::context::Context;
use nightdesk_store::Tx;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConfigView {
    /// Counts up with each change; 0 before the first.
    pub revision: i64,
    /// When it was applied.
    pub applied_at: Option<DateTime<Utc>>,
    /// What is in force.
    pub draft: ConfigDraft,
    /// Whether polling may begin.
    pub complete: bool,
    /// The keys that it waits for.
    pub missing: Vec<String>,
    /// Bound names that the PSA no longer has, each after its key.
    pub vanished: Vec<String>,
    /// What can be chosen.
    pub choices: Choices,
    /// The routing with what is unset filled in by the likeness of names, for a person to confirm.
    pub guesses: RoutingDraft,
    /// The whole as a file, without secrets.
    pub toml: String,
}

/// What can be chosen in a routing form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[allow(missing_docs)]
pub struct Choices {
    pub clients: Vec<String>,
    pub boards: Vec<BoardChoice>,
    pub priorities: Vec<String>,
}

/// A board with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[allow(missing_docs)]
pub struct BoardChoice {
    pub name: String,
    pub statuses: Vec<String>,
    pub closed_statuses: Vec<String>,
    pub categories: Vec<String>,
}

/// A draft to be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DraftAsked {
    /// The draft.
    pub draft: ConfigDraft,
}

/// A draft to be applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DraftToApply {
    /// The draft.
    pub draft: ConfigDraft,
    /// Refused where another revision is in force by now.
    pub if_revision: Option<i64>,
}

/// What a draft would change, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftChecked {
    /// The revision that it was compared with.
    pub revision: i64,
    /// A line for each difference.
    pub difference: Vec<String>,
    /// The routing keys that polling would wait for.
    pub missing: Vec<String>,
    /// What is wrong; empty for a draft that can be applied.
    pub problems: Vec<DraftProblem>,
    /// What is allowed and still worth a second look.
    pub warnings: Vec<String>,
    /// What a change of the desk would do to what is open; only `psa_preview` finds it out.
    pub carry_over: Option<CarryOver>,
}

/// Something wrong with a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftProblem {
    /// The key concerned, as `section.key`.
    pub key: String,
    /// What was found, to be read after the key.
    pub message: String,
    /// What to enter instead.
    pub remedy: Option<String>,
}

/// The configuration in force.
///
/// # Errors
/// The store's.
pub fn config(tx: &Tx<'_>) -> Result<ConfigView, Error> {
    let context = Context::load(tx)?;
    let (in_force, revision) = configure::current(tx)?;
    let routing = status::routing(&context);
    let vanished = context.bound.as_ref().map(|b| b.vanished(&context.catalogue)).unwrap_or_default();
    // Before the first apply there is no catalogue yet; the built-in desk's comes from the configuration itself.
    let catalogue = match revision {
        0 => after(&context.catalogue, &Listed::of_local(&in_force.local)),
        _ => context.catalogue.clone(),
    };
    let choices = Choices::of(&catalogue);
    Ok(ConfigView {
        revision,
        applied_at: tx.configuration()?.map(|c| c.applied_at),
        complete: routing.complete,
        missing: routing.missing,
        vanished: vanished.into_iter().map(|(key, name)| format!("{key}: {name}")).collect(),
        guesses: guess::routing(&in_force.routing, &choices),
        choices,
        toml: config_file::render(&in_force),
        draft: ConfigDraft::of(&in_force),
    })
}

impl Choices {
    /// What a catalogue offers.
    fn of(catalogue: &Catalogue) -> Self {
        let names = |kind| catalogue.of(kind).map(|e| e.name.clone()).collect::<Vec<_>>();
        let boards = catalogue.of(Kind::Board).map(|board| {
            let of_board = |kind| catalogue.of(kind).filter(move |e| e.board == Some(board.id));
            let statuses = || of_board(Kind::Status);
            BoardChoice {
                name: board.name.clone(),
                statuses: statuses().map(|e| e.name.clone()).collect(),
                closed_statuses: statuses()
                    .filter(|e| e.role.is_some_and(StatusRole::is_closed))
                    .map(|e| e.name.clone())
                    .collect(),
                categories: of_board(Kind::Category).map(|e| e.name.clone()).collect(),
            }
        });
        Self { boards: boards.collect(), clients: names(Kind::Client), priorities: names(Kind::Priority) }
    }
}

/// The catalogue that there would be with these listed: entries that are there keep their number, new ones get numbers
/// that no stored one has.
pub(crate) fn after(before: &Catalogue, listed: &[Listed]) -> Catalogue {
    use nightdesk_core::catalogue::Entry;
    use nightdesk_core::ids::CatalogueId;
    let number = |kind: Kind, remote: &str, at: usize| {
        let known = before.entries().iter().find(|e| e.kind == kind && e.remote_id == remote).map(|e| e.id);
        known.unwrap_or(CatalogueId(-1 - i64::try_from(at).unwrap_or(i64::MAX - 1)))
    };
    let numbered: Vec<_> = listed.iter().enumerate().map(|(at, l)| (number(l.kind, &l.remote_id, at), l)).collect();
    let board =
        |remote: &str| numbered.iter().find(|(_, l)| l.kind == Kind::Board && l.remote_id == remote).map(|(id, _)| *id);
    let entry = |(id, l): &(CatalogueId, &Listed)| Entry {
        id: *id,
        kind: l.kind,
        remote_id: l.remote_id.clone(),
        name: l.name.clone(),
        board: l.board.as_deref().and_then(board),
        role: l.role,
        active: true,
    };
    let mut entries: Vec<Entry> = numbered.iter().map(entry).collect();
    let gone = before.entries().iter().filter(|e| !entries.iter().any(|n| n.id == e.id));
    let gone: Vec<Entry> = gone.map(|e| Entry { active: false, ..e.clone() }).collect();
    entries.extend(gone);
    Catalogue::new(entries)
}

/// Checks a draft against what is in force. What is wrong with it is an answer here, not an error.
///
/// # Errors
/// The store's.
pub fn check(tx: &Tx<'_>, draft: &ConfigDraft, listed: Option<Vec<Listed>>) -> Result<DraftChecked, Error> {
    judged(tx, draft, config::config_check_against(tx, &file(draft), false, listed))
}

/// [`check`], with what a change of the desk would do to what is open. It is found out by doing it: the transaction must be
/// taken back whatever it answers.
///
/// # Errors
/// The store's.
pub fn preview(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    draft: &ConfigDraft,
    listed: Option<Vec<Listed>>,
) -> Result<DraftChecked, Error> {
    judged(tx, draft, config::config_preview(tx, now, actor, &file(draft), false, listed))
}

/// The desk that a draft leads to, whatever else is wrong with it; `None` where even that can't be told.
///
/// # Errors
/// The store's.
pub fn desk_asked(tx: &Tx<'_>, draft: &ConfigDraft) -> Result<Option<DeskAsked>, Error> {
    match config::config_desk(tx, &config_file::render_desk(&draft.to_config().desk), false) {
        Ok(asked) => Ok(Some(asked)),
        Err(Error { detail: Some(Detail::Problems(_)), .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What can be chosen of what a PSA lists, and a routing for it: what the draft has, and the likeliest names for the rest.
pub fn offered(draft: &ConfigDraft, listed: &[Listed]) -> (Choices, RoutingDraft) {
    let choices = Choices::of(&after(&Catalogue::default(), listed));
    let mut routing = draft.to_config().routing;
    let board = |name: &Option<String>| choices.boards.iter().find(|b| Some(&b.name) == name.as_ref());
    let has = |names: &[String], name: &Option<String>| name.as_ref().is_some_and(|n| names.contains(n));
    let security = board(&routing.security_board);
    let keep = |is_there: bool, name: &mut Option<String>| {
        if !is_there {
            *name = None;
        }
    };
    let of_board = security.map(|b| (b.categories.clone(), b.closed_statuses.clone())).unwrap_or_default();
    keep(has(&of_board.0, &routing.category), &mut routing.category);
    keep(has(&of_board.1, &routing.closed_status), &mut routing.closed_status);
    keep(security.is_some(), &mut routing.security_board);
    keep(board(&routing.triage_board).is_some(), &mut routing.triage_board);
    keep(has(&choices.clients, &routing.fallback_client), &mut routing.fallback_client);
    let priority = &mut routing.priority;
    for name in [&mut priority.critical, &mut priority.high, &mut priority.low] {
        keep(has(&choices.priorities, name), name);
    }
    let guesses = guess::routing(&routing, &choices);
    (choices, guesses)
}

fn judged(
    tx: &Tx<'_>,
    draft: &ConfigDraft,
    found: Result<config::ConfigChecked, Error>,
) -> Result<DraftChecked, Error> {
    match found {
        Ok(found) => Ok(DraftChecked {
            revision: found.revision,
            difference: found.difference,
            missing: found.missing,
            problems: Vec::new(),
            warnings: found.warnings,
            carry_over: found.carry_over,
        }),
        Err(Error { detail: Some(Detail::Problems(problems)), .. }) => Ok(DraftChecked {
            revision: configure::current(tx)?.1,
            difference: Vec::new(),
            missing: draft.to_config().routing.missing().into_iter().map(str::to_owned).collect(),
            problems: problems
                .into_iter()
                .map(|p| DraftProblem { key: p.key, message: p.message, remedy: Some(p.expected) })
                .collect(),
            warnings: Vec::new(),
            carry_over: None,
        }),
        Err(error) => Err(error),
    }
}

/// Puts a draft in force, whole or not at all. The mapping table stays as it is.
///
/// # Errors
/// `Conflict` for a stale base; `InvalidInput` with every problem. Nothing may then be committed.
pub fn apply(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    asked: &DraftToApply,
    listed: Option<Vec<Listed>>,
) -> Result<ConfigApplied, Error> {
    let text = file(&asked.draft);
    config::config_apply_against(tx, now, actor, &text, false, asked.if_revision, listed).map_err(|mut error| {
        if error.code == Code::Conflict {
            error.message = "somebody changed the configuration meanwhile; nothing was applied. Look at what is in \
                             force now and apply your changes again"
                .into();
        }
        // A form has no lines.
        if let Some(Detail::Problems(problems)) = &mut error.detail {
            problems.iter_mut().for_each(|p| p.line = None);
        }
        error
    })
}

/// A draft as the file that it amounts to, so that both are checked by the same rules.
fn file(draft: &ConfigDraft) -> String {
    config_file::render(&draft.to_config())
}
