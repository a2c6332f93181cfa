//! The report's text, put together in the manner of the SOC's: a portal link, underlined sections, defanged addresses,
//! files with their hash.

use std::fmt::Write as _;

use rand::rngs::StdRng;
use rand::{RngCore as _, SeedableRng as _};

use super::incident::SubjectForm;
use super::story::Script;

/// Who a report is about.
pub(crate) struct Scene<'a> {
    pub(crate) incident: i64,
    pub(crate) subdomain: &'a str,
    pub(crate) organization_id: Option<i64>,
    pub(crate) organization: &'a str,
    pub(crate) entity: &'a str,
}

impl Scene<'_> {
    pub(crate) fn fill(&self, text: &str) -> String {
        text.replace("{entity}", self.entity).replace("{org}", self.organization)
    }

    pub(crate) fn subject(&self, script: &Script, severity: &str, form: SubjectForm) -> String {
        let (entity, organization) = (self.entity, self.organization);
        match form {
            SubjectForm::Now => {
                let mut letters = severity.chars();
                let capital = letters.next().map(|first| first.to_ascii_uppercase().to_string()).unwrap_or_default();
                let (product, category) = (script.product, script.category);
                format!("Huntress {product} {capital}{} {category} | {entity} ({organization})", letters.as_str())
            }
            SubjectForm::Before => {
                format!("{} - Incident on {entity} ({organization})", severity.to_ascii_uppercase())
            }
        }
    }

    pub(crate) fn body(&self, script: &Script) -> String {
        let mut text = format!("Incident on {} ({})\n\n", self.entity, self.organization);
        let place = self.organization_id.map(|id| format!("/org/{id}")).unwrap_or_default();
        let (subdomain, incident) = (self.subdomain, self.incident);
        // Writing to a String can't fail, so the results say nothing.
        let _ = writeln!(text, "https://{subdomain}.huntress.io{place}/infection_reports/{incident}\n");
        let _ = writeln!(text, "{}\n", self.fill(script.summary));
        for (title, words) in script.sections {
            section(&mut text, title, &self.fill(words));
        }
        if !script.files.is_empty() {
            let mut hashes = StdRng::seed_from_u64(incident.unsigned_abs());
            let lines: Vec<String> =
                script.files.iter().map(|file| format!("- {file}\n  + sha256: {}", hash(&mut hashes))).collect();
            section(&mut text, "Files", &lines.join("\n"));
        }
        if !script.addresses.is_empty() {
            let lines: Vec<String> = script.addresses.iter().map(|address| format!("- {address}")).collect();
            section(&mut text, "Network Indicators", &lines.join("\n"));
        }
        text.trim_end().to_owned()
    }
}

fn section(text: &mut String, title: &str, words: &str) {
    let _ = writeln!(text, "{title}\n{}\n{words}\n", "-".repeat(title.len()));
}

fn hash(random: &mut StdRng) -> String {
    let mut bytes = [0_u8; 32];
    random.fill_bytes(&mut bytes);
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
