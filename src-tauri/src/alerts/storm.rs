//! Many alerts at once: they collapse into one, with the worst on top, so that the one that matters isn't buried.

use super::alert::{Alert, Rank};
use chrono::{DateTime, Duration, Utc};
use nightdesk_core::ids::{DeliveryId, TicketId};
use std::collections::VecDeque;

/// So many alerts within [`WITHIN`] are shown one by one.
pub const CALM: usize = 3;

/// The time that alerts are counted in. A storm is over when so long nothing came.
pub const WITHIN: Duration = Duration::seconds(10);

/// How many of a storm's subjects are shown.
const TOLD: usize = 3;

/// What is to be shown for an alert that just came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Showing {
    /// The alert itself.
    One,
    /// One alert for all that came lately, which takes the place of theirs.
    All(Together),
}

/// Several alerts in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// What is shown: the worst one's rank, and the ticket of none.
    pub alert: Alert,
    /// The tickets whose own alerts it takes the place of.
    pub tickets: Vec<TicketId>,
    /// The deliveries that it stands for.
    pub deliveries: Vec<DeliveryId>,
}

/// What came lately.
#[derive(Debug, Default)]
pub struct Storm {
    came: VecDeque<(DateTime<Utc>, Alert)>,
    raging: bool,
}

impl Storm {
    /// Takes in an alert that came at `now`. A clock that was set back ends the storm.
    pub fn arrive(&mut self, now: DateTime<Utc>, alert: &Alert) -> Showing {
        let last = self.came.back().map(|(at, _)| *at);
        if last.is_some_and(|last| now - last > WITHIN || now < last) {
            self.came.clear();
            self.raging = false;
        }
        // A storm counts from its beginning, a calm only what is still fresh.
        while !self.raging && self.came.front().is_some_and(|(at, _)| now - *at > WITHIN) {
            self.came.pop_front();
        }
        if let Some(ticket) = alert.ticket {
            self.came.retain(|(_, other)| other.ticket != Some(ticket));
        }
        self.came.push_back((now, alert.clone()));
        if self.came.len() <= CALM && !self.raging {
            return Showing::One;
        }
        self.raging = true;
        Showing::All(together(self.came.iter().map(|(_, alert)| alert)))
    }
}

/// One alert for several, the worst first and of those the latest.
pub fn together<'a>(alerts: impl Iterator<Item = &'a Alert>) -> Together {
    let mut alerts: Vec<&Alert> = alerts.collect();
    alerts.reverse();
    alerts.sort_by_key(|alert| std::cmp::Reverse(alert.rank));
    let critical = alerts.iter().filter(|a| a.rank == Rank::Critical).count();
    let summary = match (alerts.len(), critical) {
        (n, 0) => format!("{n} incidents"),
        (n, c) if n == c => format!("{n} critical incidents"),
        (n, c) => format!("{n} incidents, {c} critical"),
    };
    let mut lines: Vec<String> = alerts.iter().take(TOLD).map(|a| a.body.clone()).collect();
    if alerts.len() > TOLD {
        lines.push(format!("and {} more", alerts.len() - TOLD));
    }
    Together {
        alert: Alert {
            delivery: None,
            ticket: None,
            rank: alerts.first().map_or(Rank::Critical, |a| a.rank),
            summary,
            body: lines.join("\n"),
        },
        tickets: alerts.iter().filter_map(|a| a.ticket).collect(),
        deliveries: alerts.iter().filter_map(|a| a.delivery).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_767_000_000 + second, 0).unwrap()
    }

    fn alert(n: i64, rank: Rank) -> Alert {
        Alert {
            delivery: Some(DeliveryId(n)),
            ticket: Some(TicketId(n)),
            rank,
            summary: "s".into(),
            body: format!("subject {n}"),
        }
    }

    fn all(showing: Showing) -> Together {
        match showing {
            Showing::All(together) => together,
            Showing::One => panic!("shown alone"),
        }
    }

    #[test]
    fn three_in_ten_seconds_are_shown_and_the_fourth_collapses_them_all() {
        let mut storm = Storm::default();
        for n in 0..3 {
            assert_eq!(storm.arrive(at(n), &alert(n, Rank::Low)), Showing::One);
        }
        let four = all(storm.arrive(at(3), &alert(3, Rank::Critical)));
        assert_eq!(four.alert.summary, "4 incidents, 1 critical");
        assert_eq!(four.alert.body, "subject 3\nsubject 2\nsubject 1\nand 1 more");
        assert_eq!(four.alert.rank, Rank::Critical);
        assert_eq!(four.tickets.len(), 4);
        let five = all(storm.arrive(at(12), &alert(4, Rank::High)));
        assert_eq!(five.alert.summary, "5 incidents, 1 critical");
        assert!(five.alert.body.starts_with("subject 3\nsubject 4"), "the worst stays on top");
    }

    #[test]
    fn a_storm_ends_when_nothing_came_for_a_while() {
        let mut storm = Storm::default();
        for n in 0..5 {
            storm.arrive(at(n), &alert(n, Rank::Critical));
        }
        assert_eq!(storm.arrive(at(20), &alert(9, Rank::Low)), Showing::One);
        assert_eq!(storm.arrive(at(5), &alert(10, Rank::Low)), Showing::One, "a clock set back");
    }

    #[test]
    fn slow_alerts_never_collapse_and_one_incident_counts_once() {
        let mut storm = Storm::default();
        for n in 0..20 {
            assert_eq!(storm.arrive(at(n * 5), &alert(n, Rank::High)), Showing::One);
        }
        let mut storm = Storm::default();
        for n in 0..20 {
            assert_eq!(storm.arrive(at(n), &alert(1, Rank::High)), Showing::One);
        }
    }

    #[test]
    fn all_critical_is_said_so() {
        let alerts = [alert(1, Rank::Critical), alert(2, Rank::Critical)];
        assert_eq!(together(alerts.iter()).alert.summary, "2 critical incidents");
        assert_eq!(together(alerts.iter()).deliveries, [DeliveryId(2), DeliveryId(1)]);
    }
}
