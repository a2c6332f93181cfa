import type { Board, BoardGroup, Card, Preferences, Severity, StatusCard } from "../src/ipc/bindings.gen";

/** A night to test with: 02:41:13 in the morning, three unmapped organizations. */
export const NOW = Date.parse("2026-11-21T02:41:13Z");

export function ago(minutes: number): string {
  return new Date(NOW - minutes * 60_000).toISOString();
}

let next = 1;

export function card(change: Partial<Card> = {}): Card {
  const id = change.id ?? next++;
  return {
    id,
    number: `T-${1000 + id}`,
    title: `Incident ${id}`,
    board: "Triage",
    client: "Security Triage",
    category: null,
    priority: "High",
    status: "New",
    is_open: true,
    severity: change.severity_class ?? "high",
    incident_id: 4000 + id,
    organization_id: 1,
    organization_name: "Umbrella GmbH",
    unmapped: true,
    assignee: null,
    created_at: ago(id),
    closed_at: null,
    remote_id: null,
    remote_number: null,
    remote_url: null,
    psa: null,
    psa_error: null,
    severity_class: "high",
    host: null,
    platform: null,
    reported_at: ago(id),
    quarantine: null,
    delivery: null,
    assumed: false,
    page: null,
    ...change,
  };
}

export function group(id: number | null, name: string | null, cards: Partial<Card>[], suggestions: [string, number][] = []): BoardGroup {
  const tickets = cards.map((change) => card({ organization_id: id, organization_name: name, ...change }));
  return {
    organization_id: id,
    name,
    worst: tickets[0]?.severity_class ?? "low",
    oldest_at: tickets.map((ticket) => ticket.created_at).sort()[0] ?? ago(0),
    suggestions: suggestions.map(([client, score]) => ({ client, score })),
    tickets,
    more: 0,
  };
}

export function board(): Board {
  const groups = [
    group(
      11,
      "Umbrella GmbH",
      [
        { id: 42, title: "Ransomware canary tripped on UMB-FS01", severity_class: "critical", host: "UMB-FS01", platform: "Windows", reported_at: ago(2), delivery: "alert shown 02:39" },
        { id: 40, title: "Hands-on-keyboard activity: credential dumping from LSASS on UMB-DC02", severity_class: "critical", host: "UMB-DC02", platform: "Windows", reported_at: ago(5), delivery: "alert clicked" },
        { id: 39, title: "Persistent foothold in scheduled tasks on UMB-LT113", severity_class: "high", host: "UMB-LT113", platform: "Windows", reported_at: ago(9) },
        { id: 37, title: "Potentially unwanted program on UMB-LT140", severity_class: "low", host: "UMB-LT140", platform: "Windows", reported_at: ago(12) },
      ],
      [["Umbrella Pharma", 0.92], ["Umbrella Logistics", 0.71]],
    ),
    group(null, null, [
      { id: 26, title: "Incident 4471 could not be read in full: shown as received", severity_class: "unknown", quarantine: "severity missing", reported_at: null, created_at: ago(64), assumed: true },
    ]),
    group(
      12,
      "Café Zürich",
      [
        { id: 31, title: "Suspicious inbox rule for l.meier@cafe-zuerich.example", severity_class: "high", host: "L. Meier", platform: "Microsoft 365", reported_at: ago(33) },
        { id: 29, title: "Sign-in from an unexpected VPN, reviewed by the SOC", severity_class: "low", host: "K. Frei", platform: "Microsoft 365", reported_at: ago(41) },
      ],
      [["Cafe Zuerich AG", 0.88]],
    ),
  ];
  const names = [
    "Acme", "Aperture Labs", "Blue Sun", "Cafe Zuerich AG", "Cyberdyne", "Duff Brewing", "Globex", "Hooli", "Initech",
    "Massive Dynamic", "Monarch Solutions", "Oscorp", "Pied Piper", "Prestige Worldwide", "Soylent", "Stark Retail", "Tyrell",
    "Umbrella Logistics", "Umbrella Pharma", "Vandelay Industries", "Wayne Facilities", "Wonka", "Yoyodyne",
  ];
  const recent = ["Globex", "Acme", "Initech"];
  return {
    groups,
    clients: names.map((name, i) => ({ name, open: [6, 0, 4, 0, 1][i % 5] ?? 0, recent: recent.includes(name) ? recent.indexOf(name) : null })),
    total: groups.reduce((sum, one) => sum + one.tickets.length, 0),
  };
}

/** A board with this many tickets in groups of 25. */
export function large(tickets: number): Board {
  const severities: Severity[] = ["critical", "high", "high", "low"];
  const small = board();
  const groups = Array.from({ length: Math.ceil(tickets / 25) }, (_, g) =>
    group(100 + g, `Organization ${g + 1} Ltd`, Array.from({ length: Math.min(25, tickets - g * 25) }, (_, i) => ({
      id: 10_000 + g * 25 + i,
      title: `Malicious process lineage on HOST-${g}-${i}`,
      severity_class: severities[Math.min(3, Math.floor(i / 7))] ?? "low",
      host: `HOST-${g}-${i}`,
      platform: "Windows",
      reported_at: ago(i + g),
    })), [["Acme", 0.7]]),
  );
  return { groups, clients: small.clients, total: tickets };
}

export function statusCard(change: Partial<StatusCard["status"]> = {}): StatusCard {
  return {
    now: new Date(NOW).toISOString(),
    status: {
      state: "watching",
      since: ago(221),
      reason: null,
      account: { id: 77, name: "Northwind MSP" },
      organizations: 41,
      unmapped_organizations: 3,
      open_incidents: 23,
      last_poll: { at: ago(0.1), ok: true, error: null },
      next_poll_at: new Date(NOW + 54_000).toISOString(),
      routing: { complete: true, missing: [] },
      ledger: { seen: 318, ticketed: 301, record_only: 14, withheld: 2, quarantined: 1, unaccounted: 0 },
      outbox: { queued: 0, retrying: 1, in_doubt: 0, needs_human: 0, dead: 0 },
      email: { configured: true, fallback: true, tested_at: ago(60), why: null, server: "mail.northwind.example:587" },
      psa: null,
      webhooks: { received: 0, refused: 0, last_at: null },
      gaps: [],
      alarms: [],
      clock_skew_seconds: 0,
      ...change,
    },
    counts: { triage: 7, triage_critical: 3, security_open: 23, critical_open: 5, unmapped: 3, deliveries_attention: 1, quarantined: 1, notices_open: 2, notices_overdue: 1 },
    paging: { is_set_up: true, armed: true, missing: [], listening_only: [], open_pages: 0, last_drill: null },
    polling: null,
    last_undo: null,
  };
}

export const preferences: Preferences = {
  theme: "system",
  start_minimised: false,
  sound: { critical: true, high: true, low: false },
  zoom: 1,
  map_organization: true,
  keep_in_tray_hint_shown: false,
};
