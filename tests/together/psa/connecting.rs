//! From the built-in desk to AlgaPSA: its names are checked, what is open goes along.

use super::{algapsa, assert_careful, at, beside, desk, here, there, until, until_in_step};
use crate::command::Office;
use nightdesk_standin::IncidentBuilder;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_a_key_nothing_is_compared_and_the_remedy_is_said() {
    let alga = algapsa().await;
    let office = Office::open().await;
    let file = office.configuration("psa", |text| desk(&text, &alga.base_url()));
    for command in ["check", "apply"] {
        let refused = office.run(&["config", command, &file]).await;
        assert_eq!(refused.code, Some(1), "{refused:?}");
        // What there is to do depends on whether the machine has a keychain; the key's name is said either way.
        assert!(refused.err.contains("ALGAPSA_API_KEY") && refused.err.contains("has to be read"), "{refused:?}");
    }
    assert_eq!(office.run(&["status"]).await.well().json()["psa"], serde_json::Value::Null);
    let state = office.told(&["psa"]).await.well();
    assert!(state.out.contains("built-in desk"), "{state:?}");
    assert_eq!(office.run(&["psa"]).await.well().json(), serde_json::Value::Null);
    for command in ["check", "sync"] {
        let refused = office.run(&["psa", command]).await;
        assert!(refused.code == Some(1) && refused.err.contains("built-in desk"), "{refused:?}");
    }
    assert_eq!(alga.requests().len(), 0, "and nothing is asked of it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_name_that_it_lacks_is_named_with_its_line_and_the_nearest() {
    let alga = algapsa().await;
    let office = beside(&alga).await;
    let wrong = |text: String| {
        let text = text.replace("security_board = \"Security\"", "security_board = \"Securty\"");
        let text = text.replace("high = \"High\"", "high = \"Hihg\"").replace("client = \"Acme\"", "client = \"Acne\"");
        desk(&text, &alga.base_url())
    };
    let text = wrong(nightdesk_tests::configuration("x"));
    let line = |part: &str| text.lines().position(|l| l.contains(part)).unwrap() + 1;
    let file = office.configuration("wrong", wrong);
    for command in ["check", "apply"] {
        let refused = office.run(&["config", command, &file]).await;
        assert_eq!(refused.code, Some(2), "{refused:?}");
        for (part, near) in [("Securty", "\"Security\""), ("Hihg", "\"High\""), ("Acne", "\"Acme\"")] {
            let found = refused.err.lines().find(|l| l.contains(part)).unwrap_or_else(|| panic!("{part}: {refused:?}"));
            assert!(found.contains(near) && found.contains("AlgaPSA"), "{found}");
            assert!(found.contains(&format!("line {}:", line(part))), "{found}");
        }
    }
    let shown = office.run(&["config", "show"]).await.well().json();
    assert!(!shown["toml"].as_str().unwrap().contains("algapsa"), "nothing was applied: {shown}");
    assert_careful(&alga);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_open_goes_along_after_a_preview() {
    let alga = algapsa().await;
    let office = beside(&alga).await;
    let soc = office.world();
    let acme = soc.publish(IncidentBuilder::critical().organization(4));
    let umbrella = soc.publish(IncidentBuilder::high().organization(6));
    let hooli = soc.publish(IncidentBuilder::low().organization(8));
    let over = soc.publish(IncidentBuilder::low().organization(4));
    office.run(&["poll"]).await.well();
    let id = here(&office, hooli).await["id"].to_string();
    office.run(&["rehome", &id, "--client", "Initech", "--map-org"]).await.well();
    let id = here(&office, over).await["id"].to_string();
    office.run(&["close", &id]).await.well();

    // The mapping isn't in the file, so it goes along as well.
    let unsaid = |text: String| text.split("[[organization]]").next().unwrap().to_owned();
    let file = office.configuration("psa", |text| desk(&unsaid(text), &alga.base_url()));
    let checked = office.run(&["config", "check", &file]).await.well();
    let preview = checked.json()["carry_over"].clone();
    assert_eq!((&preview["to"], &preview["is_now"]), (&"AlgaPSA".into(), &true.into()), "{preview}");
    assert_eq!(preview["tickets"].as_array().unwrap().len(), 3, "the closed one stays: {preview}");
    assert_eq!((&preview["mapped"], &preview["left_behind"]), (&1.into(), &serde_json::json!([])), "{preview}");
    let lost = &preview["unmapped"][0];
    assert!(lost["client"] == "Initech" && lost["organization"].as_str().unwrap().contains("Hooli"), "{preview}");
    let of = |id: &serde_json::Value| {
        preview["tickets"].as_array().unwrap().iter().find(|t| t["id"] == *id).unwrap().clone()
    };
    let fallen = of(&here(&office, hooli).await["id"]);
    assert_eq!((&fallen["from_client"], &fallen["to_client"]), (&"Initech".into(), &"Security Triage".into()));
    assert_eq!((&fallen["to_board"], &fallen["is_fallback"]), (&"Triage".into(), &true.into()), "{fallen}");
    let kept = of(&here(&office, acme).await["id"]);
    assert_eq!((&kept["to_client"], &kept["is_fallback"]), (&"Acme".into(), &false.into()), "{kept}");

    // A preview is one: here nothing has changed, there nothing has arrived.
    assert_eq!(here(&office, hooli).await["client"], "Initech");
    assert_eq!(office.run(&["status"]).await.well().json()["psa"], serde_json::Value::Null);
    let words = office.told(&["config", "check", &file]).await.well();
    for part in ["3 open tickets would be carried over", "no client of that name there", "would be unmapped"] {
        assert!(words.out.contains(part), "{part:?} is not in {words:?}");
    }

    let applied = office.told(&["config", "apply", &file]).await.well();
    for part in ["3 open tickets carried over", "is unmapped now", "is in force"] {
        assert!(applied.out.contains(part), "{part:?} is not in {applied:?}");
    }
    assert!(alga.desk().tickets().is_empty(), "an engine carries them there");
    let status = office.run(&["status"]).await.well().json()["psa"].clone();
    assert_eq!((&status["kind"], &status["waiting"], &status["failed"]), (&"algapsa".into(), &3.into(), &0.into()));
    for incident in [acme, umbrella, hooli] {
        assert_eq!(here(&office, incident).await["psa"], "waiting");
    }
    assert_eq!(here(&office, over).await["psa"], serde_json::Value::Null, "it was over before");

    let engine = office.engine().await;
    until("all three are there", async || alga.desk().tickets().len() == 3).await;
    for (incident, client, board) in
        [(acme, "Acme", "Security"), (umbrella, "Security Triage", "Triage"), (hooli, "Security Triage", "Triage")]
    {
        let ticket = there(&alga, incident).unwrap();
        assert_eq!((ticket.client.as_str(), ticket.board.as_str()), (client, board));
        until_in_step(&office, incident).await;
        let here = here(&office, incident).await;
        assert_eq!((&here["remote_id"], &here["remote_number"]), (&ticket.id.into(), &ticket.number.into()));
        assert!(here["remote_url"].as_str().unwrap().starts_with(&alga.base_url()), "{here}");
    }
    // The same again carries nothing, and the way back is previewed too.
    let again = office.run(&["config", "apply", &file]).await.well().json();
    assert_eq!((&again["carry_over"], &again["difference"]), (&serde_json::Value::Null, &serde_json::json!([])));
    let back = office.configuration("back", |text| text + "\n[desk]\nkind = \"local\"\n");
    let back = office.run(&["config", "check", &back]).await.well().json();
    assert_eq!(back["carry_over"]["tickets"].as_array().unwrap().len(), 3, "{back}");
    office.end(engine).await;
    assert_careful(&alga);
    office.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn where_it_cannot_be_reached_the_kept_catalogue_serves_or_nothing_does() {
    let alga = algapsa().await;
    let office = at(&alga).await;
    let file = office.configuration("psa", |text| desk(&text, &alga.base_url()));
    let wrong = office.configuration("wrong", |text| {
        desk(&text.replace("triage_board = \"Triage\"", "triage_board = \"Nowhere\""), &alga.base_url())
    });
    let stranger = beside(&alga).await;
    alga.stop();

    let checked = office.run(&["config", "check", &file]).await.well();
    assert!(checked.err.contains("can't be read now, so its catalogue as of"), "{checked:?}");
    office.run(&["config", "apply", &file]).await.well();
    let refused = office.run(&["config", "apply", &wrong]).await;
    assert!(refused.code == Some(2) && refused.err.contains("Nowhere"), "{refused:?}");

    for command in ["check", "apply"] {
        let refused = stranger.run(&["config", command, &file]).await;
        assert_eq!(refused.code, Some(1), "{refused:?}");
        for part in ["has to be read before anything can be compared", "could not be reached", "desk.base_url"] {
            assert!(refused.err.contains(part), "{part:?}: {refused:?}");
        }
    }
}
