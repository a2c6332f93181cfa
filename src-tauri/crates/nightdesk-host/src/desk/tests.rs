use super::*;
use crate::secrets::{Keychain, Name};
use crate::{open_guest, run_with};
use nightdesk_api::rpc::{self, Shell, Work};
use nightdesk_api::shell::{ShellView, TestAlertShown, TextSaved, TextToSave};
use nightdesk_api::words::Severity;
use nightdesk_core::ids::TicketId;
use nightdesk_engine::clock::SystemClock;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::future::Future;
use tokio_util::sync::CancellationToken;

/// A machine without a keychain.
struct Without;

impl Keychain for Without {
    fn get(&self, _: &str) -> Result<Option<SecretString>, crate::secrets::Error> {
        Err(crate::secrets::Error::NoKeychain("no service".into()))
    }
    fn set(&self, _: &str, _: &SecretString) -> Result<(), crate::secrets::Error> {
        Err(crate::secrets::Error::NoKeychain("no service".into()))
    }
    fn delete(&self, _: &str) -> Result<bool, crate::secrets::Error> {
        Err(crate::secrets::Error::NoKeychain("no service".into()))
    }
}

struct NoShell;

fn none<T: Send + 'static>() -> Work<'static, T> {
    Box::pin(std::future::ready(Err(api::Error::not_found("no screen"))))
}

impl Shell for NoShell {
    fn view(&self) -> Work<'_, ShellView> {
        none()
    }
    fn autostart_set(&self, _: bool) -> Work<'_, ShellView> {
        none()
    }
    fn mute(&self, _: Option<u32>) -> Work<'_, ShellView> {
        none()
    }
    fn test_alert(&self, _: Severity) -> Work<'_, TestAlertShown> {
        none()
    }
    fn open_portal(&self, _: TicketId) -> Work<'_, ()> {
        none()
    }
    fn open_psa(&self, _: TicketId) -> Work<'_, ()> {
        none()
    }
    fn open_log_folder(&self) -> Work<'_, ()> {
        none()
    }
    fn save_text(&self, _: TextToSave) -> Work<'_, TextSaved> {
        none()
    }
    fn demo_start(&self) -> Work<'_, ()> {
        none()
    }
    fn quit_confirmed(&self) -> Work<'_, ()> {
        none()
    }
}

async fn call(desk: &Desk, method: &str, params: Value) -> Result<Value, api::Error> {
    let answer = rpc::call(desk, &NoShell, method, params).await?;
    Ok(serde_json::from_str(answer.get()).unwrap())
}

fn made(folder: &std::path::Path) -> Desk {
    let dir = DataDir::at(folder).unwrap();
    let secrets = Secrets::new(Box::new(|_| None), Arc::new(Without)).beside(&dir);
    Desk::new(dir, Arc::new(SystemClock::default()), Arc::new(secrets), "dana")
}

/// Runs a desk's engine around a script.
async fn running<T>(desk: &Desk, script: impl Future<Output = T>) -> T {
    let stop = CancellationToken::new();
    let script = async {
        let out = script.await;
        stop.cancel();
        out
    };
    let (ran, out) = tokio::join!(Box::pin(run_with(desk.setup("test"), |_| {}, stop.clone())), script);
    ran.unwrap();
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_waits_for_the_engine_and_an_edit_is_told_to_every_listener() {
    let outside = tempfile::tempdir().unwrap();
    let desk = made(outside.path());
    running(&desk, async {
        let mut changes = desk.changes();
        let card = call(&desk, "card", Value::Null).await.unwrap();
        assert_eq!(card["status"]["state"], "paused");
        let all = changes.next().await.unwrap();
        assert!(all.contains_key("tickets") && all.contains_key("polling"));
        let set = call(&desk, "preferences_set", json!({ "theme": "dark" })).await.unwrap();
        assert_eq!(set["theme"], "dark");
        let told = tokio::time::timeout(Duration::from_secs(5), async {
            loop {
                let moved = changes.next().await.unwrap();
                if moved.contains_key("preferences") {
                    return moved;
                }
            }
        });
        assert_eq!(told.await.unwrap()["preferences"], 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_that_do_not_cease_are_told_together_and_the_last_of_them_is_told() {
    const EDITS: i64 = 200;
    let outside = tempfile::tempdir().unwrap();
    let desk = made(outside.path());
    running(&desk, async {
        let mut changes = desk.changes();
        call(&desk, "board", Value::Null).await.unwrap();
        let edits = async {
            for edit in 0..EDITS {
                let theme = if edit % 2 == 0 { "dark" } else { "light" };
                call(&desk, "preferences_set", json!({ "theme": theme })).await.unwrap();
            }
        };
        let words = async {
            let mut words = 0;
            loop {
                let moved = changes.next().await.unwrap();
                words += i64::from(moved.contains_key("preferences"));
                if moved.get("preferences") == Some(&EDITS) {
                    return words;
                }
            }
        };
        let both = async { tokio::join!(edits, words) };
        let ((), words) = tokio::time::timeout(Duration::from_secs(60), both).await.unwrap();
        assert!((1..EDITS / 2).contains(&words), "{words} words of {EDITS} edits");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_another_process_is_told_too() {
    let outside = tempfile::tempdir().unwrap();
    let desk = made(outside.path());
    running(&desk, async {
        let mut changes = desk.changes();
        call(&desk, "board", Value::Null).await.unwrap();
        while tokio::time::timeout(Duration::from_millis(600), changes.next()).await.is_ok() {}
        let mut other = open_guest(desk.dir()).unwrap();
        let written = other.write(|tx| {
            tx.touch(nightdesk_store::Topic::Organizations);
            Ok::<_, nightdesk_store::Error>(())
        });
        written.unwrap();
        let told = tokio::time::timeout(Duration::from_secs(5), changes.next()).await.unwrap().unwrap();
        assert_eq!(told.keys().collect::<Vec<_>>(), ["organizations"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_of_a_desk_without_routing_says_why_it_does_not_begin() {
    let outside = tempfile::tempdir().unwrap();
    let desk = made(outside.path());
    running(&desk, async {
        let report = call(&desk, "poll_now", Value::Null).await.unwrap();
        assert_eq!((&report["ok"], &report["paused"]), (&json!(false), &json!(true)));
        assert!(report["error"].as_str().unwrap().contains("routing"), "{report}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keychain_only_an_explicit_choice_keeps_secrets_in_a_file() {
    let outside = tempfile::tempdir().unwrap();
    let desk = made(outside.path());
    running(&desk, async {
        let setup = call(&desk, "setup", Value::Null).await.unwrap();
        assert_eq!((&setup["key_present"], &setup["keychain"]["ok"]), (&json!(false), &json!(false)));
        let secret = json!({ "name": "HUNTRESS_API_KEY", "value": "hk_visible" });
        let refused = call(&desk, "secret_set", secret.clone()).await.unwrap_err();
        assert_eq!(refused.code, api::Code::SecretUnavailable);
        assert!(!refused.message.contains("visible") && !desk.dir().secrets().exists());
        desk.secrets().choose_file(&"three owls at noon".into()).unwrap();
        let listed = call(&desk, "secret_set", secret).await.unwrap();
        assert_eq!(listed["keychain"]["kind"], "file");
        assert!(!listed.to_string().contains("visible"), "values never come out");
        let unknown = call(&desk, "secret_delete", json!({ "name": "NO_SUCH" })).await.unwrap_err();
        assert_eq!(unknown.code, api::Code::NotFound);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_asked_about_before_it_is_kept() {
    let outside = tempfile::tempdir().unwrap();
    let desk = made(outside.path());
    running(&desk, async {
        // A port that nobody listens on.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let with = |base_url: String| {
            json!({ "base_url": base_url, "key": "hk_visible", "secret": "hs_visible", "fallback_file": true,
                    "passphrase": "three owls at noon" })
        };
        let refused = call(&desk, "connect", with(format!("http://127.0.0.1:{port}"))).await.unwrap_err();
        assert_eq!(refused.code, api::Code::Offline, "{refused}");
        let odd = call(&desk, "connect", with("http://huntress.example".into())).await.unwrap_err();
        assert_eq!(odd.code, api::Code::InvalidInput, "{odd}");
        assert!(!desk.dir().secrets().exists() && desk.secrets().get(Name::HuntressApiKey).is_err());
        let config = call(&desk, "config", Value::Null).await.unwrap();
        assert_eq!(config["revision"], 0, "nothing is kept of what doesn't work");
    })
    .await;
}

#[tokio::test]
async fn any_parameters_are_answered_without_a_panic() {
    let outside = tempfile::tempdir().unwrap();
    let desk = made(outside.path());
    for method in rpc::METHODS {
        for odd in [json!([]), json!("x"), json!(1e300), json!({ "no_such_field": 1 })] {
            let refused = call(&desk, method.name, odd).await.unwrap_err();
            assert_eq!(refused.code, api::Code::InvalidInput, "{}: {refused}", method.name);
        }
    }
    assert_eq!(call(&desk, "no_such", Value::Null).await.unwrap_err().code, api::Code::NotFound);
}
