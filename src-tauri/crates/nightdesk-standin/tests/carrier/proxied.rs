//! The stand-in behind a validating proxy that knows only the vendor's documents. Outside the ordinary run: it needs
//! Node, and `PRISM` naming the `prism` program, which `npm install` puts into `tests/contract/node_modules/.bin`.
//!
//! `PRISM=$PWD/tests/contract/node_modules/.bin/prism cargo test -p nightdesk-standin --test carrier proxied`

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::contract::contracts;
use crate::desk::{ANNA, Answer, Desk, acknowledgement};
use nightdesk_standin::carrier::OnCall;
use serde_json::json;

/// A running proxy; ends with the test.
struct Prism {
    child: Child,
    url: String,
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Prism {
    async fn before(desk: &Desk, document: &str) -> Option<Self> {
        let (program, folder) = (std::env::var("PRISM").ok(), contracts());
        let (Some(program), Some(folder)) = (program, folder) else {
            eprintln!("skipped: PRISM isn't set, or the vendor's documents aren't here");
            return None;
        };
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(program)
            .args(["proxy", "--errors", "--host", "127.0.0.1", "--port", &port.to_string()])
            .arg(folder.join(document))
            .arg(desk.carrier.url())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let prism = Self { child, url: format!("http://127.0.0.1:{port}") };
        for _ in 0..300 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Some(prism);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the proxy doesn't come up");
    }

    fn at(&self, desk: &Desk, path: &str) -> String {
        format!("{}{}", self.url, desk.path(path))
    }

    async fn get(&self, desk: &Desk, path: &str) -> Answer {
        fine(desk.get(&self.at(desk, path)).await, path)
    }

    async fn post(&self, desk: &Desk, path: &str, form: &[(&str, &str)]) -> Answer {
        fine(desk.post(&self.at(desk, path), form).await, path)
    }
}

fn fine(answer: Answer, path: &str) -> Answer {
    assert!(answer.status < 300, "{path}: {answer:?}");
    answer
}

#[tokio::test]
async fn proxied_messages_and_calls_break_no_rule() {
    let desk = Desk::open().await;
    let Some(prism) = Prism::before(&desk, "twilio_api_v2010.messages_calls.strict.json").await else { return };
    let number = desk.carrier.number();
    desk.carrier.phone(ANNA).next_calls([OnCall::acknowledges('1'), OnCall::Busy, OnCall::Voicemail]);
    desk.carrier.reply_from(ANNA, "ACK 1234");
    for _ in 0..3 {
        let form = [("To", ANNA), ("From", number.as_str()), ("Body", "Hello"), ("ValidityPeriod", "300")];
        let text = prism.post(&desk, "Messages.json", &form).await.sid();
        let document = "<Response><Say>Hello</Say></Response>";
        let form = [("To", ANNA), ("From", number.as_str()), ("Twiml", document), ("MachineDetection", "Enable")];
        let call = prism.post(&desk, "Calls.json", &form).await.sid();
        for wait in [0, 1, 1, 4, 10, 20, 60] {
            desk.time.advance(wait);
            prism.get(&desk, &format!("Messages/{text}.json")).await;
            prism.get(&desk, &format!("Calls/{call}.json")).await;
        }
        prism.get(&desk, "Messages.json?PageSize=1&To=%2B12125550101").await;
        prism.get(&desk, "Calls.json?PageSize=1").await;
    }
    let form = [("To", ANNA), ("From", number.as_str()), ("Twiml", "<Response/>")];
    let call = prism.post(&desk, "Calls.json", &form).await.sid();
    prism.post(&desk, &format!("Calls/{call}.json"), &[("Status", "completed")]).await;
    let refused = desk.post(&prism.at(&desk, "Messages.json"), &[("To", ANNA), ("From", &number)]).await;
    assert_eq!(refused.refusal(), (400, 21_602), "{refused:?}");
    // The proxy has teeth: this one doesn't come through.
    desk.carrier.take_requests();
    let form = [("To", ANNA), ("From", number.as_str()), ("Body", "x"), ("ValidityPeriod", "soon")];
    let stopped = desk.post(&prism.at(&desk, "Messages.json"), &form).await;
    assert!((400..600).contains(&stopped.status) && desk.carrier.requests().is_empty(), "{stopped:?}");
}

#[tokio::test]
async fn proxied_studio_breaks_no_rule() {
    let desk = Desk::open().await;
    let Some(prism) = Prism::before(&desk, "extra/twilio_studio_v2.flows_executions.json").await else { return };
    desk.carrier.phone(ANNA).on_call(OnCall::acknowledges('1'));
    let text = acknowledgement().to_string();
    let form = [("FriendlyName", "Nightdesk"), ("Status", "published"), ("Definition", text.as_str())];
    prism.post(&desk, "/v2/Flows/Validate", &form).await;
    let flow = prism.post(&desk, "/v2/Flows", &form).await.sid();
    prism.post(&desk, &format!("/v2/Flows/{flow}"), &form).await;
    prism.get(&desk, &format!("/v2/Flows/{flow}")).await;
    prism.get(&desk, "/v2/Flows?PageSize=1").await;
    let (number, parameters) = (desk.carrier.number(), json!({ "spoken": "Now." }).to_string());
    let form = [("To", ANNA), ("From", number.as_str()), ("Parameters", parameters.as_str())];
    let executions = format!("/v2/Flows/{flow}/Executions");
    let one = format!("{executions}/{}", prism.post(&desk, &executions, &form).await.sid());
    for _ in 0..20 {
        desk.time.advance(1);
        prism.get(&desk, &one).await;
        prism.get(&desk, &format!("{one}/Context")).await;
        prism.get(&desk, &format!("{one}/Steps")).await;
    }
    prism.get(&desk, &executions).await;
    prism.post(&desk, &one, &[("Status", "ended")]).await;
}
