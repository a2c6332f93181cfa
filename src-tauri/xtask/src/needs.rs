//! What each task needs of the machine, as tables.

use std::env;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::browser;
use crate::node;
use crate::prerequisites::Need;
use crate::probe::{self, Probe};

/// What everything needs that is compiled here, the command line first of all.
pub const COMMAND_LINE: &[Need] = &[Need {
    name: "a C compiler with the C library's headers",
    why: "SQLite and the cryptography are compiled with the program",
    present: Probe::Check(c_compiler_works),
    debian: &["gcc", "libc6-dev"],
    macos: "xcode-select --install",
    windows: "the C++ build tools of Visual Studio, which Rust asks for too: https://rustup.rs",
    then: None,
}];

/// What builds the user interface, and runs its tests.
pub const NODE: &[Need] = &[Need {
    name: "Node.js 20.19 or newer, with npm",
    why: "the user interface is built with it; the finished program doesn't need it",
    present: Probe::Check(node::is_recent_enough),
    debian: &["nodejs", "npm"],
    macos: "brew install node, or https://nodejs.org",
    windows: "winget install OpenJS.NodeJS.LTS, or https://nodejs.org",
    then: Some(node::bring_up_to_date),
}];

/// What the desktop application is compiled against, or shown with.
pub const DESKTOP: &[Need] = &[
    linux("pkg-config", "it finds the libraries of the desktop", Probe::Program("pkg-config"), &["pkg-config"]),
    linux("WebKitGTK 4.1", "it shows the window", Probe::Library("webkit2gtk-4.1"), &["libwebkit2gtk-4.1-dev"]),
    linux(
        "the Ayatana AppIndicator library",
        "it shows the icon in the tray",
        Probe::Library("ayatana-appindicator3-0.1"),
        &["libayatana-appindicator3-dev"],
    ),
    linux("librsvg", "it draws the icons", Probe::Library("librsvg-2.0"), &["librsvg2-dev"]),
    Need {
        name: "the WebView2 runtime",
        why: "it shows the window",
        present: Probe::Check(webview2_is_here),
        debian: &[],
        macos: "",
        windows: "winget install Microsoft.EdgeWebView2Runtime (Windows 11 comes with it)",
        then: None,
    },
];

/// What the desktop suite drives the real application with.
pub const DESKTOP_TESTS: &[Need] = &[
    linux("Xvfb", "the desktop suite's screen", Probe::Program("Xvfb"), &["xvfb"]),
    linux("xauth", "the desktop suite's screen lets in only the suite", Probe::Program("xauth"), &["xauth"]),
    linux("WebKitWebDriver", "it drives the window", Probe::Program("WebKitWebDriver"), &["webkit2gtk-driver"]),
    linux(
        "the accessibility bus",
        "the window's accessible names go there",
        Probe::File("/usr/libexec/at-spi-bus-launcher"),
        &["at-spi2-core"],
    ),
    linux(
        "dbus-run-session",
        "tray and notifications go over D-Bus",
        Probe::Program("dbus-run-session"),
        &["dbus-daemon"],
    ),
    linux("gnome-keyring", "secrets are kept there", Probe::Program("gnome-keyring-daemon"), &["gnome-keyring"]),
    linux("secret-tool", "it looks into the keyring from outside", Probe::Program("secret-tool"), &["libsecret-tools"]),
    linux("ImageMagick", "it takes pictures of the screen", Probe::Program("import"), &["imagemagick"]),
    linux("xdotool", "it moves a real pointer", Probe::Program("xdotool"), &["xdotool"]),
    linux("xprop", "it looks at windows from outside", Probe::Program("xprop"), &["x11-utils"]),
];

/// What the verdict on signed webhooks is compiled with: the `svix` crate compiles with no connections but TLS ones, none of
/// which is made. Its other choice of TLS takes minutes to compile.
pub const WEBHOOK_TESTS: &[Need] = &[
    linux("pkg-config", "it finds OpenSSL", Probe::Program("pkg-config"), &["pkg-config"]),
    linux(
        "OpenSSL's headers",
        "a crate that judges our webhooks is built on it",
        Probe::Library("openssl"),
        &["libssl-dev"],
    ),
];

/// What mail is tried against: a server that shares no code with ours.
pub const MAIL_TESTS: &[Need] = &[linux(
    "aiosmtpd",
    "mail is tried against it",
    Probe::Check(|| {
        ["/usr/bin/python3", "python3"]
            .iter()
            .any(|python| probe::succeeds(Command::new(python).args(["-c", "import aiosmtpd"])))
    }),
    &["python3-aiosmtpd"],
)];

/// What the browser tests and the screenshots run in.
pub const BROWSER: &[Need] = &[
    Need {
        name: "Chromium, Chrome or Edge",
        why: "the browser tests and the screenshots use it",
        present: Probe::Check(|| browser::find().is_some()),
        debian: &["chromium"],
        macos: "brew install --cask google-chrome",
        windows: "winget install Google.Chrome",
        then: None,
    },
    linux(
        "the DejaVu fonts",
        "without a font every letter is a box",
        Probe::File("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
        &["fonts-dejavu-core"],
    ),
];

/// Something that only Linux has to be given.
const fn linux(name: &'static str, why: &'static str, present: Probe, debian: &'static [&'static str]) -> Need {
    Need { name, why, present, debian, macos: "", windows: "", then: None }
}

/// Compiles one line of C rather than looking for a name: a compiler without headers is as good as none.
fn c_compiler_works() -> bool {
    if cfg!(windows) {
        // Rust's linker comes with the same build tools, and this program has been linked with it.
        return true;
    }
    let chosen = env::var("CC").unwrap_or_else(|_| "cc".into());
    let mut words = chosen.split_whitespace();
    let Some(compiler) = words.next() else { return false };
    let mut trial = Command::new(compiler);
    trial.args(words).args(["-x", "c", "-fsyntax-only", "-"]);
    trial.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = trial.spawn() else { return false };
    let written = child.stdin.take().is_some_and(|mut input| input.write_all(b"#include <stdlib.h>\n").is_ok());
    child.wait().is_ok_and(|status| status.success()) && written
}

/// The runtime registers its version under this id, for the machine or for one user.
/// Source: Microsoft, "Distribute your app and the WebView2 Runtime", detecting the runtime.
fn webview2_is_here() -> bool {
    const CLIENT: &str = r"Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";
    [r"HKLM\SOFTWARE\WOW6432Node", r"HKLM\SOFTWARE", r"HKCU\Software"]
        .iter()
        .any(|hive| probe::succeeds(Command::new("reg").args(["query", &format!(r"{hive}\{CLIENT}"), "/v", "pv"])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_built_this_has_a_c_compiler() {
        assert!(c_compiler_works());
    }

    #[test]
    fn every_need_has_words_and_a_remedy_where_it_counts() {
        for need in [COMMAND_LINE, NODE, DESKTOP, DESKTOP_TESTS, MAIL_TESTS, WEBHOOK_TESTS, BROWSER].concat() {
            assert!(!need.name.is_empty() && !need.why.is_empty());
            let somewhere = !need.debian.is_empty() || !need.macos.is_empty() || !need.windows.is_empty();
            assert!(somewhere, "{} can't be had anywhere", need.name);
        }
    }
}
