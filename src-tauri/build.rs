//! Builds the window's pages into the program. They are made by npm, which cargo doesn't start.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=../ui/dist");
    if !Path::new("../ui/dist/index.html").exists() {
        println!(
            "cargo:error=the window's pages are missing (ui/dist): make them with `npm --prefix ui ci && npm --prefix ui run build`, or let `cargo xtask run` do all of it"
        );
        return;
    }
    // Named here, the command needs a permission like any other.
    let manifest = tauri_build::AppManifest::new().commands(&["rpc"]);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo:error={error:#}");
    }
}
