//! The script and its clock.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use crate::{Account, Story, World};

use super::event::{Event, Memory};

/// What happens in the first two hours, by minute from the start.
const SCRIPT: &[(u64, Event)] = &[
    (1, Event::Strike { story: Story::UnwantedProgram, organization: 404, name: "toolbar" }),
    (2, Event::Strike { story: Story::Ransomware, organization: 401, name: "dental" }),
    (4, Event::Strike { story: Story::InboxRule, organization: 436, name: "fire" }),
    (6, Event::Strike { story: Story::ScheduledTask, organization: 411, name: "task" }),
    (8, Event::Escalation { organization: 416, subject: "May this remote access tool stay on ML-SRV-02?" }),
    (9, Event::Strike { story: Story::SessionTheft, organization: 440, name: "hospice" }),
    (12, Event::CloseOldest),
    (14, Event::Raise { name: "toolbar", severity: "critical" }),
    (16, Event::Malformed { organization: 407 }),
    (18, Event::Strike { story: Story::CredentialDump, organization: 423, name: "credit" }),
    (20, Event::Close { name: "task" }),
    (23, Event::NewOrganization { organization: 441, name: "Tamarisk Street Pharmacy" }),
    (25, Event::Strike { story: Story::HandsOnKeyboard, organization: 441, name: "pharmacy" }),
    (27, Event::Strike { story: Story::GoogleLogin, organization: 435, name: "school" }),
    (30, Event::Outage { status: 429 }),
    (34, Event::Outage { status: 500 }),
    (36, Event::Strike { story: Story::Ransomware, organization: 416, name: "logistics" }),
    (39, Event::Recovery),
    (43, Event::Close { name: "dental" }),
    (46, Event::Rename { organization: 403, to: "Brightmoss Animal Hospital" }),
    (48, Event::Strike { story: Story::MacStealer, organization: 403, name: "animals" }),
    (51, Event::NoOrganization { story: Story::InboxRule }),
    (55, Event::Reopen { name: "dental" }),
    (58, Event::CloseOldest),
    (62, Event::Strike { story: Story::Phishing, organization: 437, name: "chiropractor" }),
    (66, Event::Close { name: "fire" }),
    (70, Event::Strike { story: Story::LinuxMiner, organization: 430, name: "water" }),
    (75, Event::Raise { name: "water", severity: "critical" }),
    (80, Event::Close { name: "hospice" }),
    (88, Event::CloseOldest),
    (95, Event::Strike { story: Story::Ransomware, organization: 416, name: "logistics again" }),
    (105, Event::Close { name: "school" }),
    (112, Event::Close { name: "dental" }),
    (120, Event::CloseOldest),
];

/// A night at Huntress: a fixed script of two hours, and after it something every few minutes for as long as it lasts.
/// The same seed gives the same night.
#[derive(Debug)]
pub struct Night {
    memory: Memory,
    next: usize,
    /// The minute of the next event after the script.
    trickle: u64,
}

impl Night {
    /// The night of the account that [`super::msp`] made from the same seed.
    pub fn new(seed: u64) -> Self {
        let memory = Memory {
            account: super::msp(seed),
            random: StdRng::seed_from_u64(seed ^ 0x006e_6967_6874),
            named: Vec::new(),
            outage: None,
        };
        let trickle = SCRIPT.last().map_or(0, |(minute, _)| minute + 7);
        Self { memory, next: 0, trickle }
    }

    /// The account as the night begins, for starting the stand-in.
    pub fn account(&self) -> Account {
        self.memory.account.clone()
    }

    /// Makes everything happen that is due so long after the start (simulated time), and says it in sentences, in order.
    pub fn advance(&mut self, world: &World, elapsed: Duration) -> Vec<String> {
        let minute = elapsed.as_secs() / 60;
        let mut told = Vec::new();
        while let Some((_, event)) = SCRIPT.get(self.next).filter(|(due, _)| *due <= minute) {
            told.push(event.apply(world, &mut self.memory));
            self.next += 1;
        }
        while self.next == SCRIPT.len() && self.trickle <= minute {
            let event = if self.memory.random.random_bool(0.6) { Event::StrikeAnywhere } else { Event::CloseOldest };
            told.push(event.apply(world, &mut self.memory));
            self.trickle += self.memory.random.random_range(4..=14);
        }
        told
    }

    /// When the next thing happens, counted from the start.
    pub fn next_at(&self) -> Duration {
        let minute = SCRIPT.get(self.next).map_or(self.trickle, |(due, _)| *due);
        Duration::from_secs(minute * 60)
    }
}
