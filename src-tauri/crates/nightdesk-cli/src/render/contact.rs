//! The call tree.

use super::table::Rows;
use super::words::{NONE, brief, line, moment, or_none};
use nightdesk_api::contact::Contact;
use nightdesk_api::words::Channel;
use nightdesk_api::{PinEntered, PinSent};
use nightdesk_core::delivery::State;

/// The list, with what stands in the way of each.
pub fn list(contacts: &[Contact]) -> String {
    if contacts.is_empty() {
        return "The call tree is empty: nobody would be paged. Add [[contact]] entries: nightdesk config apply FILE"
            .to_owned();
    }
    let mut rows = Rows::new(&["step", "contact", "phone", "country", "channels", "verified", "next after"]);
    rows = rows.right(0).whole(2).whole(5);
    for (step, c) in contacts.iter().enumerate() {
        rows.row([
            (step + 1).to_string().as_str(),
            &c.name,
            &c.phone,
            or_none(c.country.as_deref()),
            &ways(&c.channels),
            &c.verified_at.map_or_else(|| NONE.to_owned(), brief),
            &format!("{} min", c.waits),
        ]);
    }
    let mut out = rows.text();
    for c in contacts {
        let pin = c.pin.as_ref().and_then(|pin| pin.failed.as_ref());
        let pin = pin.map(|why| format!("the PIN didn't arrive: {why}."));
        for said in pin.into_iter().chain(c.trouble.iter().map(|t| format!("{t}."))).chain(c.advice.iter().cloned()) {
            out.push_str(&format!("\n{}: {}", line(&c.name), line(&said)));
        }
    }
    if contacts.iter().any(|c| c.verified_at.is_none()) {
        out.push_str(
            "\nNobody is paged at a number that isn't verified. To send a PIN: nightdesk contacts verify NAME",
        );
    }
    out.trim_end().to_owned() + "\n"
}

fn ways(channels: &[Channel]) -> String {
    let word = |c: &Channel| match c {
        Channel::Sms => "sms",
        Channel::Call => "call",
    };
    channels.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// A PIN that went out.
pub fn sent(sent: &PinSent) -> String {
    if !sent.ok {
        return String::new();
    }
    let how = match sent.channel {
        Some(Channel::Call) => "is told by a call to",
        _ => "was sent to",
    };
    let until = sent.expires_at.map(|at| format!(", until {}", moment(at))).unwrap_or_default();
    format!(
        "A PIN {how} {} ({}). Enter it{until}: nightdesk contacts confirm \"{}\" PIN",
        line(&sent.name),
        or_none(sent.phone.as_deref()),
        line(&sent.name)
    )
}

/// Whether the PIN may still go out by itself.
pub fn waits(sent: &PinSent) -> bool {
    matches!(sent.state, Some(State::Queued | State::Retrying | State::InDoubt))
}

/// A PIN that was entered.
pub fn entered(done: &PinEntered) -> String {
    if done.ok { format!("{} is verified.", line(&done.name)) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use nightdesk_api::contact::{Can, PinUnderWay};

    #[test]
    fn each_step_stands_with_its_trouble() {
        let dana = Contact {
            name: "Dana".into(),
            phone: "+12125550102".into(),
            country: Some("US".into()),
            country_name: Some("USA".into()),
            channels: vec![Channel::Sms, Channel::Call],
            verified_at: None,
            verified_by: None,
            extension: None,
            wait_minutes: None,
            waits: 5,
            can: Can::default(),
            reachable: Vec::new(),
            trouble: vec!["the number isn't verified; verify it with a PIN".into()],
            advice: Vec::new(),
            pin: Some(PinUnderWay {
                sent_at: DateTime::UNIX_EPOCH,
                expires_at: DateTime::UNIX_EPOCH,
                tries_left: 5,
                failed: Some("it can't be reached (Twilio error 30003)".into()),
            }),
            next_pin_at: None,
        };
        let text = list(&[dana]);
        assert!(text.contains("Dana: the PIN didn't arrive: it can't be reached (Twilio error 30003)."), "{text}");
        assert!(text.contains("Dana") && text.contains("sms, call") && text.contains("5 min"), "{text}");
        assert!(text.contains("Dana: the number isn't verified; verify it with a PIN."), "{text}");
        assert!(text.contains("nightdesk contacts verify NAME"));
        assert!(list(&[]).contains("nobody would be paged"));
    }

    #[test]
    fn a_pin_is_told_with_the_next_step() {
        let mut told = PinSent {
            ok: true,
            error: None,
            name: "Dana".into(),
            phone: Some("+12125550102".into()),
            channel: Some(Channel::Sms),
            delivery_id: None,
            state: Some(State::Accepted),
            expires_at: None,
        };
        assert_eq!(
            sent(&told),
            "A PIN was sent to Dana (+12125550102). Enter it: nightdesk contacts confirm \"Dana\" PIN"
        );
        told.ok = false;
        told.state = Some(State::Retrying);
        assert!(sent(&told).is_empty() && waits(&told));
    }
}
