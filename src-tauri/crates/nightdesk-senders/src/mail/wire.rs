//! A message as it travels.

use super::miss::Miss;
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use nightdesk_core::content::line;
use nightdesk_core::mail::{MailOut, domain};

/// A message with its envelope.
pub(super) struct Wire {
    pub envelope: Envelope,
    pub bytes: Vec<u8>,
}

/// The message to one address. lettre encodes subject and bodies so that all of it is ASCII; what stands in the other
/// headers is ours, and made one line once more.
pub(super) fn message(from: &str, to: &str, mail: &MailOut, possible_repeat: bool) -> Result<Wire, Miss> {
    let address = |text: &str, what: &str| {
        text.parse::<Address>().map_err(|e| Miss::Unsendable(format!("{what} can't be used as a mail address: {e}")))
    };
    let (sender, recipient) = (address(from, "email.from")?, address(to, "the recipient's")?);
    let id = |text: &str| line(text).replace(' ', "");
    let mut builder = Message::builder()
        .from(Mailbox::new(Some("Nightdesk".to_owned()), sender.clone()))
        .to(Mailbox::new(None, recipient.clone()))
        .subject(line(&mail.subject))
        .message_id(Some(id(&mail.message_id)))
        .date(mail.at.into());
    if let Some(root) = &mail.in_reply_to {
        builder = builder.in_reply_to(id(root)).references(id(root));
    }
    let parts = MultiPart::alternative_plain_html(mail.body(possible_repeat), mail.document(possible_repeat));
    let mut message =
        builder.multipart(parts).map_err(|e| Miss::Unsendable(format!("the message can't be put together: {e}")))?;
    // `Precedence: bulk` is left out: some servers delay or drop it, and this is the opposite of bulk.
    let list = format!("Nightdesk <{}.nightdesk.{}>", line(&mail.list()), domain(from));
    let mut headers = vec![
        ("Auto-Submitted", "auto-generated".to_owned()),
        ("X-Auto-Response-Suppress", "All".to_owned()),
        ("List-Id", list),
    ];
    if possible_repeat {
        headers.push(("X-Nightdesk-Possible-Repeat", "yes".to_owned()));
    }
    for (name, value) in headers {
        let name = HeaderName::new_from_ascii(name.to_owned())
            .map_err(|_| Miss::Unsendable("a header's name can't be used".to_owned()))?;
        message.headers_mut().insert_raw(HeaderValue::new(name, value));
    }
    let envelope = Envelope::new(Some(sender), vec![recipient])
        .map_err(|e| Miss::Unsendable(format!("the message has no recipient: {e}")))?;
    Ok(Wire { envelope, bytes: message.formatted() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use nightdesk_core::mail::Kind;
    use nightdesk_core::notice::NotificationType;
    use proptest::prelude::*;

    fn mail(subject: &str, text: &str) -> MailOut {
        MailOut {
            kind: Kind::Incident,
            category: Some(NotificationType::PlatformActions),
            severity: String::new(),
            subject: subject.into(),
            text: text.into(),
            html: format!("<p>{}</p>", text.replace(['<', '>', '&'], "")),
            message_id: "<inc-5-42.abc@example.com>".into(),
            in_reply_to: Some("<inc-5-42@example.com>".into()),
            at: chrono::DateTime::from_timestamp(1_767_000_000, 0).unwrap(),
        }
    }

    fn wire(mail: &MailOut, repeat: bool) -> String {
        String::from_utf8(message("nightdesk@example.com", "soc@example.com", mail, repeat).unwrap().bytes).unwrap()
    }

    #[test]
    fn the_headers_that_rules_and_programs_read() {
        let text = wire(&mail("Nightdesk CRITICAL Incident | Größe (Acme)", "Hi"), false);
        for header in [
            "From: Nightdesk <nightdesk@example.com>\r\n",
            "To: soc@example.com\r\n",
            "Message-ID: <inc-5-42.abc@example.com>\r\n",
            "In-Reply-To: <inc-5-42@example.com>\r\n",
            "References: <inc-5-42@example.com>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "X-Auto-Response-Suppress: All\r\n",
            "List-Id: Nightdesk <platform-actions.nightdesk.example.com>\r\n",
            "Date: Mon, 29 Dec 2025 09:20:00 +0000\r\n",
            "multipart/alternative",
        ] {
            assert!(text.contains(header), "{header}: {text}");
        }
        assert!(!text.contains("Precedence") && !text.contains("Possible-Repeat"));
        let again = wire(&mail("x", "Hi"), true);
        assert!(
            again.contains("X-Nightdesk-Possible-Repeat: yes\r\n") && again.contains("may have reached you before")
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let mail = mail("x", "y");
        for bad in ["", "soc", "a@b\r\nBcc: x@y.example"] {
            assert!(matches!(message("n@example.com", bad, &mail, false), Err(Miss::Unsendable(_))), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_in_a_message_adds_a_header_or_a_recipient(
            subject in "\\PC{0,200}|[\\x00-\\x{ff}]{0,80}|a\\r\\nBcc: x@evil\\.example", text in "\\PC{0,200}|[\\r\\n\\.a]{0,40}",
        ) {
            let plain = wire(&mail("x", "y"), false);
            let made = wire(&mail(&subject, &text), false);
            prop_assert!(made.is_ascii());
            prop_assert_eq!(names(&made), names(&plain));
        }
    }

    /// The names of a message's own headers.
    fn names(message: &str) -> Vec<String> {
        let head = message.split("\r\n\r\n").next().unwrap_or_default();
        let own = head.split("\r\n").filter(|l| !l.starts_with([' ', '\t']));
        own.map(|l| l.split(':').next().unwrap_or_default().to_owned()).collect()
    }
}
