//! A night with a validating proxy between the carrier's client and its stand-in: both keep to the vendor's own documents.
//!
//! Outside the ordinary run: it needs Node, `PRISM` naming the `prism` program, which `npm install` puts into
//! `tests/contract/node_modules/.bin`, and the vendor's documents beside the project.

use super::{DANA, FIVE, KIM, on_call, pages, to};
use chrono::TimeDelta;
use nightdesk_core::paging::PageState;
use nightdesk_standin::IncidentBuilder;
use nightdesk_standin::carrier::{OnCall, OnText};
use nightdesk_tests::Line;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const MESSAGES_AND_CALLS: &str = "twilio_api_v2010.messages_calls.strict.json";
const STUDIO: &str = "extra/twilio_studio_v2.flows_executions.json";

/// A running proxy, and what it says; ends with the test.
struct Prism {
    child: Child,
    url: String,
    said: tempfile::NamedTempFile,
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn documents() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("shared/contracts"));
    above.into_iter().find(|folder| folder.join(MESSAGES_AND_CALLS).is_file())
}

impl Prism {
    async fn before(program: &str, document: &Path, carrier: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let said = tempfile::NamedTempFile::new().unwrap();
        let child = Command::new(program)
            .args(["proxy", "--errors", "--host", "127.0.0.1", "--port", &port.to_string()])
            .arg(document)
            .arg(carrier)
            .stdout(Stdio::from(said.reopen().unwrap()))
            .stderr(Stdio::from(said.reopen().unwrap()))
            .spawn()
            .unwrap();
        let prism = Self { child, url: format!("http://127.0.0.1:{port}"), said };
        for _ in 0..300 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return prism;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the proxy doesn't come up");
    }

    /// Nothing that passed broke a rule of the document.
    fn assert_content(&self) {
        let said = std::fs::read_to_string(self.said.path()).unwrap();
        let bad: Vec<&str> = said.lines().filter(|l| l.contains("Violation") || l.contains("errors#")).collect();
        assert!(said.contains("Forwarding"), "nothing passed: {said}");
        assert!(bad.is_empty(), "{bad:#?}");
    }
}

#[tokio::test]
async fn proxied_a_whole_night_breaks_no_rule_of_the_vendors_documents() {
    let (Ok(program), Some(folder)) = (std::env::var("PRISM"), documents()) else {
        eprintln!("skipped: PRISM isn't set, or the vendor's documents aren't here");
        return;
    };
    let mut scene = on_call().await;
    let url = scene.phones().url();
    let api = Prism::before(&program, &folder.join(MESSAGES_AND_CALLS), &url).await;
    let studio = Prism::before(&program, &folder.join(STUDIO), &url).await;
    scene.crash().await;
    scene.line = Some(Line::to(scene.phones()).by_way_of(&api.url, &studio.url));
    scene.start().await;
    // Voicemail, a failed call and text, a reply, a key, a hang-up, and who has it.
    scene.phones().phone(DANA).next_calls([OnCall::Voicemail, OnCall::Fails, OnCall::NoAnswer]);
    scene.phones().phone(DANA).next_texts([OnText::NoReceipt, OnText::Undelivered(30_003)]);
    scene.phones().phone(KIM).on_call(OnCall::acknowledges('1'));
    for host in [90, 91] {
        scene.world().publish(IncidentBuilder::critical().organization(4).agent(host));
        scene.poll().await;
        scene.pass(FIVE + FIVE).await;
    }
    scene.phones().phone(DANA).on_text(OnText::ReplyWithCode { after: Duration::from_secs(5) });
    scene.world().publish(IncidentBuilder::critical().organization(5).agent(92));
    scene.poll().await;
    scene.pass(TimeDelta::minutes(2)).await;
    let taken: Vec<_> = pages(&scene).into_iter().map(|p| (p.state, p.acknowledged_by.unwrap_or_default())).collect();
    let by = |name: &str| (PageState::Acknowledged, name.to_owned());
    assert_eq!(taken, [by("Dana"), by("Kim"), by("Kim")]);
    let texts = to(&scene.phones().take_texts());
    assert_eq!(texts, [DANA, KIM, DANA, DANA, KIM, DANA, DANA]);
    assert_eq!(scene.phones().take_calls().len(), 5);
    for prism in [&api, &studio] {
        prism.assert_content();
    }
    scene.stop().await;
}
