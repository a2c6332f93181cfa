//! The registry as TypeScript: every type that crosses, and the map from method to parameters and result.

use super::registry::{METHODS, Sorts, visit};
use crate::error::Error;
use crate::first_look::FirstLook;
use crate::shell::{Changed, Goto};
use nightdesk_store::Topic;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use ts_rs::{Config, TS, TypeVisitor};

const HEADING: &str = "// Generated from nightdesk-api by `cargo xtask bindings`. Don't edit.\n";

/// The whole file. Equal registries give equal text, so that a stale file shows by comparison.
pub fn typescript() -> String {
    // Numbers cross as JSON numbers; none of ours comes near 2^53.
    let config = Config::new().with_large_int("number");
    let mut types = Types { config: &config, declared: BTreeMap::new() };
    let mut methods = Methods { types: &mut types, lines: String::new() };
    visit(&mut methods);
    let lines = methods.lines;
    types.visit::<Error>();
    types.visit::<Changed>();
    types.visit::<Goto>();
    types.visit::<FirstLook>();
    let mut out = HEADING.to_owned();
    for declaration in types.declared.values() {
        let _ = write!(out, "\n{declaration}\n");
    }
    let _ =
        write!(out, "\n/** Every method with what it takes and answers. */\nexport interface Methods {{\n{lines}}}\n");
    out.push_str("\nexport type Method = keyof Methods;\n");
    let quoted = |words: Vec<&str>| words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", ");
    let names = quoted(METHODS.iter().map(|m| m.name).collect());
    let _ =
        write!(out, "\n/** Their names. */\nexport const METHODS = [{names}] as const satisfies readonly Method[];\n");
    let mut topics: Vec<&str> = Topic::ALL.iter().map(|t| t.word()).collect();
    topics.push(super::POLLING);
    let topics = quoted(topics);
    let _ = write!(
        out,
        "\n/** What `changed` tells of. */\nexport const TOPICS = [{topics}] as const;\nexport type Topic = (typeof TOPICS)[number];\n"
    );
    out
}

/// Gathers the declarations of types and of all that they name.
struct Types<'a> {
    config: &'a Config,
    declared: BTreeMap<String, String>,
}

impl TypeVisitor for Types<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Types of the language itself have no file to be written to; what they hold may have one.
        if T::output_path().is_some() {
            let name = T::ident(self.config);
            if self.declared.contains_key(&name) {
                return;
            }
            let docs = T::docs().unwrap_or_default();
            let declaration = tidy(&format!("{docs}export {}", T::decl(self.config)));
            self.declared.insert(name, declaration);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// Gathers the lines of the map.
struct Methods<'a, 'b> {
    types: &'a mut Types<'b>,
    lines: String,
}

impl Sorts for Methods<'_, '_> {
    fn method<P: TS + 'static, R: TS + 'static>(&mut self, name: &str, docs: &str) {
        self.types.visit::<P>();
        self.types.visit::<R>();
        let (params, result) = (P::name(self.types.config), R::name(self.types.config));
        let _ = writeln!(self.lines, "  /** {} */\n  {name}: {{ params: {params}; result: {result} }};", docs.trim());
    }
}

/// One field to a line, indented, each with its sentence before it on one line.
fn tidy(declaration: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut comment: Option<String> = None;
    for line in declaration.lines().map(str::trim).filter(|l| !l.is_empty()) {
        match (&mut comment, line) {
            (None, "/**") => comment = Some(String::new()),
            (Some(said), "*/") => {
                out.push(format!("/** {} */", said.trim()));
                comment = None;
            }
            (Some(said), said_on) => {
                said.push(' ');
                said.push_str(said_on.trim_start_matches('*').trim());
            }
            (None, code) => {
                match code.strip_suffix(", };").filter(|field| !field.contains('{') || !code.starts_with("export")) {
                    Some(field) => out.extend([format!("{field},"), "};".to_owned()]),
                    None => out.push(code.to_owned()),
                }
            }
        }
    }
    let mut depth = 0_usize;
    let mut text = String::new();
    for line in out {
        let closes = line.starts_with('}');
        let _ = writeln!(text, "{}{line}", "  ".repeat(depth.saturating_sub(usize::from(closes))));
        if !line.starts_with("/**") {
            depth = (depth + line.matches('{').count()).saturating_sub(line.matches('}').count());
        }
    }
    text.trim_end().to_owned()
}
