//! The configuration: shown, checked, applied.

use crate::config_file::{self, Draft, Used};
use crate::error::Error;
use chrono::{DateTime, Utc};
use nightdesk_core::config::{Config, Organization};
use nightdesk_engine::configure;
use nightdesk_store::Tx;
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

/// Checks a whole document against what is in force, and applies nothing.
///
/// # Errors
/// `InvalidInput` with every problem.
pub fn config_check(tx: &Tx<'_>, text: &str, exact: bool) -> Result<ConfigChecked, Error> {
    let (before, revision) = configure::current(tx)?;
    let draft = read(text, &before, exact)?;
    Ok(ConfigChecked {
        revision,
        difference: config_file::difference(&before, &whole(&draft, &before)),
        missing: draft.config.routing.missing().into_iter().map(str::to_owned).collect(),
        warnings: warnings(tx, &before, &draft.config)?,
    })
}

/// Checks a whole document and puts it in force, or nothing of it. With `exact`, organizations that it doesn't name
/// lose their mapping. `if_revision` refuses a base that somebody has changed since.
///
/// # Errors
/// `Conflict` for a stale base; `InvalidInput` with every problem. Nothing may then be committed.
pub fn config_apply(
    tx: &Tx<'_>,
    now: DateTime<Utc>,
    actor: &str,
    text: &str,
    exact: bool,
    if_revision: Option<i64>,
) -> Result<ConfigApplied, Error> {
    let (before, revision) = configure::current(tx)?;
    if let Some(expected) = if_revision.filter(|r| *r != revision) {
        return Err(Error::conflict(format!(
            "revision {revision} is in force, not {expected}: somebody changed the configuration; nothing was applied. \
             Look at `nightdesk config show` and try again"
        )));
    }
    let draft = read(text, &before, exact)?;
    let difference = config_file::difference(&before, &whole(&draft, &before));
    let warnings = warnings(tx, &before, &draft.config)?;
    let done = configure::apply(tx, now, actor, &draft.config, draft.organizations_exact, None)?;
    Ok(ConfigApplied {
        revision: done.revision,
        difference,
        missing: done.missing.into_iter().map(str::to_owned).collect(),
        warnings,
    })
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

fn read(text: &str, before: &Config, exact: bool) -> Result<Draft, Error> {
    let mapped = |o: &Organization| Some((o.id, o.client.clone()?));
    let used = Used { mappings: before.organizations.iter().filter_map(mapped).collect() };
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
