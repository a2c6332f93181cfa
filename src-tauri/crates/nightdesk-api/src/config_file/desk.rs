//! `[desk]`: which PSA holds the tickets, and where it is.

use super::base_url;
use super::findings::{Findings, nearest};
use super::section::Section;
use nightdesk_core::config::{Desk, DeskKind};

const KINDS: &str = "\"local\" or \"algapsa\"";

pub(super) fn desk(section: &Section<'_, '_>, findings: &mut Findings) -> Desk {
    section.only(&["kind", "base_url"], findings);
    let word = section.text("kind", KINDS, findings);
    let kind = match word.as_deref() {
        None => DeskKind::default(),
        Some(word) => match DeskKind::ALL.into_iter().find(|k| k.word() == word) {
            Some(kind) => kind,
            None => {
                let near = nearest(word, DeskKind::ALL.into_iter().map(DeskKind::word));
                let expected = near.map_or(KINDS.to_owned(), |near| format!("{near:?}"));
                findings.report("desk.kind", format!("is {word:?}, which is no desk that there is"), expected);
                DeskKind::default()
            }
        },
    };
    let base_url = address(section, kind, findings);
    Desk { kind, base_url }
}

fn address(section: &Section<'_, '_>, kind: DeskKind, findings: &mut Findings) -> Option<String> {
    let key = section.key("base_url");
    let given = section.text("base_url", base_url::EXPECTED_OF_DESK, findings);
    if kind == DeskKind::Local {
        if given.is_some() && findings.sound("desk.kind") {
            findings.report(
                &key,
                "is given, but the built-in desk has no address",
                "no such key, or another desk.kind",
            );
        }
        return None;
    }
    let Some(text) = given else {
        if findings.sound(&key) {
            let found = format!("is missing: {} is asked at its own address", kind.name());
            findings.report(&key, found, base_url::EXPECTED_OF_DESK);
        }
        return None;
    };
    match base_url::read(&text) {
        Ok((address, _)) => Some(address),
        Err(why) => {
            findings.report(&key, why, base_url::EXPECTED_OF_DESK);
            None
        }
    }
}
