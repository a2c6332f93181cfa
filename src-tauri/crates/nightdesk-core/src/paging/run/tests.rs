use super::*;
use proptest::prelude::*;

fn t(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::seconds(seconds)
}

fn rung(contact: &str, channels: &[Channel]) -> Rung {
    Rung {
        contact: contact.into(),
        phone: format!("+1-{contact}"),
        channels: channels.to_vec(),
        wait: Duration::seconds(300),
    }
}

const BOTH: [Channel; 2] = [Channel::Sms, Channel::Call];

fn tree() -> Tree {
    Tree { rungs: vec![rung("dana", &BOTH), rung("kim", &[]), rung("lee", &[Channel::Call])], rounds: 2 }
}

fn run(pages: &[i64]) -> RunState {
    RunState {
        state: PageState::Waiting,
        next: Position::default(),
        next_at: Some(t(0)),
        pages: pages.iter().map(|p| (*p, PageState::Waiting)).collect(),
        told: Vec::new(),
    }
}

/// Carries actions out as the engine does: whoever is told gets a step.
fn apply(run: &mut RunState, tree: &Tree, event: &Event, now: DateTime<Utc>) -> Vec<Action> {
    let actions = next(run, tree, event, now);
    for action in &actions {
        if let Action::Tell { rung, channel, at, pages } = action {
            let rung = &tree.rungs[*rung];
            run.told.push(Told {
                id: i64::try_from(run.told.len()).unwrap(),
                at: *at,
                contact: rung.contact.clone(),
                phone: rung.phone.clone(),
                channel: *channel,
                state: StepState::Queued,
                pages: pages.clone(),
            });
        }
    }
    actions
}

fn told(actions: &[Action]) -> Vec<(usize, Channel)> {
    let tell = |a: &Action| match a {
        Action::Tell { rung, channel, .. } => Some((*rung, *channel)),
        _ => None,
    };
    actions.iter().filter_map(tell).collect()
}

#[test]
fn down_the_tree_with_the_unreachable_passed_over_and_round_again_until_it_is_exhausted() {
    let (tree, mut run) = (tree(), run(&[1]));
    let mut seen = Vec::new();
    for minute in [0, 5, 10, 15] {
        seen.push(told(&apply(&mut run, &tree, &Event::Time, t(minute * 60))));
        assert_eq!(told(&apply(&mut run, &tree, &Event::Time, t(minute * 60 + 299))), [], "it waits");
    }
    let (dana, lee) = (vec![(0, Channel::Sms), (0, Channel::Call)], vec![(2, Channel::Call)]);
    assert_eq!(seen, [dana.clone(), lee.clone(), dana, lee]);
    let last = apply(&mut run, &tree, &Event::Time, t(20 * 60));
    assert_eq!(last.last(), Some(&Action::Exhausted { pages: [1].into() }));
    assert_eq!((run.state, run.next_at), (PageState::Exhausted, None));
}

#[test]
fn whose_turn_it_is_is_not_where_the_walk_stands() {
    let tree = Tree { rungs: vec![rung("abe", &[]), rung("dana", &BOTH), rung("lee", &BOTH)], rounds: 2 };
    let turn = |round, step, told: &[(u32, &str)]| {
        let upcoming = tree.upcoming(Position { round, step }, |r, rung| told.contains(&(r, rung.contact.as_str())));
        upcoming.map(|(n, at)| (tree.rungs[n].contact.as_str(), at.round))
    };
    assert_eq!(turn(0, 0, &[]), Some(("dana", 0)));
    assert_eq!(turn(0, 1, &[(0, "dana")]), Some(("lee", 0)), "one was told, and it's the third one's turn");
    assert_eq!(turn(0, 2, &[(0, "dana"), (0, "lee")]), Some(("dana", 1)));
    assert_eq!(turn(1, 2, &[(1, "dana"), (1, "lee")]), None);
}

#[test]
fn nobody_to_tell_is_exhausted_at_once() {
    for rungs in [vec![], vec![rung("kim", &[])]] {
        let mut run = run(&[1]);
        let actions = apply(&mut run, &Tree { rungs, rounds: 2 }, &Event::Time, t(0));
        assert!(actions.contains(&Action::Exhausted { pages: [1].into() }), "{actions:?}");
    }
}

#[test]
fn an_acknowledgement_stops_everything_and_tells_those_who_were_told() {
    let (tree, mut run) = (tree(), run(&[1]));
    apply(&mut run, &tree, &Event::Time, t(0));
    apply(&mut run, &tree, &Event::Heard { step: 0, state: StepState::Delivered }, t(2));
    apply(&mut run, &tree, &Event::Heard { step: 1, state: StepState::Ringing }, t(3));
    apply(&mut run, &tree, &Event::Time, t(300));
    let actions = apply(&mut run, &tree, &Event::Heard { step: 2, state: StepState::Acknowledged }, t(310));
    assert_eq!(actions[0], Action::Page { page: 1, state: PageState::Acknowledged });
    assert_eq!(actions[1], Action::TellTaken { phones: ["+1-dana".to_owned()].into(), pages: [1].into() });
    assert_eq!(actions[2], Action::CallOff { step: 1 }, "dana's phone stops ringing");
    assert_eq!(actions.len(), 3);
    assert_eq!((run.state, run.next_at), (PageState::Acknowledged, None));
    assert_eq!(apply(&mut run, &tree, &Event::Time, t(9000)), []);
}

#[test]
fn a_rung_of_which_nothing_more_can_come_is_not_waited_for() {
    let (tree, mut one) = (tree(), run(&[1]));
    apply(&mut one, &tree, &Event::Time, t(0));
    let heard = |run: &mut RunState, step, state, at| told(&apply(run, &tree, &Event::Heard { step, state }, t(at)));
    assert_eq!(heard(&mut one, 1, StepState::NoAnswer, 40), [], "the text may still be answered");
    assert_eq!(heard(&mut one, 0, StepState::Failed, 41), [(2, Channel::Call)]);
    let mut two = run(&[1]);
    apply(&mut two, &tree, &Event::Time, t(0));
    assert_eq!(heard(&mut two, 1, StepState::PassedOn, 20), [(2, Channel::Call)], "a person wants the next one asked");
}

#[test]
fn with_nobody_left_the_next_time_through_the_tree_waits_whatever_came_of_this_one() {
    let alone = Tree { rungs: vec![rung("dana", &BOTH)], rounds: 2 };
    for (text, call) in [
        (StepState::Delivered, StepState::PassedOn),
        (StepState::Failed, StepState::Busy),
        (StepState::Failed, StepState::NoAnswer),
        (StepState::Failed, StepState::Failed),
    ] {
        let mut run = run(&[1]);
        apply(&mut run, &alone, &Event::Time, t(0));
        let heard = |run: &mut RunState, step, state, at| apply(run, &alone, &Event::Heard { step, state }, t(at));
        assert_eq!(told(&heard(&mut run, 0, text, 1)), []);
        assert_eq!(told(&heard(&mut run, 1, call, 10)), [], "{call:?}");
        assert_eq!(told(&apply(&mut run, &alone, &Event::Time, t(299))), []);
        assert_eq!(told(&apply(&mut run, &alone, &Event::Time, t(300))).len(), 2, "the second time through the tree");
        heard(&mut run, 2, text, 301);
        let last = heard(&mut run, 3, call, 310);
        assert_eq!(last.last(), Some(&Action::Exhausted { pages: [1].into() }), "nothing more is waited for");
    }
}

#[test]
fn what_is_over_ends_and_what_is_left_goes_on() {
    let (tree, mut run) = (tree(), run(&[1, 2]));
    apply(&mut run, &tree, &Event::Time, t(0));
    let actions = apply(&mut run, &tree, &Event::Over { pages: [1].into() }, t(10));
    assert_eq!(actions, [Action::Page { page: 1, state: PageState::Ended }], "the call still speaks of the other");
    let next = apply(&mut run, &tree, &Event::Time, t(300));
    assert_eq!(told(&next), [(2, Channel::Call)]);
    assert!(matches!(&next[0], Action::Tell { pages, .. } if *pages == [2].into()));
    let actions = apply(&mut run, &tree, &Event::Over { pages: [2].into() }, t(301));
    assert!(actions.contains(&Action::CallOff { step: 2 }), "{actions:?}");
    assert_eq!(run.state, PageState::Ended);
}

#[test]
fn a_late_answer_still_counts() {
    let (tree, mut run) = (Tree { rounds: 1, ..tree() }, run(&[1]));
    for minute in [0, 5, 10] {
        apply(&mut run, &tree, &Event::Time, t(minute * 60));
    }
    assert_eq!(run.state, PageState::Exhausted);
    apply(&mut run, &tree, &Event::Taken { pages: [1].into(), phone: Some("+1-dana".into()) }, t(900));
    assert_eq!((run.state, run.pages[0].1), (PageState::Acknowledged, PageState::Acknowledged));
}

fn events() -> impl Strategy<Value = Vec<(Event, i64)>> {
    let states = prop::sample::select(StepState::ALL.to_vec());
    let pages = prop::collection::btree_set(1_i64..5, 1..3);
    let event = prop_oneof![
        4 => Just(Event::Time),
        6 => (0_i64..12, states).prop_map(|(step, state)| Event::Heard { step, state }),
        1 => (pages.clone(), any::<bool>()).prop_map(|(pages, known)| Event::Taken { pages, phone: known.then(|| "+1-dana".to_owned()) }),
        1 => pages.prop_map(|pages| Event::Over { pages }),
    ];
    prop::collection::vec((event, 0_i64..400), 0..40)
}

fn trees() -> impl Strategy<Value = Tree> {
    let channels = prop::sample::subsequence(BOTH.to_vec(), 0..=2);
    (prop::collection::vec(channels, 0..4), 1_u32..4).prop_map(|(rungs, rounds)| Tree {
        rungs: rungs.iter().enumerate().map(|(n, channels)| rung(&n.to_string(), channels)).collect(),
        rounds,
    })
}

proptest! {
    /// No state is both silent and unacknowledged: while a page is open there is a time at which more happens, nobody is
    /// told of a page that is over, no rung is told twice in a round, and time alone ends every run.
    #[test]
    fn never_silent_and_never_too_much(tree in trees(), events in events()) {
        let mut run = run(&[1, 2, 3]);
        let mut now = t(0);
        for (event, wait) in events {
            now += Duration::seconds(wait);
            let closed: BTreeSet<i64> = run.pages.iter().filter(|(_, s)| !s.is_open()).map(|(id, _)| *id).collect();
            let over: BTreeSet<i64> = match &event {
                Event::Taken { pages, .. } | Event::Over { pages } => pages.clone(),
                _ => BTreeSet::new(),
            };
            let actions = apply(&mut run, &tree, &event, now);
            for action in &actions {
                if let Action::Tell { pages, rung, channel, .. } = action {
                    prop_assert!(!pages.is_empty() && pages.is_disjoint(&closed) && pages.is_disjoint(&over));
                    prop_assert!(tree.rungs[*rung].channels.contains(channel), "only ways that may be used");
                }
            }
            let open = run.pages.iter().any(|(_, s)| s.is_open());
            prop_assert_eq!(open, run.next_at.is_some(), "{:?}", run);
            prop_assert_eq!(open, run.state.is_open());
            let mut places: Vec<_> = run.told.iter().map(|t| (t.at, t.channel)).collect();
            places.sort();
            let all = places.len();
            places.dedup();
            prop_assert_eq!(places.len(), all, "a rung is told once a round");
        }
        let steps = tree.rungs.len() * tree.rounds as usize + 2;
        for _ in 0..steps {
            if let Some(at) = run.next_at {
                now = now.max(at);
                apply(&mut run, &tree, &Event::Time, now);
            }
        }
        prop_assert!(run.next_at.is_none(), "it ends by itself");
    }
}
