//! The account as the night begins.

use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

use crate::{Account, Agent, IncidentBuilder, Notice, Story, SubjectForm};

use super::roster::{PEOPLE, ROLES, roster};

/// The account's id at Huntress.
const ACCOUNT: i64 = 7701;

/// Ids of incidents begin here, so that they look like those of a service that has been running for years.
const FIRST_INCIDENT: i64 = 518_204;

const OPEN: usize = 26;
const CLOSED: usize = 34;

/// An MSP with 40 organizations, their agents, open incidents between ten minutes and six weeks old, and closed ones.
/// The same seed gives the same account.
pub fn msp(seed: u64) -> Account {
    let mut random = StdRng::seed_from_u64(seed);
    let mut account = Account::new(ACCOUNT, "Lamplight Managed IT");
    account.subdomain = "lamplight".to_owned();
    let mut agent_id = 30_000;
    for client in roster() {
        account = account.organization(client.organization_id, client.organization);
        for number in 1..=random.random_range(3..=7) {
            agent_id += random.random_range(1..=9);
            let platform = *["windows", "windows", "windows", "windows", "darwin", "linux"]
                .choose(&mut random)
                .unwrap_or(&"windows");
            let hostname = hostname(client.organization, number, &mut random);
            account = account.agent(Agent::new(agent_id, client.organization_id, &hostname).on(platform));
        }
    }
    let mut id = FIRST_INCIDENT;
    for number in 0..CLOSED + OPEN {
        id += random.random_range(1..=40);
        let incident = incident(&account, any_story(&mut random), &mut random).id(id);
        let incident = if number < CLOSED {
            let sent = TimeDelta::minutes(random.random_range(3 * 24 * 60..60 * 24 * 60));
            incident.sent_ago(sent).closed_ago(sent / random.random_range(2..20))
        } else {
            // The later the number the younger: ids grow with time, as they do at the service.
            let rank = i64::try_from(CLOSED + OPEN - number).unwrap_or(1);
            incident.sent_ago(TimeDelta::minutes(10 + rank * rank * rank * 60_000 / 17_576 + random.random_range(0..9)))
        };
        account = account.incident(incident);
    }
    notices(account)
}

fn notices(account: Account) -> Account {
    let clients = roster();
    let of = |at: usize| clients.get(at).map_or(0, |client| client.organization_id);
    account
        .escalation(
            Notice::new("Is the remote support tool at Stonewhistle Architects yours?")
                .id(84_101)
                .organization(of(21))
                .severity("high")
                .of_type("Suspicious Application", None)
                .created_ago(TimeDelta::hours(3)),
        )
        .escalation(
            Notice::new("Login from an unexpected country")
                .id(84_117)
                .organization(of(2))
                .organization(of(9))
                .of_type("Unexpected Country Access", Some("PT"))
                .created_ago(TimeDelta::hours(30)),
        )
        .platform_action(
            Notice::new("Defender Disabled").id(91_022).organization(of(15)).created_ago(TimeDelta::hours(5)),
        )
        .platform_action(
            Notice::new("Log source silent")
                .id(91_030)
                .organization(of(22))
                .severity("high")
                .of_type("Log Source Health", None)
                .created_ago(TimeDelta::days(2)),
        )
}

/// A report of this story at one of the account's organizations, on a host of the right platform or of a person.
pub(crate) fn incident(account: &Account, story: Story, random: &mut StdRng) -> IncidentBuilder {
    let hosts: Vec<&Agent> = account.agents().iter().filter(|agent| agent.platform == story.platform()).collect();
    let organization = account.organizations().choose(random).map_or(0, |organization| organization.id);
    let report = IncidentBuilder::new(story);
    let report = match hosts.choose(random) {
        Some(agent) => report.organization(agent.organization_id).agent(agent.id),
        None => report.organization(organization).entity(PEOPLE.choose(random).copied().unwrap_or("Maren Oduya")),
    };
    if random.random_bool(0.4) { report.subject_form(SubjectForm::Now) } else { report }
}

/// A story as often as it happens: low ones mostly.
pub(crate) fn any_story(random: &mut StdRng) -> Story {
    let of_severity: &[Story] = match random.random_range(0..10) {
        0 => &[Story::Ransomware, Story::HandsOnKeyboard, Story::SessionTheft],
        1..=4 => &[Story::CredentialDump, Story::InboxRule, Story::GoogleLogin, Story::MacStealer, Story::LinuxMiner],
        _ => &[Story::ScheduledTask, Story::UnwantedProgram, Story::Phishing],
    };
    of_severity.choose(random).copied().unwrap_or(Story::ScheduledTask)
}

fn hostname(organization: &str, number: i64, random: &mut StdRng) -> String {
    let letters: String = organization.chars().filter(char::is_ascii_uppercase).take(3).collect();
    let role = ROLES.choose(random).copied().unwrap_or("LAP");
    format!("{letters}-{role}-{number:02}")
}
