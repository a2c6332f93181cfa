//! What the SOC found: invented attacks in the manner of its reports.

/// A kind of attack. Each has its own words, files, addresses and remediations; hashes and addresses are made up and the
/// domains are reserved ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Story {
    /// Critical, Windows: canary files encrypted.
    Ransomware,
    /// Critical, Windows: an operator at the keyboard moves between hosts.
    HandsOnKeyboard,
    /// Critical, Microsoft 365: a stolen session in use.
    SessionTheft,
    /// High, Windows: credentials read out of memory.
    CredentialDump,
    /// High, Microsoft 365: an inbox rule that hides mail.
    InboxRule,
    /// High, Google: a login through an anonymising service.
    GoogleLogin,
    /// High, macOS: a password stealer.
    MacStealer,
    /// High, Linux: a coin miner under cron.
    LinuxMiner,
    /// Low, Windows: the leftover of an old scheduled task.
    ScheduledTask,
    /// Low, Windows: a browser toolbar that nobody wanted.
    UnwantedProgram,
    /// Low, e-mail: a reported message.
    Phishing,
}

/// The words and facts of a story. `{entity}` and `{org}` are filled in.
pub(crate) struct Script {
    /// EDR or ITDR, as the newer subjects name it.
    pub(crate) product: &'static str,
    pub(crate) platform: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) category: &'static str,
    pub(crate) indicators: &'static [(&'static str, i64)],
    pub(crate) summary: &'static str,
    pub(crate) sections: &'static [(&'static str, &'static str)],
    pub(crate) files: &'static [&'static str],
    pub(crate) addresses: &'static [&'static str],
    /// Type, action and what it applies to.
    pub(crate) remediations: &'static [(&'static str, &'static str, &'static str)],
}

impl Story {
    /// Every story, worst first.
    pub const ALL: [Self; 11] = [
        Self::Ransomware,
        Self::HandsOnKeyboard,
        Self::SessionTheft,
        Self::CredentialDump,
        Self::InboxRule,
        Self::GoogleLogin,
        Self::MacStealer,
        Self::LinuxMiner,
        Self::ScheduledTask,
        Self::UnwantedProgram,
        Self::Phishing,
    ];

    /// The platform it happens on: `windows`, `microsoft_365`, …
    pub fn platform(self) -> &'static str {
        self.script().platform
    }

    /// The severity the SOC gives it.
    pub fn severity(self) -> &'static str {
        self.script().severity
    }

    /// Whether the victim is a host with an agent, rather than an identity or a mailbox.
    pub fn is_on_host(self) -> bool {
        matches!(self.platform(), "windows" | "darwin" | "linux")
    }

    pub(crate) fn script(self) -> &'static Script {
        match self {
            Self::Ransomware => &RANSOMWARE,
            Self::HandsOnKeyboard => &HANDS_ON_KEYBOARD,
            Self::SessionTheft => &SESSION_THEFT,
            Self::CredentialDump => &CREDENTIAL_DUMP,
            Self::InboxRule => &INBOX_RULE,
            Self::GoogleLogin => &GOOGLE_LOGIN,
            Self::MacStealer => &MAC_STEALER,
            Self::LinuxMiner => &LINUX_MINER,
            Self::ScheduledTask => &SCHEDULED_TASK,
            Self::UnwantedProgram => &UNWANTED_PROGRAM,
            Self::Phishing => &PHISHING,
        }
    }
}

static RANSOMWARE: Script = Script {
    product: "EDR",
    platform: "windows",
    severity: "critical",
    category: "Ransomware",
    indicators: &[("ransomware_canaries", 7), ("process_detections", 1)],
    summary: "Canary files on {entity} were rewritten within seconds of each other by one process. We isolated the host. \
              Treat the shares it had mounted as affected until they have been looked at.",
    sections: &[
        (
            "Lead Signal Information",
            "Seven canary files changed in under four seconds. The process ran as SYSTEM and was started from a \
             service that was installed eleven minutes earlier.",
        ),
        (
            "Initial Access",
            "The service was created over a remote session that came in through the VPN with a valid account. That \
             account had no second factor.",
        ),
        (
            "Persistence",
            "A service named WinSpoolHelper starts the binary at each boot. No other persistence was found on this host.",
        ),
    ],
    files: &["C:\\ProgramData\\spoolhelper\\wsh64.exe", "C:\\Users\\Public\\RESTORE_FILES.txt"],
    addresses: &["hxxps://panel.nightfall-parcel[.]example/gate", "203[.]0[.]113[.]77"],
    remediations: &[
        ("containment", "Isolate Host", "{entity}"),
        ("assisted", "Delete Service", "WinSpoolHelper"),
        ("assisted", "Delete File", "C:\\ProgramData\\spoolhelper\\wsh64.exe"),
        ("manual", "Restore affected files from a backup made before the attack", ""),
    ],
};

static HANDS_ON_KEYBOARD: Script = Script {
    product: "EDR",
    platform: "windows",
    severity: "critical",
    category: "Hands on Keyboard Activity",
    indicators: &[("process_detections", 4), ("behavioral_detections", 2), ("footholds", 1)],
    summary: "Somebody is typing on {entity}: account discovery, then an attempt to reach the domain controller with a \
              stolen ticket. The host is isolated. Reset the account named below now.",
    sections: &[
        (
            "Lead Signal Information",
            "Encoded PowerShell from a remote management tool that {org} does not use, followed by queries for domain \
             trusts and administrators within two minutes.",
        ),
        (
            "Lateral Movement",
            "Two remote service creations against a server on the same subnet failed; a third was stopped by isolation.",
        ),
    ],
    files: &["C:\\Windows\\Temp\\rmmsvc\\agent.exe", "C:\\Windows\\Temp\\d.ps1"],
    addresses: &["hxxp://198[.]51[.]100[.]23:8443/j", "relay.quiet-lantern[.]example"],
    remediations: &[
        ("containment", "Isolate Host", "{entity}"),
        ("assisted", "Delete File", "C:\\Windows\\Temp\\rmmsvc\\agent.exe"),
        ("manual", "Reset the password of svc_backup and end its sessions", ""),
    ],
};

static SESSION_THEFT: Script = Script {
    product: "ITDR",
    platform: "microsoft_365",
    severity: "critical",
    category: "Session Hijack",
    indicators: &[("managed_identity", 2)],
    summary: "A session of {entity} was replayed from another country four minutes after a real sign-in, and mail was \
              read. We disabled the identity and revoked its sessions.",
    sections: &[
        (
            "Lead Signal Information",
            "Identity Provider: Microsoft 365. The same session id was used from two networks that can't belong to one \
             person. The second used a hosting provider and a script's user agent.",
        ),
        ("Post-Compromise Activity", "41 messages were opened; a search for the word invoice was made."),
    ],
    files: &[],
    addresses: &["hxxps://login.office-portal-check[.]example/common", "192[.]0[.]2[.]146"],
    remediations: &[
        ("containment", "Disable Identity", "{entity}"),
        ("containment", "Revoke Sessions", "{entity}"),
        ("manual", "Review the mailbox for messages sent by the intruder", ""),
    ],
};

static CREDENTIAL_DUMP: Script = Script {
    product: "EDR",
    platform: "windows",
    severity: "high",
    category: "Credential Theft",
    indicators: &[("process_detections", 2), ("antivirus_detections", 1)],
    summary: "A tool read the memory of the local security authority on {entity}. Defender quarantined it after it had \
              run. Reset every account that was signed in.",
    sections: &[
        (
            "Lead Signal Information",
            "A copy of a known dumping tool under another name was started by an interactive user and wrote a file of \
             58 MB to a temporary folder.",
        ),
        ("Scope", "Two administrators of {org} had sessions on this host at the time."),
    ],
    files: &["C:\\Users\\Public\\Music\\pd.exe", "C:\\Windows\\Temp\\l.dmp"],
    addresses: &[],
    remediations: &[
        ("assisted", "Delete File", "C:\\Users\\Public\\Music\\pd.exe"),
        ("manual", "Reset the passwords of all accounts signed in on this host", ""),
    ],
};

static INBOX_RULE: Script = Script {
    product: "ITDR",
    platform: "microsoft_365",
    severity: "high",
    category: "Malicious Inbox Rule",
    indicators: &[("managed_identity", 1)],
    summary: "A rule in the mailbox of {entity} moves every message about payments to the RSS folder and marks it as \
              read. It was made from a network this identity has never used.",
    sections: &[(
        "Lead Signal Information",
        "Identity Provider: Microsoft 365. The rule is named with a single dot. It was created by the web client nine \
         minutes after a sign-in without a second factor.",
    )],
    files: &[],
    addresses: &["203[.]0[.]113[.]9"],
    remediations: &[
        ("containment", "Revoke Sessions", "{entity}"),
        ("assisted", "Delete Inbox Rule", "."),
        ("manual", "Ask {entity} whether payment details were changed lately", ""),
    ],
};

static GOOGLE_LOGIN: Script = Script {
    product: "ITDR",
    platform: "google",
    severity: "high",
    category: "Unusual Login",
    indicators: &[("managed_identity", 1)],
    summary: "{entity} signed in through an anonymising service and gave a new application access to mail and files.",
    sections: &[(
        "Lead Signal Information",
        "Identity Provider: Google. The application asked for mail, drive and contacts, and has no other users at {org}.",
    )],
    files: &[],
    addresses: &["198[.]51[.]100[.]201"],
    remediations: &[("containment", "Disable Identity", "{entity}"), ("manual", "Remove the application's access", "")],
};

static MAC_STEALER: Script = Script {
    product: "EDR",
    platform: "darwin",
    severity: "high",
    category: "Infostealer",
    indicators: &[("footholds", 1), ("process_detections", 1)],
    summary: "A disk image from a search advertisement installed a password stealer on {entity}. Browser passwords and \
              the keychain must be taken as lost.",
    sections: &[(
        "Persistence",
        "A launch agent in the user's library starts a script at login that asks for the password until it is given.",
    )],
    files: &["/Users/Shared/.helper/update", "/Users/Shared/Library/LaunchAgents/com.example.softhelper.plist"],
    addresses: &["hxxps://get-notetaker[.]example/download.dmg"],
    remediations: &[
        ("assisted", "Delete LaunchAgent", "com.example.softhelper"),
        ("manual", "Reset the passwords kept in the browsers of this user", ""),
    ],
};

static LINUX_MINER: Script = Script {
    product: "EDR",
    platform: "linux",
    severity: "high",
    category: "Cryptominer",
    indicators: &[("process_detections", 1), ("footholds", 1)],
    summary: "A miner runs on {entity} under the web server's account and is put back by cron every five minutes.",
    sections: &[(
        "Initial Access",
        "The web server wrote a script into its upload folder and ran it. The form there takes files of any type.",
    )],
    files: &["/var/www/html/uploads/.x/kworkerd", "/var/spool/cron/crontabs/www-data"],
    addresses: &["pool.copper-anvil[.]example:3333"],
    remediations: &[
        ("assisted", "Delete File", "/var/www/html/uploads/.x/kworkerd"),
        ("manual", "Close the upload form and patch the site", ""),
    ],
};

static SCHEDULED_TASK: Script = Script {
    product: "EDR",
    platform: "windows",
    severity: "low",
    category: "Foothold",
    indicators: &[("footholds", 1)],
    summary: "A scheduled task on {entity} points to a script that is no longer there. It is the remains of an older \
              infection; remove it so that nothing can take its place.",
    sections: &[("Persistence", "The task runs at logon. Its target was deleted, probably by an antivirus, long ago.")],
    files: &["C:\\Windows\\System32\\Tasks\\SyncCenterUpdate"],
    addresses: &[],
    remediations: &[("assisted", "Delete Scheduled Task", "SyncCenterUpdate")],
};

static UNWANTED_PROGRAM: Script = Script {
    product: "EDR",
    platform: "windows",
    severity: "low",
    category: "Potentially Unwanted Program",
    indicators: &[("footholds", 2)],
    summary: "A toolbar that changes search results and starts with Windows was found on {entity}. It came with a free \
              PDF converter.",
    sections: &[("Persistence", "A run key of the user and an uninstaller that doesn't remove it.")],
    files: &["C:\\Users\\Public\\AppData\\Local\\QuickFindBar\\qfb.exe"],
    addresses: &["hxxps://quickfindbar[.]example"],
    remediations: &[
        ("assisted", "Delete Registry Value", "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\QuickFindBar"),
        ("assisted", "Delete File", "C:\\Users\\Public\\AppData\\Local\\QuickFindBar\\qfb.exe"),
    ],
};

static PHISHING: Script = Script {
    product: "ITDR",
    platform: "email_security",
    severity: "low",
    category: "Phishing",
    indicators: &[("email_security_detections", 3)],
    summary: "Three copies of a message that imitates a delivery service reached {entity}. Nobody followed the link.",
    sections: &[("Lead Signal Information", "The sender's domain was registered two days ago and fails DMARC.")],
    files: &[],
    addresses: &["hxxps://parcel-redelivery[.]example/track"],
    remediations: &[("assisted", "Delete Messages", "{entity}")],
};
