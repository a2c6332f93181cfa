use super::*;
use nightdesk_api::{Account, Accounts, EmailStatus, LastPoll, Outbox, Routing, Webhooks};

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_232_800 + minute * 60, 0).unwrap()
}

fn status(state: State) -> Status {
    Status {
        state,
        since: Some(at(0)),
        reason: None,
        account: Account::default(),
        organizations: 41,
        unmapped_organizations: 0,
        open_incidents: 0,
        last_poll: LastPoll { at: Some(at(5)), ok: Some(true), error: None },
        next_poll_at: None,
        routing: Routing { complete: true, missing: Vec::new() },
        ledger: Accounts { seen: 0, ticketed: 0, record_only: 0, withheld: 0, quarantined: 0, unaccounted: Some(0) },
        outbox: Outbox::default(),
        email: EmailStatus {
            configured: true,
            fallback: true,
            tested_at: Some(at(0)),
            why: None,
            server: Some("mail.example.com:465".into()),
        },
        webhooks: Webhooks { received: 0, refused: 0, last_at: None },
        gaps: Vec::new(),
        alarms: Vec::new(),
        psa: None,
        clock_skew_seconds: None,
    }
}

fn known(status: Option<&Status>, work: Work) -> Known<'_> {
    let zone = FixedOffset::east_opt(3600).unwrap();
    Known { status, work, engine: None, alerts: None, muted_until: None, zone }
}

fn model(state: State, work: Work) -> Model {
    Model::of(&known(Some(&status(state)), work))
}

const NOTHING: Work = Work { triage: 0, critical: 0, unacknowledged: 0 };
const MUCH: Work = Work { triage: 3, critical: 2, unacknowledged: 1 };

#[test]
fn each_state_has_its_face_and_says_itself() {
    let watching = model(State::Watching, NOTHING);
    assert_eq!((watching.face, watching.label.as_str()), (Face::Watching, ""));
    assert_eq!(watching.status, "Watching 41 organizations, last poll 03:05");
    assert_eq!(watching.triage, "Open triage board");
    assert!(!watching.can_acknowledge);

    let triage = model(State::Watching, Work { triage: 3, ..NOTHING });
    assert_eq!((triage.face, triage.label.as_str()), (Face::NeedsTriage, "3 to triage"));
    assert_eq!(triage.triage, "Open triage board (3)");

    let critical = model(State::Watching, MUCH);
    assert_eq!((critical.face, critical.label.as_str()), (Face::Critical, "2 critical"));
    assert!(critical.can_acknowledge);
    assert!(critical.status.ends_with("2 critical incidents open · 3 to triage"), "{}", critical.status);
}

#[test]
fn a_desk_without_a_fallback_says_so() {
    let mut alone = status(State::Watching);
    alone.email.fallback = false;
    alone.email.why = Some("mail isn't set up".into());
    let model = Model::of(&known(Some(&alone), NOTHING));
    assert_eq!(model.face, Face::Watching, "it is no alarm");
    assert_eq!(model.status, "Watching 41 organizations, last poll 03:05 · no fallback");
    assert!(model.tooltip.ends_with("No fallback: mail isn't set up"), "{}", model.tooltip);
}

#[test]
fn trouble_with_sight_stands_above_work_which_is_still_said() {
    for (state, face, begins) in [
        (State::Late, Face::Late, "Late: last read 03:00"),
        (State::Blind, Face::Blind, "Blind since 03:00"),
        (State::Paused, Face::Paused, "Paused: a person must decide"),
    ] {
        let model = model(state, MUCH);
        assert_eq!(model.face, face);
        assert!(model.status.starts_with(begins), "{}", model.status);
        assert!(model.tooltip.contains("2 critical incidents open"), "{}", model.tooltip);
    }
}

#[test]
fn the_reason_is_said_and_cannot_break_the_line() {
    let mut status = status(State::Blind);
    status.last_poll = LastPoll { at: Some(at(5)), ok: Some(false), error: Some("no\nroute".into()) };
    let model = Model::of(&known(Some(&status), NOTHING));
    assert_eq!(model.status, "Blind since 03:00, no route");
    status.since = None;
    assert!(Model::of(&known(Some(&status), NOTHING)).status.starts_with("Blind: nothing was read yet"));
}

#[test]
fn nd_8_what_failed_is_an_alarm_without_a_critical_incident() {
    let mut failed = status(State::Watching);
    failed.outbox.dead = 1;
    let model = Model::of(&known(Some(&failed), NOTHING));
    assert_eq!((model.face, model.label.as_str()), (Face::Critical, "Alarm"));
    assert!(model.status.contains("1 delivery needs you"));
    let mut alarmed = status(State::Watching);
    alarmed.alarms.push("the PSA no longer has \"Security\"".into());
    let model = Model::of(&known(Some(&alarmed), NOTHING));
    assert_eq!(model.face, Face::Critical);
    assert!(model.tooltip.contains("no longer has"));
}

#[test]
fn nd_17_nothing_is_green_before_the_store_was_read_or_without_an_engine() {
    let starting = Model::of(&known(None, NOTHING));
    assert_eq!((starting.face, starting.status.as_str()), (Face::Late, "Starting"));
    let status = status(State::Watching);
    let dead = Model::of(&Known { engine: Some("the disk is full"), ..known(Some(&status), NOTHING) });
    assert_eq!((dead.face, dead.status.as_str()), (Face::Blind, "Not watching: the disk is full"));
}

#[test]
fn a_mute_and_a_missing_notification_service_are_said() {
    let status = status(State::Watching);
    let muted =
        Known { muted_until: Some(at(75)), alerts: Some("no notification service"), ..known(Some(&status), NOTHING) };
    let model = Model::of(&muted);
    assert_eq!(model.muted.as_deref(), Some("04:15"));
    assert!(model.tooltip.contains("muted until 04:15") && model.tooltip.contains("no notification service"));
}
