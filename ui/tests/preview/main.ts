// The window on fixtures, to look at while drawing it: `npm run dev`, then /tests/preview/. No part of the build.
import "../../src/styles/tokens.css";
import "../../src/styles/base.css";
import { mount } from "svelte";
import App from "../../src/App.svelte";
import type { Board, Preferences } from "../../src/ipc/bindings.gen";
import { fakeDesk } from "../desk";
import { ago, board, large, NOW, preferences, statusCard } from "../night";

const asked = new URLSearchParams(location.search);
const many = Number(asked.get("tickets") ?? 0);
let shown: Board = asked.has("empty") ? { groups: [], clients: board().clients, total: 0 } : many > 0 ? large(many) : board();
let before: Board[] = [];
let liked: Preferences = {
  ...preferences,
  theme: (asked.get("theme") ?? "system") as Preferences["theme"],
  zoom: Number(asked.get("zoom") ?? 1),
};
const trouble = asked.get("trouble");
const status = () =>
  statusCard(
    trouble === "blind"
      ? { state: "blind", since: ago(19), last_poll: { at: ago(3), ok: false, error: "Huntress refused the key (401)" }, alarms: ["the desk is blind: the alarm was raised at 02:37; incidents may be waiting unseen"] }
      : trouble === "paused"
        ? { state: "paused", since: null, reason: "routing is incomplete: routing.triage_board", routing: { complete: false, missing: ["routing.triage_board", "routing.priority.low"] } }
        : trouble === "gap"
          ? { gaps: [{ from: ago(120), to: ago(10), why: "asleep" }] }
          : {},
  );

const desk = fakeDesk({
  card: status,
  board: () => shown,
  gaps: () => [{ from: ago(120), to: ago(10), why: "asleep", arrived: 3 }],
  preferences: () => liked,
  preferences_set: (change) => (liked = { ...liked, ...change }),
  setup: () => ({ key_present: true, keychain: { ok: true, why: null, kind: "system" }, account: null, organizations: 41, unmapped: 3, routing_complete: true, missing: [], polled: true, email: statusCard().status.email, demo: false }),
  poll_now: async () => {
    await new Promise((done) => setTimeout(done, 1500));
    return { ok: true, error: null, requests: 1, fetched: 12, new: 0, changed: 0, unchanged: 12, tickets_created: 0, tickets_closed: 0, quarantined: 0, duration_ms: 800, paused: false, damaged: false };
  },
  rehome: async ({ tickets, client, map_organization }) => {
    await new Promise((done) => setTimeout(done, 120));
    if (client === "Hooli") throw { code: "conflict", message: "Hooli was removed in the PSA a moment ago", detail: null };
    before = [...before, shown];
    const first = shown.groups.find((group) => group.tickets.some((ticket) => tickets.includes(ticket.id)));
    const organization = map_organization ? (first?.organization_id ?? null) : null;
    const moved = shown.groups.flatMap((group) => group.tickets).filter((ticket) => tickets.includes(ticket.id) || (organization !== null && ticket.organization_id === organization));
    const gone = new Set(moved.map((ticket) => ticket.id));
    const groups = shown.groups.map((group) => ({ ...group, tickets: group.tickets.filter((ticket) => !gone.has(ticket.id)) })).filter((group) => group.tickets.length > 0);
    shown = { ...shown, groups, total: shown.total - moved.length, clients: shown.clients.map((one) => (one.name === client ? { ...one, open: one.open + moved.length } : one)) };
    desk.change("tickets");
    return { moved: [...gone], mapped_organization: organization, undo_id: before.length, opened: [] };
  },
  undo: () => {
    const now = shown;
    shown = before.pop() ?? shown;
    desk.change("tickets");
    return { restored: shown.groups.flatMap((g) => g.tickets).slice(0, shown.total - now.total).map((t) => t.id), stay: [], undo_id: 99, opened: [] };
  },
});

// The fixtures' night is not today's.
const offset = NOW - Date.now();
const real = Date.now.bind(Date);
Date.now = () => real() + offset;

const target = document.getElementById("app");
if (target) mount(App, { target, props: { desk } });
