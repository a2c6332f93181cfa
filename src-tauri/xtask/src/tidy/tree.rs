//! What lies in the checkout: names at the top, and the text files.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::source::Source;

/// Names that are made by tools and never committed.
const MADE: [&str; 7] = [".git", "target", "node_modules", "dist", "gen", "test-results", "playwright-report"];

/// The checkout as the rules see it.
pub struct Tree {
    /// Names at the top level.
    pub top: Vec<String>,
    /// Every text file.
    pub files: Vec<TextFile>,
}

/// One text file.
#[derive(Debug)]
pub struct TextFile {
    /// From the top, with `/` on every platform.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

impl Tree {
    /// Walks the checkout. It reads the directories instead of asking git, so that it also works in an unpacked archive.
    ///
    /// # Errors
    /// When a file or directory can't be read.
    pub fn read(root: &Path) -> Result<Self> {
        let mut files = Vec::new();
        walk(root, "", &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut top = Vec::new();
        for entry in fs::read_dir(root)? {
            top.push(entry?.file_name().to_string_lossy().into_owned());
        }
        top.retain(|name| !MADE.contains(&name.as_str()));
        top.sort();
        Ok(Self { top, files })
    }

    /// The Rust files, with their test lines told apart.
    pub fn rust(&self) -> Vec<Source<'_>> {
        let rust = self.files.iter().filter(|file| file.path.ends_with(".rs"));
        rust.map(|file| Source::new(&file.path, &file.text)).collect()
    }
}

fn walk(directory: &Path, prefix: &str, files: &mut Vec<TextFile>) -> Result<()> {
    let entries = fs::read_dir(directory).with_context(|| directory.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() && !MADE.contains(&name.as_str()) {
            walk(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file() {
            let bytes = fs::read(entry.path()).with_context(|| path.clone())?;
            // What isn't text, such as an icon, has no lines to judge.
            if let Ok(text) = String::from_utf8(bytes) {
                files.push(TextFile { path, text });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_finds_text_and_leaves_out_what_tools_made() {
        let root = std::env::temp_dir().join(format!("xtask-tree-{}", std::process::id()));
        fs::create_dir_all(root.join("a/target")).unwrap();
        fs::create_dir_all(root.join(".git")).unwrap();
        fs::write(root.join("a/b.rs"), "fn b() {}\n").unwrap();
        fs::write(root.join("a/target/c.rs"), "fn c() {}\n").unwrap();
        fs::write(root.join("a/icon.png"), [0xff, 0xfe]).unwrap();
        fs::write(root.join(".hidden"), "x").unwrap();
        let tree = Tree::read(&root).unwrap();
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(tree.top, [".hidden", "a"]);
        assert_eq!(tree.files.iter().map(|file| &*file.path).collect::<Vec<_>>(), [".hidden", "a/b.rs"]);
    }
}
