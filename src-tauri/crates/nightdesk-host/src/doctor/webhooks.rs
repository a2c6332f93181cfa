//! Whether Huntress's webhooks would arrive: the secret, the listener, the way to it from outside, and whether it fell
//! silent.

use super::Finding;
use crate::Secrets;
use crate::secrets::Name;
use chrono::{DateTime, Utc};
use nightdesk_core::clock::Clock;
use nightdesk_core::config::WEBHOOK_IN_PATH;
use nightdesk_core::port::{OWN_TEST, SecretError};
use nightdesk_engine::context::Context;
use nightdesk_engine::inbox;
use nightdesk_engine::receiver::{ReceiverState, receiver_state, wrongly_signed};
use nightdesk_huntress::webhook::{ProbeError, SigningSecrets, WebhookSecrets as _, post_test};
use nightdesk_store::{Error, Store};
use std::sync::Arc;

const CHECK: &str = "webhooks";

/// The ways to an HTTPS address for a desk that has none, as a person can act on them.
const WAYS: &str = "give the loopback port an HTTPS address: a named cloudflared tunnel, Tailscale Funnel, or ngrok with a \
                    static domain; forward it to this desk and put it into [webhook_in] as public_url";

/// Checks the receiver where one is configured, and its public address from end to end where that is known.
pub(super) async fn check(
    store: &mut Store,
    context: &Context,
    secrets: &Arc<Secrets>,
    clock: &Arc<dyn Clock>,
    running: bool,
) -> Vec<Finding> {
    let section = &context.config.webhook_in;
    if !section.is_set_up() {
        let interval = context.config.routing.poll_interval_minutes;
        let detail = format!(
            "no receiver is configured: incidents are found by polling, every {interval} min; [webhook_in] with a tunnel brings \
             them within seconds"
        );
        return vec![Finding::good(CHECK, detail)];
    }
    let now = clock.now();
    let found = store.read(|tx| Ok::<_, Error>((receiver_state(tx)?, inbox::silence(tx)?, wrongly_signed(tx, now)?)));
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            return vec![Finding::bad(CHECK, error.to_string(), "restart Nightdesk, which recovers its database")];
        }
    };
    let (mut state, silence, wrongly_signed) = found;
    if !running {
        // What an engine that died left on record.
        state.listening = None;
    }
    let signing = match signing(secrets) {
        Ok(signing) => signing,
        Err(error) => {
            let fix = format!(
                "copy it from Huntress with View Signing Secret and enter it with `nightdesk secret set {}`",
                Name::WebhookSigningSecret
            );
            return vec![Finding::bad(CHECK, error.to_string(), fix)];
        }
    };
    let mut findings = vec![listener(&state, context, wrongly_signed, now)];
    let listens = findings.iter().all(|f| f.ok);
    match section.address() {
        None => findings.push(Finding::good(
            "webhook address",
            format!("no public_url is configured, so the way from outside can't be tried; {WAYS}"),
        )),
        Some(_) if !listens => {}
        Some(address) => findings.push(end_to_end(store, &address, &signing, clock).await),
    }
    if let Some(silence) = silence.filter(|s| s.reported) {
        let fix =
            "look at View Delivery Attempts of the endpoint in Huntress, which is disabled after 5 days of failures";
        findings.push(Finding::bad("webhook silence", silence.words(), fix));
    }
    findings
}

fn signing(secrets: &Arc<Secrets>) -> Result<SigningSecrets, SecretError> {
    SigningSecrets::parse(&secrets.signing()?)
}

fn listener(state: &ReceiverState, context: &Context, wrongly_signed: Option<String>, now: DateTime<Utc>) -> Finding {
    if let Some(error) = &state.error {
        return Finding::bad(
            CHECK,
            error.clone(),
            "correct [webhook_in] and apply it; the engine tries again by itself",
        );
    }
    if let Some(error) = &state.secret_error {
        return Finding::bad(CHECK, format!("the engine has no signing secret: {error}"), "unlock the keychain");
    }
    let Some(listening) = &state.listening else {
        let fix = "start the desktop app or `nightdesk run`: only a running engine receives";
        return Finding::bad(CHECK, "nothing listens for them", fix);
    };
    if let Some(error) = &state.certificate_error {
        return Finding::bad(CHECK, error.clone(), "write certificate and key anew; the next connection uses them");
    }
    if let Some(ends) = state.certificate_ends(now) {
        let fix = "write a renewed certificate and its key to tls_cert and tls_key; the next connection uses them";
        return Finding::bad(CHECK, ends, fix);
    }
    if let Some(refused) = wrongly_signed {
        let fix = format!(
            "copy the secret from the endpoint at Huntress with View Signing Secret and enter it with `nightdesk secret set {}`",
            Name::WebhookSigningSecret
        );
        return Finding::bad(CHECK, refused, fix);
    }
    let detail = if context.config.webhook_in.tls().is_some() {
        let until = state.certificate_until.map(|at| format!(", valid until {}", at.format("%Y-%m-%d")));
        format!("listening on {listening} with a certificate of its own{}", until.unwrap_or_default())
    } else {
        format!("listening; a tunnel forwards to http://{listening}{WEBHOOK_IN_PATH}")
    };
    Finding::good(CHECK, detail)
}

/// Posts a signed test to the desk's own address from outside and looks whether it was stored.
async fn end_to_end(store: &mut Store, address: &str, signing: &SigningSecrets, clock: &Arc<dyn Clock>) -> Finding {
    const CHECK: &str = "webhook address";
    let now = clock.now();
    let id = format!("{OWN_TEST}{}", now.timestamp_millis());
    if let Err(error) = post_test(address, signing, &id, now).await {
        let fix = match &error {
            ProbeError::Refused { status: 401, .. } => {
                "another program or another desk answers there, or the engine has an older secret: restart it"
                    .to_owned()
            }
            ProbeError::Refused { status: 404 | 405, .. } => {
                format!("let the tunnel forward the path {WEBHOOK_IN_PATH} as it is")
            }
            _ => WAYS.to_owned(),
        };
        return Finding::bad(CHECK, format!("a signed test to {address} failed: {error}"), fix);
    }
    match store.read(|tx| tx.webhook_arrived(&id)) {
        Ok(true) => Finding::good(CHECK, format!("a signed test to {address} arrived here and was stored")),
        Ok(false) => Finding::bad(
            CHECK,
            format!("{address} answered a signed test, but it did not arrive at this desk"),
            "another desk with the same secret answers there; let the tunnel forward to this one",
        ),
        Err(error) => Finding::bad(CHECK, error.to_string(), "try again"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_without_an_engine_is_a_finding() {
        let context = Context::default();
        let now = DateTime::from_timestamp(1_772_413_200, 0).unwrap();
        let listener = |state: &ReceiverState, context: &Context| super::listener(state, context, None, now);
        let finding = listener(&ReceiverState::default(), &context);
        assert!(!finding.ok && finding.fix.unwrap().contains("nightdesk run"));
        let state = ReceiverState { listening: Some("127.0.0.1:8787".into()), ..ReceiverState::default() };
        assert!(listener(&state, &context).detail.contains("http://127.0.0.1:8787/webhooks/huntress"));
        let forged = super::listener(&state, &context, Some("9 posts were refused".into()), now);
        assert!(!forged.ok && forged.fix.unwrap().contains("View Signing Secret"));
        let state = ReceiverState { error: Some("in use".into()), ..state };
        assert!(!listener(&state, &context).ok);
    }

    #[test]
    fn a_certificate_is_judged_by_its_last_day_and_needs_no_tunnel() {
        let now = DateTime::from_timestamp(1_772_413_200, 0).unwrap();
        let mut context = Context::default();
        context.config.webhook_in.listen = Some("0.0.0.0:9443".parse().unwrap());
        context.config.webhook_in.tls_cert = Some("c.pem".into());
        context.config.webhook_in.tls_key = Some("k.pem".into());
        let found = |days: i64| {
            let until = Some(now + chrono::Duration::days(days));
            let listening = Some("0.0.0.0:9443".into());
            let state = ReceiverState { listening, certificate_until: until, ..ReceiverState::default() };
            listener(&state, &context, None, now)
        };
        let good = found(30);
        assert!(
            good.ok && !good.detail.contains("tunnel") && good.detail.contains("valid until 2026-04-01"),
            "{good:?}"
        );
        for (days, word) in [(6, "expires at"), (0, "expired at"), (-40, "expired at")] {
            let found = found(days);
            assert!(!found.ok && found.detail.contains(word), "{found:?}");
            assert!(found.fix.unwrap().contains("renewed certificate"));
        }
    }
}
