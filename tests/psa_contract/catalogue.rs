//! What the catalogue promises.

use crate::fake::Listing;
use nightdesk_core::catalogue::{Kind, Listed, StatusRole};
use std::collections::HashSet;

async fn listed(fake: &impl Listing) -> Vec<Listed> {
    fake.psa().catalogue().await.unwrap()
}

pub async fn an_id_is_unique_within_its_kind_and_everything_has_a_name(fake: &impl Listing) {
    let listed = listed(fake).await;
    let ids: HashSet<_> = listed.iter().map(|l| (l.kind, l.remote_id.as_str())).collect();
    assert_eq!(ids.len(), listed.len());
    assert!(listed.iter().all(|l| !l.name.trim().is_empty() && !l.remote_id.is_empty()));
}

pub async fn there_is_something_to_file_under(fake: &impl Listing) {
    let listed = listed(fake).await;
    for kind in [Kind::Client, Kind::Board, Kind::Status, Kind::Priority] {
        assert!(listed.iter().any(|l| l.kind == kind), "no {}", kind.word());
    }
}

pub async fn statuses_and_categories_are_of_a_listed_board(fake: &impl Listing) {
    let listed = listed(fake).await;
    let boards: HashSet<_> = listed.iter().filter(|l| l.kind == Kind::Board).map(|l| l.remote_id.as_str()).collect();
    for l in &listed {
        let is_of_board = matches!(l.kind, Kind::Status | Kind::Category);
        assert_eq!(l.board.as_deref().is_some_and(|b| boards.contains(b)), is_of_board, "{l:?}");
        assert_eq!(l.role.is_some(), l.kind == Kind::Status, "{l:?}");
    }
}

pub async fn every_board_opens_with_one_status_and_closes_with_one(fake: &impl Listing) {
    let listed = listed(fake).await;
    for board in listed.iter().filter(|l| l.kind == Kind::Board) {
        for role in [StatusRole::Opening, StatusRole::Closing] {
            let of_board = |l: &&Listed| l.board.as_ref() == Some(&board.remote_id) && l.role == Some(role);
            assert_eq!(listed.iter().filter(of_board).count(), 1, "{} {role:?}", board.name);
        }
    }
}

pub async fn asked_again_it_says_the_same(fake: &impl Listing) {
    assert_eq!(listed(fake).await, listed(fake).await);
}
