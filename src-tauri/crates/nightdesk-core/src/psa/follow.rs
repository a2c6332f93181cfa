//! Two people on one ticket: what somebody changed in the PSA, and what of ours may still be written. Nightdesk never fights
//! a person.

use super::Filed;

/// A part of a ticket's standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Field {
    Title,
    Client,
    Board,
    Status,
    Category,
    Priority,
}

impl Field {
    /// The word for it, as people read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Client => "client",
            Self::Board => "board",
            Self::Status => "status",
            Self::Category => "category",
            Self::Priority => "priority",
        }
    }
}

/// One field that isn't as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub field: Field,
    /// What it was: an id of the PSA's, but for the title.
    pub before: Option<String>,
    /// What it is.
    pub now: Option<String>,
}

/// What differs between two looks at a ticket, in the order in which people read it.
pub fn differences(before: &Filed, now: &Filed) -> Vec<Difference> {
    let some = |s: &String| Some(s.clone());
    [
        (Field::Client, some(&before.client), some(&now.client)),
        (Field::Board, some(&before.board), some(&now.board)),
        (Field::Status, some(&before.status), some(&now.status)),
        (Field::Category, before.category.clone(), now.category.clone()),
        (Field::Priority, before.priority.clone(), now.priority.clone()),
        (Field::Title, some(&before.title), some(&now.title)),
    ]
    .into_iter()
    .filter(|(_, before, now)| before != now)
    .map(|(field, before, now)| Difference { field, before, now })
    .collect()
}

/// How a ticket shall stand that was `was` when we last saw it, that we want to be `wants`, and that is `is` now: what a
/// person changed since stays as it is. Board, status and category go together, since statuses and categories are a
/// board's own: whoever touched one of them has decided about all three.
pub fn merge(was: &Filed, wants: &Filed, is: &Filed) -> Filed {
    let pick = |was: &String, wants: &String, is: &String| if is == was { wants.clone() } else { is.clone() };
    let place = |f: &Filed| (f.board.clone(), f.status.clone(), f.category.clone());
    let (board, status, category) = if place(is) == place(was) { place(wants) } else { place(is) };
    Filed {
        title: pick(&was.title, &wants.title, &is.title),
        client: pick(&was.client, &wants.client, &is.client),
        board,
        status,
        category,
        priority: if is.priority == was.priority { wants.priority.clone() } else { is.priority.clone() },
    }
}

/// What our own state is compared with from now on: `here` for what a person changed between `before` and `after`, which
/// we have followed, and still `base` for all else, so that a change of ours that hasn't arrived yet isn't forgotten.
pub fn rebase(base: &Filed, before: &Filed, after: &Filed, here: &Filed) -> Filed {
    let pick = |same: bool, base: &String, here: &String| if same { base.clone() } else { here.clone() };
    let place = |f: &Filed| (f.board.clone(), f.status.clone(), f.category.clone());
    let (board, status, category) = if place(before) == place(after) { place(base) } else { place(here) };
    Filed {
        title: pick(before.title == after.title, &base.title, &here.title),
        client: pick(before.client == after.client, &base.client, &here.client),
        board,
        status,
        category,
        priority: if before.priority == after.priority { base.priority.clone() } else { here.priority.clone() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn filed(of: [u8; 6]) -> Filed {
        let [title, client, board, status, category, priority] = of.map(|n| n.to_string());
        Filed { title, client, board, status, category: Some(category), priority: Some(priority) }
    }

    fn is_place(field: Field) -> bool {
        matches!(field, Field::Board | Field::Status | Field::Category)
    }

    fn any() -> impl Strategy<Value = Filed> {
        proptest::array::uniform6(0_u8..3).prop_map(filed)
    }

    #[test]
    fn a_persons_close_stands_against_a_re_home() {
        let was = filed([0, 0, 0, 0, 0, 0]);
        let closed = Filed { status: "closed".into(), ..was.clone() };
        let wants = Filed { client: "acme".into(), board: "security".into(), status: "new".into(), ..was.clone() };
        let merged = merge(&was, &wants, &closed);
        assert_eq!(merged, Filed { client: "acme".into(), ..closed }, "its client was nobody's but ours");
    }

    #[test]
    fn differences_are_named() {
        let was = filed([0, 0, 0, 0, 0, 0]);
        let is = Filed { client: "acme".into(), category: None, ..was.clone() };
        let words: Vec<_> = differences(&was, &is).iter().map(|d| d.field.word()).collect();
        assert_eq!(words, ["client", "category"]);
    }

    proptest! {
        #[test]
        fn nothing_that_a_person_touched_is_written(was in any(), wants in any(), is in any()) {
            let merged = merge(&was, &wants, &is);
            let touched: Vec<_> = differences(&was, &is).into_iter().map(|d| d.field).collect();
            for change in differences(&is, &merged) {
                prop_assert!(!touched.contains(&change.field), "{:?}", change);
            }
        }

        /// A change of ours on the way, and a person's: both stand, and nothing of the person's is written over.
        #[test]
        fn a_change_of_ours_outlives_a_persons_change_of_something_else(base in any(), ours in any(), theirs in any()) {
            let here = merge(&base, &theirs, &ours);
            let based = rebase(&base, &base, &theirs, &here);
            let wants = merge(&based, &theirs, &here);
            for kept in differences(&base, &ours) {
                if !differences(&base, &theirs).iter().any(|d| d.field == kept.field || is_place(d.field) && is_place(kept.field)) {
                    prop_assert!(differences(&theirs, &wants).iter().any(|d| d.field == kept.field), "{:?} was forgotten", kept.field);
                }
            }
        }

        #[test]
        fn where_nobody_interferes_it_becomes_what_we_want(was in any(), wants in any()) {
            prop_assert_eq!(merge(&was, &wants, &was), wants.clone());
            prop_assert_eq!(merge(&was, &wants, &wants), wants);
        }
    }
}
