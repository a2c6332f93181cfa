//! Checks everything that a shift needs, and says what to do about what isn't right.

pub(crate) mod connection;
mod hooks;
mod mail;
mod paging;
mod psa;
mod store;
mod webhooks;

use crate::{DataDir, Lock, LockError, Role, Secrets, open_guest};
use nightdesk_core::clock::Clock;
use nightdesk_engine::context::Context;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;

/// Below this much free space the disk is a finding, in MiB: a night's backup must fit beside the store.
const LEAST_FREE_MIB: u64 = 500;

/// One check's outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was checked, in one word.
    pub check: &'static str,
    /// Whether it is as it should be.
    pub ok: bool,
    /// What was found.
    pub detail: String,
    /// What to do, where something is to be done.
    pub fix: Option<String>,
}

impl Finding {
    fn good(check: &'static str, detail: impl Into<String>) -> Self {
        Self { check, ok: true, detail: detail.into(), fix: None }
    }

    fn bad(check: &'static str, detail: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { check, ok: false, detail: detail.into(), fix: Some(fix.into()) }
    }
}

/// Runs every check, beside a running engine too. Makes one request to Huntress, paced like all others, and gives up on
/// it after a while: what can't be checked is a finding, never an error.
pub async fn doctor(dir: &DataDir, secrets: &Arc<Secrets>, clock: &Arc<dyn Clock>) -> Vec<Finding> {
    let mut findings = vec![engine(dir, clock.as_ref())];
    let running = findings.iter().all(|f| f.ok);
    findings.push(keychain(secrets).await);
    findings.push(disk(dir.path()));
    let now = clock.now();
    let mut opened = match open_guest(dir) {
        Ok(store) => store,
        Err(error) => {
            let fix = "start Nightdesk once (`nightdesk run`), which creates or recovers it; then look here again";
            findings.push(Finding::bad("database", error.to_string(), fix));
            return findings;
        }
    };
    let context = match opened.read(Context::load) {
        Ok(context) => context,
        Err(error) => {
            findings.push(Finding::bad(
                "database",
                error.to_string(),
                "restart Nightdesk, which recovers it from a backup",
            ));
            return findings;
        }
    };
    findings.extend(routing(&context));
    findings.extend(store::check(dir, &mut opened, now));
    findings.extend(mail::check(&mut opened, &context, secrets, now));
    findings.extend(psa::check(&mut opened, &context, secrets, clock).await);
    findings.extend(paging::check(&mut opened, &context, secrets, now).await);
    findings.extend(webhooks::check(&mut opened, &context, secrets, clock, running).await);
    findings.extend(hooks::check(&mut opened, secrets, now));
    findings.extend(connection::check(opened, &context, secrets, clock).await);
    findings
}

fn engine(dir: &DataDir, clock: &dyn Clock) -> Finding {
    const CHECK: &str = "engine";
    match Lock::try_acquire(dir, Role::Command, "nightdesk doctor", clock.now()) {
        Err(LockError::Held(holder)) => Finding::good(CHECK, format!("{holder} holds the data directory")),
        Err(LockError::HeldByUnknown) => Finding::good(CHECK, "another Nightdesk holds the data directory"),
        Err(LockError::Io(reason)) => Finding::bad(CHECK, reason, "make the data directory writable for this user"),
        Ok(_lock) => Finding::bad(
            CHECK,
            "no engine is running: nobody polls",
            "start the desktop app or `nightdesk run`, or schedule `nightdesk poll`",
        ),
    }
}

async fn keychain(secrets: &Arc<Secrets>) -> Finding {
    const CHECK: &str = "keychain";
    if crate::secrets::Name::HUNTRESS.into_iter().all(|name| secrets.is_in_environment(name)) {
        return Finding::good(CHECK, "not needed: every secret is given in the environment");
    }
    let secrets = secrets.clone();
    let probed = tokio::task::spawn_blocking(move || secrets.probe()).await;
    match probed {
        Ok(Ok(())) => Finding::good(CHECK, "stores and gives back"),
        Ok(Err(error)) => Finding::bad(
            CHECK,
            error.to_string(),
            "unlock or install a keychain, or give the secrets in the environment as NIGHTDESK_SECRET_<NAME>",
        ),
        Err(error) => Finding::bad(CHECK, error.to_string(), "try again"),
    }
}

fn routing(context: &Context) -> Vec<Finding> {
    const CHECK: &str = "routing";
    let Some(bound) = &context.bound else {
        let missing = context.config.routing.missing();
        return vec![if missing.is_empty() {
            let fix = "apply the configuration again with `nightdesk config apply FILE`";
            Finding::bad(CHECK, "its names are not bound to the desk's catalogue", fix)
        } else {
            let fix = "complete the [routing] section and apply it with `nightdesk config apply FILE`";
            Finding::bad(CHECK, format!("polling is paused; missing: {}", missing.join(", ")), fix)
        }];
    };
    let vanished = bound.vanished(&context.catalogue).into_iter().map(|(key, name)| {
        let detail = format!("{key} ({name}) is no longer in the desk; what needs it waits");
        Finding::bad(CHECK, detail, "bring it back there, or choose another and apply it")
    });
    let vanished: Vec<Finding> = vanished.collect();
    if vanished.is_empty() { vec![Finding::good(CHECK, "complete")] } else { vanished }
}

#[cfg(unix)]
fn disk(path: &Path) -> Finding {
    const CHECK: &str = "disk";
    match rustix::fs::statvfs(path) {
        Ok(found) => {
            let free = found.f_bavail.saturating_mul(found.f_frsize) / (1024 * 1024);
            let detail = format!("{free} MiB free");
            if free < LEAST_FREE_MIB {
                Finding::bad(CHECK, detail, format!("free at least {LEAST_FREE_MIB} MiB where the data directory is"))
            } else {
                Finding::good(CHECK, detail)
            }
        }
        Err(error) => Finding::bad(CHECK, format!("free space is unknown: {error}"), "look at the disk by hand"),
    }
}

#[cfg(not(unix))]
fn disk(path: &Path) -> Finding {
    // Only writability can be told here without another library: a full disk shows in it.
    let probe = path.join("disk.probe");
    let written = std::fs::write(&probe, [0_u8; 4096]);
    let _gone = std::fs::remove_file(&probe);
    match written {
        Ok(()) => Finding::good("disk", "can be written"),
        Err(error) => Finding::bad("disk", error.to_string(), "free some space where the data directory is"),
    }
}

#[cfg(test)]
mod tests;
