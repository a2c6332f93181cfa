//! Which path is which.

use super::execution_requests::Part;

/// What a path of the API stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Endpoint<'a> {
    Messages,
    Message(&'a str),
    Calls,
    Call(&'a str),
    Notifications(&'a str),
    Flows,
    FlowsValidate,
    Flow(&'a str),
    Executions(&'a str),
    Execution(&'a str, &'a str, Part),
}

impl<'a> Endpoint<'a> {
    /// The endpoint at a path of this account, `None` where the stand-in has nothing.
    pub(crate) fn of(path: &'a str, account: &str) -> Option<Self> {
        let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        Some(match parts.as_slice() {
            ["2010-04-01", "Accounts", sid, rest @ ..] if *sid == account => match rest {
                ["Messages.json"] => Self::Messages,
                ["Calls.json"] => Self::Calls,
                ["Messages", sid] => Self::Message(sid.strip_suffix(".json")?),
                ["Calls", sid, "Notifications.json"] => Self::Notifications(sid),
                ["Calls", sid] => Self::Call(sid.strip_suffix(".json")?),
                _ => return None,
            },
            ["v2", "Flows"] => Self::Flows,
            ["v2", "Flows", "Validate"] => Self::FlowsValidate,
            ["v2", "Flows", flow] => Self::Flow(flow),
            ["v2", "Flows", flow, "Executions"] => Self::Executions(flow),
            ["v2", "Flows", flow, "Executions", sid] => Self::Execution(flow, sid, Part::Whole),
            ["v2", "Flows", flow, "Executions", sid, "Context"] => Self::Execution(flow, sid, Part::Context),
            ["v2", "Flows", flow, "Executions", sid, "Steps"] => Self::Execution(flow, sid, Part::Steps),
            _ => return None,
        })
    }
}
