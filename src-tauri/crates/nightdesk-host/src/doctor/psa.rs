//! Whether the PSA can be reached, what the key may do there, and what hasn't arrived.

use super::Finding;
use crate::{Secrets, psa};
use nightdesk_api::psa_connect::PsaChecked;
use nightdesk_core::clock::Clock;
use nightdesk_engine::context::Context;
use nightdesk_store::Store;
use std::sync::Arc;

/// Checks the PSA, where the desk is one. What is asked there changes nothing.
pub(super) async fn check(
    store: &mut Store,
    context: &Context,
    secrets: &Arc<Secrets>,
    clock: &Arc<dyn Clock>,
) -> Vec<Finding> {
    if !context.config.desk.is_remote() {
        return Vec::new();
    }
    let checked = psa::check(&context.config.desk, secrets.clone(), clock.clone()).await;
    let mut findings = told(context.config.desk.kind.name(), checked);
    findings.extend(deliveries(store));
    findings
}

fn told(name: &str, checked: PsaChecked) -> Vec<Finding> {
    const CHECK: &str = "psa";
    if let Some(error) = checked.error {
        return vec![Finding::bad(CHECK, error, checked.remedy.unwrap_or_default())];
    }
    let mut findings = vec![Finding::good(CHECK, format!("{name} answers, and takes the key"))];
    for right in checked.rights {
        match (right.granted, right.fix) {
            (Some(true), _) => {}
            (Some(false), fix) => {
                let needed = if right.is_needed { "" } else { " (not needed, but missed)" };
                let said = right.said.map_or_else(String::new, |s| format!(": {s}"));
                let detail = format!("the key may not {}{needed}{said}", right.to);
                findings.push(Finding::bad("psa permission", detail, fix.unwrap_or_default()));
            }
            (None, _) => {
                let said = right.said.map_or_else(String::new, |s| format!(": {s}"));
                let detail = format!("whether the key may {} could not be found out{said}", right.to);
                findings.push(Finding::bad("psa permission", detail, "look again with `nightdesk psa check`"));
            }
        }
    }
    findings
}

fn deliveries(store: &mut Store) -> Option<Finding> {
    const CHECK: &str = "psa deliveries";
    let status = match store.read(nightdesk_api::psa_status) {
        Ok(status) => status?,
        Err(error) => return Some(Finding::bad(CHECK, error.to_string(), "restart Nightdesk, which recovers it")),
    };
    Some(match (status.failed, status.waiting) {
        (0, 0) => Finding::good(CHECK, "everything has arrived there"),
        (0, waiting) => Finding::good(CHECK, format!("{waiting} on the way, or waiting to be")),
        (failed, waiting) => Finding::bad(
            CHECK,
            format!("{failed} could not arrive there, {waiting} on the way, or waiting to be"),
            "see why with `nightdesk outbox`, put it right, and send all of it again with `nightdesk psa sync`, or one with \
             `nightdesk outbox redrive ID`; `nightdesk outbox dismiss ID` lets one be",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use nightdesk_core::port::{Access, PsaError, Right};

    fn right(to: &str, granted: Option<bool>, is_needed: bool) -> Right {
        let permission = Some("ticket:create".to_owned());
        Right { to: to.into(), permission, granted, said: Some("Permission denied".into()), is_needed }
    }

    #[test]
    fn each_right_that_is_lacking_is_a_finding_with_its_fix() {
        let rights = vec![
            right("read boards", Some(true), true),
            right("open tickets", Some(false), true),
            right("add tags", Some(false), false),
            right("add notes", None, true),
        ];
        let findings = told("AlgaPSA", PsaChecked::of(None, Access { rights }));
        let bad: Vec<&Finding> = findings.iter().filter(|f| !f.ok).collect();
        assert_eq!((findings.len(), bad.len()), (4, 3));
        assert_eq!(bad[0].detail, "the key may not open tickets: Permission denied");
        assert!(bad[0].fix.as_deref().is_some_and(|f| f.contains("ticket:create")));
        assert!(bad[1].detail.contains("not needed"));
        let refused = told("AlgaPSA", PsaChecked::failed(None, &PsaError::Refused("HTTP 401".into())));
        assert!(!refused[0].ok && refused[0].fix.as_deref().is_some_and(|f| f.contains("ALGAPSA_API_KEY")));
    }
}
