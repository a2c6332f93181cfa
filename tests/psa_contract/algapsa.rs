//! AlgaPSA, against the stand-in.

use std::sync::Arc;
use std::time::Duration;

use crate::fake::{Fake, Listing};
use crate::keeps;
use nightdesk_core::SecretString;
use nightdesk_core::clock::Clock;
use nightdesk_core::port::{Psa, PsaError, Sender};
use nightdesk_core::psa::Filed;
use nightdesk_http::Limits;
use nightdesk_psa::algapsa::{AlgaPsa, Credentials, Pace};
use nightdesk_standin::algapsa::{AlgaStandin, Desk, Fault, FaultKind};
use nightdesk_tests::SimClock;

struct Alga {
    clock: SimClock,
    standin: AlgaStandin,
    psa: AlgaPsa,
}

struct Key(String);

impl Credentials for Key {
    fn algapsa(&self) -> Result<SecretString, PsaError> {
        Ok(self.0.clone().into())
    }
}

impl Alga {
    async fn start() -> Self {
        let clock = SimClock::at(chrono::DateTime::from_timestamp(1_772_000_000, 0).unwrap());
        let theirs = clock.clone();
        let desk = Desk::msp();
        desk.add_category("Triage", "To be sorted");
        let standin = AlgaStandin::start(desk, Arc::new(move || theirs.now())).await.unwrap();
        let limits = Limits { base_delay: Duration::ZERO, max_delay: Duration::ZERO, ..Limits::default() };
        let key = Arc::new(Key(standin.key()));
        let psa =
            AlgaPsa::limited(&standin.base_url(), key, Arc::new(clock.clone()), limits, Pace::Documented).unwrap();
        Self { clock, standin, psa }
    }

    fn desk(&self) -> &Desk {
        self.standin.desk()
    }

    fn next_write(&self, kind: FaultKind) {
        self.standin.fault(Fault::new(kind).when(|request| request.method != "GET").times(1));
    }
}

impl Listing for Alga {
    fn psa(&self) -> &dyn Psa {
        &self.psa
    }
}

impl Fake for Alga {
    fn senders(&self) -> Vec<Arc<dyn Sender>> {
        self.psa.senders()
    }

    fn pass(&self, time: Duration) {
        self.clock.pass(time);
    }

    fn lose_the_next_answer(&self) {
        self.next_write(FaultKind::LostAnswer);
    }

    fn lose_the_next_request(&self) {
        self.next_write(FaultKind::ResetBefore);
    }

    fn limit(&self, wait: Duration) {
        let wait = nightdesk_standin::RetryAfter::Seconds(wait.as_secs());
        self.standin.fault(Fault::status_with(429, wait).times(1));
    }

    fn refuse_the_key(&self) {
        self.desk().expire_key();
    }

    fn spoil(&self, filed: &mut Filed) {
        let boards = ["Security", "Triage"].map(|name| self.desk().board(name).unwrap());
        let other = boards.into_iter().find(|board| board.id != filed.board).unwrap();
        filed.status = self.desk().status(&other.id, "New").unwrap().id;
    }

    fn requests(&self) -> usize {
        self.standin.requests().len()
    }

    fn tickets(&self) -> usize {
        self.desk().tickets().len()
    }

    fn shown(&self, id: &str) -> (String, String) {
        let ticket = self.desk().ticket(id).unwrap();
        (ticket.title, ticket.description_html)
    }

    fn tags(&self, id: &str) -> Vec<String> {
        self.desk().tags(id)
    }

    fn notes(&self, id: &str) -> Vec<(String, bool)> {
        self.desk().comments(id).into_iter().map(|comment| (comment.text, !comment.is_internal)).collect()
    }

    fn person_closes(&self, id: &str, by: &str) {
        assert!(self.desk().person_closes(id, by));
    }

    fn person_sets_client(&self, id: &str, client: &str, by: &str) {
        assert!(self.desk().person_sets_client(id, client, by));
    }

    fn person_opens(&self, title: &str, by: &str) -> String {
        self.desk().person_opens(title, "Triage", "Globex", by).unwrap()
    }

    fn person_deletes(&self, id: &str, by: &str) {
        assert!(self.desk().person_deletes(id, by));
    }
}

keeps!(Alga:
    catalogue {
        an_id_is_unique_within_its_kind_and_everything_has_a_name,
        there_is_something_to_file_under,
        statuses_and_categories_are_of_a_listed_board,
        every_board_opens_with_one_status_and_closes_with_one,
        asked_again_it_says_the_same,
    }
    creations {
        a_ticket_is_delivered_with_its_reference_and_stands_as_asked,
        a_lost_answer_is_in_doubt_and_the_ticket_is_found_and_not_made_twice,
        a_lost_request_is_in_doubt_and_the_ticket_is_made_once,
        another_incidents_ticket_is_not_taken_for_it,
        a_closed_ticket_is_found_too,
        one_from_before_is_looked_for_when_asked_to,
        a_payload_from_another_version_is_refused_for_good,
    }
    updates {
        a_ticket_becomes_what_is_wanted_and_again_changes_nothing,
        closing_and_reopening,
        what_a_person_changed_stays_and_stays_news,
        a_lost_answer_is_in_doubt_and_repeating_it_is_harmless,
        a_deleted_ticket_is_left_deleted_and_says_so,
    }
    notes {
        a_note_is_there_once_though_its_answer_was_lost_and_no_customer_reads_it,
        two_notes_of_the_same_words_are_two,
        a_note_of_any_length_is_taken,
        a_note_for_a_deleted_ticket_says_so,
    }
    changes {
        what_people_did_is_listed_oldest_first_and_agrees_with_each_ticket,
        more_than_a_page_is_listed_whole,
        a_deleted_ticket_is_none_and_in_no_list,
        a_persons_change_bears_their_name_where_the_psa_tells_and_ours_never_does,
    }
    refusals {
        a_ticket_that_the_psa_will_never_take_is_refused_for_good_in_words,
        a_refused_key_waits_for_a_person_and_names_the_secret,
        what_the_key_may_do_is_told_without_doing_it,
        a_limit_is_kept_by_every_sender_until_it_is_over,
    }
);
