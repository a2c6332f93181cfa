//! The registry's door to a desk of the fixture: its data are real, its keychain and screen are not there.

use crate::fixture::{Desk, t};
use nightdesk_api::config_view::{self, DraftAsked, DraftChecked, DraftToApply};
use nightdesk_api::poll_log::{Polled, ReadAgain};
use nightdesk_api::psa_connect::{PsaAsked, PsaChecked, PsaPreview};
use nightdesk_api::rpc::{self, At, Host, Job, Json, Shell, Work};
use nightdesk_api::setup::{Connect, Connected, Finding, SecretToSet, Secrets, Setup, Unlock};
use nightdesk_api::shell::{Goto, ShellView, TestAlertShown, TextSaved, TextToSave};
use nightdesk_api::words::Severity;
use nightdesk_api::{Code, ConfigApplied, ContactConfirm, ContactVerify, Error, PinEntered, PinSent, WebhookSecret};
use nightdesk_core::ids::{IncidentId, TicketId};
use serde_json::Value;
use std::sync::Mutex;

/// The desk behind the door.
pub struct Door(Mutex<Desk>);

impl Door {
    pub fn to(desk: Desk) -> Self {
        Self(Mutex::new(desk))
    }

    /// Calls a method, as a window does.
    pub fn call(&self, method: &str, params: Value) -> Result<Value, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answer = runtime.block_on(rpc::call(self, self, method, params))?;
        Ok(serde_json::from_str(answer.get()).unwrap())
    }

    /// The desk itself.
    pub fn desk(&self) -> std::sync::MutexGuard<'_, Desk> {
        self.0.lock().unwrap()
    }
}

fn at() -> At {
    At { now: t(10), actor: "dana".into(), polling: None }
}

/// What the doubles say, so that a test can tell that they were reached.
pub const ELSEWHERE: &str = "only a host or shell can do this";

fn elsewhere<T: Send + 'static>() -> Work<'static, T> {
    Box::pin(std::future::ready(Err(Error::new(Code::Stopped, ELSEWHERE))))
}

impl Host for Door {
    fn read(&self, job: Job) -> Work<'_, Json> {
        let answer = self.desk().store.read(|tx| job(tx, &at()));
        Box::pin(std::future::ready(answer))
    }
    fn write(&self, job: Job) -> Work<'_, Json> {
        let answer = self.desk().store.write(|tx| job(tx, &at()));
        Box::pin(std::future::ready(answer))
    }
    fn poll_now(&self) -> Work<'_, Polled> {
        elsewhere()
    }
    fn quarantine_retry(&self, _: IncidentId) -> Work<'_, ReadAgain> {
        elsewhere()
    }
    fn contact_verify(&self, _: ContactVerify) -> Work<'_, PinSent> {
        elsewhere()
    }
    fn contact_confirm(&self, _: ContactConfirm) -> Work<'_, PinEntered> {
        elsewhere()
    }
    fn setup(&self) -> Work<'_, Setup> {
        elsewhere()
    }
    fn connect(&self, _: Connect) -> Work<'_, Connected> {
        elsewhere()
    }
    fn secrets(&self) -> Work<'_, Secrets> {
        elsewhere()
    }
    fn secret_set(&self, _: SecretToSet) -> Work<'_, Secrets> {
        elsewhere()
    }
    fn secret_delete(&self, _: String) -> Work<'_, Secrets> {
        elsewhere()
    }
    fn secrets_unlock(&self, _: Unlock) -> Work<'_, Secrets> {
        elsewhere()
    }
    fn config_check(&self, asked: DraftAsked) -> Work<'_, DraftChecked> {
        let answer = self.desk().store.read(|tx| config_view::check(tx, &asked.draft, None));
        Box::pin(std::future::ready(answer))
    }
    fn config_apply(&self, asked: DraftToApply) -> Work<'_, ConfigApplied> {
        let At { now, actor, .. } = at();
        let answer = self.desk().store.write(|tx| config_view::apply(tx, now, &actor, &asked, None));
        Box::pin(std::future::ready(answer))
    }
    fn psa_check(&self, _: PsaAsked) -> Work<'_, PsaChecked> {
        elsewhere()
    }
    fn psa_preview(&self, _: DraftAsked) -> Work<'_, PsaPreview> {
        elsewhere()
    }
    fn webhook_secret(&self, url: String) -> Work<'_, WebhookSecret> {
        Box::pin(async move { Ok(WebhookSecret { secret: format!("whsec_{}", url.len()) }) })
    }

    fn doctor(&self) -> Work<'_, Vec<Finding>> {
        elsewhere()
    }
}

impl Shell for Door {
    fn view(&self) -> Work<'_, ShellView> {
        elsewhere()
    }
    fn autostart_set(&self, _: bool) -> Work<'_, ShellView> {
        elsewhere()
    }
    fn mute(&self, _: Option<u32>) -> Work<'_, ShellView> {
        elsewhere()
    }
    fn test_alert(&self, _: Severity) -> Work<'_, TestAlertShown> {
        elsewhere()
    }
    fn open_portal(&self, _: TicketId) -> Work<'_, ()> {
        elsewhere()
    }
    fn open_psa(&self, _: TicketId) -> Work<'_, ()> {
        elsewhere()
    }
    fn open_log_folder(&self) -> Work<'_, ()> {
        elsewhere()
    }
    fn save_text(&self, _: TextToSave) -> Work<'_, TextSaved> {
        elsewhere()
    }
    fn demo_start(&self) -> Work<'_, ()> {
        elsewhere()
    }
    fn show_window(&self, _: Goto) -> Work<'_, ()> {
        elsewhere()
    }
    fn window_painted(&self) -> Work<'_, ()> {
        elsewhere()
    }
    fn quit_confirmed(&self) -> Work<'_, ()> {
        elsewhere()
    }
}
