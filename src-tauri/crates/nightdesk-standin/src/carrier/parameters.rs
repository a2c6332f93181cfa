//! Which parameters each request may carry. Every one is in the vendor's documents; those that are there and not here
//! do things the stand-in can't (media, callbacks to a public address, scheduling), so using them must not pass.

/// What a value must look like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Text,
    Flag,
    Whole(i64, i64),
    Decimal,
    OneOf(&'static [&'static str]),
    Address,
    Object,
}

/// A name and what its value must look like.
pub(crate) type Parameter = (&'static str, Kind);

const ANY: i64 = i64::MAX;
const TWO_STATES: Kind = Kind::OneOf(&["draft", "published"]);

pub(crate) const CREATE_MESSAGE: &[Parameter] = &[
    ("To", Kind::Text),
    ("From", Kind::Text),
    ("Body", Kind::Text),
    ("MessagingServiceSid", Kind::Text),
    ("ValidityPeriod", Kind::Whole(1, 36_000)),
    ("SmartEncoded", Kind::Flag),
    ("ShortenUrls", Kind::Flag),
    ("ProvideFeedback", Kind::Flag),
    ("ForceDelivery", Kind::Flag),
    ("MaxPrice", Kind::Decimal),
    ("Attempt", Kind::Whole(1, 10)),
    ("ContentRetention", Kind::OneOf(&["retain", "discard"])),
    ("AddressRetention", Kind::OneOf(&["retain", "obfuscate"])),
    ("RiskCheck", Kind::OneOf(&["enable", "disable"])),
];

pub(crate) const LIST_MESSAGES: &[Parameter] = &[
    ("To", Kind::Text),
    ("From", Kind::Text),
    ("DateSent", Kind::Text),
    ("DateSent<", Kind::Text),
    ("DateSent>", Kind::Text),
    ("PageSize", Kind::Whole(1, 1_000)),
    ("Page", Kind::Whole(0, ANY)),
    ("PageToken", Kind::Text),
];

pub(crate) const CREATE_CALL: &[Parameter] = &[
    ("To", Kind::Text),
    ("From", Kind::Text),
    ("Twiml", Kind::Text),
    ("Url", Kind::Address),
    ("ApplicationSid", Kind::Text),
    ("SendDigits", Kind::Text),
    ("Timeout", Kind::Whole(1, 600)),
    ("TimeLimit", Kind::Whole(1, 86_400)),
    ("Record", Kind::Flag),
    ("CallReason", Kind::Text),
    ("MachineDetection", Kind::OneOf(&["Enable", "DetectMessageEnd"])),
    ("MachineDetectionTimeout", Kind::Whole(3, 59)),
    ("MachineDetectionSpeechThreshold", Kind::Whole(1_000, 6_000)),
    ("MachineDetectionSpeechEndThreshold", Kind::Whole(500, 5_000)),
    ("MachineDetectionSilenceTimeout", Kind::Whole(2_000, 10_000)),
];

pub(crate) const LIST_NOTIFICATIONS: &[Parameter] = &[
    ("Log", Kind::Whole(0, ANY)),
    ("MessageDate", Kind::Text),
    ("MessageDate<", Kind::Text),
    ("MessageDate>", Kind::Text),
    ("PageSize", Kind::Whole(1, 1_000)),
    ("Page", Kind::Whole(0, ANY)),
    ("PageToken", Kind::Text),
];

pub(crate) const LIST_CALLS: &[Parameter] = &[
    ("To", Kind::Text),
    ("From", Kind::Text),
    ("ParentCallSid", Kind::Text),
    ("Status", Kind::OneOf(CALL_STATES)),
    ("StartTime", Kind::Text),
    ("StartTime<", Kind::Text),
    ("StartTime>", Kind::Text),
    ("EndTime", Kind::Text),
    ("EndTime<", Kind::Text),
    ("EndTime>", Kind::Text),
    ("PageSize", Kind::Whole(1, 1_000)),
    ("Page", Kind::Whole(0, ANY)),
    ("PageToken", Kind::Text),
];

const CALL_STATES: &[&str] =
    &["queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"];

pub(crate) const UPDATE_CALL: &[Parameter] = &[("Status", Kind::OneOf(&["completed", "canceled"]))];

pub(crate) const CREATE_FLOW: &[Parameter] = &[
    ("FriendlyName", Kind::Text),
    ("Status", TWO_STATES),
    ("Definition", Kind::Object),
    ("CommitMessage", Kind::Text),
];

pub(crate) const LIST_FLOWS: &[Parameter] =
    &[("PageSize", Kind::Whole(1, 1_000)), ("Page", Kind::Whole(0, ANY)), ("PageToken", Kind::Text)];

pub(crate) const CREATE_EXECUTION: &[Parameter] =
    &[("To", Kind::Text), ("From", Kind::Text), ("Parameters", Kind::Object)];

pub(crate) const LIST_EXECUTIONS: &[Parameter] = &[
    ("status", Kind::OneOf(&["active", "ended"])),
    ("DateCreatedFrom", Kind::Text),
    ("DateCreatedTo", Kind::Text),
    ("PageSize", Kind::Whole(1, 1_000)),
    ("Page", Kind::Whole(0, ANY)),
    ("PageToken", Kind::Text),
];

pub(crate) const UPDATE_EXECUTION: &[Parameter] = &[("Status", Kind::OneOf(&["active", "ended"]))];

/// The parameters that each request may carry, by method and path in the vendor's spelling: for checks against the
/// vendor's documents.
pub fn accepted_parameters() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    let account = [
        ("post", "/2010-04-01/Accounts/{AccountSid}/Messages.json", CREATE_MESSAGE),
        ("get", "/2010-04-01/Accounts/{AccountSid}/Messages.json", LIST_MESSAGES),
        ("post", "/2010-04-01/Accounts/{AccountSid}/Calls.json", CREATE_CALL),
        ("get", "/2010-04-01/Accounts/{AccountSid}/Calls.json", LIST_CALLS),
        ("post", "/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json", UPDATE_CALL),
        ("get", "/2010-04-01/Accounts/{AccountSid}/Calls/{CallSid}/Notifications.json", LIST_NOTIFICATIONS),
        ("post", "/v2/Flows", CREATE_FLOW),
        ("get", "/v2/Flows", LIST_FLOWS),
        ("post", "/v2/Flows/Validate", CREATE_FLOW),
        ("post", "/v2/Flows/{Sid}", CREATE_FLOW),
        ("post", "/v2/Flows/{FlowSid}/Executions", CREATE_EXECUTION),
        ("get", "/v2/Flows/{FlowSid}/Executions", LIST_EXECUTIONS),
        ("post", "/v2/Flows/{FlowSid}/Executions/{Sid}", UPDATE_EXECUTION),
        ("get", "/v2/Flows/{FlowSid}/Executions/{ExecutionSid}/Steps", LIST_FLOWS),
    ];
    let names = |known: &[Parameter]| known.iter().map(|(name, _)| *name).collect();
    account.into_iter().map(|(method, path, known)| (method, path, names(known))).collect()
}
