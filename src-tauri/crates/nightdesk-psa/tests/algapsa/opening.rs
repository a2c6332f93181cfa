//! Opening tickets, once.

use nightdesk_core::delivery::Outcome;
use nightdesk_core::port::Found;
use nightdesk_core::psa::Reference;
use nightdesk_standin::algapsa::{Fault, FaultKind};

use crate::desk::{MARKER, REFERENCE, Scene, outgoing, reference};

#[tokio::test]
async fn a_ticket_stands_as_asked_and_nothing_was_asked_for_in_vain() {
    let scene = Scene::new().await;
    let told = reference(scene.open(&scene.create(), 1).await);
    let ticket = scene.desk().tickets().remove(0);
    assert_eq!((told.id.as_str(), told.number.as_deref()), (ticket.id.as_str(), Some(ticket.number.as_str())));
    assert_eq!(told.updated_at, Some(ticket.updated_at));
    assert!(ticket.title.ends_with("(HR-42)"));
    let names = (ticket.client.as_str(), ticket.board.as_str(), ticket.status.as_str(), ticket.priority.as_str());
    assert_eq!(names, ("Acme", "Security", "New", "Critical"));
    assert_eq!(ticket.category.as_deref(), Some("Security incident"));
    assert_eq!(ticket.attributes["source_reference"], REFERENCE);
    let shown = "<h2>Incident</h2><p>Severity: critical</p><p>Status: &lt;sent&gt;</p><ul><li>one &amp; two</li></ul>";
    assert_eq!(ticket.description_html, shown);
    assert_eq!(scene.desk().tags(&ticket.id), ["huntress", "critical"]);
    assert_eq!(scene.standin.unexpected(), []);
}

#[tokio::test]
async fn whatever_becomes_of_the_answer_there_is_one_ticket_in_the_end() {
    let after = [
        FaultKind::LostAnswer,
        FaultKind::ResetMidBody,
        FaultKind::Truncated,
        FaultKind::WrongShape,
        FaultKind::HangAfter,
        FaultKind::StatusAfter(502),
    ];
    for kind in after {
        let scene = Scene::new().await;
        let create = scene.create();
        scene.standin.fault(Fault::new(kind.clone()).method("POST").times(1));
        assert!(matches!(scene.open(&create, 1).await, Outcome::Unknown { .. }), "{kind:?}");
        let ticket = scene.desk().tickets().remove(0);
        let Found::Yes { remote_ref: Some(found) } = scene.look_up(&create).await else { panic!("{kind:?}") };
        assert_eq!(Reference::parse(&found).unwrap().id, ticket.id);
        assert_eq!(scene.desk().tags(&ticket.id), ["huntress", "critical"], "given by whoever found it");
        assert_eq!(reference(scene.open(&create, 2).await).id, ticket.id);
        assert_eq!((scene.desk().tickets().len(), scene.desk().tags(&ticket.id).len()), (1, 2));
        assert_eq!(scene.standin.unexpected(), []);
    }
}

#[tokio::test]
async fn what_never_arrived_is_not_found_and_is_made_once() {
    for (kind, is_doubtful) in [
        (FaultKind::ResetBefore, true),
        (FaultKind::Hang, true),
        (FaultKind::Status(503, None), true),
        (FaultKind::NotJson, true),
        (FaultKind::Status(409, None), false),
    ] {
        let scene = Scene::new().await;
        let create = scene.create();
        scene.standin.fault(Fault::new(kind.clone()).method("POST").times(1));
        let first = scene.open(&create, 1).await;
        assert_eq!(matches!(first, Outcome::Unknown { .. }), is_doubtful, "{kind:?} {first:?}");
        assert_eq!(scene.look_up(&create).await, Found::No, "{kind:?}");
        reference(scene.open(&create, 2).await);
        assert_eq!(scene.desk().tickets().len(), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn nothing_is_made_while_it_cannot_be_looked_for() {
    let scene = Scene::new().await;
    scene.standin.fault(Fault::status(500).on("/search"));
    assert!(matches!(scene.open(&scene.create(), 2).await, Outcome::Temporary { .. }));
    assert!(matches!(scene.look_up(&scene.create()).await, Found::Unknown(_)));
    scene.standin.clear_faults();
    scene.standin.stop();
    assert!(
        matches!(scene.open(&scene.create(), 1).await, Outcome::Temporary { .. }),
        "no connection: certainly not there"
    );
    assert_eq!(scene.desk().tickets().len(), 0);
}

#[tokio::test]
async fn a_ticket_is_known_again_though_people_worked_on_it_and_others_look_alike() {
    let scene = Scene::new().await;
    let create = scene.create();
    let mut others = Vec::new();
    for (marker, of) in [("HR-421", "huntress:1:421"), ("HR-42", "huntress:9:42")] {
        let mut other = create.clone();
        (other.marker, other.reference) = (marker.into(), of.into());
        other.filed.title = format!("[Huntress] another ({marker})");
        others.push(reference(scene.open(&other, 1).await).id);
    }
    assert!(scene.desk().person_opens("Dana's own about HR-42", "Triage", "Acme", "Dana").is_some());
    assert_eq!(scene.look_up(&create).await, Found::No);

    let told = reference(scene.open(&create, 1).await);
    scene.desk().person_retitles(&told.id, "Solved: HR-42 on SRV-1", "Dana");
    scene.desk().person_closes(&told.id, "Dana");
    let Found::Yes { remote_ref: Some(found) } = scene.look_up(&create).await else { panic!("closed and retitled") };
    let found = Reference::parse(&found).unwrap();
    assert_eq!(
        (found.updated_at, &found.id),
        (None, &told.id),
        "what Dana did since isn't taken for ours, and is looked at"
    );
    assert!(!others.contains(&found.id));
}

#[tokio::test]
async fn a_short_number_is_found_among_a_hundred_that_begin_with_it() {
    let scene = Scene::new().await;
    scene.desk().observe_rate_only();
    let mut create = scene.create();
    (create.marker, create.reference) = ("HR-4".into(), "huntress:1:4".into());
    create.filed.title = "[Huntress] the first (HR-4)".into();
    let told = reference(scene.open(&create, 1).await);
    for n in 0..120 {
        scene.desk().person_opens(&format!("[Huntress] later (HR-4{n:03})"), "Triage", "Acme", "Dana");
    }
    let Found::Yes { remote_ref: Some(found) } = scene.look_up(&create).await else { panic!("not found") };
    assert_eq!(Reference::parse(&found).unwrap().id, told.id);
}

#[tokio::test]
async fn tickets_from_before_are_looked_for_on_the_first_attempt() {
    let scene = Scene::new().await;
    let mut create = scene.create();
    let told = reference(scene.open(&create, 1).await);
    create.look_first = true;
    assert_eq!(reference(scene.open(&create, 1).await).id, told.id);
    assert_eq!(scene.desk().tickets().len(), 1);
}

#[tokio::test]
async fn a_ticket_that_cannot_be_says_why_and_what_to_do() {
    let scene = Scene::new().await;
    let refused = |outcome| match outcome {
        Outcome::Permanent { error } => error,
        other => panic!("{other:?}"),
    };
    let mut foreign = scene.create();
    foreign.filed.status = scene.desk().status("Triage", "New").unwrap().id;
    let words = refused(scene.open(&foreign, 1).await);
    assert!(words.contains("status_id") && words.contains("isn't one of that board's"), "{words}");

    let gone = scene.create();
    assert!(scene.desk().delete(&gone.filed.client));
    let words = refused(scene.open(&gone, 1).await);
    assert!(words.contains("Invalid reference") && words.contains("was deleted there"), "{words}");

    let mut nameless = scene.create_for("Globex");
    nameless.filed.title = "x".repeat(256);
    let words = refused(scene.open(&nameless, 1).await);
    assert!(words.contains("title") && words.contains("shorten it"), "{words}");

    let mut unrated = scene.create_for("Globex");
    unrated.filed.priority = None;
    let Outcome::NeedsHuman { error } = scene.open(&unrated, 1).await else { panic!("{unrated:?}") };
    assert!(error.contains("routing.priority"), "{error}");

    let unreadable = outgoing(&"nonsense", 1);
    assert!(matches!(scene.tickets().send(&unreadable).await, Outcome::Permanent { .. }));
    assert_eq!(scene.tickets().look_up(&unreadable).await, Found::No);
    assert_eq!(scene.desk().tickets().len(), 0);
}

#[tokio::test]
async fn a_missing_right_waits_for_a_person_and_tags_are_no_reason() {
    let scene = Scene::new().await;
    scene.desk().deny("ticket:create");
    let Outcome::NeedsHuman { error } = scene.open(&scene.create(), 1).await else { panic!("no right") };
    assert!(error.contains("ticket:create"), "{error}");
    scene.desk().allow("ticket:create");
    scene.standin.fault(Fault::status(403).on("/tags/"));
    let told = reference(scene.open(&scene.create(), 1).await);
    assert!(scene.desk().tags(&told.id).is_empty(), "{MARKER} stands without them");
}

impl Scene {
    fn create_for(&self, client: &str) -> nightdesk_core::psa::Create {
        let filed = self.filed(client, "Security", "New", "Critical");
        nightdesk_core::psa::Create {
            filed,
            marker: MARKER.into(),
            reference: REFERENCE.into(),
            description: String::new(),
            tags: Vec::new(),
            url: Some("not an address".into()),
            is_urgent: false,
            look_first: false,
        }
    }
}
