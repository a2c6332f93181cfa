//! The wordings there are, and what each may say.

use serde::{Deserialize, Serialize};

/// A name that a wording may have in braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Placeholder {
    /// `possible repeat: ` where an earlier attempt may have arrived, else nothing.
    Repeat,
    /// How severe, in capitals in a text.
    Severity,
    /// The client or organization.
    Client,
    /// The host.
    Host,
    /// The incident in words.
    Title,
    /// What to reply.
    Code,
    /// How many incidents.
    Count,
    /// The PIN of a number's verification.
    Pin,
    /// Who is reached.
    Contact,
    /// Who took it.
    By,
    /// Since when nothing is watched.
    Since,
    /// Why.
    Reason,
    /// What is left to do for whoever reads that somebody has it.
    Open,
}

impl Placeholder {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Repeat,
        Self::Severity,
        Self::Client,
        Self::Host,
        Self::Title,
        Self::Code,
        Self::Count,
        Self::Pin,
        Self::Contact,
        Self::By,
        Self::Since,
        Self::Reason,
        Self::Open,
    ];

    /// What stands in the braces.
    pub fn word(self) -> &'static str {
        match self {
            Self::Repeat => "repeat",
            Self::Severity => "severity",
            Self::Client => "client",
            Self::Host => "host",
            Self::Title => "title",
            Self::Code => "code",
            Self::Count => "count",
            Self::Pin => "pin",
            Self::Contact => "contact",
            Self::By => "by",
            Self::Since => "since",
            Self::Reason => "reason",
            Self::Open => "open",
        }
    }
}

/// What a wording is for. In configuration and interfaces by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One incident, as a text.
    PageText,
    /// A client's bundled incidents, as a text.
    BundleText,
    /// To those already reached: somebody has it.
    TakenText,
    /// The PIN of a verification, as a text.
    PinText,
    /// One incident, spoken. The keys are named after it by the call itself.
    PageCall,
    /// Bundled incidents, spoken.
    BundleCall,
    /// The PIN, spoken.
    PinCall,
    /// What a machine is told.
    VoicemailCall,
    /// A drill, as a text.
    DrillText,
    /// A drill, spoken.
    DrillCall,
    /// The desk itself can't see, as a text.
    DeskText,
    /// The desk itself can't see, spoken.
    DeskCall,
}

impl Kind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 12] = [
        Self::PageText,
        Self::BundleText,
        Self::TakenText,
        Self::PinText,
        Self::PageCall,
        Self::BundleCall,
        Self::PinCall,
        Self::VoicemailCall,
        Self::DrillText,
        Self::DrillCall,
        Self::DeskText,
        Self::DeskCall,
    ];

    /// Its name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::PageText => "page_text",
            Self::BundleText => "bundle_text",
            Self::TakenText => "taken_text",
            Self::PinText => "pin_text",
            Self::PageCall => "page_call",
            Self::BundleCall => "bundle_call",
            Self::PinCall => "pin_call",
            Self::VoicemailCall => "voicemail_call",
            Self::DrillText => "drill_text",
            Self::DrillCall => "drill_call",
            Self::DeskText => "desk_text",
            Self::DeskCall => "desk_call",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }

    /// Whether it is heard and not read.
    pub fn is_spoken(self) -> bool {
        use Kind::*;
        matches!(self, PageCall | BundleCall | PinCall | VoicemailCall | DrillCall | DeskCall)
    }

    /// The wording as it comes.
    pub fn wording(self) -> &'static str {
        match self {
            Self::PageText => "Nightdesk {repeat}{severity} {client}: {title}[ on {host}].[ Reply {code} to take it.]",
            Self::BundleText => {
                "Nightdesk {repeat}{count} more {severity} at {client}, among them: {title}[ on {host}].[ Reply {code} to take them all.]"
            }
            Self::TakenText => "Nightdesk: {client}, {title}[ on {host}][ ({code})]: taken by {by}. {open}.",
            Self::PinText => {
                "Nightdesk: {pin} is the PIN for this phone. It holds for 10 minutes. Tell it to nobody else."
            }
            Self::PageCall => "This is Nightdesk. {repeat}{severity} incident at {client}[, on {host}]: {title}.",
            Self::BundleCall => {
                "This is Nightdesk. {repeat}{count} more {severity} incidents at {client}, among them: {title}[ on {host}]."
            }
            Self::PinCall => "This is Nightdesk. The PIN for this phone is: {pin}. Once more: {pin}.",
            Self::VoicemailCall => {
                "This is Nightdesk[ for {contact}]. There is a {severity} incident at {client} that nobody has taken. Please look at your desk. The next contact is being called."
            }
            Self::DrillText => "Nightdesk drill, no incident.[ Reply {code} to show that this text has arrived.]",
            Self::DrillCall => "This is a Nightdesk drill[ for {contact}]. There is no incident.",
            Self::DeskText => {
                "Nightdesk {repeat}CRITICAL: the desk sees nothing since {since}[, {reason}].[ Reply {code} to take it.]"
            }
            Self::DeskCall => {
                "This is Nightdesk. {repeat}The desk has seen nothing of Huntress since {since}[, {reason}]. Incidents may be missed."
            }
        }
    }

    /// The placeholders that it may have.
    pub fn allowed(self) -> &'static [Placeholder] {
        use Placeholder::*;
        match self {
            Self::PageText => &[Repeat, Severity, Client, Host, Title, Code, Contact],
            Self::BundleText => &[Repeat, Severity, Client, Host, Title, Count, Code, Contact],
            Self::TakenText => &[Severity, Client, Host, Title, By, Contact, Count, Code, Open],
            Self::PinText | Self::PinCall => &[Pin, Contact],
            Self::PageCall => &[Repeat, Severity, Client, Host, Title, Contact],
            Self::BundleCall => &[Repeat, Severity, Client, Host, Title, Count, Contact],
            Self::VoicemailCall => &[Severity, Client, Host, Title, Count, Contact],
            Self::DrillText => &[Code, Contact],
            Self::DrillCall => &[Contact],
            Self::DeskText => &[Repeat, Since, Reason, Code, Contact],
            Self::DeskCall => &[Repeat, Since, Reason, Contact],
        }
    }

    /// The placeholders that it must have.
    pub fn required(self) -> &'static [Placeholder] {
        use Placeholder::*;
        match self {
            Self::PageText => &[Client, Code],
            Self::BundleText => &[Client, Count, Code],
            Self::TakenText => &[By],
            Self::PinText | Self::PinCall => &[Pin],
            Self::PageCall => &[Client],
            Self::BundleCall => &[Client, Count],
            Self::DrillText | Self::DeskText => &[Code],
            Self::VoicemailCall | Self::DrillCall | Self::DeskCall => &[],
        }
    }
}
