//! Whether a window can be shown here.

use std::env;
use std::ffi::OsString;

/// Whether there is a screen to open a window on.
pub fn is_here() -> bool {
    can_show(env::consts::OS, |name| env::var_os(name))
}

/// macOS and Windows always have one; elsewhere an X11 or Wayland display must be named.
fn can_show(os: &str, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    matches!(os, "macos" | "windows")
        || ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| variable(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linux_needs_a_named_display_and_the_others_have_one() {
        let none = |_: &str| None;
        assert!(can_show("macos", none));
        assert!(can_show("windows", none));
        assert!(!can_show("linux", none));
        assert!(can_show("linux", |name: &str| (name == "DISPLAY").then(|| ":0".into())));
        assert!(can_show("linux", |name: &str| (name == "WAYLAND_DISPLAY").then(|| "wayland-0".into())));
        assert!(!can_show("linux", |_: &str| Some(OsString::new())), "an empty name is none");
    }
}
