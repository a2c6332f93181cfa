//! The processes of a session, as the kernel lists them.

use std::path::{Path, PathBuf};

/// One process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub id: u32,
    /// Its parent's.
    pub parent: u32,
    /// Its program's file name.
    pub name: String,
}

impl Process {
    /// All that are alive and run with this home directory, which no other session has.
    pub fn of_home(home: &Path) -> Vec<Self> {
        let entry = format!("HOME={}", home.display());
        Self::all().into_iter().filter(|process| process.environment().contains(&entry)).collect()
    }

    /// What it was started with: `NAME=value`, each.
    pub fn environment(&self) -> Vec<String> {
        let environment = std::fs::read(format!("/proc/{}/environ", self.id)).unwrap_or_default();
        environment.split(|byte| *byte == 0).map(|entry| String::from_utf8_lossy(entry).into_owned()).collect()
    }

    /// Those that came from this one, with itself.
    pub fn tree(root: u32) -> Vec<Self> {
        let all = Self::all();
        let mut found: Vec<Self> = all.iter().filter(|process| process.id == root).cloned().collect();
        let mut next = 0;
        while let Some(id) = found.get(next).map(|process| process.id) {
            found.extend(all.iter().filter(|process| process.parent == id).cloned());
            next += 1;
        }
        found
    }

    fn all() -> Vec<Self> {
        let entries = std::fs::read_dir("/proc").unwrap().flatten();
        entries.filter_map(|entry| Self::read(entry.file_name().to_str()?.parse().ok()?)).collect()
    }

    /// `None` for one that has ended, a zombie too, or that isn't ours to look at.
    fn read(id: u32) -> Option<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // The name in parentheses may hold anything; what follows the last one is plain.
        let mut rest = stat.rsplit_once(')')?.1.split_whitespace();
        let state = rest.next()?;
        let parent = rest.next()?.parse().ok()?;
        let program: PathBuf = std::fs::read_link(format!("/proc/{id}/exe")).ok()?;
        let name = program.file_name()?.to_string_lossy().trim_end_matches(" (deleted)").to_owned();
        (state != "Z").then_some(Self { id, parent, name })
    }

    /// Whether it still runs.
    pub fn is_alive(&self) -> bool {
        Self::read(self.id).is_some_and(|now| now.name == self.name)
    }

    /// Sends it a signal by name, such as `TERM`. One that has ended hears nothing.
    pub fn signal(&self, name: &str) {
        let mut kill = std::process::Command::new("kill");
        let _gone = kill.arg(format!("-{name}")).arg(self.id.to_string()).stderr(std::process::Stdio::null()).status();
    }
}
