//! What the registry asks of a desk.

use super::Desk;
use crate::doctor::doctor;
use chrono::TimeDelta;
use nightdesk_api as api;
use nightdesk_api::config_view::{DraftAsked, DraftChecked, DraftToApply};
use nightdesk_api::poll_log::{Polled, ReadAgain};
use nightdesk_api::psa_connect::{PsaAsked, PsaChecked, PsaPreview};
use nightdesk_api::rpc::{Host, Job, Json, Work};
use nightdesk_api::setup::{Connect, Connected, Finding, FindingSeverity, SecretToSet, Secrets, Setup, Unlock};
use nightdesk_api::{ConfigApplied, WebhookSecret};
use nightdesk_api::{ContactConfirm, ContactVerify, PinEntered, PinSent, PollReport, Request, Retried};
use nightdesk_core::ids::IncidentId;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How long an engine's answer is waited for.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// It is looked for at every change, and at least this often.
const LOOK: Duration = Duration::from_millis(500);

impl Host for Desk {
    fn read(&self, job: Job) -> Work<'_, Json> {
        Box::pin(self.ask(job))
    }

    fn write(&self, job: Job) -> Work<'_, Json> {
        Box::pin(self.change(job))
    }

    fn poll_now(&self) -> Work<'_, Polled> {
        Box::pin(async move { Ok(self.request::<PollReport>(Request::Poll).await?.into()) })
    }

    fn quarantine_retry(&self, id: IncidentId) -> Work<'_, ReadAgain> {
        Box::pin(async move {
            self.ask(move |tx, _| api::quarantined_incident(tx, id.0)).await?;
            Ok(self.request::<Retried>(Request::QuarantineRetry(id)).await?.into())
        })
    }

    fn contact_verify(&self, asked: ContactVerify) -> Work<'_, PinSent> {
        Box::pin(self.verify_contact(asked))
    }

    fn contact_confirm(&self, entered: ContactConfirm) -> Work<'_, PinEntered> {
        Box::pin(self.confirm_contact(entered))
    }

    fn setup(&self) -> Work<'_, Setup> {
        Box::pin(async move {
            let (key_present, keychain) = self.keys().await?;
            let demo = self.is_demo();
            self.ask(move |tx, at| api::setup::setup(tx, at.now, key_present, keychain, demo)).await
        })
    }

    fn connect(&self, with: Connect) -> Work<'_, Connected> {
        Box::pin(self.connected(with))
    }

    fn secrets(&self) -> Work<'_, Secrets> {
        Box::pin(self.listed())
    }

    fn secret_set(&self, secret: SecretToSet) -> Work<'_, Secrets> {
        Box::pin(async move {
            self.set_secret(secret).await?;
            self.listed().await
        })
    }

    fn secret_delete(&self, name: String) -> Work<'_, Secrets> {
        Box::pin(async move {
            self.delete_secret(name).await?;
            self.listed().await
        })
    }

    fn secrets_unlock(&self, with: Unlock) -> Work<'_, Secrets> {
        Box::pin(async move {
            self.unlock(with.passphrase.into()).await?;
            self.listed().await
        })
    }

    fn config_check(&self, asked: DraftAsked) -> Work<'_, DraftChecked> {
        Box::pin(self.check_config(asked))
    }

    fn config_apply(&self, asked: DraftToApply) -> Work<'_, ConfigApplied> {
        Box::pin(self.apply_config(asked))
    }

    fn psa_check(&self, asked: PsaAsked) -> Work<'_, PsaChecked> {
        Box::pin(self.check_psa(asked))
    }

    fn psa_preview(&self, asked: DraftAsked) -> Work<'_, PsaPreview> {
        Box::pin(self.preview_psa(asked))
    }

    fn webhook_secret(&self, url: String) -> Work<'_, WebhookSecret> {
        Box::pin(self.show_webhook_secret(url))
    }

    fn doctor(&self) -> Work<'_, Vec<Finding>> {
        Box::pin(async move {
            let found = doctor(self.dir(), self.secrets(), self.clock()).await;
            Ok(found.into_iter().map(finding).collect())
        })
    }
}

impl Desk {
    /// Asks the engine and waits for its answer.
    pub(super) async fn request<T: DeserializeOwned + Send + 'static>(
        &self,
        request: Request,
    ) -> Result<T, api::Error> {
        let deadline = self.clock().now() + PATIENCE;
        let mut changes = self.changes();
        let id = self.change(move |tx, at| api::ask(tx, &request, at.now, deadline)).await?;
        loop {
            if let Some(answer) = self.ask(move |tx, _| api::answer(tx, id)).await? {
                return Ok(answer);
            }
            if self.clock().now() > deadline {
                self.change(move |tx, _| api::withdraw(tx, id)).await?;
                let said =
                    format!("the engine gave no answer within {} minutes; look at its log", PATIENCE.num_minutes());
                return Err(api::Error::new(api::Code::Stopped, said));
            }
            // The look is for an answer that came between the last look and this wait.
            let _looked = tokio::time::timeout(LOOK, changes.next()).await;
        }
    }
}

/// A finding as a window shows it. What lets the desk work on for now is a warning.
fn finding(f: crate::Finding) -> Finding {
    const WARNINGS: [&str; 7] =
        ["disk", "clock", "backup", "keychain", "webhooks", "webhook address", "webhook silence"];
    let severity = match (f.ok, WARNINGS.contains(&f.check)) {
        (true, _) => FindingSeverity::Ok,
        (false, true) => FindingSeverity::Warning,
        (false, false) => FindingSeverity::Error,
    };
    Finding { area: f.check.to_owned(), ok: f.ok, severity, text: f.detail, remedy: f.fix }
}
