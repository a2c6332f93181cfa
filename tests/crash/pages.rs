//! Each named point of a page's life: no page is lost, and no text or call is made twice, since the carrier can tell.

use crate::night::{DANA, KIM, Night};
use nightdesk_core::paging::{How, PageState};

/// Kills at one point, at its first to `latest` passing, and lets a last engine finish the page.
async fn die_at(point: &str, latest: u32, in_a_row: u32) {
    let mut killed = 0;
    for count in 1..=latest {
        let mut night = Night::begin().await;
        let id = night.incident(90);
        for _ in 0..in_a_row {
            night.die_at(point, count).await;
        }
        night.live().await;
        let what = format!("{point} passed for the {count}. time");
        let page = night.page_of(id).unwrap_or_else(|| panic!("{what}: the page was lost"));
        assert_eq!(
            (page.state, page.acknowledged_by.as_deref(), page.acknowledged_how),
            (PageState::Acknowledged, Some("Kim"), Some(How::Key)),
            "{what}"
        );
        let texts: Vec<_> = night.carrier.texts().into_iter().map(|t| (t.to, t.body)).collect();
        let to: Vec<&str> = texts.iter().map(|(to, _)| to.as_str()).collect();
        // Kim may have taken the call while her text was still being asked for, or waited its turn: then it never leaves.
        let once = to == [DANA, KIM, DANA] || to == [DANA, DANA];
        assert!(once, "{what}: each is told once, and Dana who has it: {texts:#?}");
        let calls: Vec<_> = night.carrier.calls().into_iter().map(|c| c.to).collect();
        assert_eq!(calls, [DANA, KIM], "{what}");
        killed += night.killed;
    }
    assert!(killed >= latest, "{point} was reached only {killed} times");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_nd_6_with_texts_and_calls_in_hand() {
    die_at("dispatch.claimed", 3, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_nd_5_before_a_text_or_call_leaves() {
    die_at("dispatch.begun", 4, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_nd_5_before_the_carriers_answer_is_on_record() {
    die_at("dispatch.sent", 4, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_between_the_acceptance_and_its_step() {
    die_at("dispatch.settled", 4, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_while_the_walk_goes_on() {
    die_at("pages.turn", 4, 2).await;
    die_at("pages.turned", 3, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crash_before_what_the_carrier_told_is_on_record() {
    die_at("pages.asked", 4, 3).await;
}
