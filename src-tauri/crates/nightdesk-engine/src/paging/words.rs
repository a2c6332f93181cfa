//! What people read and hear: the wordings in force, with a page's matter put in.

use nightdesk_core::config::Paging;
use nightdesk_core::message::Code;
use nightdesk_core::message::{Kind, Placeholder, Template, Values};
use nightdesk_core::paging::{Entity, Matter};
use nightdesk_core::port::{CallOut, TextOut};
use nightdesk_store::PageRow;

/// The wording in force. One that a newer version refuses is as shipped again: a page is never lost for its words.
fn template(paging: &Paging, kind: Kind) -> Template {
    let changed = paging.templates.get(kind.name()).and_then(|text| Template::parse(kind, text).ok());
    changed.unwrap_or_else(|| Template::shipped(kind))
}

fn text(paging: &Paging, kind: Kind, values: &Values) -> TextOut {
    let mut template = template(paging, kind);
    // One that asks for a reply whatever the contact would ask for none, or for one that never arrives.
    if values.code.is_none() && !template.reads_without(Placeholder::Code) {
        template = Template::shipped(kind);
    }
    let body = template.render(values).text;
    let repeat = template.render(&Values { repeat: true, ..values.clone() }).text;
    TextOut { body, repeat, valid_for: 0 }
}

fn call(paging: &Paging, kind: Kind, values: &Values) -> CallOut {
    CallOut {
        spoken: template(paging, kind).render(values).text,
        voicemail: template(paging, Kind::VoicemailCall).render(values).text,
        keys: true,
        extension: None,
    }
}

fn values(matter: &Matter, pages: &[PageRow], contact: &str) -> Values {
    Values {
        // Huntress gave no word for it: what isn't known counts as critical, and says so.
        severity: matter.severity.clone().unwrap_or_else(|| "critical (assumed)".to_owned()),
        client: matter.client.clone(),
        host: matter.host.clone().unwrap_or_default(),
        title: matter.title.clone(),
        count: u32::try_from(pages.len()).ok(),
        contact: contact.to_owned(),
        since: matter.since.clone().unwrap_or_default(),
        ..Values::default()
    }
}

fn is_desk(pages: &[PageRow]) -> bool {
    pages.first().is_some_and(|p| p.entity == Entity::desk())
}

/// The text of one client's pages.
pub(super) fn page_text(paging: &Paging, pages: &[PageRow], contact: &str, code: Option<Code>) -> TextOut {
    let Some(first) = pages.first() else { return text(paging, Kind::PageText, &Values::default()) };
    let values = Values { code, ..values(&first.matter, pages, contact) };
    let kind = match pages.len() {
        1 if is_desk(pages) => Kind::DeskText,
        1 => Kind::PageText,
        _ => Kind::BundleText,
    };
    text(paging, kind, &values)
}

/// The call of all pages that wait, whatever their clients.
pub(super) fn page_call(paging: &Paging, pages: &[PageRow], contact: &str) -> CallOut {
    let Some(first) = pages.first() else { return call(paging, Kind::PageCall, &Values::default()) };
    if pages.len() == 1 {
        let kind = if is_desk(pages) { Kind::DeskCall } else { Kind::PageCall };
        return call(paging, kind, &values(&first.matter, pages, contact));
    }
    let matter = Matter { client: clients(pages), ..first.matter.clone() };
    call(paging, Kind::BundleCall, &values(&matter, pages, contact))
}

/// The clients of bundled pages: one by its name, several by their number.
fn clients(pages: &[PageRow]) -> String {
    let mut names: Vec<&str> = pages.iter().map(|p| p.matter.client.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} and {two}"),
        several => format!("{} clients", several.len()),
    }
}

/// What whoever was told of pages needs to know once somebody has them.
pub(super) struct Taken<'a> {
    /// Who has them.
    pub by: &'a str,
    /// The code of the reader's own text, by which they know which it was.
    pub code: Option<Code>,
    /// How many others that they were told of nobody has yet.
    pub open: u32,
}

/// That somebody has it, for those who were told before.
pub(super) fn taken_text(paging: &Paging, pages: &[PageRow], contact: &str, taken: &Taken<'_>) -> TextOut {
    let Some(first) = pages.first() else { return text(paging, Kind::TakenText, &Values::default()) };
    let matter = match pages.len() {
        1 => first.matter.clone(),
        n => Matter { client: clients(pages), title: format!("{n} incidents"), host: None, ..first.matter.clone() },
    };
    let Taken { by, code, open } = taken;
    let by = (*by).to_owned();
    text(paging, Kind::TakenText, &Values { by, code: *code, open: *open, ..values(&matter, pages, contact) })
}

/// A drill's text.
pub(super) fn drill_text(paging: &Paging, contact: &str, code: Option<Code>) -> TextOut {
    text(paging, Kind::DrillText, &Values { code, contact: contact.to_owned(), ..Values::default() })
}

/// A drill's call; a machine hears that it is one too.
pub(super) fn drill_call(paging: &Paging, contact: &str) -> CallOut {
    let values = Values { contact: contact.to_owned(), ..Values::default() };
    let spoken = template(paging, Kind::DrillCall).render(&values).text;
    CallOut { voicemail: spoken.clone(), spoken, keys: true, extension: None }
}
