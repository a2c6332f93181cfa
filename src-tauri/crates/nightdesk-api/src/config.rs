//! The configuration: shown, checked, applied.

use crate::carry_over::{self, CarryOver};
use crate::config_file::{self, Draft, Used};
use crate::error::{Code, Error};
use chrono::{DateTime, Utc};
use nightdesk_core::catalogue::Listed;
use nightdesk_core::config::{Config, Desk, Organization};
use nightdesk_engine::configure;
use nightdesk_engine::psa::{self, desk_of};
use nightdesk_store::{Setting, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The configuration in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigShown {
    /// Counts up with each change; 0 before the first.
    pub revision: i64,
    /// When it was applied.
    pub applied_at: Option<DateTime<Utc>>,
    /// As a TOML document without secrets; applying it again changes nothing.
    pub toml: String,
}

/// What a file would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConfigChecked {
    /// The revision that it was compared with.
    pub revision: i64,
    /// A line for each difference; empty where there is none.
    pub difference: Vec<String>,
    /// The routing keys that polling would wait for.
    pub missing: Vec<String>,
    /// What is allowed and still worth a second look.
    pub warnings: Vec<String>,
    /// What a change of the desk would do to what is open; only a preview knows.
    pub carry_over: Option<CarryOver>,
}

/// What applying a file did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConfigApplied {
    /// The revision in force now.
    pub revision: i64,
    /// A line for each difference; empty where there was none, and then nothing was written.
    pub difference: Vec<String>,
    /// The routing keys that polling waits for; empty when it may begin.
    pub missing: Vec<String>,
    /// What is allowed and still worth a second look.
    pub warnings: Vec<String>,
    /// What a change of the desk did to what is open.
    pub carry_over: Option<CarryOver>,
}

/// The configuration in force, as a file.
///
/// # Errors
/// The store's.
pub fn config_show(tx: &Tx<'_>) -> Result<ConfigShown, Error> {
    let (config, revision) = configure::current(tx)?;
    let applied_at = tx.configuration()?.map(|c| c.applied_at);
    Ok(ConfigShown { revision, applied_at, toml: config_file::render(&config) })
}

/// What is kept of a PSA's catalogue, and as of when.
pub type Cached = (Vec<Listed>, DateTime<Utc>);

/// The desk that a document leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskAsked {
    /// Which.
    pub desk: Desk,
    /// Whether it is another desk than the one in force.
    pub moves: bool,
    /// Whether it is a PSA whose catalogue the document has to be compared with.
    pub is_to_be_read: bool,
    /// What is kept of its catalogue, and as of when; only for the desk in force.
    pub cached: Option<Cached>,
}

/// Which desk a document leads to, and whether that has to be asked for its catalogue before the document can be checked
/// or applied.
///
/// # Errors
/// `InvalidInput` with every problem that shows without the catalogue.
pub fn config_desk(tx: &Tx<'_>, text: &str, exact: bool) -> Result<DeskAsked, Error> {
    let (before, _) = configure::current(tx)?;
    let draft = read(text, &before, exact, None)?;
    Ok(DeskAsked {
        moves: desk_of(&draft.config) != desk_of(&before),
        is_to_be_read: draft.config.desk.is_remote() && draft.uses_catalogue,
        cached: cached(tx, &draft.config)?,
        desk: draft.config.desk,
    })
}

/// [`config_check_against`] what is kept of the PSA's catalogue, where the desk is one.
///
/// # Errors
/// As there.
pub fn config_check(tx: &Tx<'_>, text: &str, exact: bool) -> Result<ConfigChecked, Error> {
    config_check_against(tx, text, exact, None)
}

/// Checks a whole document against what is in force, and applies nothing. `listed` is the catalogue of the PSA that
/// [`config_desk`] named; without it the kept one serves.
///
/// # Errors
/// `InvalidInput` with every problem; `Offline` where another desk's catalogue is needed and isn't given.
pub fn config_check_against(
    tx: &Tx<'_>,
    text: &str,
    exact: bool,
    listed: Option<Vec<Listed>>,
) -> Result<ConfigChecked, Error> {
    let (before, revision) = configure::current(tx)?;
    let (draft, _) = checked(tx, text, &before, exact, listed)?;
    Ok(ConfigChecked {
        revision,
        difference: config_file::difference(&before, &whole(&draft, &before)),
        missing: draft.config.routing.missing().into_iter().map(str::to_owned).collect(),
        warnings: warnings(tx, &before, &draft.config)?,
        carry_over: None,
    })
}

/// [`config_check_against`], with what a change of the desk would do to what is open. It is found out by doing it: the transaction
/// must be taken back whatever it answers.
///
/// # Errors
/// As [`config_check_against`].
pub fn config_preview(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    text: &str,
    exact: bool,
    listed: Option<Vec<Listed>>,
) -> Result<ConfigChecked, Error> {
    let checked = config_check_against(tx, text, exact, listed.clone())?;
    let applied = config_apply_against(tx, now, actor, text, exact, None, listed)?;
    Ok(ConfigChecked { carry_over: applied.carry_over, ..checked })
}

/// [`config_apply_against`] what is kept of the PSA's catalogue, where the desk is one.
///
/// # Errors
/// As there.
pub fn config_apply(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    text: &str,
    exact: bool,
    if_revision: Option<i64>,
) -> Result<ConfigApplied, Error> {
    config_apply_against(tx, now, actor, text, exact, if_revision, None)
}

/// Checks a whole document and puts it in force, or nothing of it. With `exact`, organizations that it doesn't name
/// lose their mapping. `if_revision` refuses a base that somebody has changed since. `listed` is as in [`config_check_against`].
///
/// # Errors
/// `Conflict` for a stale base; `InvalidInput` with every problem; `Offline` as [`config_check_against`]. Nothing may
/// then be committed.
pub fn config_apply_against(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    text: &str,
    exact: bool,
    if_revision: Option<i64>,
    listed: Option<Vec<Listed>>,
) -> Result<ConfigApplied, Error> {
    let (mut before, revision) = configure::current(tx)?;
    if let Some(expected) = if_revision.filter(|r| *r != revision) {
        return Err(Error::conflict(format!(
            "revision {revision} is in force, not {expected}: somebody changed the configuration; nothing was applied. \
             Look at `nightdesk config show` and try again"
        )));
    }
    let (draft, listed) = checked(tx, text, &before, exact, listed)?;
    let moves = desk_of(&draft.config) != desk_of(&before);
    let (mut draft, mut fresh) = (draft, listed);
    if let (Some(listed), false) = (&fresh, moves) {
        // A rename there is followed first, so that it doesn't look like a name that is missing here.
        if psa::put_catalogue(tx, now, listed)? {
            before = configure::current(tx)?.0;
            draft = checked(tx, text, &before, exact, fresh.take())?.0;
        }
    }
    let difference = config_file::difference(&before, &whole(&draft, &before));
    let warnings = warnings(tx, &before, &draft.config)?;
    let left = if moves { carry_over::left_behind(tx)? } else { Vec::new() };
    let done = configure::apply(tx, now, actor, &draft.config, draft.organizations_exact, fresh)?;
    let carry_over = moves.then(|| CarryOver::of(&before, &draft.config, done.carried, left));
    Ok(ConfigApplied {
        revision: done.revision,
        difference,
        missing: done.missing.into_iter().map(str::to_owned).collect(),
        warnings,
        carry_over,
    })
}

/// The document over what is in force, its names compared with the catalogue; and what of that is news.
fn checked(
    tx: &Tx<'_>,
    text: &str,
    before: &Config,
    exact: bool,
    listed: Option<Vec<Listed>>,
) -> Result<(Draft, Option<Vec<Listed>>), Error> {
    let draft = read(text, before, exact, None)?;
    if !draft.config.desk.is_remote() || !draft.uses_catalogue {
        return Ok((draft, None));
    }
    if let Some(listed) = listed {
        return Ok((read(text, before, exact, Some(listed.clone()))?, Some(listed)));
    }
    match cached(tx, &draft.config)? {
        Some((kept, _)) => Ok((read(text, before, exact, Some(kept))?, None)),
        None => {
            let psa = draft.config.desk.kind.name();
            Err(Error::new(
                Code::Offline,
                format!("{psa}'s catalogue has not been read yet, so that nothing can be compared with it"),
            ))
        }
    }
}

/// What is kept of this desk's catalogue, where it is the one in force.
fn cached(tx: &Tx<'_>, config: &Config) -> Result<Option<Cached>, Error> {
    if tx.setting(Setting::PsaDesk)? != desk_of(config) {
        return Ok(None);
    }
    let Some(at) = tx.mark(Setting::PsaCatalogueAt)? else { return Ok(None) };
    Ok(Some((tx.catalogue()?.listed(), at)))
}

fn warnings(tx: &Tx<'_>, before: &Config, after: &Config) -> Result<Vec<String>, Error> {
    let mut warnings = after.email.as_ref().map(config_file::email_warnings).unwrap_or_default();
    let stays = |url: &str| after.webhooks_out.iter().any(|e| e.url == url);
    for (url, n) in tx.posts_waiting()?.into_iter().filter(|(url, n)| *n > 0 && !stays(url)) {
        if before.webhooks_out.iter().any(|e| e.url == url) {
            let (messages, wait) = if n == 1 { ("message", "waits") } else { ("messages", "wait") };
            warnings.push(format!("webhook_out leaves out {url}: {n} {messages} that {wait} for it are cancelled"));
        }
    }
    Ok(warnings)
}

fn read(text: &str, before: &Config, exact: bool, listed: Option<Vec<Listed>>) -> Result<Draft, Error> {
    let mapped = |o: &Organization| Some((o.id, o.client.clone()?));
    let used = Used { mappings: before.organizations.iter().filter_map(mapped).collect(), listed };
    config_file::parse(text, before, &used, exact)
        .map_err(|problems| Error::problems("the configuration is not valid and nothing was applied", problems))
}

/// The draft with the whole mapping table that it leads to, for the comparison.
fn whole(draft: &Draft, before: &Config) -> Config {
    let mut config = draft.config.clone();
    if !draft.organizations_exact {
        let named = |o: &&Organization| !draft.config.organizations.iter().any(|n| n.id == o.id);
        config.organizations.extend(before.organizations.iter().filter(named).cloned());
    }
    // An entry that neither maps nor withholds is the same as none.
    config.organizations.retain(|o| o.client.is_some() || o.ignore);
    config.organizations.sort_by_key(|o| o.id);
    config
}
