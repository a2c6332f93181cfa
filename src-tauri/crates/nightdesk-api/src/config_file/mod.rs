//! The configuration's file form: TOML in, a checked [`Config`] or every problem at once out, and the way back.

mod base_url;
mod catalogue;
mod check;
mod contact;
mod desk;
mod difference;
mod email;
mod findings;
mod names;
mod organization;
mod paging;
mod problem;
mod render;
mod section;
mod settings;
#[cfg(test)]
mod tests;
mod webhook_in;
mod webhook_out;

pub use difference::difference;
pub(crate) use email::{render as render_email, warnings as email_warnings};
pub use problem::Problem;
pub(crate) use render::contacts as render_contacts;
pub use render::render;
pub(crate) use render::render_desk;
pub(crate) use webhook_out::render as render_webhooks_out;

use findings::Findings;
use nightdesk_core::catalogue::Listed;
use nightdesk_core::config::Config;
use nightdesk_core::ids::OrganizationId;
use section::{Section, shown};
use toml::de::{DeTable, DeValue};

/// The sections that this version reads.
const SECTIONS: &[&str] = &[
    "huntress",
    "desk",
    "local",
    "routing",
    "organization",
    "watch",
    "contact",
    "paging",
    "email",
    "webhook_in",
    "webhook_out",
];
/// What a file asks for, fully checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The base with the file's sections in place of its own. `organizations` holds only what the file names, by id;
    /// `contacts` is the whole tree: what the file names, in its order, then what else the base has unless it is exact.
    pub config: Config,
    /// Whether organizations that the file doesn't name lose their mapping.
    pub organizations_exact: bool,
    /// Whether the file names anything that the desk's catalogue must have.
    pub uses_catalogue: bool,
}

/// What is in use outside the configuration, so that a file can't take it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Used {
    /// The mapping table: each mapped organization with its client's name.
    pub mappings: Vec<(OrganizationId, String)>,
    /// What the PSA lists that the file leads to. Without it nothing is compared with a PSA's names; the built-in desk's
    /// are the file's own.
    pub listed: Option<Vec<Listed>>,
}

/// Reads a whole document over `base` and checks all of it. A section that is absent stays as in `base`; one that is
/// present replaces it whole, keys that it leaves out taking their defaults (in `[routing]`: unset, which is accepted).
///
/// # Errors
/// Every problem of the document, in the order of its lines; a document that isn't TOML has only its syntax problems.
pub fn parse(text: &str, base: &Config, used: &Used, exact: bool) -> Result<Draft, Vec<Problem>> {
    let mut findings = Findings::new(text);
    let (document, faults) = DeTable::parse_recoverable(text);
    if !faults.is_empty() {
        for fault in faults {
            findings.syntax(&fault);
        }
        return Err(findings.into_problems());
    }
    let mut config = Config { organizations: Vec::new(), ..base.clone() };
    let root = Section::root(document.get_ref());
    let mut present = check::Present::default();
    let mut organizations = Vec::new();
    let mut contacts = Vec::new();
    for (key, value) in root.table.iter() {
        let name = key.get_ref().as_ref();
        let span = if matches!(value.get_ref(), DeValue::Array(_)) { value.span() } else { key.span() };
        findings.place(name, span.start);
        if name == "organization" {
            organizations = organization::read(value, &mut findings);
        } else if name == "contact" {
            contacts = contact::read(value, &mut findings);
        } else if name == "webhook_out" {
            config.webhooks_out = webhook_out::read(value, &mut findings);
        } else if SECTIONS.contains(&name) {
            let DeValue::Table(table) = value.get_ref() else {
                findings.report(name, format!("is {}", shown(value.get_ref())), format!("a section, [{name}]"));
                continue;
            };
            let section = Section { path: name.to_owned(), table };
            match name {
                "huntress" => config.huntress = settings::huntress(&section, &mut findings),
                "desk" => {
                    present.desk = true;
                    config.desk = desk::desk(&section, &mut findings);
                }
                "local" => {
                    present.local = true;
                    config.local = catalogue::local(&section, &mut findings);
                }
                "routing" => {
                    present.routing = true;
                    config.routing = settings::routing(&section, &mut findings);
                }
                "paging" => config.paging = paging::paging(&section, &mut findings),
                // What can't be read is reported, and takes nothing away either.
                "email" => config.email = email::email(&section, &mut findings).or(config.email),
                "webhook_in" => config.webhook_in = webhook_in::webhook_in(&section, &mut findings),
                _ => config.watch = settings::watch(&section, &mut findings),
            }
        } else {
            findings.unknown(name, name, SECTIONS, "section");
        }
    }
    config.contacts = contact::tree(contacts, &base.contacts, exact, &mut findings);
    present.moves = config.desk != base.desk;
    let uses_catalogue = present.moves || present.desk || present.routing || !organizations.is_empty();
    check::names(&config, &organizations, used, exact, present, &mut findings);
    config.organizations = organizations.into_iter().map(|entry| entry.organization).collect();
    config.organizations.sort_by_key(|o| o.id);
    if !findings.is_empty() {
        return Err(findings.into_problems());
    }
    Ok(Draft { config, organizations_exact: exact, uses_catalogue })
}
