//! Whether there is a screen to show anything on. Asked before anything else, because the window system's libraries end
//! the process without a word where there is none.

/// Why no window can be shown here, as a sentence with the remedy; `None` where one can.
#[cfg(all(unix, not(target_os = "macos")))]
pub fn missing() -> Option<String> {
    why(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
pub fn missing() -> Option<String> {
    None
}

#[cfg(all(unix, not(target_os = "macos")))]
fn why(is_set: impl Fn(&str) -> bool) -> Option<String> {
    let shown = ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(is_set);
    (!shown).then(|| {
        "there is no screen here: neither DISPLAY nor WAYLAND_DISPLAY is set. On a machine without a screen, run \
         `nightdesk run` instead; it is the same desk without windows"
            .to_owned()
    })
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use super::*;

    #[test]
    fn either_kind_of_screen_will_do() {
        assert_eq!(why(|name| name == "DISPLAY"), None);
        assert_eq!(why(|name| name == "WAYLAND_DISPLAY"), None);
        assert!(why(|_| false).is_some_and(|why| why.contains("nightdesk run")));
    }
}
