//! The ids that senders answer and the engine brings back: of a text, of a call, of a flow's run.

/// Whether it can be an id: Twilio's are two letters and 32 hexadecimal digits, other providers' are UUIDs.
pub(super) fn is_id(text: &str) -> bool {
    (2..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// What a call's reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// A run of a flow, which makes its call itself: `FW…/FN…`.
    Run {
        /// The flow.
        flow: &'a str,
        /// The execution.
        execution: &'a str,
    },
    /// A call: `CA…`.
    Call(&'a str),
}

impl<'a> Line<'a> {
    /// `None` for what no sender of ours has answered.
    pub fn parse(reference: &'a str) -> Option<Self> {
        match reference.split_once('/') {
            Some((flow, execution)) if is_id(flow) && is_id(execution) => Some(Self::Run { flow, execution }),
            None if is_id(reference) => Some(Self::Call(reference)),
            _ => None,
        }
    }
}

/// The reference of a flow's run.
pub(super) fn of_run(flow: &str, execution: &str) -> String {
    format!("{flow}/{execution}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_and_nonsense() {
        assert_eq!(Line::parse(&of_run("FW1", "FN2")), Some(Line::Run { flow: "FW1", execution: "FN2" }));
        assert_eq!(Line::parse("CA1"), Some(Line::Call("CA1")));
        assert_eq!(Line::parse("0a059168-ead0-47af-9d1f"), Some(Line::Call("0a059168-ead0-47af-9d1f")));
        for nonsense in ["", "/", "FW1/", "/FN1", "FW1/FN2/FN3", "../..", "CA1?x", "CA 1"] {
            assert_eq!(Line::parse(nonsense), None, "{nonsense}");
        }
    }
}
