//! The five kinds of record, and what a list of each may be sorted and filtered by (the vendor's Swagger document).

/// A kind of record that is listed and read by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Resource {
    Organizations,
    Agents,
    IncidentReports,
    Escalations,
    PlatformActions,
}

/// What a filter's value may be; anything else is answered with 400.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Values {
    OneOf(&'static [&'static str]),
    Integer,
    Text,
}

const SEVERITIES: Values = Values::OneOf(&["low", "high", "critical"]);

const STATUSES: Values =
    Values::OneOf(&["sent", "closed", "dismissed", "auto_remediating", "deleting", "partner_dismissed"]);

const PLATFORMS: Values =
    Values::OneOf(&["windows", "darwin", "microsoft_365", "google", "linux", "email_security", "other"]);

const INDICATORS: Values = Values::OneOf(&[
    "footholds",
    "monitored_files",
    "ransomware_canaries",
    "antivirus_detections",
    "process_detections",
    "managed_identity",
    "mde_detections",
    "siem_detections",
    "favicon_detections",
    "behavioral_detections",
    "email_security_detections",
    "app_control",
    "ai_misuse",
]);

const NOTICE_SORTS: &[&str] = &["id", "severity", "due_at", "created_at", "updated_at"];

const NOTICE_FILTERS: &[(&str, Values)] = &[
    ("status", Values::OneOf(&["open", "overdue", "resolved"])),
    ("severity", SEVERITIES),
    ("subtype", Values::Text),
    ("organization_id", Values::Integer),
];

impl Resource {
    pub(crate) const ALL: [Self; 5] =
        [Self::Organizations, Self::Agents, Self::IncidentReports, Self::Escalations, Self::PlatformActions];

    pub(crate) fn plural(self) -> &'static str {
        match self {
            Self::Organizations => "organizations",
            Self::Agents => "agents",
            Self::IncidentReports => "incident_reports",
            Self::Escalations => "escalations",
            Self::PlatformActions => "platform_actions",
        }
    }

    pub(crate) fn singular(self) -> &'static str {
        match self {
            Self::Organizations => "organization",
            Self::Agents => "agent",
            Self::IncidentReports => "incident_report",
            Self::Escalations => "escalation",
            Self::PlatformActions => "platform_action",
        }
    }

    pub(crate) fn sort_fields(self) -> &'static [&'static str] {
        match self {
            Self::Organizations => &["id", "created_at", "updated_at", "name", "key"],
            Self::Agents | Self::IncidentReports => &["id", "created_at", "updated_at"],
            Self::Escalations | Self::PlatformActions => NOTICE_SORTS,
        }
    }

    pub(crate) fn filters(self) -> &'static [(&'static str, Values)] {
        match self {
            Self::Organizations => &[("name", Values::Text), ("key", Values::Text)],
            Self::Agents => &[
                ("organization_id", Values::Integer),
                ("platform", Values::OneOf(&["windows", "darwin", "linux"])),
                ("hostname", Values::Text),
                ("os", Values::Text),
                ("version", Values::Text),
            ],
            Self::IncidentReports => &[
                ("indicator_type", INDICATORS),
                ("status", STATUSES),
                ("severity", SEVERITIES),
                ("platform", PLATFORMS),
                ("organization_id", Values::Integer),
                ("agent_id", Values::Integer),
            ],
            Self::Escalations | Self::PlatformActions => NOTICE_FILTERS,
        }
    }
}
