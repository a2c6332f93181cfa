//! `email …`

use clap::{Subcommand, ValueEnum};
use nightdesk_core::notice::NotificationType;

/// What to do with mail.
#[derive(Debug, Subcommand)]
pub enum EmailCommand {
    /// Send a test to each address that gets this type, and wait until the server has it
    Test {
        /// The type of notification
        #[arg(value_name = "TYPE")]
        kind: MailType,
    },
}

/// A type of notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum MailType {
    /// Incident reports
    #[value(alias = "incident")]
    Incidents,
    /// The SOC's questions
    #[value(alias = "escalation")]
    Escalations,
    /// What stops Huntress from protecting
    #[value(aliases = ["platform_action", "platform-actions"])]
    PlatformActions,
    /// About the account
    #[value(aliases = ["account_notice", "account-notices"])]
    AccountNotices,
}

impl From<MailType> for NotificationType {
    fn from(of: MailType) -> Self {
        match of {
            MailType::Incidents => Self::Incidents,
            MailType::Escalations => Self::Escalations,
            MailType::PlatformActions => Self::PlatformActions,
            MailType::AccountNotices => Self::AccountNotices,
        }
    }
}
