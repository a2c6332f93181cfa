//! A message as it was handed over.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

/// A message with its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// When, on the stand-in's clock.
    pub at: DateTime<Utc>,
    /// Who had signed in.
    pub user: Option<String>,
    /// The envelope's sender.
    pub from: String,
    /// Its recipient; a message to several is kept once for each.
    pub to: String,
    /// As it came, without the dots that travel adds.
    pub raw: String,
}

impl Received {
    /// A header's value, on one line.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or_default();
        let mut lines = head.split("\r\n");
        let is_it = |line: &&str| line.split(':').next().is_some_and(|n| n.eq_ignore_ascii_case(name));
        let first = lines.find(is_it)?;
        let mut value = first.split_once(':').map_or("", |(_, v)| v).trim().to_owned();
        for line in lines.take_while(|l| l.starts_with([' ', '\t'])) {
            value.push(' ');
            value.push_str(line.trim());
        }
        Some(value)
    }

    /// The subject as it reads.
    pub fn subject(&self) -> String {
        decoded(&self.header("Subject").unwrap_or_default())
    }
}

/// Encoded words (RFC 2047) in base64, which is how lettre writes what isn't ASCII; blanks between two of them don't count.
fn decoded(text: &str) -> String {
    let mut out = String::new();
    let mut was_encoded = false;
    for word in text.split(' ') {
        let inner = word.strip_prefix("=?utf-8?b?").and_then(|w| w.strip_suffix("?="));
        let read = inner.and_then(|i| STANDARD.decode(i).ok()).and_then(|b| String::from_utf8(b).ok());
        if !out.is_empty() && (!was_encoded || read.is_none()) {
            out.push(' ');
        }
        was_encoded = read.is_some();
        out.push_str(read.as_deref().unwrap_or(word));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_unfolded_and_decoded() {
        let message = Received {
            at: DateTime::UNIX_EPOCH,
            user: None,
            from: "a@x.example".into(),
            to: "b@x.example".into(),
            raw: "Subject: Nightdesk =?utf-8?b?R3LDtg==?=\r\n =?utf-8?b?w59l?= x\r\nX-A: b\r\n\tc\r\n\r\nSubject: no"
                .into(),
        };
        assert_eq!(message.subject(), "Nightdesk Größe x");
        assert_eq!(message.header("x-a").as_deref(), Some("b c"));
        assert_eq!(message.header("X-B"), None);
    }
}
