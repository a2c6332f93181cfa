//! Whether the program may end, and how long it takes.

use std::time::Duration;

/// Who wants it to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A person, by the menu.
    Person,
    /// A person who was told what is still open.
    Insisting,
    /// The system: log-out, shutdown, a signal. It doesn't wait for an answer.
    System,
}

/// What a quit would leave behind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Open {
    /// Texts and calls that are on their way, or that nobody has acknowledged.
    pub pages: i64,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Ask first, for this reason.
    Ask(String),
    /// Stop the engine, which gets so long; what hasn't ended then stays leased and is looked into at the next start.
    Quit(Duration),
}

/// The whole program is gone within 8 seconds: the engine's own bound, and a second to close the rest.
const IN_PEACE: Duration = Duration::from_secs(7);

/// A system that ends a session kills what takes longer than about five seconds.
const IN_HASTE: Duration = Duration::from_secs(3);

/// Decides.
pub fn decide(asked: Asked, open: Open) -> Decision {
    match asked {
        Asked::System => Decision::Quit(IN_HASTE),
        Asked::Person if open.pages > 0 => Decision::Ask(reason(open.pages)),
        Asked::Person | Asked::Insisting => Decision::Quit(IN_PEACE),
    }
}

fn reason(pages: i64) -> String {
    let pages = if pages == 1 { "1 page is".to_owned() } else { format!("{pages} pages are") };
    format!(
        "{pages} still open. Without Nightdesk nobody else is called, and nobody polls Huntress until it is started again."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_asked_while_a_page_is_open_and_not_twice() {
        let open = Open { pages: 2 };
        assert!(matches!(decide(Asked::Person, open), Decision::Ask(why) if why.starts_with("2 pages are still open")));
        assert_eq!(decide(Asked::Insisting, open), Decision::Quit(IN_PEACE));
        assert_eq!(decide(Asked::Person, Open::default()), Decision::Quit(IN_PEACE));
    }

    #[test]
    fn the_system_is_not_kept_waiting() {
        assert_eq!(decide(Asked::System, Open { pages: 2 }), Decision::Quit(IN_HASTE));
        assert!(IN_HASTE < IN_PEACE && IN_PEACE < Duration::from_secs(8));
    }
}
