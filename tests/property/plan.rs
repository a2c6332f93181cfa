//! ND-1: the routing table is total, and keeps its word for incidents, catalogues and mappings that nobody thought of.

use chrono::{DateTime, TimeDelta, Utc};
use nightdesk_core::catalogue::{Catalogue, Entry, Kind, StatusRole};
use nightdesk_core::ids::{AccountId, AgentId, CatalogueId, IncidentId, OrganizationId};
use nightdesk_core::incident::{Incident, Remediations, Severity, Status};
use nightdesk_core::routing::{Act, Bound, Change, Class, Filing, Known, Plan, Standing, TicketFacts, merge, plan};
use nightdesk_core::ticket::State;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

/// Numbers of catalogue entries: few enough that routing, tickets and catalogue often mean the same entry, and some
/// that no entry has.
fn number() -> impl Strategy<Value = CatalogueId> {
    (0_i64..30).prop_map(CatalogueId)
}

fn time() -> impl Strategy<Value = DateTime<Utc>> {
    prop_oneof![
        8 => (0_i64..4_000_000).prop_map(|s| now() - TimeDelta::seconds(2_000_000 - s)),
        1 => Just(DateTime::<Utc>::MIN_UTC),
        1 => Just(DateTime::<Utc>::MAX_UTC),
    ]
}

fn now() -> DateTime<Utc> {
    "2026-03-02T01:00:00Z".parse().unwrap()
}

fn severity() -> impl Strategy<Value = Severity> {
    prop_oneof![
        Just(Severity::Critical),
        Just(Severity::High),
        Just(Severity::Low),
        Just(Severity::Unknown(None)),
        "[a-zA-Z]{1,8}".prop_map(|w| Severity::Unknown(Some(w))),
    ]
}

fn status() -> impl Strategy<Value = Status> {
    const KNOWN: [&str; 7] = ["sent", "auto_remediating", "closed", "dismissed", "partner_dismissed", "deleting", ""];
    prop_oneof![6 => select(&KNOWN[..]).prop_map(str::to_owned), 1 => "\\PC{1,12}"].prop_map(Status)
}

prop_compose! {
    fn incident()(
        (organization, name, agent) in (of(1_i64..6), of("\\PC{0,12}"), of(1_i64..4)),
        (status, severity) in (status(), severity()),
        (platform, subject, summary, body) in (of("[a-z]{0,9}"), of("\\PC{0,40}"), of("\\PC{0,40}"), of("\\PC{0,80}")),
        counts in vec(("[a-z]{1,6}", any::<i64>()), 0..3),
        (sent_at, closed_at, status_updated_at, updated_at) in (of(time()), of(time()), of(time()), of(time())),
    ) -> Incident {
        Incident {
            id: IncidentId(7),
            account: Some(AccountId(5)),
            organization: organization.map(OrganizationId),
            organization_name: name,
            agent: agent.map(AgentId),
            platform,
            status,
            severity,
            subject,
            summary,
            body,
            indicator_types: counts.iter().map(|(kind, _)| kind.clone()).collect(),
            indicator_counts: counts,
            remediations: Remediations::default(),
            sent_at,
            closed_at,
            status_updated_at,
            created_at: None,
            updated_at,
        }
    }
}

prop_compose! {
    fn entry(id: i64)(
        kind in select(&[Kind::Client, Kind::Board, Kind::Status, Kind::Status, Kind::Category, Kind::Priority][..]),
        board in of(number()),
        role in select(&[StatusRole::Opening, StatusRole::Open, StatusRole::Closing, StatusRole::Closed][..]),
        name in select(&["New", "Closed", "Done", "Acme", "Triage"][..]),
        active in prop::bool::weighted(0.8),
    ) -> Entry {
        let role = (kind == Kind::Status).then_some(role);
        Entry { id: CatalogueId(id), kind, remote_id: id.to_string(), name: name.to_owned(), board, role, active }
    }
}

fn catalogue() -> impl Strategy<Value = Catalogue> {
    (0_i64..24).prop_flat_map(|n| (0..n).map(entry).collect::<Vec<_>>()).prop_map(Catalogue::new)
}

prop_compose! {
    fn bound()(
        (security_board, category, fallback_client, triage_board) in (number(), of(number()), number(), number()),
        (critical, high, low) in (number(), number(), number()),
        close_through in any::<bool>(),
        closed_status in of(select(&["Closed", "Done", "Elsewhere"][..])),
    ) -> Bound {
        let closed_status = closed_status.map(str::to_owned);
        Bound { security_board, category, fallback_client, triage_board, critical, high, low, close_through, closed_status }
    }
}

prop_compose! {
    fn ticket()(
        state in select(&State::ALL[..]),
        board in number(),
        (unmapped, touched, moved, priority_assumed) in any::<(bool, bool, bool, bool)>(),
    ) -> TicketFacts {
        TicketFacts { state, board, unmapped, touched, moved, priority_assumed }
    }
}

/// Everything that a plan rests on, beside the incident itself.
#[derive(Debug)]
struct Desk {
    standing: Standing,
    bound: Bound,
    catalogue: Catalogue,
    whole: bool,
}

prop_compose! {
    fn desk()(
        client in of(number()),
        ignored in prop::bool::weighted(0.2),
        bound in bound(),
        catalogue in catalogue(),
        whole in prop::bool::weighted(0.8),
    ) -> Desk {
        Desk { standing: Standing { client, ignored }, bound, catalogue, whole }
    }
}

impl Desk {
    fn plan(&self, incident: &Incident, known: Option<Known<'_>>) -> Plan {
        plan(now(), incident, self.whole, self.standing, known, &self.bound, &self.catalogue)
    }

    fn is_of(&self, status: Option<CatalogueId>, board: CatalogueId, closed: bool) -> bool {
        status.is_none_or(|s| {
            self.catalogue.get(s).is_some_and(|e| {
                e.active
                    && e.kind == Kind::Status
                    && e.board == Some(board)
                    && e.role.is_some_and(|r| r.is_closed() == closed)
            })
        })
    }

    fn files_well(&self, filing: &Filing, incident: &Incident) -> bool {
        let mapped = self.standing.client.filter(|c| self.catalogue.is_active(*c));
        let (client, board) = match mapped {
            Some(client) => (client, self.bound.security_board),
            None => (self.bound.fallback_client, self.bound.triage_board),
        };
        (filing.client, filing.board, filing.unmapped) == (client, board, mapped.is_none())
            && self.is_of(filing.status, board, false)
            && filing.assumed != incident.severity.is_known()
            && filing.priority == self.bound.priority(incident.severity.level())
    }
}

/// A class that an incident without a ticket can have.
fn without_ticket() -> impl Strategy<Value = Class> {
    select(&[Class::Withheld, Class::RecordOnly][..])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nd_1_an_incident_without_a_ticket_gets_one_or_a_reason(
        incident in incident(), before in of((incident(), without_ticket())), desk in desk(),
    ) {
        let known = before.as_ref().map(|(incident, class)| Known { incident, class: *class, ticket: None });
        let plan = desk.plan(&incident, known);
        let opens = plan.acts.iter().filter(|a| matches!(a, Act::Open(_))).count();
        prop_assert!(Class::ALL.contains(&plan.class));
        prop_assert!(!plan.reason.is_empty());
        prop_assert_eq!(plan.acts.len(), opens, "nothing else can be done to a ticket that isn't there");
        prop_assert_eq!(opens == 1, matches!(plan.class, Class::Ticketed | Class::Quarantined));
        prop_assert_eq!(plan.alert.is_some(), opens == 1);
        let expected = match (desk.whole, desk.standing.ignored, incident.status.is_open()) {
            (false, _, _) => Class::Quarantined,
            (true, true, _) => Class::Withheld,
            (true, false, true) => Class::Ticketed,
            (true, false, false) => Class::RecordOnly,
        };
        prop_assert_eq!(plan.class, expected);
        for act in &plan.acts {
            if let Act::Open(filing) = act {
                prop_assert!(desk.files_well(filing, &incident), "{:?}", filing);
            }
        }
        if before.is_none() {
            prop_assert_eq!(plan.change, Change::New);
        }
    }

    #[test]
    fn nd_1_an_incident_with_a_ticket_keeps_it_and_a_persons_work_stands(
        before in incident(), after in incident(), ticket in ticket(), desk in desk(),
    ) {
        let plan = desk.plan(&after, Some(Known { incident: &before, class: Class::Ticketed, ticket: Some(&ticket) }));
        prop_assert_eq!(plan.class, if desk.whole { Class::Ticketed } else { Class::Quarantined });
        let (old, new) = (before.severity.level(), after.severity.level());
        let raised = new > old;
        let reopened = !before.status.is_open() && after.status.is_open();
        for act in &plan.acts {
            match act {
                Act::Open(_) => prop_assert!(false, "a second ticket"),
                Act::Note(text) => prop_assert!(!text.is_empty()),
                Act::EndPage => prop_assert!(after.status.is_closed_like()),
                Act::Prioritise { priority, assumed } => {
                    let first_known = ticket.priority_assumed && after.severity.is_known();
                    prop_assert!(raised || first_known, "lowered from {:?} to {:?}", old, new);
                    prop_assert_eq!(*priority, desk.bound.priority(new));
                    prop_assert_eq!(*assumed, !after.severity.is_known());
                }
                Act::Close(status) => {
                    prop_assert!(!ticket.touched && desk.bound.close_through && ticket.state == State::Open);
                    prop_assert!(after.status.is_closed_like() && !before.status.is_closed_like());
                    prop_assert!(desk.is_of(*status, ticket.board, true), "{:?} on {:?}", status, ticket.board);
                }
                Act::Reopen(status) => {
                    prop_assert!(ticket.state != State::Open && after.status.is_open());
                    prop_assert!(raised || reopened, "only a raise or the SOC's reopening undoes a close");
                    prop_assert!(desk.is_of(*status, ticket.board, false), "{:?} on {:?}", status, ticket.board);
                }
                Act::Reroute(filing) => {
                    prop_assert!(!ticket.touched && !ticket.moved && ticket.unmapped);
                    prop_assert_eq!(ticket.board, desk.bound.triage_board);
                    prop_assert!(!filing.unmapped && desk.files_well(filing, &after), "{:?}", filing);
                }
            }
        }
        if plan.alert.is_some() {
            prop_assert!((raised || reopened) && after.status.is_open());
        }
    }

    #[test]
    fn a_change_that_leaves_a_trace_always_does(before in incident(), after in incident(), ticket in ticket(), desk in desk()) {
        let plan = desk.plan(&after, Some(Known { incident: &before, class: Class::Ticketed, ticket: Some(&ticket) }));
        prop_assert_eq!(plan.change == Change::Unchanged, before == after);
        let seen = |i: &Incident| (i.severity.clone(), i.status.clone());
        if seen(&before) != seen(&after) {
            prop_assert!(plan.acts.iter().any(|a| matches!(a, Act::Note(_))), "{:?}", plan.acts);
        }
    }

    #[test]
    fn the_same_again_calls_for_nothing(incident in incident(), ticket in ticket(), desk in desk()) {
        let known = Known { incident: &incident, class: Class::Ticketed, ticket: Some(&ticket) };
        let plan = desk.plan(&incident, Some(known));
        prop_assert_eq!(plan.change, Change::Unchanged);
        prop_assert!(plan.acts.is_empty() && plan.alert.is_none(), "{:?}", plan);
    }

    #[test]
    fn nothing_is_lowered_or_closed_because_a_field_is_missing(
        before in incident(), update in incident(), ticket in ticket(), desk in desk(),
    ) {
        let bare = Incident {
            status: Status(String::new()), severity: Severity::Unknown(None), organization: None, ..update
        };
        let after = merge(&before, &bare);
        let known = Known { incident: &before, class: Class::Ticketed, ticket: Some(&ticket) };
        for act in &desk.plan(&after, Some(known)).acts {
            prop_assert!(matches!(act, Act::Note(_)), "{:?}", act);
        }
    }

    #[test]
    fn merging_keeps_what_an_update_leaves_out(before in incident(), update in incident()) {
        let after = merge(&before, &update);
        prop_assert_eq!(after.id, before.id);
        prop_assert!(after.organization.is_some() || before.organization.is_none());
        prop_assert!(after.agent.is_some() || before.agent.is_none());
        prop_assert!(!after.status.0.is_empty() || before.status.0.is_empty());
        prop_assert!(after.updated_at >= before.updated_at, "time doesn't go back");
        prop_assert!(after.severity == before.severity || after.severity == update.severity);
        prop_assert_eq!(merge(&after, &update), after, "the same update twice is one update");
    }
}
