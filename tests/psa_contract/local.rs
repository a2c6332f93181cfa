//! The built-in desk.

use crate::fake::Listing;
use crate::keeps;
use nightdesk_core::config::Local;
use nightdesk_core::port::{Access, Changes, Psa};
use nightdesk_psa::LocalPsa;

struct BuiltIn(LocalPsa);

impl BuiltIn {
    #[allow(clippy::unused_async, reason = "as any other connector's fake is made")]
    async fn start() -> Self {
        Self(LocalPsa::new(Local { clients: vec!["Acme".into(), "Globex".into()], ..Local::default() }))
    }
}

impl Listing for BuiltIn {
    fn psa(&self) -> &dyn Psa {
        &self.0
    }
}

keeps!(BuiltIn:
    catalogue {
        an_id_is_unique_within_its_kind_and_everything_has_a_name,
        there_is_something_to_file_under,
        statuses_and_categories_are_of_a_listed_board,
        every_board_opens_with_one_status_and_closes_with_one,
        asked_again_it_says_the_same,
    }
);

#[tokio::test]
async fn its_tickets_are_the_stores_own() {
    let psa = BuiltIn::start().await.0;
    assert!(!psa.holds_tickets());
    assert_eq!(psa.access().await, Ok(Access::default()));
    assert_eq!(psa.changes(chrono::DateTime::UNIX_EPOCH, 1).await, Ok(Changes::default()));
    assert_eq!((psa.open_tickets(1).await, psa.ticket("1").await), (Ok((Vec::new(), false)), Ok(None)));
}
