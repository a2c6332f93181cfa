//! Running a tool of the suite, and what becomes of what it prints.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

/// Says that a step begins whose output follows.
pub fn heading(name: &str) {
    eprintln!("\n== {name}");
}

/// Runs `command` on the terminal.
///
/// # Errors
/// When it can't be started.
pub fn passes(command: &mut Command) -> Result<bool> {
    let program = command.get_program().to_string_lossy().into_owned();
    Ok(command.status().with_context(|| format!("{program} could not be started"))?.success())
}

/// Runs `command` on the terminal and also gives what it wrote to stdout, without colours.
///
/// # Errors
/// When it can't be started, or gets lost.
pub fn shown_and_kept(command: &mut Command) -> Result<(bool, String)> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("{program} could not be started"))?;
    let mut kept = String::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.with_context(|| format!("what {program} printed could not be read"))?;
            println!("{line}");
            kept.push_str(&without_colour(&line));
            kept.push('\n');
        }
    }
    Ok((child.wait().with_context(|| format!("{program} got lost"))?.success(), kept))
}

/// Runs `command` beside others: what it prints goes into a file, and to the terminal, in one piece, only when it fails.
///
/// # Errors
/// When it can't be started, or the file not be written.
pub fn in_the_background(command: &mut Command, name: &str, root: &Path) -> Result<(bool, String)> {
    let folder = root.join("target/xtask/log");
    fs::create_dir_all(&folder).context("no folder for logs could be made")?;
    let path = folder.join(format!("{}.log", name.replace(' ', "-")));
    let log = File::create(&path).with_context(|| path.display().to_string())?;
    let program = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(log.try_clone().context("a log could not be shared")?).stderr(log);
    let passed = command.status().with_context(|| format!("{program} could not be started"))?.success();
    let text = without_colour(&String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()));
    if !passed {
        eprintln!("\n== {name}\n{text}");
    }
    Ok((passed, text))
}

fn without_colour(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    parts.for_each(|part| plain.push_str(part.split_once('m').map_or(part, |(_, rest)| rest)));
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::Tally;

    #[test]
    fn coloured_closing_lines_are_read_too() {
        let line = without_colour("test result: \u{1b}[32mok\u{1b}[m. 2 passed; 0 failed; 0 ignored");
        assert_eq!(Tally::of_libtest_line(&line), Some(Tally { passed: 2, failed: 0 }));
    }
}
