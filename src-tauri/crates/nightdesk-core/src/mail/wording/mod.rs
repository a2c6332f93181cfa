//! The wordings of mail, which the desk's user may change: templates of minijinja, with only the values of [`Values`] in
//! reach. Nothing can be loaded, called or looped without end from within one.

mod kind;
#[cfg(test)]
mod tests;

pub use kind::{Kind, Part};

use super::Values;
use super::subject::SUBJECT_UNITS;
use crate::content::{block, line, shortened};
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, HtmlEscape, UndefinedBehavior};
use std::io::{self, Write};

/// The longest wording itself, in bytes.
const LONGEST: usize = 20_000;

/// The longest that one may become, in bytes.
const LONGEST_MADE: usize = 256 * 1024;

/// How many instructions one may take: the longest shipped one takes some hundreds.
const FUEL: u64 = 20_000;

/// Why a wording can't be used. A closed set; each says what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// There is nothing in it, or nothing comes of it.
    #[error("nothing would stand there; reset it to have the wording it came with")]
    Empty,
    /// Not of the form.
    #[error("line {line}: {detail}")]
    Syntax {
        /// Where.
        line: usize,
        /// What, in the engine's words.
        detail: String,
    },
    /// A name that there isn't.
    #[error("{name} is not known here; use {}", Values::NAMES.join(", "))]
    Unknown {
        /// The name.
        name: String,
    },
    /// Escaping is not the wording's business.
    #[error("values are escaped by themselves: take out the {filter} filter")]
    Escaping {
        /// Which filter.
        filter: &'static str,
    },
    /// The wording, or what comes of it, is too long or takes too long.
    #[error("the wording is too long, or repeats itself too often")]
    TooMuch,
}

/// A wording that has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    kind: Kind,
    part: Part,
    text: String,
}

impl Template {
    /// Checks a wording: that it can be read, knows every name that it uses, and says something of the example.
    ///
    /// # Errors
    /// [`TemplateError`] says what to change.
    pub fn parse(kind: Kind, part: Part, text: &str) -> Result<Self, TemplateError> {
        if text.len() > LONGEST {
            return Err(TemplateError::TooMuch);
        }
        let template = Self { kind, part, text: text.replace("\r\n", "\n") };
        let environment = environment(part);
        let compiled = environment.template_from_named_str(part.word(), &template.text).map_err(|e| explain(&e))?;
        let mut unknown: Vec<String> = compiled.undeclared_variables(false).into_iter().filter(|n| !known(n)).collect();
        unknown.sort();
        if let Some(name) = unknown.into_iter().next() {
            return Err(TemplateError::Unknown { name });
        }
        if template.render(&Values::example())?.trim().is_empty() {
            return Err(TemplateError::Empty);
        }
        // Where little is known another branch is taken, which must do as well.
        template.render(&Values { what: "Incident".into(), ..Values::default() })?;
        Ok(template)
    }

    /// The wording as it comes.
    pub fn shipped(kind: Kind, part: Part) -> Self {
        Self { kind, part, text: kind.wording(part).to_owned() }
    }

    /// What it is a wording of.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// With these values: a subject of one line, a text, or the inside of an HTML body.
    ///
    /// # Errors
    /// Where these values lead it astray, which the example didn't: [`TemplateError`].
    pub fn render(&self, values: &Values) -> Result<String, TemplateError> {
        let environment = environment(self.part);
        let template = environment.template_from_named_str(self.part.word(), &self.text).map_err(|e| explain(&e))?;
        let mut out = Bounded(Vec::new());
        template.render_captured_to(values.to_value(), &mut out).map_err(|e| explain(&e))?;
        let made = String::from_utf8(out.0).map_err(|_| TemplateError::TooMuch)?;
        Ok(match self.part {
            Part::Subject => shortened(&line(&made), SUBJECT_UNITS),
            Part::Text | Part::Html => block(&made),
        })
    }
}

/// An output that ends: what a loop makes of long values isn't counted in instructions.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST_MADE {
            return Err(io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What `{% if %}` and `{% for %}` bring along is no name of ours, and neither is `range`.
fn known(name: &str) -> bool {
    Values::NAMES.contains(&name) || matches!(name, "loop" | "range" | "dict" | "namespace")
}

fn environment<'a>(part: Part) -> Environment<'a> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Lines that hold nothing but a block leave no line behind.
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    // `debug` would print everything there is.
    environment.remove_global("debug");
    for filter in ESCAPING {
        environment.remove_filter(filter);
    }
    if part == Part::Html {
        // Each value is escaped where it is put out, whatever was done with it before: unlike the engine's own
        // escaping, this can't be switched off from within (ND-16).
        environment.set_formatter(|out, _, value| write_value(out, &HtmlEscape(&value.to_string()).to_string()));
    } else {
        environment.set_formatter(|out, _, value| write_value(out, &value.to_string()));
    }
    environment
}

fn write_value(out: &mut minijinja::Output<'_>, text: &str) -> Result<(), Error> {
    std::fmt::Write::write_str(out, text).map_err(Error::from)
}

/// Filters by which a wording could say that a value is markup, or escape it twice.
const ESCAPING: [&str; 3] = ["safe", "escape", "e"];

fn explain(error: &Error) -> TemplateError {
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::OutOfFuel | ErrorKind::WriteFailure => TemplateError::TooMuch,
        ErrorKind::UnknownFilter => match ESCAPING.into_iter().find(|f| detail.contains(&format!("filter {f} "))) {
            Some(filter) => TemplateError::Escaping { filter },
            None => syntax(error, detail),
        },
        ErrorKind::UndefinedError if detail.is_empty() => syntax(error, "a name here has no value"),
        _ => syntax(error, detail),
    }
}

fn syntax(error: &Error, detail: &str) -> TemplateError {
    let detail = if detail.is_empty() { error.kind().to_string() } else { line(detail) };
    TemplateError::Syntax { line: error.line().unwrap_or(1), detail }
}
