//! What an answer, or none, means for a message.

use nightdesk_core::delivery::Outcome;
use nightdesk_core::port::Answer;
use nightdesk_http::{ConnectKind, Error, Response};

/// The header by which a consumer says more than its status does (Svix's delivery headers).
const WISH: &str = "webhook-delivery";

/// What came of it, what was answered, and whether the endpoint wants no more at all.
pub(super) fn judge(result: Result<Response, Error>) -> (Outcome, Option<Answer>, bool) {
    match result {
        Ok(response) => {
            let wish = response.header(WISH).unwrap_or_default().trim().to_ascii_lowercase();
            let is_farewell = response.status == 410 || wish == "disable";
            let outcome = of_status(&response, is_farewell, wish == "abort-message");
            (outcome, Some(shown(&response)), is_farewell)
        }
        Err(error) => {
            let answer = error.status().map(|status| Answer {
                status,
                headers: Vec::new(),
                body: String::new(),
                is_cut: !matches!(error, Error::Redirect { .. }),
            });
            (without_answer(&error), answer, false)
        }
    }
}

/// Whether nothing left this machine because of it, which says nothing about the endpoint.
pub(super) fn is_ours(error: &Error) -> bool {
    matches!(error, Error::Setup { .. } | Error::Stopped)
}

/// Whether no way led there: an endpoint that is gone looks so, and so does every endpoint to a machine that is offline.
pub(super) fn is_unfound(error: &Error) -> bool {
    matches!(error, Error::Connect { kind: ConnectKind::Dns | ConnectKind::Unreachable, .. })
}

fn of_status(response: &Response, is_farewell: bool, is_aborted: bool) -> Outcome {
    let status = response.status;
    if response.is_success() {
        return Outcome::Delivered { remote_ref: None };
    }
    if is_farewell {
        let error = format!("the endpoint wants no more webhooks (HTTP {status})");
        return Outcome::Permanent { error };
    }
    if is_aborted {
        return Outcome::Permanent { error: format!("the endpoint wants no more of this message (HTTP {status})") };
    }
    Outcome::Temporary { error: format!("the endpoint answered HTTP {status}"), retry_after: response.retry_after }
}

fn without_answer(error: &Error) -> Outcome {
    let words = error.to_string();
    match error.status() {
        // What counts is the status, and it came in time.
        Some(status) if (200..300).contains(&status) => Outcome::Delivered { remote_ref: None },
        Some(_) => Outcome::Temporary { error: words, retry_after: None },
        None if matches!(error, Error::InvalidUrl { .. } | Error::InsecureUrl { .. } | Error::InvalidHeader { .. }) => {
            Outcome::NeedsHuman { error: words }
        }
        None if error.never_sent() => Outcome::Temporary { error: words, retry_after: None },
        // It may have arrived; the id, which stays, tells the consumer so.
        None => Outcome::Unknown { error: words },
    }
}

fn shown(response: &Response) -> Answer {
    Answer {
        status: response.status,
        headers: response.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        body: String::from_utf8_lossy(&response.body).into_owned(),
        is_cut: response.is_cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_so_from_a_machine_that_is_offline_is_told_apart() {
        let connect = |kind| Error::Connect { host: "siem.example.com".into(), kind, detail: String::new() };
        for kind in [ConnectKind::Dns, ConnectKind::Unreachable] {
            assert!(is_unfound(&connect(kind)) && !is_ours(&connect(kind)), "{kind:?}");
        }
        for kind in [ConnectKind::Refused, ConnectKind::TimedOut, ConnectKind::Tls, ConnectKind::Other] {
            assert!(!is_unfound(&connect(kind)) && !is_ours(&connect(kind)), "{kind:?}");
        }
        let reset = Error::Reset { host: "siem.example.com".into(), status: None };
        assert!(!is_unfound(&reset) && !is_ours(&reset) && is_ours(&Error::Stopped));
    }
}
