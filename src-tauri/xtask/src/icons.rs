//! `cargo xtask icons`: the pictures in `icons/`, made from the drawings beside them.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::Workspace;
use crate::needs::NODE;
use crate::node::Project;
use crate::prerequisites::{self, Consent};

/// The program that turns a drawing into pictures; major version 2, as the shell's framework.
const TAURI: &str = "@tauri-apps/cli@2";

/// What a desktop takes of all that the program makes: the rest is for shops and telephones.
const APP: [&str; 6] = ["32x32.png", "128x128.png", "128x128@2x.png", LARGEST, "icon.icns", "icon.ico"];
/// The picture from which it shows whether the drawing has changed.
const LARGEST: &str = "icon.png";

/// The side of a tray picture in pixels: trays shrink it to their own size.
const TRAY: &str = "64";

/// What `icons` takes.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    consent: Consent,
}

/// Makes the app's icon in all its forms, and a picture for each state of the tray.
///
/// # Errors
/// When something needed is missing, a drawing can't be read, or a picture not be written.
pub fn run(options: &Options) -> Result<bool> {
    let workspace = Workspace::locate()?;
    prerequisites::ensure(&[NODE], &options.consent)?;
    let icons = workspace.root().join("icons");
    let made = workspace.root().join("target/xtask/icons");
    let ui = Project::new(&workspace, "ui");
    draw(&ui, &icons.join("app.svg"), &made, &[])?;
    // The parts of an .icns file come in another order each time: it is written only with a new picture in it.
    if fs::read(made.join(LARGEST)).ok() != fs::read(icons.join(LARGEST)).ok() {
        for name in APP {
            copy(&made.join(name), &icons.join(name))?;
        }
    }
    for entry in fs::read_dir(icons.join("tray")).context("icons/tray")? {
        let drawing = entry?.path();
        if drawing.extension().is_some_and(|extension| extension == "svg") {
            draw(&ui, &drawing, &made, &["--png", TRAY])?;
            copy(&made.join(format!("{TRAY}x{TRAY}.png")), &drawing.with_extension("png"))?;
        }
    }
    Ok(true)
}

fn draw(ui: &Project, drawing: &Path, folder: &Path, options: &[&str]) -> Result<()> {
    let mut tauri: Command = ui.npm(&["exec", "--yes", "--package", TAURI, "--", "tauri", "icon"]);
    tauri.arg(drawing).arg("--output").arg(folder).args(options);
    let output = tauri.output().context("npm could not be started")?;
    if !output.status.success() {
        bail!("{}: {}", drawing.display(), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("{} could not be written", to.display()))?;
    Ok(())
}
