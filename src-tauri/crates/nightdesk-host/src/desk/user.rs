//! Who runs this process, where no variable of the environment says it.

/// The user's name, else its number; `None` where the system has neither.
#[cfg(unix)]
pub(super) fn of_process() -> Option<String> {
    let uid = rustix::process::getuid().as_raw();
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    Some(named(&users, uid).unwrap_or_else(|| format!("user {uid}")))
}

#[cfg(not(unix))]
pub(super) fn of_process() -> Option<String> {
    None
}

/// The name of a user in the system's list (POSIX: name, password, number, and more, parted by colons).
#[cfg(unix)]
fn named(users: &str, uid: u32) -> Option<String> {
    users.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next().filter(|name| !name.is_empty() && !name.starts_with('#'))?;
        (parts.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_known_by_number_without_an_environment() {
        let users = "# kept by hand\nroot:x:0:0:root:/:/bin/sh\nsam:x:1000:1000::/:/bin/sh\nbroken\n";
        assert_eq!(named(users, 1000).as_deref(), Some("sam"));
        assert_eq!(named(users, 0).as_deref(), Some("root"));
        assert_eq!(named(users, 7), None);
        assert!(of_process().is_some_and(|name| !name.is_empty()));
    }
}
